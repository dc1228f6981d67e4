import random

import pytest

from docs_kb import publishing, revisions
from docs_kb.models import Article, ArticleRevision
from docs_kb.revisions import Piece, compare
from docs_kb.search import search
from docs_kb.tests.factories import make_article, make_author


def version(body: str = "", **values) -> ArticleRevision:
    values = {"title": "Guía", "slug": "guia", "status": "draft"} | values
    return ArticleRevision(body=body, **values)


def body_rows(old: str, new: str) -> list[tuple]:
    """(kind, left, right) of each row, changed words between brackets."""

    def text(pieces: tuple[Piece, ...]) -> str:
        return "".join(f"[{piece.text}]" if piece.is_changed else piece.text for piece in pieces)

    found = [field for field in compare(version(old), version(new)) if field.name == "body"]
    return [
        (row.kind, row.hidden) if row.kind == "gap" else (row.kind, text(row.left), text(row.right))
        for field in found
        for row in field.rows
    ]


def test_equal_versions_have_no_difference():
    assert compare(version("Uno\r\ndos"), version("Uno\ndos")) == []


def test_changed_words_are_marked_on_both_sides():
    assert body_rows("Entra en tu panel y pulsa Correo", "Entra en el panel y pulsa Correo") == [
        ("changed", "Entra en [tu] panel y pulsa Correo", "Entra en [el] panel y pulsa Correo")
    ]


def test_words_beside_each_other_are_one_change():
    assert body_rows("uno dos tres", "uno cuatro cinco") == [
        ("changed", "uno [dos tres]", "uno [cuatro cinco]")
    ]


def test_added_and_removed_lines_stand_alone():
    assert body_rows("uno\ndos", "uno\ndos\ntres") == [
        ("same", "uno", "uno"),
        ("same", "dos", "dos"),
        ("added", "", "[tres]"),
    ]
    assert body_rows("uno\ndos\ntres", "uno\ntres")[1] == ("removed", "[dos]", "")


def test_line_put_before_a_changed_one_does_not_shift_it():
    old = "Abre el panel de control\nfin"
    new = "Antes de empezar\nAbre el nuevo panel de control\nfin"
    assert body_rows(old, new)[:2] == [
        ("added", "", "[Antes de empezar]"),
        ("changed", "Abre el panel de control", "Abre el [nuevo ]panel de control"),
    ]


def test_equal_lines_far_from_a_change_are_a_gap():
    lines = [f"línea {number}" for number in range(20)]
    changed = [*lines[:10], "otra cosa", *lines[11:]]
    rows = body_rows("\n".join(lines), "\n".join(changed))
    assert rows[0] == ("gap", 8)
    assert rows[-1] == ("gap", 7)
    assert len(rows) == 2 + 4 + 1


def test_every_text_field_and_the_state_are_compared_in_words():
    left = version("a", summary="x", keywords="casilla", status="draft")
    right = version("b", title="Otra", slug="otra", status="published")
    found = compare(left, right)
    assert [field.name for field in found] == ["title", "slug", "summary", "body", "keywords", "status"]
    state = found[-1].rows[0]
    assert (state.left[0].text, state.right[0].text) == ("Borrador", "Publicado")


def test_texts_are_never_lost_in_the_pieces():
    chance = random.Random(7)
    for _ in range(200):
        old, new = (
            "\n".join(chance.choices(["a b", "a  c", "", "d", "é-f"], k=chance.randrange(9))) for _ in "ab"
        )
        rows = [row for field in compare(version(old), version(new)) for row in field.rows]
        if not rows or any(row.kind == "gap" for row in rows):
            continue
        left = [row for row in rows if row.kind != "added"]
        right = [row for row in rows if row.kind != "removed"]
        assert "\n".join("".join(p.text for p in row.left) for row in left) == old
        assert "\n".join("".join(p.text for p in row.right) for row in right) == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 100_000, "a b " * 50_000),
        ("x\ny\n" * 50_000, "y\nx\nx\n" * 33_000),
        ("\n".join("palabra " * 60 for _ in range(400)), "\n".join("palabra otra " * 30 for _ in range(400))),
    ],
)
def test_monsters_are_compared_within_the_budget(old, new, monkeypatch):
    """The fine comparison spends what it may and no more, whatever the texts."""
    spent = []
    allows = revisions._Budget.allows

    def counted(budget, cost):
        allowed = allows(budget, cost)
        spent.append(cost if allowed else 0)
        return allowed

    monkeypatch.setattr(revisions._Budget, "allows", counted)
    assert body_rows(old, new)
    assert sum(spent) <= revisions.MOST_WORD_STEPS


@pytest.mark.django_db
def test_restore_is_a_new_version_and_rewrites_nothing():
    article = make_article("Crear un buzón", body="Primera", slug="crear-un-buzon")
    article.title, article.body, article.slug = "Crear una lista", "Segunda", "crear-una-lista"
    publishing.save_article(article=article)
    revisions.restore(article=article, revision=article.revisions.get(number=1), author=make_author())
    article.refresh_from_db()
    assert (article.title, article.body, article.slug) == ("Crear un buzón", "Primera", "crear-una-lista")
    assert article.status == Article.Status.PUBLISHED
    assert [(r.number, r.body, r.note) for r in article.revisions.all()] == [
        (3, "Primera", "Restaurada la versión 1"),
        (2, "Segunda", ""),
        (1, "Primera", ""),
    ]
    assert article.revisions.first().author_name == "Ana"
    assert [hit.article for hit in search("buzón").hits] == [article]


@pytest.mark.django_db
def test_restore_stops_when_somebody_saved_meanwhile():
    article = make_article(body="Primera")
    seen = article.version
    publishing.save_article(article=Article.objects.get(pk=article.pk), author=make_author("berta"))
    with pytest.raises(publishing.EditConflict):
        revisions.restore(
            article=article, revision=article.revisions.last(), author=make_author(), expected_version=seen
        )
    assert article.revisions.count() == 2
