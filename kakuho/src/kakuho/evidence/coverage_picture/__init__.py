"""What the evidence covers, as a picture: logs against time, with the holes and their reasons.

In: rows of the lake's tables ``sources``, ``coverage`` and ``gaps``. Out: something to print in a terminal, or one HTML
file that needs nothing else. May not know the case or how coverage was found.
"""

from __future__ import annotations

from kakuho.evidence.coverage_picture.page import coverage_picture_html
from kakuho.evidence.coverage_picture.terminal import coverage_picture_terminal

__all__ = ["coverage_picture_html", "coverage_picture_terminal"]
