"""How much each signal counts, and how sure an answer must be to be shown."""
