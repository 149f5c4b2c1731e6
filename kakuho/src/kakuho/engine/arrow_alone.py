"""Arrow without pandas, which nothing here uses.

Before pyarrow makes an array out of its first list it looks whether pandas is installed, by importing it: a quarter of
a second in every process. It looks once; told that there is none, it does without, and whoever asks it for pandas
objects all the same (``to_pandas``) still gets them.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec

import pyarrow as pa


class _NoPandas:
    """Says that there is no pandas."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name == "pandas":
            raise ModuleNotFoundError(f"{name} is not looked for", name=name)
        return None


def do_without_pandas() -> None:
    """Have pyarrow look for pandas now and find none."""
    if "pandas" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([None])
    finally:
        sys.meta_path.remove(finder)
