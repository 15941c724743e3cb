"""Takes personal data out of text, and makes rows safe to publish. Knows no other room."""
