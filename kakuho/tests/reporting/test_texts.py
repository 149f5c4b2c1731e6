"""Every sentence exists in both languages, and what is filled into one is filled into the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml

from kakuho.reporting.words import Words, fill

TEXTS = sorted(
    path.name for path in files("kakuho.reporting").joinpath("texts").iterdir() if path.name.endswith(".yaml")
)


def sentences(node: Any, place: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, dict) and set(node) & {"ja", "en"}:
        yield place, node
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from sentences(child, f"{place}.{key}")
    elif isinstance(node, list):
        for number, child in enumerate(node):
            yield from sentences(child, f"{place}[{number}]")
    else:
        raise AssertionError(f"{place}: {node!r} is no sentence")


@pytest.mark.parametrize("name", TEXTS)
def test_each_sentence_has_both_languages_and_the_same_slots(name):
    text = files("kakuho.reporting").joinpath("texts", name).read_text(encoding="utf-8")
    for place, sentence in sentences(yaml.safe_load(text), name):
        assert set(sentence) == {"ja", "en"}, place
        slots = [set(re.findall(r"\{(\w+)\}", sentence[language])) for language in ("ja", "en")]
        assert slots[0] >= slots[1], place
        assert slots[0] - slots[1] <= {"you"}, place


def test_a_slot_that_nobody_fills_is_an_error():
    with pytest.raises(KeyError, match="system"):
        fill("「{system}」")


def test_a_text_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError, match=r"lead\.nothing"):
        Words("letter", "ja").line("lead.nothing")
