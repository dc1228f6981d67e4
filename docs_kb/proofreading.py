"""What stands in the way of publishing an article, and what would make it better.

Errors block; warnings do not. Every finding says what to do and names the words that it is about.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from docs_kb import markup, voice
from docs_kb.article_files import DESCRIBE
from docs_kb.dates import file_size
from docs_kb.markup import settling
from docs_kb.models import Article, ArticleFile
from docs_kb.own_pages import OwnPages
from docs_kb.words import fold

ERROR, WARNING = "error", "warning"
LONGEST_SENTENCE = 30
MOST_STEPS = 12
HEAVIEST_PICTURE = 300 * 1024
LONGEST_TITLE = 70
LONGEST_PLACE = 80
# Whoever has mended so many reads on.
MOST_FINDINGS = 100
# What a link must not be called: it says nothing to whoever hears a list of links.
EMPTY_WORDS = {
    "aqui", "clic aqui", "en este enlace", "enlace", "este enlace", "haz clic aqui", "mas informacion aqui",
    "pincha aqui", "pulsa aqui", "ver aqui",
}  # fmt: skip
# A link or a picture that Markdown did not take for one, as its address has a space or is not allowed.
RAW_LINK = re.compile(r"\[[^\[\]]{1,200}\](?:\([^()\s]| \((?:https?:|mailto:|www\.|/))")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class Finding:
    """One thing to mend: `level` is "error" or "warning", `place` the words that it is about."""

    level: str
    text: str
    place: str = ""


def proofread(*, article: Article) -> list[Finding]:
    """Read an article, stored or not, as it would be published: errors first, each in the order of the text.

    A fixed number of queries, whatever the article links to and shows.
    """
    try:
        text = _Text.of(article)
    except markup.MarkupRefused as refusal:
        return [Finding(ERROR, str(refusal))]
    checks = (_head, _voice, _headings, _pictures, _links, _raw_links, _steps, _sentences)
    found = [finding for check in checks for finding in check(article, text)]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.level != ERROR)[:MOST_FINDINGS]


@dataclass
class _Text:
    """An article's body as its author wrote it, and what of it would reach a page."""

    tokens: list[Token]
    page: settling.Page
    files: dict[str, ArticleFile] = field(default_factory=dict)

    @classmethod
    def of(cls, article: Article) -> "_Text":
        keys = markup.file_keys(article.body)
        files = ArticleFile.objects.in_bulk(keys, field_name="key") if keys else {}
        page = settling.Page(files)
        settling.settle(markup.read(article.body, article.body_format), page)
        return cls(markup.read(article.body, article.body_format), page, files)

    def lines(self) -> Iterator[list[Token]]:
        """The inline tokens of each paragraph, heading, item and cell."""
        return (token.children for token in self.tokens if token.type == "inline" and token.children)

    def images(self) -> Iterator[Token]:
        return (child for line in self.lines() for child in line if child.type == "image")

    def links(self) -> Iterator[tuple[str, str]]:
        """Address and words of each link."""
        for line in self.lines():
            for index, child in enumerate(line):
                if child.type == "link_open":
                    end = next(i for i in range(index, len(line)) if line[i].type == "link_close")
                    yield str(child.attrs.get("href", "")), settling.words_of(line[index:end]).strip()


# --- Title, summary, voice ------------------------------------------------------------------------


def _head(article: Article, _text: _Text) -> Iterator[Finding]:
    if not article.body.strip():
        yield Finding(ERROR, "Falta el texto: escribe qué tiene que hacer quien lee")
    if _is_shouted(article.title):
        yield Finding(ERROR, "Escribe el título en minúsculas, con mayúscula inicial", article.title)
    if len(article.title) > LONGEST_TITLE:
        text = f"El título tiene {len(article.title)} caracteres: se lee mejor con {LONGEST_TITLE} o menos"
        yield Finding(WARNING, text, article.title)
    if not article.summary.strip():
        yield Finding(WARNING, "Falta el resumen: escribe la respuesta en una o dos frases")
    if not article.keywords.strip():
        yield Finding(WARNING, "Sin palabras del cliente: añade cómo lo llamaría quien lo busca")


def _is_shouted(title: str) -> bool:
    """Whether more than half of the letters are capitals, short words (acronyms) left out."""
    words = [word for word in re.findall(r"[^\W\d_]+", title) if not (len(word) <= 4 and word.isupper())]
    letters = "".join(words)
    return len(letters) >= 5 and sum(letter.isupper() for letter in letters) > 0.6 * len(letters)


def _voice(article: Article, text: _Text) -> Iterator[Finding]:
    """Our voice is a duty for what we write and a wish for what came from elsewhere."""
    level = WARNING if article.source else ERROR
    for words in [article.title, article.summary, *map(_spoken, text.lines())]:
        words = voice.ADDRESS.sub("", words)
        for found in voice.BANNED.finditer(words):
            yield Finding(level, voice.advice(found[0]), _around(words, found.start(), found.end()))
        for mark, line in voice.unopened(words):
            yield Finding(WARNING, f"Falta «{mark}» al principio", _cut(line))


