"""Events in exactly the bytes that the ledger writes, read column-wise: the fast path.

Keys are sorted and nothing stands between, so that every value stands between two texts that are known. A cursor a line
goes over the block, all lines at once: it checks each known text in its place and notes where the values stand. A line
is taken only if the cursor goes over it from its first byte to its last; JSON would then say the same (no escapes, no
control characters). Whatever differs in one byte is left to the careful path.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.ledger.columns import Flags, Places, stretches
from kakuho.evidence.formats.ledger.stamps import LENGTH, times_of

_MARGIN = 256
"""Bytes that have to stand after a line, so that a window on it never reaches beyond the block."""
_WINDOW = 64
"""The longest text that is read here is one byte shorter."""
_MOST_DIGITS = 18
_HASH = 64
_END_OF_DISCLOSURES = b'],"hash":"'
_QUOTE, _BRACE = ord('"'), ord("}")


@dataclass(frozen=True)
class Texts:
    """Where a value stands on each line, and on which it is not null."""

    begins: Places
    ends: Places
    present: Flags


@dataclass(frozen=True)
class CanonicalEvents:
    """The events of a block that are canonical and as they were written; ``index`` says which of its lines they are.

    ``disclosures``: between which bytes they stand, brackets left out. ``braces``: where objects end in the block, a
    canonical event's all among them. ``follows``: whether an event follows the line
    before it, which is then an event too. Hashes and stamps are rows of bytes.
    """

    index: Places
    texts: dict[str, Texts]
    disclosures: tuple[Places, Places]
    braces: Places
    times: npt.NDArray[np.int64]
    stamps: npt.NDArray[np.uint8]
    seq: npt.NDArray[np.int64]
    status: npt.NDArray[np.int64]
    hashes: npt.NDArray[np.uint8]
    previous: npt.NDArray[np.uint8]

    def only(self, kept: Flags) -> CanonicalEvents:
        """Some of them."""
        texts = {name: Texts(one.begins[kept], one.ends[kept], one.present[kept]) for name, one in self.texts.items()}
        begins, ends = self.disclosures
        return CanonicalEvents(
            self.index[kept],
            texts,
            (begins[kept], ends[kept]),
            self.braces,
            self.times[kept],
            self.stamps[kept],
            self.seq[kept],
            self.status[kept],
            self.hashes[kept],
            self.previous[kept],
        )

    @property
    def follows(self) -> Flags:
        """Whether each follows the event before it: the next line, the next number, linked by its hash."""
        linked = (self.previous[1:] == self.hashes[:-1]).all(axis=1)
        linked &= (self.index[1:] == self.index[:-1] + 1) & (self.seq[1:] == self.seq[:-1] + 1)
        return np.concatenate(([False], linked)) if len(self.index) else np.zeros(0, np.bool_)


class _Cursor:
    """A place on each line; ``sound`` says on which lines all was as it has to be up to there."""

    def __init__(self, block: LineBlock, lines: Places) -> None:
        self.data = block.data
        self.bytes = np.frombuffer(block.data, np.uint8)
        self.at = block.starts[lines].copy()
        self.sound = np.ones(len(lines), np.bool_)
        self._limit = len(block.data) - _MARGIN

    def windows(self, places: Places, width: int) -> npt.NDArray[np.uint8]:
        """The bytes from each place on, one row a place."""
        return (
            stretches(self.data, "V", width)[np.clip(places, 0, self._limit)].view(np.uint8).reshape(len(places), width)
        )

    def holds(self, places: Places, known: bytes) -> Flags:
        """Whether ``known``, which ends with no NUL, stands at each place."""
        return np.asarray(stretches(self.data, "S", len(known))[np.clip(places, 0, self._limit)] == known)

    def known(self, text: bytes) -> None:
        """Go over a text that has to stand here."""
        self.sound &= self.holds(self.at, text)
        self.at += len(text)

    def text(self) -> Texts:
        """Go over a text in quotes or null."""
        quoted = self.bytes[np.clip(self.at, 0, self._limit)] == _QUOTE
        begins = self.at + 1
        is_end = self.windows(begins, _WINDOW) == _QUOTE
        length = is_end.argmax(axis=1)
        found = is_end[np.arange(len(length)), length]
        if not quoted.all():
            null = ~quoted
            self.sound &= quoted | self.holds(self.at, b"null")
            length[null], begins[null] = 0, self.at[null]
            found |= null
        self.sound &= found
        ends = begins + length
        self.at = np.where(quoted, ends + 1, self.at + len(b"null"))
        return Texts(begins, ends, quoted)

    def number(self) -> npt.NDArray[np.int64]:
        """Go over a whole number of at most 18 digits without sign."""
        digits = self.windows(self.at, _MOST_DIGITS + 1) - ord("0")
        length = (digits > 9).argmax(axis=1)
        self.sound &= (length > 0) & ((digits[:, 0] != 0) | (length == 1))
        value = np.zeros(len(length), np.int64)
        for place in range(int(length.max(initial=0))):
            value = np.where(place < length, value * 10 + digits[:, place], value)
        self.at += length
        return value

    def bytes_of(self, length: int) -> npt.NDArray[np.uint8]:
        """Go over so many bytes."""
        taken = self.windows(self.at, length)
        self.at += length
        return taken


def canonical_events(block: LineBlock, *, keyed: bool) -> CanonicalEvents:
    """The canonical events of a block whose hash is right, or all canonical ones where the ledger is ``keyed``."""
    lines, ends_of_disclosures, braces = _candidates(block)
    cursor = _Cursor(block, lines)
    texts: dict[str, Texts] = {}
    cursor.known(b'{"actor":{"id":')
    texts["actor_id"] = cursor.text()
    cursor.known(b',"kind":')
    texts["actor_kind"] = cursor.text()
    cursor.known(b',"role":')
    cursor.text()
    cursor.known(b',"subject":')
    texts["actor_subject"] = cursor.text()
    cursor.known(b'},"address":')
    texts["src_ip"] = cursor.text()
    cursor.known(b',"disclosures":[')
    disclosures = cursor.at.copy(), ends_of_disclosures
    cursor.sound &= cursor.at <= ends_of_disclosures
    cursor.at = ends_of_disclosures + 1
    before_hash = cursor.at.copy()
    cursor.known(b',"hash":"')
    hashes = cursor.bytes_of(_HASH)
    cursor.known(b'","kind":"disclosure","method":')
    texts["method"] = cursor.text()
    cursor.known(b',"prev":"')
    previous = cursor.bytes_of(_HASH)
    cursor.known(b'","purpose":')
    texts["purpose"] = cursor.text()
    cursor.known(b',"request":')
    cursor.text()
    cursor.known(b',"route":')
    texts["route"] = cursor.text()
    cursor.known(b',"segment":')
    texts["segment"] = cursor.text()
    cursor.sound &= texts["segment"].present
    cursor.known(b',"seq":')
    seq = cursor.number()
    cursor.known(b',"session":')
    texts["session"] = cursor.text()
    cursor.known(b',"status":')
    status = cursor.number()
    cursor.known(b',"time":"')
    stamps = cursor.bytes_of(LENGTH)
    cursor.known(b'","v":1}\n')
    times, is_time = times_of(stamps)
    sound = cursor.sound & is_time & (cursor.at == block.starts[lines + 1]) & (status < 2**31)
    sound &= ~(previous == _QUOTE).any(axis=1) & ~(hashes == _QUOTE).any(axis=1)
    events = CanonicalEvents(lines, texts, disclosures, braces, times, stamps, seq, status, hashes, previous)
    if not sound.all():
        events, before_hash = events.only(sound), before_hash[sound]
    if keyed or not len(events.index):
        return events
    authentic = (_digests(block, events.index, before_hash) == events.hashes).all(axis=1)
    return events if authentic.all() else events.only(authentic)


def _candidates(block: LineBlock) -> tuple[Places, Places, Places]:
    """The lines that may be canonical, where the bracket after their disclosures stands, and every closing brace."""
    data = np.frombuffer(block.data, np.uint8)
    starts = block.starts
    regular = starts[1:] <= len(block.data) - _MARGIN
    if not regular.any():
        none = np.zeros(0, np.int64)
        return none, none, none
    if np.count_nonzero(data < ord(" ")) != block.line_ends:
        _leave_out(regular, starts, np.flatnonzero((data < ord(" ")) & (data != ord("\n"))))
    if b"\\" in block.data:
        _leave_out(regular, starts, np.flatnonzero(data == ord("\\")))
    if not block.data.isascii() and not block.is_utf8:
        _leave_out(regular, starts, np.flatnonzero(data >= 0x80))
    braces = np.flatnonzero(data[: len(data) - _MARGIN] == _BRACE)
    after_braces = stretches(block.data, "S", len(_END_OF_DISCLOSURES))[braces + 1]
    brackets = braces[after_braces == _END_OF_DISCLOSURES] + 1
    lines = np.searchsorted(starts, brackets, "right") - 1
    once = np.ones(len(lines), np.bool_)
    once[1:] &= lines[1:] != lines[:-1]
    once[:-1] &= lines[1:] != lines[:-1]
    once &= regular[lines]
    return lines[once], brackets[once], braces


def _leave_out(regular: Flags, starts: Places, places: Places) -> None:
    regular[np.searchsorted(starts, places, "right") - 1] = False


def _digests(block: LineBlock, lines: Places, before_hash: Places) -> npt.NDArray[np.uint8]:
    """The SHA-256 of each line without its hash and its line end, in hexadecimal digits, one row a line."""
    data, sha256 = memoryview(block.data), hashlib.sha256
    begins, ends = block.starts[lines].tolist(), (block.starts[lines + 1] - 1).tolist()
    skipped = len('"hash":"",') + _HASH
    digests = bytearray()
    for begin, mark, end in zip(begins, (before_hash + 1).tolist(), ends, strict=True):
        digest = sha256(data[begin:mark])
        digest.update(data[mark + skipped : end])
        digests += digest.digest()
    return np.frombuffer(digests.hex().encode(), np.uint8).reshape(len(lines), _HASH)
