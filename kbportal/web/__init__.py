"""Upstairs: rooms, one per kind of person, holding pages and nothing else."""
