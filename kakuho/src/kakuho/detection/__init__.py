"""What in the events looks like an attack.

In: the event tables (``http_activity``, ``datastore_activity``, ``disclosure``) and the inventory's access paths.
Out: ``findings``, and ``finding_events``, which cite the lines each finding stands on.
May not know: what a person decided, who is affected, or how anything was attributed. A finding accuses nobody.
"""

from kakuho.detection.model import Detector, Severity
from kakuho.detection.registry import DETECTORS, detector
from kakuho.detection.run import detect

__all__ = ["DETECTORS", "Detector", "Severity", "detect", "detector"]
