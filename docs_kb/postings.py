"""How the index lies in its rows, and how it is read out of them.

Articles share rows by blocks of keys: an edit rewrites one block of each of its stems. A row has four
columns of packed numbers: the offsets in the block of the articles that have the stem, ascending; the stem's
weight in each; the offsets of those that have it in their head; and where in it, one bit a place.
"""

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable

BLOCK = 2048
SMALL, PLACES = "H", "Q"
HEAVIEST = 2**16 - 1
SCAN_UP_TO = 16


def pack(typecode: str, numbers: array) -> bytes:
    """The little end first, whatever the machine."""
    packed = array(typecode, numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def unpack(typecode: str, data: bytes | memoryview) -> array:
    numbers = array(typecode)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def pack_words(found: Iterable[str]) -> bytes:
    return zlib.compress(" ".join(sorted(found)).encode())


def unpack_words(data: bytes | memoryview) -> list[str]:
    return zlib.decompress(data).decode().split()


class Row:
    """One stem in one block."""

    __slots__ = ("heads", "offsets", "places", "weights")

    def __init__(self, offsets: bytes = b"", weights: bytes = b"", heads: bytes = b"", places: bytes = b""):
        self.offsets, self.weights = unpack(SMALL, offsets), unpack(SMALL, weights)
        self.heads, self.places = unpack(SMALL, heads), unpack(PLACES, places)

    def packed(self) -> tuple[bytes, bytes, bytes, bytes]:
        return (
            pack(SMALL, self.offsets),
            pack(SMALL, self.weights),
            pack(SMALL, self.heads),
            pack(PLACES, self.places),
        )

    def put(self, found: dict[int, tuple[int, int]], gone: set[int]) -> None:
        """Add articles with their weight and places (0 outside the head), and take others out."""
        if gone or (self.offsets and min(found) <= self.offsets[-1]):
            found = {key: value for key, value in self._values().items() if key not in gone} | found
            self.__init__()
        for offset, (weight, places) in sorted(found.items()):
            self.offsets.append(offset)
            self.weights.append(min(weight, HEAVIEST))
            if places:
                self.heads.append(offset)
                self.places.append(places)

    def _values(self) -> dict[int, tuple[int, int]]:
        places = dict(zip(self.heads, self.places, strict=True))
        return {
            offset: (weight, places.get(offset, 0))
            for offset, weight in zip(self.offsets, self.weights, strict=True)
        }


class Postings:
    """One stem over all blocks."""

    __slots__ = ("count", "rows")

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.count = 0

    def add(self, block: int, row: Row) -> None:
        self.rows[block] = row
        self.count += len(row.offsets)

    def weights_of(self, wanted: dict[int, list[int]]) -> dict[int, int]:
        """Weights of those of the articles that have the stem; the articles as offsets by block."""
        found: dict[int, int] = {}
        for block in self.rows.keys() & wanted.keys():
            row = self.rows[block]
            _pick(row.offsets, row.weights, wanted[block], block, found)
        return found

    def places_of(self, wanted: dict[int, list[int]]) -> dict[int, int]:
        """Places of those of the articles that have the stem in their head."""
        found: dict[int, int] = {}
        for block in self.rows.keys() & wanted.keys():
            row = self.rows[block]
            _pick(row.heads, row.places, wanted[block], block, found)
        return found


def by_block(articles: Iterable[int]) -> dict[int, list[int]]:
    """Keys of articles as offsets by block."""
    wanted: dict[int, list[int]] = {}
    for article in articles:
        wanted.setdefault(article // BLOCK, []).append(article % BLOCK)
    return wanted


def _pick(offsets: array, values: array, wanted: list[int], block: int, found: dict[int, int]) -> None:
    """Add the values of the wanted: a short list is read whole, a long one is searched for each."""
    base = block * BLOCK
    if len(offsets) <= SCAN_UP_TO * len(wanted):
        every = dict(zip(offsets, values, strict=True))
        for offset in every.keys() & wanted:
            found[base + offset] = every[offset]
        return
    for offset in wanted:
        at = bisect_left(offsets, offset)
        if at < len(offsets) and offsets[at] == offset:
            found[base + offset] = values[at]
