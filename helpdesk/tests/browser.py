"""Which Chromium drives the tests: its engine alone takes a third of the time of the whole browser."""

import shutil

BROWSERS = ("chromium-headless-shell", "chromium")


def chromium_path() -> str | None:
    """The quickest of those that this machine has."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
