"""The JSON Schema of ``inventory.yaml``, for editors: completion, and faults while typing."""

from __future__ import annotations

import json
from typing import Any

from kakuho.inventory.file_form import InventoryForm

FILE_NAME = "inventory.schema.json"
MODELINE = f"# yaml-language-server: $schema=./{FILE_NAME}"
"""Read by the YAML language server (VS Code, Neovim, Emacs, JetBrains): where the schema lies, beside the file."""


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the file's form."""
    made = InventoryForm.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Kakuho inventory",
        "description": "個人データの目録（Fideslang の dataset 形式の拡張） / An inventory of personal data",
    }


def json_schema_text() -> str:
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
