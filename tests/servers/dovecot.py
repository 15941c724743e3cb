"""A real Dovecot 2.3 on loopback: IMAPS, plain IMAP and LMTP on free ports, no system files.

    with Dovecot(certificates, passwords={"office@hudson.example": "pw"}) as server:
        server.deliver("office@hudson.example", raw)                  # LMTP, as an MTA would
        server.load("office@hudson.example", many, folder="Archive")  # Maildir files, fast
        client = imapclient.IMAPClient("localhost", server.imaps_port, ssl_context=...)

- Ready in about a second. `imaps_port` speaks TLS with the local CA, `imap_port` none (for
  measurements), `lmtp_port` takes mail for any address: mailboxes come into being when used.
- Sign-in: `passwords` by PLAIN and LOGIN (`set_password`, `remove_user` while it runs);
  `tokens=` by XOAUTH2 and OAUTHBEARER: `LocalTokens` (keys and issuers, sees no revocation) or
  `Introspection` (asks the provider each time). `OpenIdProvider.local_tokens()` and
  `.introspection()` make them.
- State: `folders`, `create_folder`, `delete_folder`, `rename_folder`, `stored` (raw
  messages), `count`, `expunge`, and `doveadm` for all else.
- Commands: after `record(user)`, `commands(user)` are the lines that clients sent.
- Faults: `kick(user)` cuts a user's connections; `stop`, `start`, `restart`, `kill` (SIGKILL
  to all its processes). Ports and mail stay over a restart.
- Replies: with `submission="127.0.0.1:PORT"`, `vacation(user, ...)` makes Pigeonhole answer
  mail that LMTP brings, sent through that SMTP server; `sieve(user, script)` takes any script.

Runs unprivileged; started by root, mail belongs to `nobody`. Where Dovecot is not installed,
`Dovecot()` skips the test and says so.

Source: doc.dovecot.org, Dovecot 2.3 (2.4 changed the configuration).
"""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import re
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

from tests.servers.dovecot_settings import Introspection, LocalTokens, Settings
from tests.servers.ports import answers, free_ports

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.servers.certificates import Certificates

__all__ = ["Dovecot", "Introspection", "LocalTokens"]

READY_WITHIN = 20.0
_WATCHED = """\
exec 3<&0 </dev/null
(cat <&3 >/dev/null; kill -KILL 0) 2>/dev/null &
exec dovecot -F -c "$1" 3<&-
"""
"""Kills the whole process group when stdin closes: also when the tests are killed."""
GONE_WITHIN = 1.0
"""Seconds a stop may take; a client that stays connected makes Dovecot wait for it."""


