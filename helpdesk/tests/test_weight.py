"""A first visit stays light: the page and all that it fetches, compressed."""

import pytest
from django.contrib.staticfiles import finders

from bench.weight import first_visit, imported
from contact.setup import create_default_channels

LIMIT = 30_000  # bytes
REQUESTS = 10


@pytest.mark.django_db
def test_first_visit_to_mi_cuenta_weighs_at_most_30_kb(client):
    create_default_channels()

    def fetch(path: str) -> bytes:
        if path.startswith("/static/"):
            with open(finders.find(path.removeprefix("/static/")), "rb") as file:
                return file.read()
        return client.get(path).content

    weight, asked = first_visit(fetch, "/mi-cuenta/")
    assert any(path.endswith(".css") for path in asked)
    assert weight <= LIMIT
    assert len(asked) <= REQUESTS


def test_imports_of_styles_and_modules_are_followed():
    style = b'@import "tokens.css";\n@import url("/static/css/base.css");'
    assert imported("/static/css/all.css", style) == ["/static/css/tokens.css", "/static/css/base.css"]
    module = b'import { announce } from "./announce.js";'
    assert imported("/static/js/form.js", module) == ["/static/js/announce.js"]