# --- The body -------------------------------------------------------------------------------------


def _headings(article: Article, text: _Text) -> Iterator[Finding]:
    above = 1
    for index, token in enumerate(text.tokens):
        if token.type != "heading_open" or not text.tokens[index + 1].content.strip():
            continue
        level = max(int(token.tag[1]), 2)
        if level > above + 1:
            wanted = f"<h{above + 1}>" if article.body_format == Article.Format.HTML else "#" * (above + 1)
            words = _cut(text.tokens[index + 1].content)
            yield Finding(ERROR, f"Este apartado se salta un nivel: ponle «{wanted}»", words)
        above = level


def _pictures(_article: Article, text: _Text) -> Iterator[Finding]:
    for image in text.images():
        file = settling.own_picture(image, text.page)
        address = str(image.attrs.get("src", ""))
        name = file.name if file else address.rstrip("/").rpartition("/")[2] or address
        if not settling.is_decorative(image, file) and not settling.description(image, file):
            yield Finding(ERROR, DESCRIBE, _cut(name))
        if file and file.size > HEAVIEST_PICTURE:
            weight, most = file_size(file.size), file_size(HEAVIEST_PICTURE)
            yield Finding(WARNING, f"La imagen pesa {weight}: redúcela a menos de {most}", _cut(name))


def _steps(_article: Article, text: _Text) -> Iterator[Finding]:
    counts: Counter[int] = Counter()
    open_lists: list[int] = []
    for index, token in enumerate(text.tokens):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            open_lists.append(index)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            open_lists.pop()
        elif token.type == "list_item_open" and text.tokens[open_lists[-1]].tag == "ol":
            counts[open_lists[-1]] += 1
    for index, count in counts.items():
        if count > MOST_STEPS:
            first = next(token.content for token in text.tokens[index:] if token.type == "inline")
            yield Finding(WARNING, f"Hay {count} pasos seguidos: repártelos en apartados", _cut(first))


def _sentences(_article: Article, text: _Text) -> Iterator[Finding]:
    for line in text.lines():
        for sentence in SENTENCE_END.split(_spoken(line)):
            count = sum(any(map(str.isalnum, word)) for word in sentence.split())
            if count > LONGEST_SENTENCE:
                yield Finding(WARNING, f"Frase de {count} palabras: divídela", _cut(sentence))


def _raw_links(article: Article, text: _Text) -> Iterator[Finding]:
    if article.body_format != Article.Format.MARKDOWN:
        return
    for words in map(_spoken, text.lines()):
        for found in RAW_LINK.finditer(words):
            advice = "Se leería tal cual, con sus corchetes: escribe «[palabras](https://…)», sin espacios"
            yield Finding(WARNING, advice, _cut(words[found.start() :]))


def _links(article: Article, text: _Text) -> Iterator[Finding]:
    links = list(text.links())
    images = [(str(image.attrs.get("src", "")), settling.words_of([image])) for image in text.images()]
    addresses = [settling.local(address) for address, _ in [*links, *images]]
    behind = OwnPages.behind(addresses, article=article, files=text.files)
    for address, words in links:
        if " ".join(re.findall(r"\w+", fold(words))) in EMPTY_WORDS:
            yield Finding(ERROR, "Di en el enlace adónde lleva", _cut(words))
        target = settling.destination(address, text.page)
        if reason := behind.why_dead(target) if target else _why_nowhere(address):
            yield Finding(ERROR, reason, _cut(words or address))
    for address, words in images:
        if behind.is_missing_file(settling.local(address)):
            yield Finding(ERROR, "Esa imagen no existe: súbela otra vez", _cut(words or address))


def _why_nowhere(address: str) -> str:
    if address.startswith("#"):
        return "La guía no tiene ningún apartado con ese nombre"
    return "El enlace no lleva a ninguna parte: escribe la dirección completa"


# --- Words ----------------------------------------------------------------------------------------


def _spoken(line: list[Token]) -> str:
    """The words of a line without code, whose spelling is not ours."""
    kept, in_code = [], 0
    for child in line:
        in_code += child.nesting if child.tag == "code" and child.nesting else 0
        if child.type != "code_inline" and not in_code:
            kept.append(child)
    return settling.words_of(kept)


def _around(words: str, start: int, end: int) -> str:
    """What was found with the words beside it."""
    left = words.rfind(" ", 0, max(0, start - 20)) + 1 if start > 20 else 0
    right = words.find(" ", end + 20)
    return _cut(words[left : right if right >= 0 else len(words)].strip())


def _cut(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_PLACE else words[: LONGEST_PLACE - 1].rstrip() + "…"
