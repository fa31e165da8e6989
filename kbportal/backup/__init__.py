"""A whole portal in one file: written while it serves, verified before anything is replaced."""
