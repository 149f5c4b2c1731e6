"""Records → persons: who is the same human being in several records.

In: the snapshot's tables (``lake/snapshot/<collection>.parquet``) and the inventory. Out: a ``Linkage``: subject,
category, person_id and kind of every record, and the records that look like one person and contradict each other.
Deterministic keys only; what they cannot decide stays apart. May not know: verdicts, claims, documents.
"""

from kakuho.people.link import Linkage, link_persons

__all__ = ["Linkage", "link_persons"]
