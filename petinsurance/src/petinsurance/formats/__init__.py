"""Date formats of the two languages."""
