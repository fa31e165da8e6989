"""The managers' room: what self-service did, every number with its definition and its doubt."""
