"""kakuho."""
