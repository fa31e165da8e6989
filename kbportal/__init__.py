"""A self-hosted knowledge base that answers before the ticket is sent."""

__version__ = "0.1.0"
