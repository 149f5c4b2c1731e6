"""Records of network sensors, and captures of HTTP."""

from __future__ import annotations

from kakuho.evidence.formats.base import Format
from kakuho.evidence.formats.network.har import Har
from kakuho.evidence.formats.network.suricata_eve import SuricataEve
from kakuho.evidence.formats.network.zeek_json import ZeekJson
from kakuho.evidence.formats.network.zeek_tsv import ZeekTsv

FORMATS: tuple[Format, ...] = (ZeekTsv(), ZeekJson(), SuricataEve(), Har())
