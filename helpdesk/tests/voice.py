"""How we speak to customers, as a question any test can ask of a page, a mail or a catalogue.

`complaints(visible_text(html))` is empty when the words keep to one register and Spanish typography.
"""

import re
from html.parser import HTMLParser

from docs_kb.voice import ADDRESS, BANNED

# Each pattern finds something that is never right on our screens.
TYPOGRAPHY = {
    "a time without «h» after a non-breaking space": re.compile(
        r"(?<![\d:.])\d{1,2}:\d{2}(?![\d:]|\u00a0h\b|[ \u00a0][ay][ \u00a0]\d)"
    ),
    "an hour with a leading zero": re.compile(r"(?<![\d:])0\d:\d{2}\u00a0h"),
    "a decimal point": re.compile(r"(?<![\d.])\d+\.\d+\s?(?:[KMG]B|min|s|h|%|€)"),
    # No reference: «MS-R6GB-548» is none.
    "a size without a non-breaking space": re.compile(r"(?<![A-Z\d-])\d+(?: |)[KMG]B\b"),
    "straight or English quotes": re.compile(r"\"[^\"\n]*\"|(?<!«)“[^”\n]*”(?![^«\n]*»)"),
    "a number with the plural of another": re.compile(
        r"(?<![\d.,])1 (?:archivos|artículos|cosas|días|guías|horas|mensajes|minutos|resultados|tickets)\b"
    ),
}
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
SILENT = ("code", "kbd", "pre", "samp", "script", "style", "template", "textarea")
# fmt: off
BLOCKS = [
    "address", "article", "aside", "blockquote", "button", "caption", "dd", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "header", "label",
    "legend", "li", "main", "nav", "ol", "option", "p", "section", "summary", "table", "td", "th",
    "title", "tr", "ul",
]
# fmt: on
VOID = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]


def complaints(text: str) -> list[str]:
    """What breaks the voice, each with the words around it."""
    text = ADDRESS.sub("", text)
    found = [f"«{m.group()}»: {_around(text, m)}" for m in BANNED.finditer(text)]
    for name, pattern in TYPOGRAPHY.items():
        found += [f"{name}: {_around(text, m)}" for m in pattern.finditer(text)]
    for close, opening in (("?", "¿"), ("!", "¡")):
        found += [
            f"{close} without {opening}: {line.strip()}"
            for line in text.splitlines()
            if line.count(close) != line.count(opening)
        ]
    return found


def visible_text(html: str, leave_out: tuple[str, ...] = ("message__body",)) -> str:
    """The words of a page, one block a line, with those only heard; without code, without elements of the
    classes in `leave_out` and without `data-not-ours` (imported articles, what people wrote)."""
    reader = _Reader(leave_out)
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"[ \t\r\n]+", " ", line).strip() for line in "".join(reader.parts).split("\v"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self, leave_out: tuple[str, ...]) -> None:
        super().__init__()
        self.leave_out = set(leave_out)
        self.parts: list[str] = []
        self.skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        attributes = dict(attrs)
        if self.skipping:
            if tag not in VOID:
                self.skipping.append(tag)
            return
        classes = set((attributes.get("class") or "").split())
        if tag in SILENT or "data-not-ours" in attributes or classes & self.leave_out:
            self.skipping.append(tag)
            return
        for name in SPOKEN_ATTRIBUTES:
            if attributes.get(name):
                self.parts.append(f"\v{attributes[name]}\v")
        if tag in BLOCKS:
            self.parts.append("\v")

    def handle_endtag(self, tag: str) -> None:
        if self.skipping:
            if tag in self.skipping:
                while self.skipping.pop() != tag:
                    pass
        elif tag in BLOCKS:
            self.parts.append("\v")

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.parts.append(data)


def _around(text: str, match: re.Match) -> str:
    return text[max(0, match.start() - 30) : match.end() + 30].replace("\n", " / ")
