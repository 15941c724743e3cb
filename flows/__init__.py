"""The engine: nouns, ports, the language, and the path of one message. Knows no vendor."""
