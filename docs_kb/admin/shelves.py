"""The pages on which staff put topics, sections and articles in order."""

import re

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from docs_kb import ordering
from docs_kb.admin.access import require
from docs_kb.models import Article, Category, Section

MOVE = re.compile(r"(topic|section|article)-(\d{1,18})-(up|down)")
KINDS = {"topic": Category, "section": Section, "article": Article}
HIGHEST = 9999


def topics(request: HttpRequest) -> HttpResponse:
    """All topics, as the front page lists them."""
    require(request, *_rights(request, "category"))
    if request.method == "POST":
        return _answer(request, reverse("admin:docs_kb_category_topics"), [("topic", ordering.topics())])
    context = {"title": "Ordenar los temas", "topics": _rows("topic", ordering.topics())}
    return _render(request, "topics", context)


def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """A topic's sections and articles, as its page lists them."""
    require(request, *_rights(request, "category"))
    category = get_object_or_404(Category, pk=pk)
    groups = ordering.groups(category)
    if request.method == "POST":
        shelves = [("section", ordering.sections(category))]
        shelves += [
            ("article", ordering.article_shelf(category, group.section and group.section.pk))
            for group in groups
            if group.articles
        ]
        return _answer(request, reverse("admin:docs_kb_category_order", args=[pk]), shelves)
    sections = _rows("section", [group.section for group in groups if group.section])
    handles = {row["item"].pk: row for row in sections}
    context = {
        "title": f"Ordenar «{category}»",
        "category": category,
        "groups": [
            {
                "section": group.section and handles[group.section.pk],
                "rows": _rows("article", group.articles),
            }
            for group in groups
        ],
    }
    return _render(request, "order", context)


def _rights(request: HttpRequest, model: str) -> list[str]:
    """What a request needs: to look is enough for looking."""
    return [f"change_{model}"] if request.method == "POST" else [f"view_{model}", f"change_{model}"]


def _rows(kind: str, items) -> list[dict]:
    """Each item with its place and whether it can go up or down."""
    items = list(items)
    return [
        {
            "kind": kind,
            "item": item,
            "id": f"{kind}-{item.pk}",
            "place": place,
            "is_first": place == 1,
            "is_last": place == len(items),
        }
        for place, item in enumerate(items, 1)
    ]


def _answer(request: HttpRequest, address: str, shelves: list[tuple]) -> HttpResponse:
    """Move one item a place, or put each in the place of its number; then back to the moved row."""
    if move := MOVE.fullmatch(request.POST.get("move", "")):
        kind, pk, direction = move.groups()
        item = _on_these(shelves, kind, int(pk))
        if item is None:
            messages.error(request, "Eso ya no está aquí. Mira el orden de ahora.")
            return redirect(address)
        ordering.move(item, up=direction == "up")
        return redirect(f"{address}?movido={kind}-{pk}-{direction}")
    changed = sum(ordering.arrange(shelf, _numbers(request, kind)) for kind, shelf in shelves)
    messages.success(request, "Orden guardado." if changed else "El orden ya era ese.")
    return redirect(address)


def _on_these(shelves: list[tuple], kind: str, pk: int):
    """The item, if it stands on one of the shelves of this page."""
    for shelf_kind, shelf in shelves:
        if shelf_kind == kind and (item := shelf.filter(pk=pk).first()):
            return item
    return None


def _numbers(request: HttpRequest, kind: str) -> dict[int, int]:
    """The places that were written, by primary key; what is no number is left where it is."""
    found = {}
    for name, text in request.POST.items():
        key = name.removeprefix(f"place-{kind}-")
        if key != name and key.isdecimal() and text.strip().isdecimal():
            found[int(key)] = min(int(text.strip()[:6]), HIGHEST)
    return found


def _render(request: HttpRequest, page: str, context: dict) -> HttpResponse:
    moved = MOVE.fullmatch(request.GET.get("movido", ""))
    context = (
        admin.site.each_context(request)
        | {
            "opts": Category._meta,
            "can_change": request.user.has_perm("docs_kb.change_category"),
            "moved": moved and f"{moved[1]}-{moved[2]}",
            "direction": moved and moved[3],
        }
        | context
    )
    return render(request, f"admin/docs_kb/category/{page}.html", context)
