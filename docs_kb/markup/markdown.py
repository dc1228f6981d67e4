"""Markdown -> tokens. HTML in the source is text."""

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from docs_kb.markup import limits


def read_markdown(source: str) -> list[Token]:
    """Raises MarkupRefused for what is nested too deeply or made of thousands of marks."""
    limits.refuse_monsters(source)
    tokens = _parser().parse(source)
    limits.refuse_deep(max((token.level for token in tokens), default=0))
    return tokens


def write_html(tokens: list[Token]) -> str:
    """Tokens of any reader as HTML, not yet sanitised."""
    parser = _parser()
    renderer = parser.renderer
    assert isinstance(renderer, RendererHTML)
    return renderer.render(tokens, parser.options, {})


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": limits.DEEPEST + 10})
    markdown.core.ruler.before("inline", "refuse_mazes", _refuse_mazes)
    return markdown.enable(["table", "strikethrough"])


def _refuse_mazes(state: StateCore) -> None:
    blocks = [token for token in state.tokens if token.type == "inline"]
    limits.refuse_many(len(blocks))
    limits.refuse_mazes(blocks)
