"""The decoder in a process of its own: the values by row, as JSON; without the printing of line numbers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kakuho.exposure.injection import decode_log

found, _ = decode_log(Path(sys.argv[1]))
print(json.dumps([(str(value.row), value.value) for one in found for value in one.values if value.complete]))
