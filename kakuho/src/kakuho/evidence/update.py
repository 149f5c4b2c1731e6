"""The lake's evidence tables, made again from the sealed files wherever they are missing or no longer current."""

from __future__ import annotations

from kakuho.case import Case
from kakuho.evidence.parsing import parse, parsed_folder, parsing_inputs, parsing_stage
from kakuho.evidence.progress import Advance, ByteProgress
from kakuho.evidence.sealed import sealed_sources
from kakuho.evidence.tables import tables_inputs, tables_stage, write_tables


def is_up_to_date(case: Case) -> bool:
    """Whether the tables show all the evidence that the journal knows."""
    sources = sealed_sources(case)
    return not sources or tables_stage(case).is_current(tables_inputs(case, sources))


def bring_up_to_date(case: Case, advance: Advance = lambda done, total: None) -> None:
    """Parse what is not parsed yet and put the tables together; does nothing where all is current. Needs the lock."""
    sources = sealed_sources(case)
    progress = ByteProgress(advance, sum(source.size for source in sources))
    for source in sources:
        stage, inputs = parsing_stage(case, source), parsing_inputs(source)
        if not stage.is_current(inputs):
            with stage.writing(inputs, destination=parsed_folder(case, source)) as folder:
                parse(source.path(case), source, folder, progress.step)
    stage, inputs = tables_stage(case), tables_inputs(case, sources)
    if sources and not stage.is_current(inputs):
        with stage.writing(inputs) as folder:
            write_tables(case, sources, folder)
