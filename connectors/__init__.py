"""One file per outside system; none imports another."""
