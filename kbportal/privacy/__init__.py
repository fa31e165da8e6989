"""How long things are kept, and what one person may ask for: to see it all, to be forgotten."""
