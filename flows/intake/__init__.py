"""From the bytes of a mail to a message that flows can be matched on."""
