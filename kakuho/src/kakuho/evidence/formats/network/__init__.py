"""Records of network sensors, and captures of HTTP."""

from __future__ import annotations

from kakuho.evidence.formats.registry import formats_in

FORMATS = formats_in(
    __name__,
    {
        "zeek_tsv": "zeek_tsv:ZeekTsv",
        "zeek_json": "zeek_json:ZeekJson",
        "suricata_eve": "suricata_eve:SuricataEve",
        "har": "har:Har",
    },
)
