"""A page as someone reads it without a screen: its words, its links and the forms to fill in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
UNSEEN = frozenset(("head", "script", "style", "template"))

Attributes = dict[str, str]


@dataclass
class Element:
    """A node of the tree; what is between two tags stands among its children as text."""

    tag: str
    attributes: Attributes = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The visible words, one space between them."""
        return " ".join("".join(self._pieces()).split())

    @property
    def raw_text(self) -> str:
        """Every character, as a textarea or a `pre` keeps it."""
        return "".join(child if isinstance(child, str) else child.raw_text for child in self.children)

    def _pieces(self) -> list[str]:
        if self.tag in UNSEEN:
            return []
        pieces = []
        for child in self.children:
            pieces += [child] if isinstance(child, str) else [" ", *child._pieces(), " "]
        return pieces

    def walk(self) -> list["Element"]:
        """This element and all below it, in the order of the page."""
        found = [self]
        for child in self.children:
            if isinstance(child, Element):
                found += child.walk()
        return found

    def all(self, tag: str = "", **wanted: str) -> list["Element"]:
        """Elements by tag and attributes; `class_="stub"` asks for one class among several."""
        return [element for element in self.walk() if element._fits(tag, wanted)]

    def first(self, tag: str = "", **wanted: str) -> "Element | None":
        return next(iter(self.all(tag, **wanted)), None)

    def _fits(self, tag: str, wanted: Attributes) -> bool:
        if tag and self.tag != tag:
            return False
        classes = self.attributes.get("class", "").split()
        return all(
            value in classes if name == "class_" else self.attributes.get(name) == value
            for name, value in wanted.items()
        )


class _Builder(HTMLParser):
    """Makes the tree; an end tag that nothing opened is passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@dataclass
class Form:
    """A form with the values that a browser would send, and what may be chosen."""

    action: str
    element: Element
    labels: dict[str, str]

    @property
    def is_post(self) -> bool:
        return self.element.attributes.get("method", "get").lower() == "post"

    @property
    def fields(self) -> Attributes:
        """Name and value of everything but files and buttons."""
        values = {}
        for element in self.element.walk():
            if (name := element.attributes.get("name")) and (value := _value(element)) is not None:
                values[name] = value
        return values

    @property
    def hidden(self) -> Attributes:
        return {e.attributes["name"]: _value(e) for e in self.element.all("input", type="hidden")}

    def name_of(self, kind: str) -> str:
        """The name of its only field of a kind: `textarea`, `select`, `file`. Raises LookupError."""
        found = self.element.all("input", type="file") if kind == "file" else self.element.all(kind)
        if len(found) != 1:
            raise LookupError(f"{len(found)} fields of the kind {kind} in the form {self.action}")
        return found[0].attributes["name"]

    def name_under(self, label: str) -> str:
        """The name of the field whose label begins so. Raises LookupError."""
        for element in self.element.walk():
            if self.labels.get(element.attributes.get("id", ""), "").startswith(label):
                return element.attributes["name"]
        raise LookupError(f"no field «{label}» in the form {self.action}")

    def option(self, words: str) -> str:
        """The value of the choice that reads so. Raises LookupError."""
        for option in self.element.all("option"):
            if option.text.startswith(words):
                return option.attributes.get("value", option.text)
        raise LookupError(f"no choice «{words}» in the form {self.action}")


def _value(element: Element) -> str | None:
    """What a browser sends for one control; None for nothing."""
    attributes = element.attributes
    if element.tag == "textarea":
        return element.raw_text.removeprefix("\n")
    if element.tag == "select":
        options = element.all("option")
        chosen = [option for option in options if "selected" in option.attributes] or options[:1]
        return chosen[0].attributes.get("value", chosen[0].text) if chosen else None
    kind = attributes.get("type", "text")
    if element.tag != "input" or kind in ("file", "submit", "button", "image", "reset"):
        return None
    if kind in ("checkbox", "radio"):
        return attributes.get("value", "on") if "checked" in attributes else None
    return attributes.get("value", "")


class Page(Element):
    """A whole document."""

    @classmethod
    def read(cls, source: str) -> Self:
        builder = _Builder()
        builder.feed(source)
        return cls("page", {}, builder.root.children)

    @property
    def forms(self) -> list[Form]:
        labels = {e.attributes["for"]: e.text for e in self.all("label") if "for" in e.attributes}
        return [Form(e.attributes.get("action", ""), e, labels) for e in self.all("form")]

    def form(self, *, to: str) -> Form:
        """The form whose address ends so; with an empty one, that which is sent back to its page. Raises
        LookupError."""
        for form in self.forms:
            address = form.action.split("?")[0]
            if form.is_post and (address.endswith(to) if to else not address):
                return form
        raise LookupError(f"no form for {to}")

    def link(self, words: str) -> str:
        """The address of the first link that reads so. Raises LookupError."""
        for element in self.all("a"):
            if words in element.text and "href" in element.attributes:
                return element.attributes["href"]
        raise LookupError(f"no link «{words}»")

    def links_to(self, start: str) -> list[str]:
        """The addresses of all links that begin so, in the order of the page."""
        found = [e.attributes.get("href", "") for e in self.all("a")]
        return [address for address in found if address.startswith(start)]
