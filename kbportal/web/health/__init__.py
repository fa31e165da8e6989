"""The room of machines: is it alive, is it ready, and what may search engines read."""
