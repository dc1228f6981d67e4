"""What a first visit weighs: the page and all that it makes a browser fetch, compressed."""

import gzip
import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

FETCHED = ("stylesheet", "icon", "modulepreload", "preload")


class Assets(HTMLParser):
    """The addresses of stylesheets, scripts, pictures and icons of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        address = None
        if tag in ("script", "img"):
            address = fields.get("src")
        elif tag == "use" or (tag == "link" and fields.get("rel") in FETCHED):
            address = fields.get("href")
        if address and not address.startswith("#"):
            path = urlsplit(address).path
            if path not in self.found:
                self.found.append(path)


def first_visit(fetch: Callable[[str], bytes], path: str) -> tuple[int, list[str]]:
    """Bytes of a page with its assets as gzip would send them, and the addresses asked for.

    Follows what stylesheets and modules import.
    """
    page = fetch(path)
    reader = Assets()
    reader.feed(page.decode())
    asked, total = [path], len(gzip.compress(page))
    waiting = list(reader.found)
    while waiting:
        address = waiting.pop(0)
        if address in asked:
            continue
        body = fetch(address)
        asked.append(address)
        total += len(gzip.compress(body))
        waiting += imported(address, body)
    return total, asked


def imported(address: str, body: bytes) -> list[str]:
    """What a stylesheet or a module names in its own imports, as paths."""

    if not address.endswith((".css", ".js")):
        return []
    pattern = r"""(?:@import\s+(?:url\()?|\bfrom\s*|\bimport\s*)["']([^"']+)["']"""
    return [urljoin(address, name) for name in re.findall(pattern, body.decode())]
