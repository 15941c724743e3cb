"""Mail that goes out: sent by SMTP, or put as a draft into the mailbox it answers from."""

from connectors.smtp.mailbox import DraftFolder, MailboxOutlet, Marker, SentFolder
from connectors.smtp.outlet import SmtpOutlet

__all__ = ["DraftFolder", "MailboxOutlet", "Marker", "SentFolder", "SmtpOutlet"]
