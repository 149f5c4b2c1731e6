"""The decode laboratory: real extraction tools, real database servers, real access logs, a known truth.

`kakuho injection decode` reads an access log alone. Here such logs come into being as they do in the world: a careless
shop (`shop.py`) on SQLite, PostgreSQL or MariaDB (`engines.py`) behind Apache and nginx (`fronts.py`), its ordinary
visitors (`visitors.py`), and one attacker: sqlmap (`sqlmap_tool.py`) or a script written by hand (`scripts/`). What
the attacker brought home is the truth (`truth.py`); `scoring.py` compares. Everything stays on 127.0.0.1.
"""
