"""Markdown (or foreign HTML) -> the safe HTML of an article: the one function that makes markup from text.

A reader makes tokens of the source (`markdown`, `foreign_html`), `settling` gives them our structure, the
`sanitiser` works on the result and has the last word. Nothing is fetched: pictures of other hosts become
links.
"""

from docs_kb.markup.limits import LONGEST_SOURCE, MarkupRefused
from docs_kb.markup.rendering import Rendered, file_keys, plain_text, read, render

__all__ = ["LONGEST_SOURCE", "MarkupRefused", "Rendered", "file_keys", "plain_text", "read", "render"]
