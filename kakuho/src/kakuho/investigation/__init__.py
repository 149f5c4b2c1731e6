"""From findings to the attacker: what a person confirmed, and everything in the events that hangs together with it.

In: the event tables, ``findings``, the inventory's access paths, and the decisions in the journal. Out: an
``Investigation`` (indicators, window, compromised accounts, states of the access paths) and ``attacker_events``.
May not know: what any event disclosed, about whom, or what will be written about it. Only a person confirms.
"""

from kakuho.investigation.decisions import Decisions
from kakuho.investigation.model import (
    CompromisedAccount,
    Indicator,
    Investigation,
    PathState,
    Window,
)
from kakuho.investigation.run import Result, investigate
from kakuho.investigation.wording import wording

__all__ = [
    "CompromisedAccount",
    "Decisions",
    "Indicator",
    "Investigation",
    "PathState",
    "Result",
    "Window",
    "investigate",
    "wording",
]
