"""The knowledge base: Markdown files in, articles out; their checks and their published form."""
