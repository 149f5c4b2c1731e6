"""The size of an answer as evidence: which rows a statement can have given, where LIMIT stands without ORDER BY.

Narrows what replay found, and only where the argument of decision 0021 holds; in every other case it says nothing and
all rows stay possible. May not know: verdicts, cases, how requests were found.
"""

from kakuho.exposure.methods.sizes.narrow import Narrowed, left_by_all, narrowed

__all__ = ["Narrowed", "left_by_all", "narrowed"]
