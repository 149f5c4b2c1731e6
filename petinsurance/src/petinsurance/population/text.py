"""Columns of text put together without a loop over rows."""

import unicodedata
from collections.abc import Callable, Sequence

import jaconv
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


def pick(words: Sequence[str] | pa.Array, places: NDArray[np.int64]) -> pa.StringArray:
    """The word at each place."""
    table = words if isinstance(words, pa.Array) else pa.array(words, pa.string())
    return table.take(pa.array(places))


def number(values: NDArray[np.int64], width: int = 0) -> pa.StringArray:
    """Decimal digits, with leading zeros up to `width`."""
    digits = pa.array(values).cast(pa.string())
    return pc.utf8_lpad(digits, width, "0") if width else digits


def join(*parts: pa.StringArray | str) -> pa.StringArray:
    return pc.binary_join_element_wise(*parts, "")


def choose(flags: Flags, when: pa.StringArray | str, otherwise: pa.StringArray | str) -> pa.StringArray:
    """`when` where the flag is set, `otherwise` elsewhere."""
    return pc.if_else(pa.array(flags), when, otherwise)


def blank(column: pa.StringArray, flags: Flags) -> pa.StringArray:
    """The column with the empty text where the flag is set (Django's "no value" for text)."""
    return choose(flags, "", column)


def rewrite(column: pa.StringArray, flags: Flags, change: Callable[[str], str]) -> pa.StringArray:
    """The column with `change` applied where the flag is set, once for each different text."""
    chosen = np.flatnonzero(flags)
    if not len(chosen):
        return column
    coded = column.take(pa.array(chosen)).dictionary_encode()
    changed = pa.array([change(word) for word in coded.dictionary.to_pylist()], pa.string())
    return pc.replace_with_mask(column, pa.array(flags), changed.take(coded.indices))


def full_width(text: str) -> str:
    """Digits, Latin letters and signs in full width."""
    return jaconv.h2z(text, kana=False, digit=True, ascii=True).replace("-", "－")


def half_width_kana(text: str) -> str:
    return jaconv.z2h(text.replace("　", " "), kana=True, digit=True, ascii=True)


def bank_kana(text: str) -> str:
    """A name as banks write it (全銀): half-width kana, small kana enlarged, voiced marks apart."""
    return half_width_kana(jaconv.enlarge_smallkana(unicodedata.normalize("NFC", text), ignore=""))
