"""``kakuho inventory schema``: the JSON Schema of inventory.yaml."""

from __future__ import annotations

import sys

import typer

from kakuho.inventory.json_schema import json_schema_text


def schema(ctx: typer.Context) -> None:
    """inventory.yaml の JSON Schema を出力します。 / Print the JSON Schema of inventory.yaml."""
    sys.stdout.write(json_schema_text())
