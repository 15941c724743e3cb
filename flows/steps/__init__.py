"""What flows can do, one file per family of steps."""
