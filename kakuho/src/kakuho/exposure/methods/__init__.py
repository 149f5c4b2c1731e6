"""Claim methods: each takes events, inventory and snapshot, and gives claims."""
