"""The lake's evidence tables, made again from the sealed files wherever they are missing or no longer current."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kakuho.case import Case, Stage
from kakuho.errors import UsageError
from kakuho.evidence.formats import FORMATS, SourceFile
from kakuho.evidence.formats.unknown import Unknown
from kakuho.evidence.parsing import FACTS, PartPlace, parse
from kakuho.evidence.progress import Advance, ByteProgress
from kakuho.evidence.sealed import SealedSource, sealed_sources, unpacked_folder
from kakuho.evidence.tables import parsed_folder, tables_inputs, tables_stage, write_tables
from kakuho.evidence.unpacking.stage import unpack_again
from kakuho.language import Bilingual


def is_up_to_date(case: Case) -> bool:
    """Whether the tables show all the evidence that the journal knows."""
    sources = sealed_sources(case)
    return not sources or tables_stage(case).is_current(tables_inputs(case, sources))


def bring_up_to_date(
    case: Case, advance: Advance = lambda done, total: None, *, step: Callable[[int], None] | None = None
) -> None:
    """Parse what is not parsed yet and put the tables together; does nothing where all is current. Needs the lock.

    ``step`` takes the bytes done, for whoever counts them along with other work.
    """
    sources = sealed_sources(case)
    progress = step or ByteProgress(advance, sum(source.size for source in sources)).step
    for source in sources:
        stage, inputs = parsing_stage(case, source), parsing_inputs(source)
        if not stage.is_current(inputs):
            if source.member is not None:
                unpack_again(case.directory, case.evidence / source.sealed, unpacked_folder(case, source.sealed))
            with stage.writing(inputs, destination=parsed_folder(case, source)) as folder:
                parse_source(case, source, folder, progress)
    stage, inputs = tables_stage(case), tables_inputs(case, sources)
    if sources and not stage.is_current(inputs):
        with stage.writing(inputs) as folder:
            write_tables(case, sources, folder)


def parsing_stage(case: Case, source: SealedSource) -> Stage:
    """The stage that parses one source."""
    return Stage(case.directory, f"parse-{source.sha256[:16]}")


def parsing_inputs(source: SealedSource) -> dict[str, Any]:
    """What the parsing of a source depends on; its content is named by its hash."""
    known = FORMATS.get(source.format, Unknown())
    return {
        "files": {f"evidence/{source.sealed}": source.sha256},
        "parameters": {
            "format": known.name,
            "variant": source.variant,
            "version": known.version,
            "time_zone": source.declared.time_zone,
            "encoding": source.declared.encoding,
            "pattern": source.declared.pattern,
            "clock_offset_us": source.clock_offset_us,
            "modified": source.modified.isoformat(),
        },
    }


def parse_source(case: Case, source: SealedSource, folder: Path, step: Callable[[int], None]) -> None:
    """Parse one source. Where it cannot be read as a whole, the facts say what is wrong and what to do."""
    file = SourceFile(source.content(case), source.name, source.modified, source.variant, source.declared)
    try:
        if source.format in FORMATS:
            parse(source.format, file, PartPlace(folder, source.source_id, source.clock_offset_us), step)
        else:
            _note(folder, {})
            step(source.size)
    except UsageError as error:
        shutil.rmtree(folder)
        folder.mkdir()
        _note(folder, {"problem": _in_words(error)})


def _note(folder: Path, facts: dict[str, Any]) -> None:
    record = {"lines": 0, "events": 0, "rejected": 0, "ignored": {}, "facts": facts, "ends_in_mid_line": False}
    (folder / FACTS).write_text(json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1) + "\n", "utf-8")


def _in_words(error: UsageError) -> dict[str, dict[str, str]]:
    parts = {"what": error.what, "remedy": error.remedy}
    return {
        key: {"ja": part.ja if isinstance(part, Bilingual) else part, "en": str(part)} for key, part in parts.items()
    }
