"""Events in exactly the bytes that the ledger writes, read column-wise: the fast path.

Keys are sorted and nothing stands between, so that every value stands between two texts that are known. A line is cut
at its closing braces: the actor, the address, the disclosures, and the rest. What lies behind the actor's id and the
rest are laid under stencils (:mod:`.stencils`). A line is taken only if every byte of it is accounted for; JSON would
then say the same (no escapes, no control characters). Whatever differs in one byte is left to the careful path.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from kakuho.evidence.formats.blocks import LineBlock
from kakuho.evidence.formats.ledger.candidates import candidates
from kakuho.evidence.formats.ledger.columns import Bytes, Coded, Flags, Places, Texts, bytes_at, stand_at, to_quote
from kakuho.evidence.formats.ledger.stamps import LENGTH, times_of
from kakuho.evidence.formats.ledger.stencils import Pattern, laid

_HASH = 64
_MOST_STATUS = 2**31 - 1
_QUOTE = ord('"')
_DIGIT = np.full(256, 255, np.uint8)
_DIGIT[list(b"0123456789abcdef")] = np.arange(16)
"""What each byte means as a hexadecimal digit, 255 where it is none."""
_BEFORE_ID = b'{"actor":{"id":'
_BEFORE_ADDRESS = b'},"address":'
_BEFORE_DISCLOSURES = b',"disclosures":['
_BEFORE_HASH = b"],"
_NAMED_HASH = b'"hash":"",'


def _text(name: str) -> str:
    return f'(?:"(?P<{name}>[^"]*)"|null)'


_ACTOR = Pattern(
    re.compile(f',"kind":{_text("actor_kind")},"role":{_text("role")},"subject":{_text("actor_subject")}'.encode()),
    texts=("actor_subject",),
)
_REST = Pattern(
    re.compile(
        (
            r'\],"hash":"(?P<hash>[^"]{64})","kind":"disclosure"'
            f',"method":{_text("method")},"prev":"(?P<prev>[^"]{{64}})","purpose":{_text("purpose")}'
            f',"request":{_text("request")},"route":{_text("route")},"segment":"(?P<segment>[^"]*)"'
            f',"seq":(?P<seq>0|[1-9][0-9]{{0,17}}),"session":{_text("session")},"status":(?P<status>0|[1-9][0-9]{{0,9}})'
            r',"time":"(?P<time>[^"]{27})","v":1\}\n'
        ).encode()
    ),
    texts=("request", "route", "session"),
    others=("hash", "prev", "seq", "time"),
)


@dataclass(frozen=True)
class CanonicalEvents:
    """The events of a block that are canonical and as they were written; ``index`` says which of its lines they are.

    ``disclosures``: where they begin; ``first_brace`` and ``last_brace``: the closing braces of their entries, as
    positions in ``braces``, which holds those of the whole block. Hashes (in hexadecimal
    digits) and stamps are rows of bytes, ``digests`` the bytes that the hashes mean.
    """

    index: Places
    texts: dict[str, Texts]
    coded: dict[str, Coded]
    disclosures: Places
    first_brace: Places
    last_brace: Places
    braces: Places
    times: npt.NDArray[np.int64]
    stamps: Bytes
    seq: Places
    status: Places
    hashes: Bytes
    digests: Bytes
    previous: Bytes

    def only(self, kept: Flags) -> CanonicalEvents:
        """Some of them."""
        if kept.all():
            return self
        columns = {one.name: getattr(self, one.name) for one in fields(self)}
        some = {name: column[kept] for name, column in columns.items() if name not in {"texts", "coded", "braces"}}
        return CanonicalEvents(
            texts={name: one.only(kept) for name, one in self.texts.items()},
            coded={name: one.only(kept) for name, one in self.coded.items()},
            braces=self.braces,
            **some,
        )

    @property
    def follows(self) -> Flags:
        """Whether each follows the event before it: the next line, the next number, linked by its hash."""
        linked = (self.previous.view(np.uint64)[1:] == self.hashes.view(np.uint64)[:-1]).all(axis=1)
        linked &= (self.index[1:] == self.index[:-1] + 1) & (self.seq[1:] == self.seq[:-1] + 1)
        return np.append(False, linked)[: len(self.index)]


def canonical_events(block: LineBlock, *, keyed: bool) -> CanonicalEvents:
    """The canonical events of a block whose hash is right, or all canonical ones where the ledger is ``keyed``."""
    found = candidates(block)
    data, starts = block.data, block.starts[found.lines]
    sound = stand_at(data, starts, _BEFORE_ID)
    actor_id, after = _text_at(data, starts + len(_BEFORE_ID), sound)
    actor_end = found.braces[found.first]
    actor = laid(data, after, np.where(sound, actor_end - after, 0), _ACTOR)
    sound &= actor.fits & stand_at(data, actor_end, _BEFORE_ADDRESS)
    address, after = _text_at(data, actor_end + len(_BEFORE_ADDRESS), sound)
    sound &= stand_at(data, after, _BEFORE_DISCLOSURES)
    rest_begin = found.braces[found.last] + 1
    disclosures = after + len(_BEFORE_DISCLOSURES)
    sound &= disclosures < rest_begin
    rest = laid(data, rest_begin, np.where(sound, block.starts[found.lines + 1] - rest_begin, 0), _REST)
    sound &= rest.fits
    seq, is_number = _numbers(data, rest.hole("seq"))
    stamps = bytes_at(data, rest.hole("time").begins, LENGTH)
    times, is_time = times_of(stamps)
    status = rest.said("status")
    each_status = np.array([int(value or 0) for value in status.values], np.int64)[status.codes]
    hashes = bytes_at(data, rest.hole("hash").begins, _HASH)
    events = CanonicalEvents(
        index=found.lines,
        texts={
            "actor_id": actor_id,
            "actor_subject": actor.hole("actor_subject"),
            "src_ip": address,
            "route": rest.hole("route"),
            "session": rest.hole("session"),
        },
        coded={
            "actor_kind": actor.said("actor_kind"),
            **{name: rest.said(name) for name in ("method", "purpose", "segment")},
        },
        disclosures=disclosures,
        first_brace=found.first + 1,
        last_brace=found.last,
        braces=found.braces,
        times=times,
        stamps=stamps,
        seq=seq,
        status=each_status,
        hashes=hashes,
        digests=hashes[:, ::2],
        previous=bytes_at(data, rest.hole("prev").begins, _HASH),
    )
    events = events.only(sound & is_number & is_time & (each_status <= _MOST_STATUS))
    if not len(events.index):
        return events
    if keyed:
        meant, is_hash = _unhexed(events.hashes)
        return replace(events, digests=meant).only(is_hash)
    digests = _digests(block, events)
    written = np.frombuffer(digests.hex().encode(), np.uint64).reshape(-1, _HASH // 8)
    authentic = (events.hashes.view(np.uint64) == written).all(axis=1)
    return replace(events, digests=np.frombuffer(digests, np.uint8).reshape(-1, _HASH // 2)).only(authentic)


def _unhexed(hashes: Bytes) -> tuple[Bytes, Flags]:
    """The bytes that rows of hexadecimal digits mean, and which rows are such."""
    digits = _DIGIT[hashes]
    meant = np.asarray(digits[:, ::2] << 4 | digits[:, 1::2] & 15, np.uint8)
    return meant, np.asarray((digits < 16).all(axis=1))


def _text_at(data: bytes, places: Places, sound: Flags) -> tuple[Texts, Places]:
    """A text in quotes or null at each place, and where it ends; ``sound`` loses those where neither stands."""
    quoted = np.frombuffer(data, np.uint8)[places] == _QUOTE
    length, found = to_quote(data, places + 1)
    length[~(found & quoted)] = 0
    null = np.flatnonzero(~quoted)
    found[null] = stand_at(data, places[null], b"null")
    sound &= found
    return Texts(places + 1, places + 1 + length, quoted), places + np.where(quoted, length + 2, len(b"null"))


def _numbers(data: bytes, places: Texts) -> tuple[Places, Flags]:
    """Whole numbers, and which of them are written in digits without a zero before."""
    lengths = places.ends - places.begins
    values, valid = np.zeros(len(lengths), np.int64), np.zeros(len(lengths), np.bool_)
    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        if not length:
            continue
        which = np.flatnonzero(lengths == length)
        digits = bytes_at(data, places.begins[which], length) - np.uint8(ord("0"))
        valid[which] = (digits <= 9).all(axis=1) & ((digits[:, 0] > 0) | (length == 1))
        for place in range(length):
            values[which] = values[which] * 10 + digits[:, place]
    return values, valid


def _digests(block: LineBlock, events: CanonicalEvents) -> bytes:
    """The SHA-256 of each line without its hash and its line end, one after the other."""
    data, start = memoryview(block.data), hashlib.sha256()
    begins, ends = block.starts[events.index], block.starts[events.index + 1] - 1
    marks = events.braces[events.last_brace] + 1 + len(_BEFORE_HASH)
    places = (begins, marks, marks + len(_NAMED_HASH) + _HASH, ends)
    digests = bytearray()
    for begin, mark, after, end in zip(*(place.tolist() for place in places), strict=True):
        digest = start.copy()  # costs less than a new one
        digest.update(data[begin:mark])
        digest.update(data[after:end])
        digests += digest.digest()
    return bytes(digests)
