"""Injection: from HTTP logs alone, what an attacker read through an injected parameter, value by value.

In: a log of requests. Out: the values, each with its query, the lines that it rests on and what of it stays undecided.
Knows neither a case nor an inventory; nothing of a payload is ever run.
"""

from __future__ import annotations

from kakuho.exposure.injection.decode import decode, decode_log
from kakuho.exposure.injection.letters import UNDECIDED
from kakuho.exposure.injection.results import DecodedValue, Extraction

__all__ = ["UNDECIDED", "DecodedValue", "Extraction", "decode", "decode_log"]