class Dovecot:
    """One Dovecot with its own directory; a context manager that starts and removes it.

    `submission` is the SMTP server ("HOST:PORT", no TLS) that takes what Sieve sends.
    `extra` is appended to the configuration as it is.
    """

    def __init__(
        self,
        certificates: Certificates,
        *,
        passwords: Mapping[str, str] | None = None,
        tokens: LocalTokens | Introspection | None = None,
        submission: str | None = None,
        extra: str = "",
    ) -> None:
        if not all(map(shutil.which, ("dovecot", "doveadm"))):
            pytest.skip("Dovecot is not installed: apt-get install dovecot-imapd dovecot-lmtpd")
        self.certificates = certificates
        self.imaps_port, self.imap_port, self.lmtp_port = free_ports(3)
        self._passwords = dict(passwords or {})
        self._tokens, self._submission, self._extra = tokens, submission, extra
        self._uid, self._gid = _mail_user()
        self._process: subprocess.Popen[bytes] | None = None
        self._loaded = self._written = 0
        # Short on purpose: paths of Unix sockets end at 107 bytes.
        self.directory = Path(tempfile.mkdtemp(prefix="dovecot-"))

    def __enter__(self) -> Self:
        try:
            self._prepare()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- running ---------------------------------------------------------------------------

    def start(self) -> None:
        """Start, and return when IMAP, IMAPS and LMTP take connections.

        Raises:
            RuntimeError: it ended or was not ready in time; holds the end of its log.
        """
        if self._process:
            return
        with (self.directory / "stderr").open("ab") as output:
            self._process = subprocess.Popen(
                ["sh", "-c", _WATCHED, "sh", str(self._main)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        end = time.monotonic() + READY_WITHIN
        waiting = {self.imaps_port, self.imap_port, self.lmtp_port}
        while waiting:
            waiting = {port for port in waiting if not answers(port)}
            if waiting and (self._process.poll() is not None or time.monotonic() > end):
                raise RuntimeError(f"Dovecot did not start:\n{self.log()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it as a service manager would: connections are told, then closed."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL to the master and all its processes, as when power fails."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start on the same ports, with the same mail."""
        self.stop()
        self.start()

    def close(self) -> None:
        """End it and remove the directory with all mail."""
        try:
            self.kill()
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    def kick(self, user: str) -> None:
        """Cut the IMAP connections that `user` has now; none is no error."""
        subprocess.run(
            ["doveadm", "-c", str(self._main), "kick", user], capture_output=True, check=False
        )

    def log(self) -> str:
        """What Dovecot wrote to stderr and its log, newest last, 8,000 characters at most."""
        texts = [self.directory / "stderr", self.directory / "log"]
        return "".join(p.read_text("utf-8", "replace") for p in texts if p.exists())[-8000:]

    # -- who may sign in -------------------------------------------------------------------

    def set_password(self, user: str, password: str) -> None:
        """Let `user` sign in by this password; returns when it is in force, within a second."""
        self._passwords[user] = password
        self._write_passwords()

    def remove_user(self, user: str) -> None:
        """Let `user` sign in by password no more, in force on return; the mail stays."""
        self._passwords.pop(user, None)
        self._write_passwords()

    # -- mail ------------------------------------------------------------------------------

    def deliver(
        self,
        user: str,
        message: bytes,
        folder: str | None = None,
        *,
        sender: str = "sender@elsewhere.example",
    ) -> None:
        """Put one message into the inbox over LMTP, or into `folder` by `doveadm save`.

        `sender` is the envelope's; "" is a bounce's. Sieve runs on what LMTP brings.
        """
        if folder is not None:
            self._maildir(user, folder)
            self.doveadm("save", "-u", user, "-m", folder, stdin=message)
            return
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
            lmtp.sendmail(sender, [user], re.sub(rb"\r?\n", b"\r\n", message))

    def load(
        self,
        user: str,
        messages: Iterable[bytes],
        folder: str = "INBOX",
        *,
        received: float | None = None,
    ) -> int:
        """Write messages as Maildir files, thousands a second, and return how many.

        UIDs follow the order given. Each is received (INTERNALDATE) one second after the one
        before; the first at `received` (seconds since 1970), a day ago if not given.
        """
        new = self._maildir(user, folder) / "new"
        start = time.time() - 86_400 if received is None else received
        loaded = 0
        for number, message in enumerate(messages):
            self._loaded += 1
            name = f"{int(start)}.M{self._loaded:09d}P{os.getpid()}.loader"
            path = new.parent / "tmp" / name
            path.write_bytes(message)
            os.utime(path, (start + number, start + number))
            if os.geteuid() == 0:
                os.chown(path, self._uid, self._gid)
            path.rename(new / name)
            loaded = number + 1
        return loaded

    def stored(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """All messages of a folder as they lie on disk, in order of arrival; LF line ends."""
        box = self._maildir(user, folder)
        files = [path for part in ("new", "cur") for path in (box / part).iterdir()]
        return [path.read_bytes() for path in sorted(files, key=_arrival)]

    def count(self, user: str, folder: str = "INBOX") -> int:
        """How many messages lie in a folder."""
        box = self._maildir(user, folder)
        return sum(len(list((box / part).iterdir())) for part in ("new", "cur"))

    def expunge(self, user: str, query: str, folder: str = "INBOX") -> None:
        """Delete what a search finds, as another client would: "ALL", "HEADER X-Id 7", "1:5".

        Source: doveadm-search-query(7).
        """
        self.doveadm("expunge", "-u", user, "mailbox", folder, *query.split())

    def folders(self, user: str) -> list[str]:
        """Names of all folders, sorted."""
        return sorted(self.doveadm("mailbox", "list", "-u", user).splitlines())

    def create_folder(self, user: str, folder: str) -> None:
        """Create and subscribe a folder; "A/B" lies in A."""
        self.doveadm("mailbox", "create", "-s", "-u", user, folder)

    def delete_folder(self, user: str, folder: str) -> None:
        """Delete a folder with its mail; created again, it gets another UIDVALIDITY."""
        self.doveadm("mailbox", "delete", "-s", "-u", user, folder)

    def rename_folder(self, user: str, folder: str, new: str) -> None:
        """Rename a folder."""
        self.doveadm("mailbox", "rename", "-s", "-u", user, folder, new)

    # -- what clients say ------------------------------------------------------------------

    def record(self, user: str) -> None:
        """Keep what clients of `user` send on connections that they open from now on."""
        directory = self._home(user) / "rawlog"
        directory.mkdir(exist_ok=True)
        self._give(directory)

    def commands(self, user: str) -> list[str]:
        """Return the lines that were kept, of one connection after the other."""
        logs = sorted((self._home(user) / "rawlog").glob("*.in"))
        return [line for log in logs for line in log.read_text("utf-8", "replace").splitlines()]

    # -- replies ---------------------------------------------------------------------------

    def sieve(self, user: str, script: str) -> None:
        """Run a Sieve script (RFC 5228) on what LMTP brings for `user` from now on."""
        path = self._home(user) / ".dovecot.sieve"
        path.write_text(script, encoding="utf-8")
        self._give(path)

    def vacation(self, user: str, text: str = "I am away.", *, seconds: int = 0) -> None:
        """Answer mail to `user` by itself: each, or one sender once in `seconds`.

        Pigeonhole stays silent to automatic mail, lists and bounces, and answers only what
        names `user` in To or Cc. Needs `submission=`. Source: RFC 5230, RFC 6131.
        """
        if not self._submission:
            raise ValueError("vacation needs Dovecot(submission='127.0.0.1:PORT')")
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        self.sieve(
            user,
            'require ["vacation", "vacation-seconds"];\n'
            f'vacation :seconds {seconds} :addresses ["{user}"] "{quoted}";\n',
        )

    def doveadm(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run `doveadm` against this server and return what it printed.

        Raises:
            RuntimeError: it failed; holds what it said.
        """
        command = ["doveadm", "-c", str(self._main), *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"doveadm {arguments[0]}: {done.stderr.decode().strip()}")
        return done.stdout.decode()

    # -- inside ----------------------------------------------------------------------------

    @property
    def _main(self) -> Path:
        return self.directory / "dovecot.conf"

    def _prepare(self) -> None:
        self.directory.chmod(0o755)
        for name in ("run", "state", "mail"):
            (self.directory / name).mkdir()
        self._give(self.directory / "mail")
        shutil.copy(self.certificates.server, self.directory / "srv.pem")
        shutil.copy(self.certificates.key, self.directory / "srv.key")
        self._write_passwords()
        Settings(
            directory=self.directory,
            user=pwd.getpwuid(self._uid).pw_name,
            group=grp.getgrgid(self._gid).gr_name,
            imaps_port=self.imaps_port,
            imap_port=self.imap_port,
            lmtp_port=self.lmtp_port,
            submission=self._submission,
            tokens=self._tokens,
            extra=self._extra,
        ).write()

    def _write_passwords(self) -> None:
        """Write aside and rename: Dovecot may read at any moment.

        It looks once a second, and sees a change by whole seconds of the file's time.
        """
        lines = [f"{user}:{{PLAIN}}{word}\n" for user, word in self._passwords.items()]
        new = self.directory / "passwords.new"
        new.write_text("".join(lines), encoding="utf-8")
        self._written = max(int(time.time()), self._written + 1)
        os.utime(new, (self._written, self._written))
        new.rename(self.directory / "passwords")
        if self._process:
            time.sleep(1.01 - time.time() % 1)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self._uid, self._gid)

    def _home(self, user: str) -> Path:
        home = self.directory / "mail" / user
        if not home.exists():
            home.mkdir()
            self._give(home)
        return home

    def _maildir(self, user: str, folder: str) -> Path:
        box = Path(self.doveadm("mailbox", "path", "-u", user, folder).strip())
        if not (box / "new").exists():
            with contextlib.suppress(RuntimeError):  # INBOX exists, but not yet on disk
                self.create_folder(user, folder)
            self.doveadm("mailbox", "status", "-u", user, "messages", folder)
        return box

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if not process:
            return
        if number == signal.SIGTERM:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GONE_WITHIN)
        with contextlib.suppress(ProcessLookupError):  # also those that outlive their master
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin:
            process.stdin.close()


def _mail_user() -> tuple[int, int]:
    """Whose the mail is: IMAP processes refuse to run as root."""
    if os.geteuid():
        return os.geteuid(), os.getegid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _arrival(path: Path) -> tuple[int, ...]:
    """Second and microsecond (or the loader's count) that a Maildir name begins with."""
    found = re.match(r"(\d+)\.M(\d+)", path.name)
    return tuple(map(int, found.groups())) if found else ()
