"""The customers' room: finding an answer, reaching a person."""
