"""Ten tasks of an office in our language and in that of others, and what goes wrong in them."""
