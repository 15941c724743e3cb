"""Dovecot's configuration for tests, as text: what `tests/servers/dovecot.py` writes to disk.

Source: doc.dovecot.org, Dovecot 2.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCOPE = "https://outlook.office.com/IMAP.AccessAsUser.All"


@dataclass(frozen=True, slots=True)
class LocalTokens:
    """Tokens are judged by their signature: revocation is seen only when they expire.

    `keys` maps a key id to a public key in PEM; `issuers` are tenants whose tokens count.
    """

    issuers: tuple[str, ...]
    keys: Mapping[str, str]
    scope: str = SCOPE

    def settings(self, directory: Path) -> str:
        """Write the keys under `directory` and return Dovecot's settings for them."""
        folder = directory / "keys" / "default" / "RS256"
        folder.mkdir(parents=True, exist_ok=True)
        for kid, pem in self.keys.items():
            (folder / kid).write_text(pem, encoding="ascii")
        return (
            "introspection_mode = local\n"
            f"local_validation_key_dict = fs:posix:prefix={directory}/keys/\n"
            f"issuers = {' '.join(self.issuers)}\n"
            f"username_attribute = preferred_username\nscope = {self.scope}\n"
        )


@dataclass(frozen=True, slots=True)
class Introspection:
    """The provider is asked about each token: a revoked one is refused at once.

    `url` holds the credentials of a client that may ask: `https://ID:SECRET@localhost:P/...`.
    """

    url: str
    ca: Path
    scope: str = SCOPE

    def settings(self, directory: Path) -> str:
        """Copy the CA into `directory`, where Dovecot's user can read it; return settings."""
        copy = directory / "token-ca.pem"
        copy.write_bytes(self.ca.read_bytes())
        return (
            "introspection_mode = post\nforce_introspection = yes\n"
            f"introspection_url = {self.url}\ntls_ca_cert_file = {copy}\n"
            "active_attribute = active\nactive_value = true\n"
            f"username_attribute = preferred_username\nscope = {self.scope}\n"
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """What differs between one test's Dovecot and another's."""

    directory: Path
    user: str
    group: str
    imaps_port: int
    imap_port: int
    lmtp_port: int
    submission: str | None = None
    tokens: LocalTokens | Introspection | None = None
    connections: int = 200
    extra: str = ""
    special: tuple[str, ...] = field(default=("Archive", "Drafts", "Junk", "Sent", "Trash"))

    def write(self) -> Path:
        """Write all files Dovecot reads and return the main one."""
        here = self.directory
        text = MAIN.substitute(
            T=here,
            USER=self.user,
            GROUP=self.group,
            IMAPS=self.imaps_port,
            IMAP=self.imap_port,
            LMTP=self.lmtp_port,
            CONNECTIONS=self.connections,
            TOKENS="xoauth2 oauthbearer" if self.tokens else "",
            SPECIAL="\n".join(
                f"  mailbox {name} {{\n    auto = subscribe\n    special_use = \\{name}\n  }}"
                for name in self.special
            ),
            SUBMISSION=f"submission_host = {self.submission}" if self.submission else "",
            EXTRA=self.extra,
        )
        if self.tokens:
            (here / "oauth2.conf.ext").write_text(self.tokens.settings(here), encoding="utf-8")
            text += TOKENS.substitute(T=here)
        text += PASSWORDS.substitute(T=here)
        main = here / "dovecot.conf"
        main.write_text(text, encoding="utf-8")
        return main


MAIN = Template("""\
base_dir = $T/run
state_dir = $T/state
log_path = $T/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = $USER
default_internal_group = $GROUP
default_login_user = $USER
first_valid_uid = 1
ssl = yes
ssl_cert = <$T/srv.pem
ssl_key = <$T/srv.key
disable_plaintext_auth = no
auth_mechanisms = plain login $TOKENS
auth_username_format = %Lu
auth_failure_delay = 0
auth_cache_size = 0
mail_max_userip_connections = $CONNECTIONS
shutdown_clients = yes
hostname = dovecot.example
postmaster_address = postmaster@dovecot.example
recipient_delimiter = +
lda_mailbox_autocreate = yes
$SUBMISSION
userdb {
  driver = static
  args = uid=$USER gid=$GROUP home=$T/mail/%u allow_all_users=yes
}
# As directories, so that names of folders may hold dots.
mail_location = maildir:~/Maildir:LAYOUT=fs:INBOX=~/Inbox
namespace inbox {
  inbox = yes
  separator = /
$SPECIAL
}
protocol lmtp {
  mail_plugins = sieve
}
# Where this directory is, Dovecot writes there what clients say.
protocol imap {
  rawlog_dir = %h/rawlog
}
plugin {
  sieve = file:~/sieve;active=~/.dovecot.sieve
  sieve_extensions = +vacation-seconds
  sieve_vacation_min_period = 0
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $IMAP
  }
  inet_listener imaps {
    port = $IMAPS
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $LMTP
  }
}
# Without this, failed sign-ins cost up to 17 s each.
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
$EXTRA
""")

TOKENS = Template("""\
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $T/oauth2.conf.ext
}
""")

PASSWORDS = Template("""\
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u $T/passwords
}
""")
