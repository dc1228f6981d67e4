"""What customers' pages fetch as one file each, put together from files of one component or behaviour.

Nobody runs a build: the bundles are static files like any other to whoever looks for those (a page, the
tests' server, collectstatic, which gives them hashed names) and follow their sources by themselves.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# Every customer page links the two of the site, and at most one style sheet and one script of its own.
BUNDLES = {
    "css/site.css": ["tokens", "base", "components", "feedback"],
    "js/site.js": [
        "focus-notice",
        "send-once",
        "counter",
        "mended-fields",
        "opinion",
        "beacon",
        "copy-address",
        "copy-reference",
        "forget-words",
        "print-page",
    ],
    "js/message-form.js": [
        "file-picker",
        "offline",
        "uploads",
        "address-hint",
        "kept-words",
        "suggestions",
        "conversation-news",
    ],
}


class BundleFinder(BaseFinder):
    """Finds the bundles, each as its sources are at that moment."""

    def __init__(self, app_names: Iterable[str] | None = None) -> None:
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "bundles")

    def check(self, **kwargs) -> list:
        return []  # a source that is not there stops the start by its name

    def find(self, path: str, find_all: bool = False, **kwargs) -> str | list[str]:
        found = [str(put_together(path))] if path in BUNDLES else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path in BUNDLES:
            put_together(path)
            yield path, self.storage


def sources(path: str) -> list[Path]:
    """The files that a bundle is made of, in their order."""
    bundle = settings.BASE_DIR / "static" / path
    return [bundle.with_name(name + bundle.suffix) for name in BUNDLES[path]]


def put_together(path: str) -> Path:
    """Write a bundle where it differs from its sources, whole at once as several processes start together."""
    target = settings.DATA_DIR / "bundles" / path
    join = own_scope if target.suffix == ".js" else Path.read_text
    text = "\n".join(join(source) for source in sources(path))
    if not target.exists() or target.read_text() != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=target.parent)
        with open(descriptor, "w") as file:
            file.write(text)
        os.replace(draft, target)
    return target


def own_scope(source: Path) -> str:
    """A behaviour among others as if it were alone: with names of its own, and nobody stops with it."""
    return f"try {{\n{source.read_text()}}} catch (error) {{\n  reportError(error);\n}}\n"
