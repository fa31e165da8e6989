"""The staff's own room: signing in, joining, one's own account, and the list of people."""
