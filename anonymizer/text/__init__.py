"""Text in; clean text, and spans that say what was taken out and why."""
