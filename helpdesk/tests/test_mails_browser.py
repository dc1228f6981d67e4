"""The HTML of every mail in a browser: light and dark, on a telephone and as wide as it gets."""

import pytest

from helpdesk.tests.every_mail import built, every_mail

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
WIDTHS = (600, 320)
# A mail is no page: its landmarks are those of the program that shows it.
OF_PAGES = {"landmark-one-main", "region"}


def test_every_mail_is_accessible_and_never_scrolls_sideways(page, inspect):
    problems = []
    for kind, row in every_mail(is_proven=True).items():
        _, html = built(row).iter_parts()
        page.set_content(html.get_content())
        for where, found in inspect(page, widths=WIDTHS).items():
            if not isinstance(found, dict) or found.keys() - OF_PAGES:
                problems.append((kind, where, found))
    assert problems == []
