"""Evidence: files are sealed, looked into, identified by their content and parsed into the event tables of the lake.

In: files as a responder is handed them. Out: ``evidence/<sha256>``, custody entries in the journal, the tables of
events (``http_activity``, ``datastore_activity`` …), ``sources``, ``rejects``, ``coverage`` and ``gaps``.
May not know the inventory, what is suspicious, who the attacker is or what any event means for a person.

Its names are imported when first used: a process that reads blocks needs none of them.
"""

from typing import TYPE_CHECKING

from kakuho.lazily import names_of

if TYPE_CHECKING:
    from kakuho.evidence.intake import Intake, Spoken, add_evidence
    from kakuho.evidence.lines import read_line
    from kakuho.evidence.sealed import SealedSource, sealed_snapshots, sealed_sources
    from kakuho.evidence.update import bring_up_to_date, is_up_to_date

__all__ = [
    "Intake",
    "SealedSource",
    "Spoken",
    "add_evidence",
    "bring_up_to_date",
    "is_up_to_date",
    "read_line",
    "sealed_snapshots",
    "sealed_sources",
]

__getattr__ = names_of(
    __name__,
    {
        "Intake": "kakuho.evidence.intake:Intake",
        "SealedSource": "kakuho.evidence.sealed:SealedSource",
        "Spoken": "kakuho.evidence.intake:Spoken",
        "add_evidence": "kakuho.evidence.intake:add_evidence",
        "bring_up_to_date": "kakuho.evidence.update:bring_up_to_date",
        "is_up_to_date": "kakuho.evidence.update:is_up_to_date",
        "read_line": "kakuho.evidence.lines:read_line",
        "sealed_snapshots": "kakuho.evidence.sealed:sealed_snapshots",
        "sealed_sources": "kakuho.evidence.sealed:sealed_sources",
    },
)
