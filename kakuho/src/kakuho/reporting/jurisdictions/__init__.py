"""Which duties an assessment sets off, and until when: profiles are data, with their source and counsel's mark.

May not know: how a report is worded or sent.
"""

from kakuho.reporting.jurisdictions.japan import Deadlines, Trigger, deadlines, profile, triggers

__all__ = ["Deadlines", "Trigger", "deadlines", "profile", "triggers"]
