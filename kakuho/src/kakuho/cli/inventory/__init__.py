"""``kakuho inventory``: for whoever keeps the system that holds the data; no case is needed."""
