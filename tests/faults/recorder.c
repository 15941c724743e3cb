/* Writes down what a program asks of the disk below RECORD_UNDER, in its order, into RECORD_LOG.

   Loaded before libc (LD_PRELOAD), so that it sees SQLite and Python alike. One lock is held
   from before a call until it is written down: the order of the log is the order of the calls.
   An entry is: type (1 byte), lengths of path and data, inode, offset, then path and data. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define LONGEST 4096

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static int entries = -1;
static char under[LONGEST];
static size_t under_length;

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("RECORD_LOG"), *root = getenv("RECORD_UNDER");
    if (!log || !root || strlen(root) >= LONGEST) return;
    strcpy(under, root);
    under_length = strlen(root);
    entries = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void must(ssize_t done, size_t wanted) {
    if (done == (ssize_t)wanted) return;
    static const char text[] = "recorder: the log cannot be written\n";
    syscall(SYS_write, 2, text, sizeof text - 1);
    _exit(97);
}

static void note(char type, uint64_t inode, uint64_t offset, const char *path, const void *data,
                 uint32_t length) {
    struct __attribute__((packed)) {
        char type;
        uint32_t path, data;
        uint64_t inode, offset;
    } head = {type, path ? strlen(path) : 0, length, inode, offset};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)data, length}};
    must(syscall(SYS_writev, entries, parts, 3), sizeof head + head.path + length);
}

static int inside(const char *path) {
    return entries >= 0 && !strncmp(path, under, under_length) &&
           (path[under_length] == '/' || !path[under_length]);
}

/* The whole path of *path* as seen from the folder *from*; false where it is not ours. */
static int whole(int from, const char *path, char *into) {
    if (entries < 0 || !path) return 0;
    if (path[0] == '/') {
        snprintf(into, LONGEST, "%s", path);
    } else {
        char link[64], folder[LONGEST];
        ssize_t length;
        snprintf(link, sizeof link, from == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", from);
        if ((length = readlink(link, folder, sizeof folder - 1)) < 0) return 0;
        folder[length] = 0;
        if (snprintf(into, LONGEST, "%s/%s", folder, path) >= LONGEST) return 0;
    }
    return inside(into);
}

static int ours(int file, struct stat *found, char *path) {
    char link[64];
    if (entries < 0 || file == entries) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, LONGEST - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return inside(path) && !fstat(file, found) && (S_ISREG(found->st_mode) || S_ISDIR(found->st_mode));
}

static int opened(int from, const char *name, int flags, mode_t mode) {
    char path[LONGEST];
    if (!(flags & (O_CREAT | O_TRUNC)) || !whole(from, name, path))
        return syscall(SYS_openat, from, name, flags, mode);
    pthread_mutex_lock(&one);
    int there = !access(path, F_OK);
    int file = syscall(SYS_openat, from, name, flags, mode), why = errno;
    struct stat found;
    if (file >= 0 && !fstat(file, &found)) {
        if (!there) note('c', found.st_ino, 0, path, 0, 0);
        else if (flags & O_TRUNC) note('t', found.st_ino, 0, path, 0, 0);
    }
    pthread_mutex_unlock(&one);
    errno = why;
    return file;
}

static mode_t mode_in(int flags, va_list rest) {
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                        \
    int name(const char *path, int flags, ...) {          \
        va_list rest;                                     \
        va_start(rest, flags);                            \
        mode_t mode = mode_in(flags, rest);               \
        va_end(rest);                                     \
        return opened(AT_FDCWD, path, flags, mode);       \
    }
#define OPENAT(name)                                      \
    int name(int from, const char *path, int flags, ...) { \
        va_list rest;                                     \
        va_start(rest, flags);                            \
        mode_t mode = mode_in(flags, rest);               \
        va_end(rest);                                     \
        return opened(from, path, flags, mode);           \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* *at* below zero: at the place of the descriptor, or at the end where it appends. */
static ssize_t written(int file, const void *data, size_t length, off_t at) {
    char path[LONGEST];
    struct stat found;
    if (!ours(file, &found, path))
        return at < 0 ? syscall(SYS_write, file, data, length)
                      : syscall(SYS_pwrite64, file, data, length, at);
    pthread_mutex_lock(&one);
    off_t place = at;
    if (at < 0 && fcntl(file, F_GETFL) & O_APPEND) {
        fstat(file, &found);
        place = found.st_size;
    } else if (at < 0) {
        place = lseek(file, 0, SEEK_CUR);
    }
    ssize_t done = at < 0 ? syscall(SYS_write, file, data, length)
                          : syscall(SYS_pwrite64, file, data, length, at);
    int why = errno;
    if (done > 0) note('w', found.st_ino, place, path, data, done);
    pthread_mutex_unlock(&one);
    errno = why;
    return done;
}

ssize_t write(int file, const void *data, size_t length) { return written(file, data, length, -1); }
ssize_t pwrite(int file, const void *data, size_t length, off_t at) { return written(file, data, length, at); }
ssize_t pwrite64(int file, const void *data, size_t length, off64_t at) { return written(file, data, length, at); }

/* A call about an open file, and the entry that it leaves where it went well. */
#define ON_FILE(call, type, offset)              \
    char path[LONGEST];                          \
    struct stat found;                           \
    if (!ours(file, &found, path)) return call;  \
    pthread_mutex_lock(&one);                    \
    int done = call, why = errno;                \
    if (!done) note(S_ISDIR(found.st_mode) ? 'd' : type, found.st_ino, offset, path, 0, 0); \
    pthread_mutex_unlock(&one);                  \
    errno = why;                                 \
    return done;

int fsync(int file) { ON_FILE(syscall(SYS_fsync, file), 's', 0) }
int fdatasync(int file) { ON_FILE(syscall(SYS_fdatasync, file), 's', 0) }
int ftruncate(int file, off_t size) { ON_FILE(syscall(SYS_ftruncate, file, size), 't', size) }
int ftruncate64(int file, off64_t size) { ON_FILE(syscall(SYS_ftruncate, file, size), 't', size) }

int truncate(const char *name, off_t size) {
    int file = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CLOEXEC, 0);
    if (file < 0) return -1;
    int done = ftruncate(file, size), why = errno;
    close(file);
    errno = why;
    return done;
}
int truncate64(const char *name, off64_t size) { return truncate(name, size); }

/* A call about names; *data* of the entry is the second name. */
static int named(char type, int from, const char *old, int to, const char *new, int flags) {
    char first[LONGEST], second[LONGEST] = "";
    int known = whole(from, old, first);
    if (new) known &= whole(to, new, second);
    if (known) pthread_mutex_lock(&one);
    int done, why;
    switch (type) {
    case 'm': done = syscall(SYS_mkdirat, from, old, flags); break;
    case 'u': done = syscall(SYS_unlinkat, from, old, flags); break;
    case 'r': done = syscall(SYS_renameat2, from, old, to, new, flags); break;
    default: done = syscall(SYS_linkat, from, old, to, new, flags);
    }
    why = errno;
    if (known && !done) note(type, 0, 0, first, second, strlen(second));
    if (known) pthread_mutex_unlock(&one);
    errno = why;
    return done;
}

int mkdir(const char *path, mode_t mode) { return named('m', AT_FDCWD, path, 0, 0, mode); }
int mkdirat(int from, const char *path, mode_t mode) { return named('m', from, path, 0, 0, mode); }
int unlink(const char *path) { return named('u', AT_FDCWD, path, 0, 0, 0); }
int unlinkat(int from, const char *path, int flags) { return named('u', from, path, 0, 0, flags); }
int rmdir(const char *path) { return named('u', AT_FDCWD, path, 0, 0, AT_REMOVEDIR); }
int rename(const char *old, const char *new) { return named('r', AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int from, const char *old, int to, const char *new) { return named('r', from, old, to, new, 0); }
int link(const char *old, const char *new) { return named('l', AT_FDCWD, old, AT_FDCWD, new, 0); }
int linkat(int from, const char *old, int to, const char *new, int flags) { return named('l', from, old, to, new, flags); }
