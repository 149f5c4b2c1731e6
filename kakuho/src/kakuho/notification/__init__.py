"""Who is told what: one person's items over all of that person's records, and where to reach the person.

In: an assessment's verdicts and persons, the snapshot. Out: a ``Letter``'s data. Knows one person at a time.
May not know: how a letter is worded or drawn, counts, other persons.
"""

from kakuho.notification.letter import read_letter
from kakuho.notification.person import person_items
from kakuho.notification.recipient import find_recipient

__all__ = ["find_recipient", "person_items", "read_letter"]
