"""Disclosure ledger: what each response disclosed, about whom, written down before the response leaves.

The ledger holds subjects (``policyholder:12``) and item names (``phone``), never a value. A directory holds one
hash-chained segment a writing process and the checkpoints of all of them. This package knows nothing of the
application that writes or of the investigation that reads; the optional ``disclosure_ledger.django`` is its only
tie to a web framework.
"""

from disclosure_ledger import errors
from disclosure_ledger.event import Actor, Disclosure, Event
from disclosure_ledger.ledger import Ledger
from disclosure_ledger.verification import Problem, SegmentReport, Verification, verify

__all__ = [
    "Actor",
    "Disclosure",
    "Event",
    "Ledger",
    "Problem",
    "SegmentReport",
    "Verification",
    "errors",
    "verify",
]
