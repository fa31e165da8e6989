"""What one day came to, in columns."""
