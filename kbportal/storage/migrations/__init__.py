"""The history of the schema: forward only, never edited once released."""
