"""One module a detector; each offers ``DETECTOR``. The registry lists them."""
