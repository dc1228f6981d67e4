import random

import pytest

from docs_kb.postings import BLOCK, Postings, Row, by_block, pack_words, unpack_words

pytestmark = pytest.mark.once


def values_of(row: Row) -> dict[int, tuple[int, int]]:
    places = dict(zip(row.heads, row.places, strict=True))
    return {
        offset: (weight, places.get(offset, 0))
        for offset, weight in zip(row.offsets, row.weights, strict=True)
    }


def test_row_comes_back_as_it_was_packed():
    row = Row()
    row.put({3: (250, 0), 1: (9, 2**63), 2047: (65_535, 5)}, set())
    assert values_of(Row(*row.packed())) == {1: (9, 2**63), 3: (250, 0), 2047: (65_535, 5)}


def test_row_is_little_end_first():
    row = Row()
    row.put({1: (258, 0)}, set())
    assert row.packed()[:2] == (b"\x01\x00", b"\x02\x01")


def test_row_caps_a_weight_that_would_not_fit():
    row = Row()
    row.put({1: (70_000, 0)}, set())
    assert values_of(row) == {1: (65_535, 0)}


def test_row_stays_in_order_whatever_comes_and_goes():
    chance = random.Random(7)
    row, expected = Row(), {}
    for _ in range(200):
        found = {chance.randrange(BLOCK): (chance.randrange(1, 999), chance.randrange(3)) for _ in range(3)}
        gone = {key for key in expected if chance.random() < 0.02}
        expected = {key: value for key, value in expected.items() if key not in gone} | found
        row.put(found, gone)
    assert values_of(row) == expected
    assert list(row.offsets) == sorted(expected)
    assert list(row.heads) == sorted(key for key, (_, places) in expected.items() if places)


@pytest.mark.parametrize("asked", [1, 400])
def test_postings_pick_the_same_from_long_and_short_lists(asked):
    postings = Postings()
    expected = {}
    for block in (0, 2):
        row = Row()
        row.put({offset: (offset % 90 + 1, offset % 2) for offset in range(0, BLOCK, 3)}, set())
        postings.add(block, row)
        expected |= {block * BLOCK + o: (o % 90 + 1, o % 2) for o in range(0, BLOCK, 3)}
    chosen = random.Random(3).sample(range(3 * BLOCK), asked)
    wanted = by_block(chosen)
    assert postings.weights_of(wanted) == {key: expected[key][0] for key in chosen if key in expected}
    assert postings.places_of(wanted) == {
        key: expected[key][1] for key in chosen if key in expected and expected[key][1]
    }
    assert postings.count == len(expected)


def test_words_come_back_as_they_were_packed():
    assert unpack_words(pack_words({"dominio+", "correo"})) == ["correo", "dominio+"]
