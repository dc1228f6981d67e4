"""A few hundred real articles -> many thousand different ones, the same ones every time.

Each takes its words from three of the originals: a title of two titles' words in a new order, paragraphs of
all three shuffled, and now and then a name that nobody else has. Common words stay common and rare ones
rare, which is what the speed of a search depends on.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DONORS = 3
NAMES = 6000
SYLLABLES = ("bra", "ce", "dor", "fi", "gal", "ka", "lux", "mi", "no", "pro", "ra", "sol", "te", "vi", "zen")
FRONT = re.compile(r"^(title|summary): (\".*\")$", re.M)
UNMIXABLE = re.compile(r"```|~~~|^\s*[|<]", re.M)


@dataclass(frozen=True)
class Original:
    """What is taken from an article."""

    category: str
    title: list[str]
    summary: list[str]
    paragraphs: list[str]


def read_originals(folder: Path) -> list[Original]:
    """The articles of an import folder, in order of their paths."""
    return [_read(path) for path in sorted(folder.glob("*/*.md"))]


def _read(path: Path) -> Original:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    values = {name: json.loads(value) for name, value in FRONT.findall(front)}
    paragraphs = [text for text in body.strip().split("\n\n") if text and not UNMIXABLE.search(text)]
    title, summary = values.get("title", path.stem).split(), values.get("summary", "").split()
    return Original(path.parent.name, title, summary, paragraphs)


def write_many(originals: list[Original], *, folder: Path, count: int) -> None:
    """Write `count` articles for `import_articles`."""
    for category in {original.category for original in originals}:
        (folder / category).mkdir(parents=True, exist_ok=True)
    for number, (category, text) in enumerate(make_many(originals, count)):
        (folder / category / f"articulo-{number}.md").write_text(text, encoding="utf-8")


def make_many(originals: list[Original], count: int) -> Iterator[tuple[str, str]]:
    """Category and file text of each of `count` articles."""
    for number in range(count):
        chance = random.Random(number)
        yield _mix([chance.choice(originals) for _ in range(DONORS)], number, chance)


def _mix(donors: list[Original], number: int, chance: random.Random) -> tuple[str, str]:
    first, second, _ = donors
    title = _some(first.title, 6, chance) + _some(second.title, 3, chance)
    if chance.random() < 0.3:
        title.append(_name(chance))
    chance.shuffle(title)
    summary = _some(first.summary, 20, chance) + _some(second.summary, 10, chance)
    pool = [text for donor in donors for text in donor.paragraphs]
    paragraphs = _some(pool, max(3, len(pool) // 2), chance)
    front = {
        "title": " ".join(title)[:160],
        "slug": f"articulo-{number}",
        "category": first.category,
        "summary": " ".join(summary)[:400],
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
    body = "\n\n".join([*paragraphs, f"{_name(chance)} {_name(chance)}"])
    return first.category, "\n".join(["---", *lines, "---", "", body, ""])


def _some(items: list[str], most: int, chance: random.Random) -> list[str]:
    return chance.sample(items, min(most, len(items)))


def _name(chance: random.Random) -> str:
    """One of some thousand invented words, the first of them far more often than the last."""
    inner = random.Random(int(NAMES * chance.random() ** 3))
    return "".join(inner.choices(SYLLABLES, k=3)).capitalize()
