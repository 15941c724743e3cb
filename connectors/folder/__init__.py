"""Mail in a directory: plain message files, Maildirs and mboxes, at any depth, mixed.

What counts as mail is said in `connectors.folder.walk`, what makes two looks at a message
the same message in `connectors.folder.identity`.
"""

from connectors.folder.mailbox import FolderMailbox

__all__ = ["FolderMailbox"]
