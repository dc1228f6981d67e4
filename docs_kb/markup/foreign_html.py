"""HTML from elsewhere -> the same tokens that Markdown gives, so that both get one treatment.

Not a browser's algorithm: the text is read once, from left to right, and only structure and words are taken
from it. Elements that we have no use for lose their tags, those that run or load something lose their content
too. What comes out is always well nested and never deeper than `limits` says, whatever goes in.
"""

import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from docs_kb.markup import limits
from docs_kb.markup.html_pieces import Piece, never_closed, pieces
from docs_kb.markup.sanitiser import OWN_FILE

NAMES = {
    "b": "strong", "dd": "p", "dt": "p", "i": "em", "listing": "pre", "samp": "code", "strike": "s",
    "tfoot": "tbody", "tt": "code", "xmp": "pre",
}  # fmt: skip
FORMATS = {"a", "code", "del", "em", "kbd", "s", "strong", "sub", "sup"}
LEAVES = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "figcaption"}
LISTS = {"ul", "ol"}
ROWS = {"table", "thead", "tbody", "tr"}
CELLS = {"td", "th"}
HOLDERS = {"li", *CELLS}
# Without a meaning for us, but they end a paragraph.
BREAKS = {
    "address", "article", "aside", "body", "center", "details", "dialog", "div", "dl", "fieldset", "figure",
    "footer", "form", "header", "hgroup", "html", "legend", "main", "menu", "nav", "optgroup", "option",
    "search", "section", "summary",
}  # fmt: skip
SKIPPED = {"applet", "audio", "canvas", "datalist", "math", "object", "select", "svg", "template", "video"}
KINDS = {
    "ul": "bullet_list", "ol": "ordered_list", "li": "list_item", "p": "paragraph", "figcaption": "paragraph",
    **{f"h{level}": "heading" for level in range(1, 7)},
}  # fmt: skip
KEPT = ("start", "colspan", "rowspan")
SPACES = re.compile(r"[ \t\n\r\f]+")


def read_html(source: str) -> list[Token]:
    """Raises MarkupRefused for what is nested too deeply, has too many tags, or a tag that never ends."""
    builder = _Builder()
    for piece in pieces(source):
        builder.take(piece)
    return builder.finish()


@dataclass
class _Leaf:
    """A paragraph or heading that is being filled; it exists once there is something in it."""

    name: str
    ids: list[str] = field(default_factory=list)


