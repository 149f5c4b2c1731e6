"""Whose data got out, which items, and how sure: claims by method, reach, and the verdict on every cell.

In: the lake's events, the investigation (attacker's events, path states, window), the inventory, the snapshot.
Out: ``assessments/NNN/``: verdicts, claims with the events they rest on, reasons, facts.
May not know: how evidence is parsed, how findings are made, documents, letters.
"""
