"""The Merkle tree: the published vectors, the reference tree of RFC 6962, and what holds for any tree."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakuho.custody.merkle import (
    EMPTY_ROOT,
    InvalidProofError,
    Tree,
    hash_leaf,
    verify_consistency,
    verify_inclusion,
)

# The eight leaves of the reference tree of Certificate Transparency (RFC 6962) and the heads of its first 0..8 leaves.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def reference_tree() -> Tree:
    return Tree(hash_leaf(bytes.fromhex(leaf)) for leaf in LEAVES)


def numbered_tree(size: int) -> Tree:
    return Tree(hash_leaf(str(number).encode()) for number in range(size))


def test_the_heads_of_the_reference_tree_are_those_of_the_rfc() -> None:
    tree = reference_tree()
    assert [tree.root(size).hex() for size in range(9)] == ROOTS
    assert EMPTY_ROOT.hex() == ROOTS[0]


def test_the_proofs_of_the_reference_tree_are_those_of_the_rfc() -> None:
    tree = reference_tree()
    assert [hash_.hex() for hash_ in tree.inclusion_proof(5, 8)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [hash_.hex() for hash_ in tree.consistency_proof(6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def _proves(vector: dict, kind: str) -> bool:
    decode = base64.b64decode
    proof = [decode(one) for one in vector["proof"] or []]
    try:
        if kind == "inclusion":
            leaf, root = decode(vector["leafHash"]), decode(vector["root"])
            verify_inclusion(vector["leafIdx"], vector["treeSize"], leaf, proof, root)
        else:
            roots = decode(vector["root1"]), decode(vector["root2"])
            verify_consistency(vector["size1"], vector["size2"], *roots, proof)
    except InvalidProofError:
        return False
    return True


@pytest.mark.parametrize(("kind", "good", "bad"), [("inclusion", 6, 92), ("consistency", 6, 92)])
def test_every_published_proof_is_accepted_or_refused_as_its_authors_say(
    merkle_vectors: Path, kind: str, good: int, bad: int
) -> None:
    vectors = {path: json.loads(path.read_text()) for path in sorted((merkle_vectors / kind).rglob("*.json"))}
    wrong = [path.name for path, vector in vectors.items() if _proves(vector, kind) == vector["wantErr"]]
    assert wrong == []
    refused = sum(vector["wantErr"] for vector in vectors.values())
    assert (len(vectors) - refused, refused) == (good, bad)


@given(st.data())
def test_any_leaf_of_any_tree_is_proven_and_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    tree, index = numbered_tree(size), data.draw(st.integers(0, size - 1))
    leaf, proof, root = hash_leaf(str(index).encode()), tree.inclusion_proof(index), tree.root()
    verify_inclusion(index, size, leaf, proof, root)
    parts = [leaf, root, *proof]
    place = data.draw(st.integers(0, len(parts) - 1))
    parts[place] = _flipped(parts[place], data)
    with pytest.raises(InvalidProofError):
        verify_inclusion(index, size, parts[0], parts[2:], parts[1])
    with pytest.raises(InvalidProofError):
        verify_inclusion(index, size, leaf, [*proof, root], root)
    if proof:
        with pytest.raises(InvalidProofError):
            verify_inclusion(index, size, leaf, proof[:-1], root)
        with pytest.raises(InvalidProofError):
            verify_inclusion(index ^ 1, size, leaf, proof, root)


@given(st.data())
def test_any_tree_is_consistent_with_any_longer_one_and_with_no_other(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 300))
    first = data.draw(st.integers(1, second))
    tree = numbered_tree(second)
    roots, proof = [tree.root(first), tree.root(second)], tree.consistency_proof(first, second)
    verify_consistency(first, second, *roots, proof)
    parts = [*roots, *proof]
    place = data.draw(st.integers(0, len(parts) - 1))
    parts[place] = _flipped(parts[place], data)
    with pytest.raises(InvalidProofError):
        verify_consistency(first, second, parts[0], parts[1], parts[2:])
    with pytest.raises(InvalidProofError):
        verify_consistency(first, second, *roots, [*proof, roots[0]])


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_tree_that_grew_is_the_tree_built_at_once(size: int, more: int) -> None:
    tree = numbered_tree(size)
    for number in range(size, size + more):
        tree.append(hash_leaf(str(number).encode()))
    assert tree.root() == numbered_tree(size + more).root()
    assert tree.root(size) == numbered_tree(size).root()


@pytest.mark.parametrize("arguments", [(8, 8), (-1, 8), (0, 9), (0, 0)])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(arguments: tuple[int, int]) -> None:
    with pytest.raises(IndexError):
        reference_tree().inclusion_proof(*arguments)


def _flipped(hash_: bytes, data: st.DataObject) -> bytes:
    bit = data.draw(st.integers(0, 255))
    return (int.from_bytes(hash_, "big") ^ (1 << bit)).to_bytes(32, "big")
