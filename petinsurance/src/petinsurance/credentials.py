"""The secrets of one installation on this machine, kept beside its database in a file that only its owner can read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

FILE_NAME = "credentials.json"


@dataclass(frozen=True)
class Credentials:
    owner_password: str
    web_password: str
    secret_key: str
    ledger_key: str


def load_or_create(data_dir: Path) -> Credentials:
    """Read the secrets of ``data_dir``, or draw them once."""
    path = data_dir / FILE_NAME
    if path.exists():
        return Credentials(**json.loads(path.read_text(encoding="ascii")))
    drawn = Credentials(
        owner_password=secrets.token_urlsafe(24),
        web_password=secrets.token_urlsafe(24),
        secret_key=secrets.token_urlsafe(60),
        ledger_key=secrets.token_hex(32),
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(asdict(drawn), file)
    return drawn
