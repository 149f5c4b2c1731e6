"""The chain's promise as properties: no change to a closed ledger goes unnoticed, and the right line is named."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure_ledger import Actor, Disclosure, Ledger, Verification, verify
from disclosure_ledger.verification import proven_events

EVENTS = 6
KEYS = st.sampled_from([None, bytes(range(32))])

identifiers = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
references = st.from_regex(r"[a-z][a-z0-9_]{0,8}:[A-Za-z0-9_.\-]{1,8}", fullmatch=True)
disclosures = st.builds(Disclosure, references, st.lists(identifiers, max_size=3), st.lists(identifiers, max_size=3))
actors = st.builds(Actor, identifiers, st.none() | references, st.none() | identifiers, st.none() | references)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@cache
def closed_ledger(key: bytes | None) -> dict[str, bytes]:
    """The files of a ledger of one closed segment."""
    with tempfile.TemporaryDirectory() as name:
        with Ledger.open(name, system="petinsurance", key=key, checkpoint_every=2) as ledger:
            for number in range(EVENTS):
                ledger.record(
                    actor=Actor("staff", "account:3", "claims"),
                    disclosures=[Disclosure(f"policyholder:{number}", ["name"], ["bank_account"])],
                    method="GET",
                    route="/staff/policyholders/{key}/",
                    status=200,
                )
        return {path.name: path.read_bytes() for path in Path(name).iterdir()}


def segment_of(files: dict[str, bytes]) -> str:
    return next(name for name in files if name != "checkpoints.jsonl")


@contextmanager
def on_disk(files: dict[str, bytes]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        for file, content in files.items():
            (Path(name) / file).write_bytes(content)
        yield Path(name)


def verified(files: dict[str, bytes], key: bytes | None) -> Verification:
    with on_disk(files) as directory:
        return verify(directory, key)


def verified_with_lines(key: bytes | None, lines: list[bytes]) -> Verification:
    files = closed_ledger(key)
    return verified(files | {segment_of(files): b"".join(lines)}, key)


def lines_of(key: bytes | None) -> list[bytes]:
    files = closed_ledger(key)
    return files[segment_of(files)].splitlines(keepends=True)


@settings(deadline=None)
@given(KEYS, st.sampled_from(["segment", "checkpoints"]), st.data(), st.integers(1, 255))
def test_any_changed_byte_is_found_on_its_line(key: bytes | None, which: str, data: st.DataObject, change: int) -> None:
    files = closed_ledger(key)
    name = segment_of(files) if which == "segment" else "checkpoints.jsonl"
    content = files[name]
    position = data.draw(st.integers(0, len(content) - 1))
    changed = content[:position] + bytes([content[position] ^ change]) + content[position + 1 :]
    problems = verified(files | {name: changed}, key).problems
    assert (name, 1 + content.count(b"\n", 0, position)) in {(problem.file, problem.line) for problem in problems}


@settings(deadline=None)
@given(KEYS, st.integers(0, EVENTS))
def test_any_removed_line_is_found(key: bytes | None, index: int) -> None:
    lines = lines_of(key)
    del lines[index]
    assert not verified_with_lines(key, lines).ok


@settings(deadline=None)
@given(KEYS, st.permutations(range(EVENTS + 1)))
def test_any_other_order_is_found(key: bytes | None, order: list[int]) -> None:
    lines = lines_of(key)
    verification = verified_with_lines(key, [lines[index] for index in order])
    assert verification.ok == (list(order) == sorted(order))


@settings(deadline=None)
@given(KEYS, st.integers(0, EVENTS), st.integers(0, EVENTS + 1))
def test_any_repeated_line_is_found(key: bytes | None, index: int, place: int) -> None:
    lines = lines_of(key)
    lines.insert(place, lines[index])
    assert not verified_with_lines(key, lines).ok


@settings(deadline=None)
@given(KEYS, st.data())
def test_a_closed_segment_cut_anywhere_is_found(key: bytes | None, data: st.DataObject) -> None:
    content = b"".join(lines_of(key))
    length = data.draw(st.integers(0, len(content) - 1))
    assert not verified_with_lines(key, [content[:length]]).ok


@settings(deadline=None)
@given(st.integers(0, EVENTS), st.integers(0, EVENTS))
def test_a_segment_that_was_not_closed_is_found_cut_up_to_its_last_checkpoint(checkpoints: int, kept: int) -> None:
    files = closed_ledger(None)
    known = files["checkpoints.jsonl"].splitlines(keepends=True)[: 1 + checkpoints // 2]
    cut = files | {segment_of(files): b"".join(lines_of(None)[: 1 + kept]), "checkpoints.jsonl": b"".join(known)}
    assert verified(cut, None).ok == (kept >= 2 * (checkpoints // 2))


@settings(deadline=None)
@given(
    KEYS,
    st.lists(
        st.fixed_dictionaries(
            {
                "actor": actors,
                "disclosures": st.lists(disclosures, max_size=4),
                "method": texts,
                "route": st.none() | texts,
                "status": st.integers(100, 599),
                "purpose": st.none() | identifiers,
                "address": st.none() | texts,
                "session": st.none() | texts,
            }
        ),
        max_size=6,
    ),
)
def test_whatever_was_recorded_verifies_and_reads_back_the_same(
    key: bytes | None, events: list[dict[str, object]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        with Ledger.open(name, system="petinsurance", key=key, checkpoint_every=3) as ledger:
            written = [ledger.record(**event) for event in events]  # type: ignore[arg-type]
        assert verify(name, key).ok
        assert list(proven_events(Path(name), key)) == written


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_the_verifier_fail(content: bytes) -> None:
    files = closed_ledger(None)
    assert not verified(files | {segment_of(files): content}, None).ok
