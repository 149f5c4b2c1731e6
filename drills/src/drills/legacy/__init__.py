"""A forgotten page with an SQL injection, which only a drill starts: petinsurance itself has no such page."""
