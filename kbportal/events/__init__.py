"""What visitors did: a closed catalogue of events, and the writer that never delays a page."""
