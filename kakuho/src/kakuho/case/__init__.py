"""The case: a folder that holds sealed evidence, the journal of acts, and what is derived from both.

In: a directory, and what people declare. Out: :class:`Case` (its places, its journal, its lock) and :class:`Stage`
(what each step read and wrote). May not know any evidence format, finding, verdict or document.
"""

from kakuho.case.folder import Case
from kakuho.case.journal import Entry, Journal
from kakuho.case.settings import CaseSettings
from kakuho.case.stages import Stage

__all__ = ["Case", "CaseSettings", "Entry", "Journal", "Stage"]
