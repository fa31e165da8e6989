"""From raw events to what people did, day by day."""
