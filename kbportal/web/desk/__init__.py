"""The agents' room: the tickets, the way that led to each, answers, and what solved it."""
