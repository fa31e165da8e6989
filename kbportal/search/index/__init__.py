"""What a generation on disk holds, and how it is opened: arrays, tables, pages, Whoosh."""
