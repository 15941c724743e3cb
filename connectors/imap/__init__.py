"""Mail on a server that speaks IMAP, read without leaving a trace, and drafts put there.

`ImapMailbox` shows and fetches messages and tells when something is new; `ImapDrafts` appends
drafts and marks messages, where a flow asks for it.
"""

from connectors.imap.drafts import ImapDrafts
from connectors.imap.mailbox import ImapMailbox

__all__ = ["ImapDrafts", "ImapMailbox"]
