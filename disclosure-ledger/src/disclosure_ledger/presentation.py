"""Verifications and events as text for people and as objects for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from disclosure_ledger.event import Disclosure, Event, timestamp
from disclosure_ledger.language import Language
from disclosure_ledger.verification import Problem, SegmentReport, Verification


def verification_lines(verification: Verification, language: Language) -> Iterator[str]:
    """A line a problem, then one that sums up."""
    yield from problem_lines(verification.problems, language)
    segments, events, problems = len(verification.segments), verification.events, len(verification.problems)
    unwitnessed = sum(segment.after_checkpoint for segment in verification.segments)
    if language == "ja":
        result = "連鎖は完全です。" if verification.ok else f"連鎖は壊れています（問題 {problems:,} 件）。"
        yield f"{result}セグメント {segments:,}、証明されたイベント {events:,} 件。"
        if unwitnessed:
            yield f"うち {unwitnessed:,} 件は最後のチェックポイントより後で、その後の欠落は確かめられません。"
    else:
        result = "The chain is whole." if verification.ok else f"The chain is broken (problems: {problems:,})."
        yield f"{result} Segments: {segments:,}; events proven: {events:,}."
        if unwitnessed:
            yield f"{unwitnessed:,} of them come after the last checkpoint: whether more followed cannot be told."


def problem_lines(problems: Iterable[Problem], language: Language) -> Iterator[str]:
    for problem in problems:
        where = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
        yield f"{where}: {problem.text(language)}"


def verification_record(verification: Verification, language: Language) -> dict[str, Any]:
    return {
        "ok": verification.ok,
        "events": verification.events,
        "segments": [_segment_record(segment) for segment in verification.segments],
        "problems": [
            {
                "file": problem.file,
                "segment": problem.segment,
                "line": problem.line,
                "reason": problem.reason,
                "message": problem.text(language),
            }
            for problem in verification.problems
        ],
    }


def _segment_record(segment: SegmentReport) -> dict[str, Any]:
    return {
        "segment": segment.segment,
        "system": segment.system,
        "started": timestamp(segment.started) if segment.started else None,
        "last": timestamp(segment.last) if segment.last else None,
        "events": segment.events,
        "checkpointed": segment.checkpointed,
        "after_checkpoint": segment.after_checkpoint,
        "closed": segment.closed,
        "ok": segment.problem is None,
    }


def event_line(event: Event, subject: str | None, *, as_json: bool, language: Language) -> str:
    """One line an event; with ``subject``, only what was disclosed of it."""
    shown = [disclosure for disclosure in event.disclosures if subject is None or disclosure.subject == subject]
    if as_json:
        record = event.to_record() | {"hash": event.hash, "disclosures": [one.to_record() for one in shown]}
        return json.dumps(record, ensure_ascii=False, sort_keys=True)
    actor = " ".join(part for part in (event.actor.kind, event.actor.id, event.actor.role) if part)
    what = "; ".join(_disclosure_text(disclosure, language) for disclosure in shown)
    columns = (
        timestamp(event.time),
        actor,
        event.address or "-",
        f"{event.method} {event.route or '-'}",
        str(event.status),
        event.purpose or "-",
        what,
    )
    return "  ".join(columns)


def _disclosure_text(disclosure: Disclosure, language: Language) -> str:
    masked = "{}（マスク）" if language == "ja" else "{} (masked)"
    items = [*disclosure.items, *(masked.format(item) for item in disclosure.masked)]
    return f"{disclosure.subject}: {', '.join(items)}"
