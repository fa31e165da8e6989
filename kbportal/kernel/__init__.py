"""What every brick stands on: errors, time, ids, languages and text. Standard library only."""
