"""The JSON Schema for editors accepts what kakuho accepts and refuses what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from kakuho.inventory.json_schema import json_schema, json_schema_text

ROOT = Path(__file__).parents[3]
PETINSURANCE = ROOT / "petinsurance" / "src" / "petinsurance" / "inventory.yaml"


def faults(document: Any) -> list[str]:
    return [fault.message for fault in Draft202012Validator(json_schema()).iter_errors(document)]


def document() -> Any:
    return yaml.safe_load(PETINSURANCE.read_text(encoding="utf-8"))


def test_petinsurances_inventory_is_of_the_schema() -> None:
    assert faults(document()) == []


@pytest.mark.parametrize("key", ["recrod_of", "kakhuo"])
def test_an_unknown_key_is_refused(key: str) -> None:
    changed = document()
    changed["dataset"][0]["collections"][0]["kakuho"][key] = "policyholder"
    assert faults(changed) == [f"Additional properties are not allowed ('{key}' was unexpected)"]


def test_the_copy_for_editors_is_up_to_date() -> None:
    committed = (ROOT / "docs" / "inventory.schema.json").read_text(encoding="utf-8")
    assert committed == json_schema_text(), "run: kakuho inventory schema > docs/inventory.schema.json"
