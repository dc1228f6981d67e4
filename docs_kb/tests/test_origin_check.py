import pytest
from django.test import RequestFactory

from docs_kb.origin_check import is_own_page

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://testserver"}, True),
        ({"origin": "http://testserver", "sec-fetch-site": "same-origin"}, True),
        ({}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://testserver.example"}, False),
        ({"origin": "https://testserver"}, False),
        ({"origin": "http://testserver", "sec-fetch-site": "cross-site"}, False),
        ({"origin": "http://example.com", "sec-fetch-site": "same-origin"}, False),
    ],
)
def test_page_is_ours_when_the_browser_says_so(headers, is_ours):
    assert is_own_page(RequestFactory().post("/", headers=headers)) is is_ours
