"""A log read for requests that could carry SQL: any format of HTTP activity, packed or not, without a case."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa

from kakuho.errors import UsageError
from kakuho.evidence.block_tasks import BlockElsewhere, BlockOnItsWay
from kakuho.evidence.content import Content, PlainContent
from kakuho.evidence.formats import FORMATS, Declared
from kakuho.evidence.formats.base import NOTHING_DECLARED, Part, ReadsBlocks, SourceFile
from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.identification import identify
from kakuho.evidence.pool import in_order
from kakuho.evidence.unpacking.unpack import HEAD_BYTES, is_packed, unpack
from kakuho.exposure.injection.candidates import candidates
from kakuho.exposure.injection.requests import Requests, merged
from kakuho.language import Bilingual

TABLE = "http_activity"


@dataclass
class Log:
    """What was read of a log: the candidates, how many lines there were and how many of them no format could read."""

    requests: Requests
    lines: int = 0
    rejected: int = 0
    formats: list[str] = field(default_factory=list)


def read_log(
    path: Path, *, chosen: str | None = None, declared: Declared = NOTHING_DECLARED,
    advance: Callable[[int], None] = lambda size: None,
) -> Log:  # fmt: skip
    """The candidates of a log. Raises UsageError where it is no log of HTTP requests that kakuho reads."""
    with path.open("rb") as file:
        packed = is_packed(file.read(HEAD_BYTES))
    parts: list[Requests] = []
    log = Log(merged([]))
    if not packed:
        _read(PlainContent(path), path.name, chosen, declared, log, parts, advance)
    else:
        with tempfile.TemporaryDirectory(prefix="kakuho-") as folder:
            for member in unpack(path, path.name, Path(folder)).members:
                _read(member.content(Path(folder)), member.name, chosen, declared, log, parts, advance)
    log.requests = merged(parts)
    return log


def _read(
    content: Content, name: str, chosen: str | None, declared: Declared, log: Log, parts: list[Requests],
    advance: Callable[[int], None],
) -> None:  # fmt: skip
    identification = identify(content, name, chosen, declared)
    known = identification.format
    if TABLE not in known.tables:
        raise UsageError(
            Bilingual(ja="HTTP のリクエストの記録として読めません。", en="it does not read as a log of HTTP requests"),
            where=name,
            remedy=Bilingual(
                ja="Apache・nginx・IIS・ModSecurity などのログを指定するか、--format で形式を指定してください。",
                en="give a log of Apache, nginx, IIS, HAProxy or ModSecurity, or name its format with --format",
            ),
        )
    log.formats.append(known.name)
    source = SourceFile(content, name, datetime.now(UTC), identification.variant, declared)
    for found in _parts(known.name, source):
        log.lines += found.lines
        log.rejected += found.rejected
        advance(found.size)
        if found.requests is not None:
            parts.append(found.requests)


@dataclass(frozen=True)
class _Found:
    requests: Requests | None
    lines: int
    rejected: int
    size: int


def _parts(format_name: str, source: SourceFile) -> Iterator[_Found]:
    known = FORMATS[format_name]
    if isinstance(known, ReadsBlocks):
        tasks = (BlockOnItsWay(block) for block in known.blocks(source))
        yield from in_order(partial(_of_block, format_name, source.declared), tasks, size=source.content.size)
    else:
        for part in known.parse(source):
            yield _found(part)


def _of_block(format_name: str, declared: Declared, task: BlockOnItsWay | BlockElsewhere | LineBlock) -> _Found:
    """The candidates of one block; runs in any process."""
    block = task if isinstance(task, LineBlock) else task.taken()
    known = FORMATS[format_name]
    assert isinstance(known, ReadsBlocks)  # noqa: S101 - the caller asked; for the type checker
    part = known.read_block(block, declared)
    part.bytes_read = len(block.data)
    return _found(part)


def _found(part: Part) -> _Found:
    table: pa.Table | None = part.tables.get(TABLE)
    requests = candidates(table) if table is not None and len(table) else None
    return _Found(requests, part.lines, len(part.rejects), part.bytes_read)
