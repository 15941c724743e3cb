"""What people and businesses may ask of us, and what we may do because they agreed."""
