"""Records → persons: who is the same human being in several records, and how many are affected.

In: the snapshot's tables (``lake/snapshot/<collection>.parquet``) and the inventory. Out: ``persons.parquet`` (subject,
category, person_id, kind), ``person_conflicts.parquet`` (records that look like one person and contradict each other),
and counts. Deterministic keys only; what they cannot decide stays apart. May not know: verdicts, claims, documents.
"""

from kakuho.people.counting import CategoryCount, Count, count_persons
from kakuho.people.link import Linkage, link_persons
from kakuho.people.store import read_snapshot, write

__all__ = ["CategoryCount", "Count", "Linkage", "count_persons", "link_persons", "read_snapshot", "write"]