class _Builder:
    """Tokens so far, the blocks that are open, and the line of words that is being written."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.blocks: list[str] = []
        self.leaf: _Leaf | None = None
        self.line: list[Token] = []
        self.lines = 0
        # Formats that the source has open (each with how often and the link's address), and the line has.
        self.wanted: dict[str, list] = {}
        self.written: list[tuple[str, str]] = []
        self.code: list[str] | None = None
        self.skipping: tuple[str, int] | None = None

    def take(self, piece: Piece) -> None:
        name = NAMES.get(piece.name, piece.name)
        if self.skipping:
            self._skip(piece)
        elif self.code is not None and name != "pre":
            self.code.append("\n" if name == "br" else piece.text)
        elif not name:
            self._text(piece.text)
        elif piece.is_end:
            self._close(name)
        elif name in SKIPPED:
            self.skipping = (name, 1)
        elif name in FORMATS:
            self._open_format(name, piece.attributes)
        else:
            self._open(name, piece.attributes)

    def finish(self) -> list[Token]:
        if self.skipping:
            raise never_closed(self.skipping[0])
        self._end_code()
        self._end_line()
        self._close_down_to(0)
        return self.tokens

    def _skip(self, piece: Piece) -> None:
        name, depth = self.skipping
        if piece.name == name:
            depth += -1 if piece.is_end else 1
            self.skipping = (name, depth) if depth else None

    # Words

    def _text(self, text: str) -> None:
        text = SPACES.sub(" ", text)
        if not self.line or self.line[-1].content.endswith(" ") or self.line[-1].type == "hardbreak":
            text = text.lstrip(" ")
        if text:
            self._write(Token("text", "", 0, content=text))

    def _write(self, token: Token) -> None:
        self._find_place()
        self._settle_formats()
        self.line.append(token)

    def _find_place(self) -> None:
        """Words stand in a paragraph, a heading, a list item or a cell; where there is none, make it."""
        if self.leaf:
            return
        self._find_room()
        if not (self.blocks and self.blocks[-1] in HOLDERS):
            self.leaf = _Leaf("p")

    def _find_room(self) -> None:
        """Between the parts of a list or a table nothing else may stand: go into one of them."""
        inside = self.blocks[-1] if self.blocks else ""
        if inside in LISTS:
            self._push("li")
        elif inside in ROWS:
            self._open_cell("td", {})

    def _settle_formats(self) -> None:
        """Close and open formats on the line until those are open that the source has open now."""
        wanted = [(name, address) for name, (_, address) in self.wanted.items()]
        same = 0
        while same < min(len(wanted), len(self.written)) and wanted[same] == self.written[same]:
            same += 1
        self._close_formats(same)
        for name, address in wanted[same:]:
            kind = "link" if name == "a" else name
            attributes = {"href": address} if name == "a" else {}
            self.line.append(Token(f"{kind}_open", name, 1, attrs=attributes))
            self.written.append((name, address))

    def _close_formats(self, kept: int) -> None:
        while len(self.written) > kept:
            name, _ = self.written.pop()
            if self.line[-1].nesting == 1:
                self.line.pop()
            else:
                self.line.append(Token(f"{'link' if name == 'a' else name}_close", name, -1))

    def _end_line(self) -> None:
        """What was written becomes the content of its paragraph, heading, item or cell."""
        leaf, self.leaf = self.leaf, None
        self._close_formats(0)
        line, self.line = self.line, []
        while line and line[-1].type == "hardbreak":
            line.pop()
        if not line:
            return
        self.lines += 1
        limits.refuse_many(self.lines)
        inline = Token("inline", "", 0, children=line, content=_words(line))
        if leaf is None:
            self.tokens.append(inline)
        elif leaf.name == "figcaption" and self._give_caption(inline.content):
            return
        else:
            tag = "p" if leaf.name == "figcaption" else leaf.name
            kind = KINDS.get(leaf.name, leaf.name)
            opening = Token(f"{kind}_open", tag, 1, block=True, meta={"ids": leaf.ids})
            self.tokens += [opening, inline, Token(f"{kind}_close", tag, -1, block=True)]

    def _give_caption(self, caption: str) -> bool:
        """Put a caption to the picture before it, if that is one of our own alone in its paragraph."""
        if len(self.tokens) < 2 or self.tokens[-1].type != "paragraph_close":
            return False
        pictures = self.tokens[-2].children or []
        if len(pictures) != 1 or not OWN_FILE.match(str(pictures[0].attrs.get("src", ""))):
            return False
        pictures[0].attrs["title"] = caption
        return True

    # Tags

    def _open_format(self, name: str, attributes: dict[str, str]) -> None:
        if name == "a":
            if self.leaf:
                self.leaf.ids += [attributes[key] for key in ("name", "id") if attributes.get(key)]
            self.wanted.pop("a", None)
            if "href" not in attributes:
                return
        held = self.wanted.setdefault(name, [0, attributes.get("href", "").strip()])
        held[0] += 1

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if name == "br":
            if self.line:
                self._write(Token("hardbreak", "br", 0))
        elif name == "img":
            self._picture(attributes)
        elif name in LEAVES:
            self._open_leaf(name, attributes)
        elif name in BREAKS:
            self._end_line()
        elif name in LISTS or name in ("blockquote", "table"):
            self._end_line()
            self._find_room()
            self._push(name, attributes)
        elif name == "li":
            self._open_item()
        elif name in CELLS:
            self._open_cell(name, attributes)
        elif name in ROWS:
            self._open_rows(name)
        elif name in ("hr", "pre"):
            self._end_line()
            self._find_room()
            if name == "pre":
                self.code = []
            else:
                self.tokens.append(Token("hr", "hr", 0, block=True))

    def _picture(self, attributes: dict[str, str]) -> None:
        alt = " ".join(attributes.get("alt", "").split())
        kept = {"src": attributes.get("src", "").strip(), "title": attributes.get("title", "")}
        content = [Token("text", "", 0, content=alt)]
        self._write(Token("image", "img", 0, attrs=kept, children=content, content=alt))

    def _open_leaf(self, name: str, attributes: dict[str, str]) -> None:
        self._end_line()
        if name == "caption" and not (self.blocks and self.blocks[-1] == "table"):
            name = "p"
        if name != "caption":
            self._find_room()
        self.leaf = _Leaf(name, [attributes["id"]] if attributes.get("id") else [])

    def _open_item(self) -> None:
        self._end_line()
        for index in range(len(self.blocks) - 1, -1, -1):
            if self.blocks[index] in LISTS:
                self._close_down_to(index + 1)
                self._push("li")
                return
            if self.blocks[index] != "li":
                return

    def _open_rows(self, name: str) -> None:
        self._end_line()
        if (table := self._table()) is None:
            return
        if name == "tr":
            self._open_row(table)
        else:
            self._close_down_to(table + 1)
            self._push(name)

    def _open_row(self, table: int) -> None:
        if len(self.blocks) == table + 1:
            self._push("tbody")
        self._close_down_to(table + 2)
        self._push("tr")

    def _open_cell(self, name: str, attributes: dict[str, str]) -> None:
        self._end_line()
        if (table := self._table()) is None:
            return
        if len(self.blocks) < table + 3:
            self._open_row(table)
        self._close_down_to(table + 3)
        self._push(name, attributes)

    def _table(self) -> int | None:
        """The place of the innermost open table; its sections, rows and cells stand right after it."""
        tables = [index for index, block in enumerate(self.blocks) if block == "table"]
        return tables[-1] if tables else None

    def _close(self, name: str) -> None:
        if name == "pre":
            self._end_code()
        elif name in FORMATS:
            self._close_format(name)
        elif name in LEAVES or name in BREAKS:
            self._end_line()
        elif name in LISTS or name in HOLDERS or name in ROWS or name == "blockquote":
            self._end_line()
            self._close_block(name)

    def _close_format(self, name: str) -> None:
        if name in self.wanted:
            self.wanted[name][0] -= 1
            if not self.wanted[name][0]:
                del self.wanted[name]

    def _close_block(self, name: str) -> None:
        """Close the innermost block of that name; from inside a cell nothing outside it can be closed."""
        for index in range(len(self.blocks) - 1, -1, -1):
            if self.blocks[index] == name:
                self._close_down_to(index)
                return
            if self.blocks[index] == "table" or (self.blocks[index] in CELLS and name not in ROWS):
                return

    def _close_down_to(self, kept: int) -> None:
        while len(self.blocks) > kept:
            self._pop()

    def _push(self, name: str, attributes: dict[str, str] | None = None) -> None:
        limits.refuse_deep(len(self.blocks) + 1)
        self.blocks.append(name)
        kept = {key: value for key, value in (attributes or {}).items() if key in KEPT}
        self.tokens.append(Token(f"{KINDS.get(name, name)}_open", name, 1, attrs=kept, block=True))

    def _pop(self) -> None:
        name = self.blocks.pop()
        if self.tokens[-1].nesting == 1 and self.tokens[-1].tag == name and name not in CELLS:
            self.tokens.pop()
            return
        if name in CELLS:
            self.wanted.clear()
            if self.tokens[-1].nesting == 1:
                self.tokens.append(Token("inline", "", 0, children=[]))
        self.tokens.append(Token(f"{KINDS.get(name, name)}_close", name, -1, block=True))

    def _end_code(self) -> None:
        if self.code is not None:
            text = "".join(self.code).replace("\r\n", "\n").removeprefix("\n")
            self.tokens.append(Token("fence", "code", 0, content=text.rstrip("\n") + "\n", block=True))
            self.code = None


def _words(line: list[Token]) -> str:
    return "".join(" " if token.type == "hardbreak" else token.content for token in line).strip()
