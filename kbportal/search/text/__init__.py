"""From a text to the terms that are compared: analysis per language, synonyms, passages."""
