"""From facts to numbers with their doubt."""
