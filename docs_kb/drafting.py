"""An answer that helped one customer -> the draft of a guide for all: without who asked and who answered."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.utils.text import Truncator, slugify

from docs_kb import publishing
from docs_kb.markup.sanitiser import OWN_PATHS
from docs_kb.masking import mask_personal_data
from docs_kb.models import Article, Category, Redirect
from docs_kb.search import search
from docs_kb.words import fold

NAME, DATUM, LINK = "[nombre]", "[dato]", "[enlace]"
LONGEST_TITLE = Article._meta.get_field("title").max_length
MOST_SEARCHED = 2000
# A signature is a few short lines; what is longer is part of the answer.
MOST_SIGNED_LINES = 6
LONGEST_SIGNED_LINE = 60
SHORTEST_NAME = 3
_PARTICLES = {"de", "del", "la", "las", "los", "san", "santa"}
_GREETING = re.compile(
    r"[¡\s]*(?i:hola|buen[oa]s(?: d[ií]as| tardes| noches)?|(?:muy )?estimad[oa]s?|querid[oa]s?)\b"
    # To whom: names, which have a capital, and what stands before or instead of them.
    r"(?:[ ,]+(?:(?:de|del|la|las|los|y) )*(?:[A-ZÁÉÍÓÚÜÑÇ][\w'-]*|(?i:señor(?:a|es|as)?|don|doña|equipo)"
    r"|a tod[oa]s|de nuevo|otra vez))*[ ]*[:,.!]*\s*"
)
_FAREWELL = re.compile(
    r"\W*(?:(?:un )?(?:cordial )?saludos?\b|atentamente\b|cordialmente\b|un abrazo\b|hasta (?:pronto|luego)\b"
    r"|(?:muchas )?gracias\b|quedamos a tu disposición\b|--\s*$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_REPEATED_NAME = re.compile(rf"{re.escape(NAME)}(?:\s+{re.escape(NAME)})+")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]«»\"']+")
_BULLET = re.compile(r"^[ \t]*[•·▪–][ \t]+", re.MULTILINE)


class NoTopic(Exception):
    """There is no topic yet that the guide could belong to."""


def draft_from_answer(
    *,
    text: str,
    title: str,
    names: Iterable[str] = (),
    author: AbstractUser | None,
    category: Category | None = None,
) -> Article:
    """Begin a guide with an answer, as a draft that its author still has to read.

    Greeting, signature and quoted lines go; mail addresses, phones, identity numbers, our private links and
    the given names (of people; of domains and references too, as they are) are masked in text and title.
    Without `category` it is the likeliest one by search. Raises NoTopic, or markup.MarkupRefused.
    """
    names = list(names)
    body = anonymous(text, names=names)
    title = " ".join(anonymous(title, names=names).split()) or "Guía sin título"
    title = Truncator(title).chars(LONGEST_TITLE, truncate="…")
    category = category or _likeliest_topic(title, body)
    if category is None:
        raise NoTopic
    article = Article(title=title, slug=free_slug(title), category=category, body=body)
    return publishing.save_article(article=article, author=author, note="Nace de una respuesta")


def anonymous(text: str, *, names: Iterable[str]) -> str:
    """An answer without greeting, signature, quotes and what says whom it was for."""
    lines = text.replace("\r\n", "\n").replace("\x00", "").split("\n")
    text = "\n".join(line.rstrip() for line in lines if not line.lstrip().startswith(">")).strip()
    text = _without_greeting(_without_signature(text))
    text = _ADDRESS.sub(lambda found: _public(found[0]), text)
    for name in names:
        text = _without_name(text, name)
    return mask_personal_data(_BULLET.sub("- ", text))


def free_slug(title: str) -> str:
    """A slug for a new article that no article has or had."""
    base = slugify(title)[:90] or "guia"
    taken = {
        slug
        for model in (Article, Redirect)  # a former address keeps leading where it leads
        for slug in model.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    }
    return next(
        slug for slug in (base, *(f"{base}-{number}" for number in range(2, 1000))) if slug not in taken
    )


def _likeliest_topic(title: str, body: str) -> Category | None:
    for text in (title, body[:MOST_SEARCHED]):
        if hits := search(text, limit=1).hits:
            return hits[0].article.category
    return Category.objects.first()


def _without_greeting(text: str) -> str:
    greeting = _GREETING.match(text)
    if not greeting:
        return text
    rest = text[greeting.end() :]
    return rest[:1].upper() + rest[1:]


def _without_signature(text: str) -> str:
    """Cut at the last farewell, if nothing but short lines follows it."""
    lines = text.split("\n")
    for index in range(len(lines) - 1, -1, -1):
        if _FAREWELL.match(lines[index]):
            signed = [line for line in lines[index:] if line]
            is_short = all(len(line) <= LONGEST_SIGNED_LINE for line in signed)
            return (
                "\n".join(lines[:index]).rstrip() if is_short and len(signed) <= MOST_SIGNED_LINES else text
            )
    return text


def _public(address: str) -> str:
    """Our own public pages without the site, other sites as they are; what only one person may open goes."""
    own = settings.SITE_URL + "/"
    if not address.startswith(own):
        return address
    path = address[len(own) - 1 :]
    return path if path.startswith(OWN_PATHS) else LINK


def _without_name(text: str, name: str) -> str:
    """Mask a person's name wherever a part of it stands with a capital, or beside another part; anything with
    digits, dots or signs exactly as it is."""
    name = " ".join(name.split())
    if re.search(r"[\d.@_/-]", name):
        return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", DATUM, text, flags=re.IGNORECASE)
    parts = {part for part in map(fold, _WORD.findall(name)) if len(part) >= SHORTEST_NAME} - _PARTICLES
    found = [match for match in _WORD.finditer(text) if fold(match[0]) in parts]
    pieces, end = [], 0
    for index, match in enumerate(found):
        beside = [found[i] for i in (index - 1, index + 1) if 0 <= i < len(found)]
        gaps = [text[min(match.end(), o.end()) : max(match.start(), o.start())] for o in beside]
        if match[0][0].isupper() or any(not gap.strip() for gap in gaps):
            pieces += [text[end : match.start()], NAME]
            end = match.end()
    text = "".join([*pieces, text[end:]])
    return _REPEATED_NAME.sub(NAME, text)
