"""Facts that are kept, and counted again when events arrive."""
