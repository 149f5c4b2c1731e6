"""Bank accounts of every party that money is paid to."""
