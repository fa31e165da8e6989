"""Texts to vectors: models when an index is built, a small encoder when a customer types."""
