"""Whether self-service worked: episodes and outcomes from events, each number with its doubt."""
