"""Merkle trees against the public Certificate Transparency vectors, and against a naive reading of RFC 9162."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.foundation.proof import merkle

CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
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


def packed(count: int) -> bytes:
    return merkle.pack(merkle.leaf_hash(str(i).encode()) for i in range(count))


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("count", range(9))
def test_roots_are_those_of_certificate_transparency(count: int) -> None:
    leaves = merkle.pack(merkle.leaf_hash(entry) for entry in CT_LEAVES[:count])
    assert merkle.root(leaves).hex() == CT_ROOTS[count]
    assert merkle.Tree(leaves).root().hex() == CT_ROOTS[count]


def test_proofs_are_those_of_certificate_transparency() -> None:
    tree = merkle.Tree(merkle.pack(map(merkle.leaf_hash, CT_LEAVES)))
    assert [step.hex() for step in tree.inclusion_proof(5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in tree.consistency_proof(6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 90), max_size=6))
def test_growing_by_any_portions_gives_the_same_root(portions: list[int]) -> None:
    leaves = packed(sum(portions))
    growing, at = merkle.CompactRange(), 0
    for portion in portions:
        growing.extend(leaves[at * 32 : (at + portion) * 32])
        growing = merkle.CompactRange(growing.size, growing.hashes)
        at += portion
    single = merkle.CompactRange()
    items = [leaves[i : i + 32] for i in range(0, len(leaves), 32)]
    for item in items:
        single.append(item)
    assert growing.root() == single.root() == merkle.root(leaves) == merkle.Tree(leaves).root() == naive_root(items)


def test_blocks_of_the_fast_path_join_seamlessly() -> None:
    leaves = hashlib.shake_256(b"seed").digest(32 * ((1 << 16) * 2 + 5))
    assert merkle.root(leaves) == merkle.Tree(leaves).root()
    assert len(merkle.Tree(leaves).inclusion_proof(1 << 17)) == 4


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 130), st.data())
def test_inclusion_verifies_and_any_altered_bit_fails(size: int, data: st.DataObject) -> None:
    leaves = packed(size)
    index = data.draw(st.integers(0, size - 1))
    bit = data.draw(st.integers(0, 255))
    path, top, leaf = merkle.inclusion_proof(index, leaves), merkle.root(leaves), leaves[index * 32 : index * 32 + 32]
    assert merkle.verify_inclusion(leaf, index, size, path, top)
    assert not merkle.verify_inclusion(flipped(leaf, bit), index, size, path, top)
    assert not merkle.verify_inclusion(leaf, index, size, path, flipped(top, bit))
    assert not merkle.verify_inclusion(leaf, index, size, [*path, leaf], top)
    for position in range(len(path)):
        bad = [*path[:position], flipped(path[position], bit), *path[position + 1 :]]
        assert not merkle.verify_inclusion(leaf, index, size, bad, top)
        assert not merkle.verify_inclusion(leaf, index, size, path[:position], top)
    for other in range(size):
        assert other == index or not merkle.verify_inclusion(leaf, other, size, path, top)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 130), st.data())
def test_consistency_verifies_and_any_altered_bit_fails(later: int, data: st.DataObject) -> None:
    leaves = packed(later)
    earlier = data.draw(st.integers(1, later))
    bit = data.draw(st.integers(0, 255))
    old, new = merkle.root(leaves[: earlier * 32]), merkle.root(leaves)
    path = merkle.consistency_proof(earlier, leaves)
    assert merkle.verify_consistency(earlier, later, path, old, new)
    assert not merkle.verify_consistency(earlier, later, path, flipped(old, bit), new)
    assert not merkle.verify_consistency(earlier, later, path, old, flipped(new, bit))
    assert not merkle.verify_consistency(earlier, later, [*path, old], old, new)
    for position in range(len(path)):
        bad = [*path[:position], flipped(path[position], bit), *path[position + 1 :]]
        assert not merkle.verify_consistency(earlier, later, bad, old, new)
        assert not merkle.verify_consistency(earlier, later, path[:position], old, new)


def test_consistency_with_a_rewritten_history_fails() -> None:
    leaves = packed(20)
    rewritten = flipped(leaves, 3)
    path = merkle.consistency_proof(13, rewritten)
    assert not merkle.verify_consistency(13, 20, path, merkle.root(leaves[: 13 * 32]), merkle.root(rewritten))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: merkle.root(b"x" * 33), "proof.leaves_cut"),
        (lambda: merkle.pack([b"x"]), "proof.leaf_size"),
        (lambda: merkle.CompactRange().append(b"x"), "proof.leaf_size"),
        (lambda: merkle.CompactRange(3, [b"x" * 32]), "proof.range_state"),
        (lambda: merkle.inclusion_proof(3, packed(3)), "proof.no_such_leaf"),
        (lambda: merkle.consistency_proof(0, packed(3)), "proof.no_such_size"),
        (lambda: merkle.consistency_proof(4, packed(3)), "proof.no_such_size"),
        (lambda: merkle.chain(b"", b"x" * 32, b""), "proof.seal_size"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(call, code: str) -> None:
    with pytest.raises(merkle.MerkleError) as refused:
        call()
    assert refused.value.code == code


def test_impossible_proof_parameters_do_not_verify() -> None:
    leaf = merkle.leaf_hash(b"a")
    assert not merkle.verify_inclusion(leaf, 0, 0, [], leaf)
    assert not merkle.verify_inclusion(leaf, -1, 1, [], leaf)
    assert not merkle.verify_inclusion(leaf, 0, 2, [b"short"], leaf)
    assert not merkle.verify_consistency(0, 1, [], merkle.EMPTY_ROOT, leaf)
    assert not merkle.verify_consistency(3, 4, [], leaf, leaf)
    assert merkle.verify_consistency(1, 1, [], leaf, leaf)


def test_the_seal_depends_on_each_of_its_parts() -> None:
    a, b = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    seals = {
        merkle.chain(a, b, b"h"),
        merkle.chain(b, a, b"h"),
        merkle.chain(a, b, b"g"),
        merkle.chain(a, b, b""),
        merkle.node_hash(a, b),
    }
    assert len(seals) == 5
