"""Which stretches of time each log really covers.

In: parsed sources (:class:`CoveredSource`). Out: rows of the lake's tables ``coverage`` and ``gaps``, and what is known
of each source's clock (:class:`Covered`). May not know the case, nor what the events mean. Nothing is corrected or
shifted here: what is measured is told.

A log (``records``) covers from its first event to its last, but for its gaps: silences against its own rhythm
(``rhythm``, ``silences``), numbers and files that are missing (``numbers``, ``rotation``, ``ledger``), damage
(``damage``), a clock that was set back (``backwards``). A gap in one file of a role is taken out of every file of that
role: each may be the only witness of its own traffic.
"""

from __future__ import annotations

from kakuho.evidence.coverage.assemble import VERSION, Covered, coverage_of
from kakuho.evidence.coverage.interval import LONGEST_SILENCE
from kakuho.evidence.coverage.source import CoveredSource

__all__ = ["LONGEST_SILENCE", "VERSION", "Covered", "CoveredSource", "coverage_of"]
