"""Real servers that tests start on loopback, each on free ports, each cleaned up after use.

| module         | what it starts                                                           |
|----------------|--------------------------------------------------------------------------|
| `certificates` | nothing: an own CA, and a certificate of it for localhost                |
| `dovecot`      | Dovecot: IMAP, IMAPS and LMTP; passwords, XOAUTH2, OAUTHBEARER; vacation |
| `openid`       | npm `oidc-provider` over TLS, with Entra's paths, claims and error codes |
| `smtp`         | aiosmtpd: plain, STARTTLS, implicit TLS; AUTH; faults on demand          |
| `fixtures`     | pytest's fixtures for all of these                                       |
"""
