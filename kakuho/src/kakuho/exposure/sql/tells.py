"""What a reading of a column tells of its value: the value, something computed from it, or one answer about it.

Only what can never give the value away is called less than ``direct``. A part of a value may be all of it, letters in
small are still its letters, a maximum is somebody's value, and a test of equality that holds names it; a column with
few distinct values is told by anything.
"""

from __future__ import annotations

from sqlglot import exp

from kakuho.exposure.claims import ANSWER, DERIVED, DIRECT
from kakuho.exposure.sql.transparent import is_whole, passes

_HASHES = (exp.MD5, exp.MD5Digest, exp.SHA, exp.SHA2)
_HASH_NAMES = frozenset({"md5", "sha224", "sha256", "sha384", "sha512", "crc32", "crc32c", "hashtext"})
_SIZES = (exp.Length, exp.Count)
_SIZE_NAMES = frozenset({"char_length", "octet_length", "bit_length", "num_nulls", "num_nonnulls"})
_EQUALITIES = (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In, exp.Like, exp.ILike, exp.Case, exp.Nullif)
_ANSWERS = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NEQ)


def tells(column: exp.Expr, clause: exp.Expr, *, few: bool) -> str:
    """What is told by ``column`` standing where it stands in ``clause``; ``few``: it holds few distinct values."""
    if few:
        return DIRECT
    node = column
    while node is not clause and node.parent is not None:
        parent = node.parent
        if _is(parent, _SIZES, _SIZE_NAMES):
            return DERIVED
        if _is(parent, _HASHES, _HASH_NAMES):  # md5(email) = md5('a@example.jp') names the value
            tested = parent.find_ancestor(*_EQUALITIES, exp.Select)
            return DIRECT if isinstance(tested, _EQUALITIES) else DERIVED
        if isinstance(parent, exp.Is) and isinstance(parent.expression, exp.Null) and parent.this is node:
            return DERIVED
        if isinstance(parent, _ANSWERS):
            others = [operand for operand in parent.iter_expressions() if operand is not node]
            return ANSWER if all(isinstance(operand, exp.Literal) for operand in others) else DIRECT
        if not passes(parent, node):
            return DIRECT
        node = parent
    return DIRECT


def through(outer: str, inner: str, column: exp.Expr, clause: exp.Expr) -> str:
    """What is told of the value behind ``column``, which itself tells no more than ``inner`` of it.

    Printing a hash tells the hash; testing it for equality may name the value.
    """
    if inner == DIRECT or outer == DERIVED or (clause.arg_key == "expressions" and is_whole(column, clause)):
        return outer if inner == DIRECT else inner
    return DIRECT


def _is(node: exp.Expr, kinds: tuple[type[exp.Expr], ...], names: frozenset[str]) -> bool:
    return node.name.lower() in names if isinstance(node, exp.Anonymous) else isinstance(node, kinds)
