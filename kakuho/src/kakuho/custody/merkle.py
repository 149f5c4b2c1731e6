"""The Merkle tree over a journal's lines: its head, and proofs about it (RFC 9162 section 2.1, the same as RFC 6962).

A tree is given the leaf hashes in order; ``kakuho.case.journal`` makes them. Proofs are lists of 32-byte SHA-256
hashes. Verification needs no tree, only the hashes that someone else vouches for; it raises
:class:`InvalidProofError` and returns nothing, so that a forgotten check of a result cannot pass for a proof. Knows
nothing of journals, notes or cases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class InvalidProofError(ValueError):
    """A proof that does not show what it was given for."""


def hash_leaf(data: bytes) -> bytes:
    """The hash of a leaf (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 9162 section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows at its end; every complete subtree is hashed once, so a head or proof costs O(log² size)."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        node, level = leaf, 0
        self._levels[0].append(node)
        while len(self._levels[level]) % 2 == 0:
            node = hash_children(self._levels[level][-2], node)
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(node)

    def root(self, size: int | None = None) -> bytes:
        """The head of the first ``size`` leaves, all by default (RFC 9162 section 2.1.1). Raises IndexError."""
        size = self.size if size is None else size
        self._require(0 <= size <= self.size)
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """PATH(index, D_size): that the leaf is in the tree of that size (section 2.1.3.1). Raises IndexError."""
        size = self.size if size is None else size
        self._require(0 <= index < size <= self.size)
        proof: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                proof.append(self._subtree(middle, end))
                end = middle
            else:
                proof.append(self._subtree(start, middle))
                start = middle
        return proof[::-1]

    def consistency_proof(self, first: int, second: int | None = None) -> list[bytes]:
        """PROOF(first, D_second): that the first leaves of both trees agree (section 2.1.4.1). Raises IndexError."""
        second = self.size if second is None else second
        self._require(0 < first <= second <= self.size)
        proof: list[bytes] = []
        start, end, known = 0, second, True
        while first != end:
            middle = start + _split(end - start)
            if first <= middle:
                proof.append(self._subtree(middle, end))
                end = middle
            else:
                proof.append(self._subtree(start, middle))
                start, known = middle, False
        return ([] if known else [self._subtree(start, end)]) + proof[::-1]

    def _subtree(self, start: int, end: int) -> bytes:
        """MTH of the leaves from ``start`` to ``end``; complete subtrees are looked up."""
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + _split(count)
        return hash_children(self._subtree(start, middle), self._subtree(middle, end))

    def _require(self, fits: bool) -> None:
        if not fits:
            raise IndexError(f"not within the tree of {self.size} leaves")


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check PATH(index, D_size) by RFC 9162 section 2.1.3.2; raises InvalidProofError."""
    _require_hashes(leaf, root, *proof)
    if not 0 <= index < size:
        raise InvalidProofError("the index lies outside the tree")
    fn, sn, node = index, size - 1, leaf
    for hash_ in proof:
        if sn == 0:
            raise InvalidProofError("the proof is too long")
        if fn & 1 or fn == sn:
            node = hash_children(hash_, node)
            fn, sn = _to_left_edge(fn, sn)
        else:
            node = hash_children(node, hash_)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise InvalidProofError("the proof is too short")
    if node != root:
        raise InvalidProofError("the proof leads to another root")


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> None:
    """Check PROOF(first, D_second) by section 2.1.4.2; raises InvalidProofError. An empty tree proves nothing."""
    if not 0 < first <= second:
        raise InvalidProofError("the sizes are not those of a smaller and a larger tree")
    if first == second:
        if proof or first_root != second_root:
            raise InvalidProofError("trees of the same size are the same or inconsistent")
        return
    _require_hashes(first_root, second_root, *proof)
    if not proof:
        raise InvalidProofError("the proof is empty")
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first_node = second_node = path[0]
    for hash_ in path[1:]:
        if sn == 0:
            raise InvalidProofError("the proof is too long")
        if fn & 1 or fn == sn:
            first_node, second_node = hash_children(hash_, first_node), hash_children(hash_, second_node)
            fn, sn = _to_left_edge(fn, sn)
        else:
            second_node = hash_children(second_node, hash_)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise InvalidProofError("the proof is too short")
    if first_node != first_root or second_node != second_root:
        raise InvalidProofError("the proof leads to other roots")


def _split(count: int) -> int:
    """The largest power of two smaller than ``count`` (k in RFC 9162 section 2.1.1)."""
    return 1 << ((count - 1).bit_length() - 1)


def _to_left_edge(fn: int, sn: int) -> tuple[int, int]:
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _require_hashes(*hashes: bytes) -> None:
    if any(len(hash_) != HASH_BYTES for hash_ in hashes):
        raise InvalidProofError("a hash is not 32 bytes long")
