"""Why an article was found: its title and the passage that speaks of the query, matches in <mark>."""

import html
import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from docs_kb.models import Article
from docs_kb.words import PREFIX_LENGTH, WRITTEN_WORD, prefix, stem_as_written

LENGTH = 220
LONGEST_TEXT = 10_000
TAG = re.compile(r"<[^>]*>?")
HEADING_END = re.compile(r"[.:?!]?</h[2-6]>")
ENOUGH_IN_SUMMARY = 0.7


def highlight(text: str, weights: dict[str, float]) -> SafeString:
    """The text escaped, each word that matches the query in <mark>."""
    return _mark(text, _matches(text, weights))


def excerpt(article: Article, weights: dict[str, float]) -> SafeString:
    """The summary if it holds most of what the article has of the query, else the body's best passage."""
    summary = _matches(article.summary, weights)
    body = _plain(article.body_html)
    in_body = _matches(body, weights)
    start, value = _best_window(in_body)
    if article.summary and _value(summary) >= ENOUGH_IN_SUMMARY * value:
        return _mark(article.summary, summary)
    return _passage(body, start, in_body)


def _plain(body_html: str) -> str:
    """The text of sanitised HTML; it is escaped again before it is shown."""
    return " ".join(html.unescape(TAG.sub(" ", HEADING_END.sub(": ", body_html[:LONGEST_TEXT]))).split())


def _matches(text: str, weights: dict[str, float]) -> list[tuple[int, int, str, float]]:
    """Start, end, key and weight of each word of the text that the query asks for."""
    coarse = {prefix(term): weight for term, weight in weights.items() if len(term) >= PREFIX_LENGTH}
    seen: dict[str, tuple[str, float]] = {}
    found = []
    for match in WRITTEN_WORD.finditer(text):
        word = match.group()
        if word not in seen:
            stemmed = stem_as_written(word)
            seen[word] = prefix(stemmed), weights.get(stemmed) or coarse.get(prefix(stemmed)) or 0.0
        key, weight = seen[word]
        if weight:
            found.append((match.start(), match.end(), key, weight))
    return found


def _value(matches: list[tuple[int, int, str, float]]) -> float:
    """How much of the query these matches show, each word counted once."""
    return sum({key: weight for _, _, key, weight in matches}.values())


def _best_window(matches: list[tuple[int, int, str, float]]) -> tuple[int, float]:
    best_start, best_value = 0, 0.0
    for index, match in enumerate(matches[:400]):
        inside = []
        for other in matches[index : index + 30]:
            if other[1] - match[0] > LENGTH:
                break
            inside.append(other)
        value = _value(inside)
        if value > best_value:
            best_start, best_value = match[0], value
    return best_start, best_value


def _passage(text: str, start: int, matches: list) -> SafeString:
    """About 220 characters that begin at a word or sentence shortly before the first match."""
    begin = max(0, start - 50)
    if begin:
        sentence = text.rfind(". ", begin, start)
        begin = sentence + 2 if sentence >= 0 else text.find(" ", begin, start) + 1 or start
    end = min(len(text), begin + LENGTH)
    if end < len(text):
        end = text.rfind(" ", begin + 1, end + 1) if " " in text[begin + 1 : end + 1] else end
    inside = [(s - begin, e - begin, k, w) for s, e, k, w in matches if s >= begin and e <= end]
    before, after = ("… " if begin else ""), (" …" if end < len(text) else "")
    return format_html("{}{}{}", before, _mark(text[begin:end], inside), after)


def _mark(text: str, matches: list) -> SafeString:
    pieces, position = [], 0
    for start, end, _, _ in matches:
        pieces.append((text[position:start], text[start:end]))
        position = end
    marked = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}", marked, text[position:])
