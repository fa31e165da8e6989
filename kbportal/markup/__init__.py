"""From Markdown to safe HTML: the only bricks that know either library."""
