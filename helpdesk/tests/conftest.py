"""A real browser, a real mail server, and the questions that every page is asked."""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.db import connections

from helpdesk.tests.browser import chromium_path
from helpdesk.tests.kept_rows import keep_rows
from helpdesk.tests.sink import Mailbox, listening

# Playwright's synchronous interface runs an event loop, in which Django's ORM would refuse to work.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
keep_rows()

OURS = ("127.0.0.1", "localhost")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
# Without preloading: reading imported style sheets, axe would add styles that the policy refuses.
RUN_AXE = """rules => axe.run({ runOnly: rules, resultTypes: ["violations"], preload: false })
  .then(found => found.violations.map(({ id, nodes }) => [id, nodes.map(node => String(node.target))]))"""
# The spacing of WCAG 1.4.12, through the CSSOM: a style element would break the policy.
SPACING = """
for (const e of document.querySelectorAll("*")) {
  e.style.setProperty("line-height", "1.5", "important");
  e.style.setProperty("letter-spacing", "0.12em", "important");
  e.style.setProperty("word-spacing", "0.16em", "important");
}
"""
WIDTHS = (1280, 320)
PATIENCE = 20_000  # milliseconds that a browser on a busy machine may take
CHROMIUM_FLAGS = [
    # Nobody but this machine is found. Asked here for every request, it would cost its cache as well.
    f"--host-resolver-rules=MAP * ~NOTFOUND{''.join(f', EXCLUDE {host}' for host in OURS)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The whole browser draws two pages of its own address bar for every page of ours.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]


def missing(tool: str) -> None:
    """Skip by name on a desk; in CI a missing tool is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{tool} is missing, and nothing may be skipped in CI", pytrace=False)
    pytest.skip(f"{tool} is missing")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    chromium = chromium_path()
    if chromium is None:
        missing("chromium")
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {
        **browser_context_args,
        "locale": "es-ES",
        "timezone_id": "Europe/Madrid",
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def playwright(django_db_setup, request):
    """Started after the database: while its event loop runs, Django has another connection in this thread,
    which has to know what the migrations wrote to put it back after a flush."""
    written = getattr(connections["default"], "_test_serialized_contents", None)
    from playwright.sync_api import expect

    started = request.getfixturevalue("playwright")
    expect.set_options(timeout=PATIENCE)
    if written is not None:
        connections["default"]._test_serialized_contents = written
    return started


class Watch:
    """What a context asked for and complained about, over all of its pages."""

    def __init__(self, context) -> None:
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.expected: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.on("requestfinished", self._asked)
        context.on("requestfailed", self._asked)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def expect(self, text: str) -> None:
        """Let complaints that contain this pass: «422», for a form that is refused on purpose."""
        self.expected.append(text)

    def verdict(self) -> list[str]:
        """All that nobody expected: console errors (broken policy among them) and foreign requests."""
        unexpected = [c for c in self.complaints if not any(text in c for text in self.expected)]
        return unexpected + [f"asked another host: {url}" for url in self.foreign]

    def _asked(self, request) -> None:
        is_inside = request.url.startswith(("data:", "blob:", "about:"))
        was_refused = request.failure == "csp"  # which never left the browser
        if not is_inside and not was_refused and urlsplit(request.url).hostname not in OURS:
            self.foreign.append(request.url)

    def _console(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture
def open_context(django_db_serialized_rollback, new_context, live_server) -> Iterator[Callable]:
    """Make browser contexts at will (`color_scheme="dark"`, `java_script_enabled=False`, …), each a person
    of their own; the test fails if any of their pages complained. What migrations wrote is there."""
    watches = []

    def make(**options):
        options = {"viewport": {"width": 1280, "height": 800}, "base_url": live_server.url, **options}
        context = new_context(**options)
        context.watch = Watch(context)
        watches.append(context.watch)
        return context

    yield make
    assert [line for watch in watches for line in watch.verdict()] == []


@pytest.fixture
def context(open_context):
    return open_context()


@pytest.fixture
def page(context):
    """A browser at 1280 px; `page.context.watch.expect("422")` lets one complaint pass."""
    return context.new_page()


@pytest.fixture
def page_without_js(open_context):
    return open_context(java_script_enabled=False).new_page()


@pytest.fixture
def phone(open_context):
    """A narrow screen, 320 px wide."""
    return open_context(viewport={"width": 320, "height": 640}).new_page()


@pytest.fixture
def axe() -> Callable:
    """`axe(page)`: the violations as {rule: [where, …]}, empty when there is none."""
    from axe_playwright_python.base import AXE_SCRIPT

    def violations(page, rules: list[str] = AXE_RULES) -> dict[str, list[str]]:
        page.wait_for_load_state()  # without its style sheets it is another page
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        return dict(page.evaluate(RUN_AXE, rules))

    return violations


@pytest.fixture
def overflow() -> Callable:
    """`overflow(page)`: by how many pixels the page scrolls sideways."""

    def measure(page) -> int:
        root = "document.documentElement"
        return page.evaluate(f"Math.max(0, {root}.scrollWidth - {root}.clientWidth)")

    return measure


@pytest.fixture
def inspect(axe, overflow) -> Callable:
    """`inspect(page)`: what is wrong with it as it stands, wide and narrow, light and dark: accessibility and
    scrolling sideways; with `spaced`, also under the spacing of text that readers may set, which stays."""

    def problems(page, *, spaced: bool = False, widths: tuple[int, int] = WIDTHS) -> dict[str, object]:
        found: dict[str, object] = {}
        for width in widths:
            page.set_viewport_size({"width": width, "height": 640})
            # The dark theme has other colours and nothing else.
            for scheme, rules in (("dark", AXE_RULES_OF_COLOUR), ("light", AXE_RULES)):
                page.emulate_media(color_scheme=scheme)
                found[f"{scheme}, {width} px"] = axe(page, rules)
            found[f"sideways, {width} px"] = overflow(page)
        if spaced:
            page.evaluate(SPACING)
            for width in WIDTHS[::-1]:
                page.set_viewport_size({"width": width, "height": 640})
                found[f"sideways, {width} px, spaced"] = overflow(page)
        page.set_viewport_size({"width": WIDTHS[0], "height": 640})
        return {where: what for where, what in found.items() if what}

    return problems


@pytest.fixture
def smtp_sink(settings) -> Iterator[Mailbox]:
    """A real SMTP server in this process, which Django's mail is pointed at."""
    with listening() as (box, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield box
