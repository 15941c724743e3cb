"""What flows would do, without doing it: over what is stored, or over raw mail in memory."""
