"""Why an article was found: its title and the passage that speaks of the query, matches in <mark>."""

import html
import re
from collections import Counter
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from docs_kb.models import Article
from docs_kb.words import PREFIX_LENGTH, WRITTEN_WORD, prefix, stem_as_written

LENGTH = 220
LEAD = 50
LONGEST_TEXT = 10_000
INLINE_TAG = re.compile(r"</?(?:a|abbr|b|code|del|em|i|ins|kbd|mark|s|small|span|strong|sub|sup|u)\b[^>]*>")
TAG = re.compile(r"<[^>]*>?")
HEADING_END = re.compile(r"[.:?!]?</h[2-6]>")
ENOUGH_IN_SUMMARY = 0.7


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A word of a text that the query asks for: where it is, what it stands for, how much it says."""

    start: int
    end: int
    key: str
    weight: float


class Marker:
    """Marks one query's words in any text; `weights` says by stem how much a match is worth."""

    def __init__(self, weights: dict[str, float]):
        self.weights = weights
        self.coarse = {prefix(term): value for term, value in weights.items() if len(term) >= PREFIX_LENGTH}
        self.known: dict[str, tuple[str, float]] = {}

    def highlight(self, text: str) -> SafeString:
        """The text escaped, each word that matches the query in <mark>."""
        return _mark(text, self._matches(text))

    def excerpt(self, article: Article) -> SafeString:
        """The summary if it holds most of what the article has of the query, else the body's best passage."""
        body = _plain(article.body_html)
        in_summary, in_body = self._matches(article.summary), self._matches(body)
        start, value = _best_window(in_body)
        if article.summary and _value(in_summary) >= ENOUGH_IN_SUMMARY * value:
            return _mark(article.summary, in_summary)
        return _passage(body, start, in_body)

    def _matches(self, text: str) -> list[Match]:
        found = []
        for word in set(WRITTEN_WORD.findall(text)):
            key, weight = self._asked(word)
            if weight:
                found += [Match(at, at + len(word), key, weight) for at in _occurrences(word, text)]
        return sorted(found)

    def _asked(self, word: str) -> tuple[str, float]:
        if word not in self.known:
            stemmed = stem_as_written(word)
            start = prefix(stemmed)
            self.known[word] = start, self.weights.get(stemmed) or self.coarse.get(start) or 0.0
        return self.known[word]


def _occurrences(word: str, text: str) -> list[int]:
    """Where a word stands in a text as a whole word."""
    found = []
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            found.append(at)
        at = text.find(word, end)
    return found


def _plain(body_html: str) -> str:
    """The text of sanitised HTML; it is escaped again before it is shown."""
    blocks = INLINE_TAG.sub("", HEADING_END.sub(": ", body_html[:LONGEST_TEXT]))
    return " ".join(html.unescape(TAG.sub(" ", blocks)).split())


def _value(matches: list[Match]) -> float:
    """How much of the query these matches show, each word counted once."""
    return sum({match.key: match.weight for match in matches}.values())


def _best_window(matches: list[Match]) -> tuple[int, float]:
    """Where the passage of usual length begins that shows most of the query, and how much that is."""
    inside: Counter = Counter()
    best_start, best_value, value, first = 0, 0.0, 0.0, 0
    for match in matches:
        value += match.weight * (not inside[match.key])
        inside[match.key] += 1
        while match.end - matches[first].start > LENGTH:
            gone = matches[first]
            inside[gone.key] -= 1
            value -= gone.weight * (not inside[gone.key])
            first += 1
        if value > best_value + 1e-9:
            best_start, best_value = matches[first].start, value
    return best_start, best_value


def _passage(text: str, start: int, matches: list[Match]) -> SafeString:
    """About 220 characters that begin at a word or sentence shortly before the first match."""
    begin = max(0, start - LEAD)
    if begin:
        sentence = text.rfind(". ", begin, start)
        begin = sentence + 2 if sentence >= 0 else text.find(" ", begin, start) + 1 or start
    end = min(len(text), begin + LENGTH)
    if end < len(text):
        end = text.rfind(" ", begin + 1, end + 1) if " " in text[begin + 1 : end + 1] else end
    inside = [
        Match(m.start - begin, m.end - begin, m.key, m.weight)
        for m in matches
        if m.start >= begin and m.end <= end
    ]
    before, after = ("… " if begin else ""), (" …" if end < len(text) else "")
    return mark_safe(before + _mark(text[begin:end], inside) + after)


def _mark(text: str, matches: list[Match]) -> SafeString:
    pieces, position = [], 0
    for match in matches:
        pieces.append(escape(text[position : match.start]))
        pieces.append(f"<mark>{escape(text[match.start : match.end])}</mark>")
        position = match.end
    pieces.append(escape(text[position:]))
    return mark_safe("".join(pieces))
