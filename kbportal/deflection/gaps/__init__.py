"""What to write next: needs that nothing here met, grouped by what they mean."""
