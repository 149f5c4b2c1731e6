"""``kakuho evidence``: tell what files are, seal them, show what they cover and what could not be read."""
