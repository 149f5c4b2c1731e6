"""Log lines without personal values: of an exception its type and the lines of code it passed, never its message.

A database error quotes the row that it rejects, and a form error what was typed; both stay out of the log.
"""

import logging
import traceback
from types import TracebackType


class ValueFreeFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(  # noqa: N802 (logging's own name)
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _, passed = ei
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(passed)]
        return "\n".join([*places, kind.__qualname__ if kind is not None else "no exception"])
