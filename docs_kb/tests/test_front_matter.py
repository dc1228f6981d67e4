"""Headers of Markdown files: what is written is read back, and nothing in them hurts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs_kb.front_matter import Refused, join, parse, split
from docs_kb.tests.cpu_limit import cpu_limit

pytestmark = pytest.mark.once
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.dictionaries(
    st.from_regex(r"[a-z_]{1,10}", fullmatch=True), text | st.lists(st.dictionaries(st.just("key"), text))
)


@given(values, text)
def test_what_is_written_is_read_back(front, body):
    assert split(join(front or {"title": "x"}, body)) == (front or {"title": "x"}, body)


def test_split_reads_what_people_write():
    front, body = split("---\ntitle: Guía, la de hoy\nupdated: 2026-01-02\nstar: yes\n--- \n\n\nA\n---\n")
    assert front == {"title": "Guía, la de hoy", "updated": "2026-01-02", "star": "yes"}
    assert body == "\nA\n---\n"


@pytest.mark.parametrize(
    "header",
    [
        "[" * 29_000,
        "{" * 29_000,
        "- " * 14_000,
        "? " * 14_000,
        "a: " * 9000,
        "'" * 29_000,
        "!!python/object/apply:os.system ['true']",
        "a: !!python/name:os.system",
        "".join(f"a{number}: 1\n" for number in range(3000)),
        "a: &a [x, x]\nb: *a",
        "<<: &a {x: 1}",
        "a: \x00",
        "\ud800",
        "x" * 30_001,
    ],
    ids=lambda header: f"{header[:12]!r}x{len(header)}",
)
def test_header_is_refused_or_read_as_text_at_once(header):
    with cpu_limit(5):
        try:
            read = parse(header)
        except Refused:
            return
    assert all(isinstance(value, str | list | dict) for value in read.values())
