"""The shell in a real browser: reach, contrast, width, focus, theme and weight of every page it owns."""

import gzip
import re

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/mi-cuenta/",
    "/privacidad/",
    "/accesibilidad/",
    "/aviso-legal/",
    "/estilo/",
    "/error/400/",
    "/error/403/",
    "/error/csrf/",
    "/error/404/",
    "/error/410/",
    "/error/413/",
    "/error/429/",
    "/error/500/",
]
# One page of each frame: axe takes a second a page.
FRAMES = ["/mi-cuenta/", "/privacidad/", "/estilo/", "/error/403/", "/error/404/", "/error/500/"]
BORDER = """e => {
  const style = getComputedStyle(e);
  return Math.max(parseFloat(style.borderTopWidth), parseFloat(style.borderLeftWidth));
}"""
# Every tab stop of a page: is it seen, ringed, covered, and how large is it?
TAB_STOP = """() => {
  const e = document.activeElement;
  if (e === document.body || e === document.documentElement) return null;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const x = Math.min(innerWidth - 1, Math.max(0, box.x + box.width / 2));
  const y = Math.min(innerHeight - 1, Math.max(0, box.y + Math.min(box.height, innerHeight) / 2));
  const top = document.elementFromPoint(x, y);
  return {
    name: e.tagName + " " + (e.innerText || e.name || e.id).slice(0, 40),
    seen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    uncovered: !!top && (e.contains(top) || top.contains(e)),
    ring: style.outlineStyle !== "none" ? parseFloat(style.outlineWidth) : 0,
    inline: style.display === "inline",
    height: box.height,
    control: e.matches("button:not(.button--link), .button, input, select, textarea"),
  };
}"""


@pytest.fixture(autouse=True)
def _all_pages(settings):
    settings.ROOT_URLCONF = "helpdesk.tests.broken_urls"
    settings.DEMO = True


def visit(page, path: str):
    """Go there; the browser complains of every status above 399."""
    page.context.watch.expect("the server responded with a status of")
    page.goto(path)
    return page


@pytest.mark.parametrize("path", FRAMES)
def test_page_is_accessible_and_never_scrolls_sideways(page, inspect, path):
    assert inspect(visit(page, path), spaced=True) == {}


@pytest.mark.parametrize("path", ["/mi-cuenta/", "/estilo/", "/error/404/", "/error/500/"])
def test_every_tab_stop_is_seen_ringed_and_large_enough(open_context, path):
    page = visit(open_context(viewport={"width": 320, "height": 256}).new_page(), path)
    stops = []
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(TAB_STOP)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) > 5
    for stop in stops:
        assert stop["seen"], stop
        assert stop["uncovered"], stop
        assert stop["ring"] >= 2, stop
        assert stop["inline"] or stop["height"] >= 23.9, stop
        assert not stop["control"] or stop["height"] >= 24, stop


def test_skip_link_is_first_and_leads_to_the_content(page):
    visit(page, "/mi-cuenta/").keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Saltar al contenido"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenido"


def test_nothing_is_fixed_or_sticky(page):
    positions = "[...document.querySelectorAll('*')].map(e => getComputedStyle(e).position)"
    for path in PAGES:
        assert not {"fixed", "sticky"} & set(visit(page, path).evaluate(positions)), path


def background(page) -> str:
    page.wait_for_load_state()
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_theme_follows_the_system_and_then_the_choice_without_scripts(open_context):
    dark, light = "rgb(16, 23, 24)", "rgb(251, 248, 241)"
    page = visit(open_context(color_scheme="dark", java_script_enabled=False).new_page(), "/mi-cuenta/")
    assert background(page) == dark
    page.get_by_role("button", name="claro").click()
    assert (page.url.endswith("/mi-cuenta/"), background(page)) == (True, light)
    page.reload()
    assert background(page) == light
    page.get_by_role("button", name="automático").click()
    assert background(page) == dark


def test_forced_colours_keep_borders_and_focus(open_context):
    page = visit(open_context(forced_colors="active").new_page(), "/estilo/")
    for selector in (".button", ".status", "input[type=text]", ".stub", ".notice"):
        assert page.locator(selector).first.evaluate(BORDER) > 0, selector
    page.keyboard.press("Tab")
    assert page.evaluate(TAB_STOP)["ring"] >= 2


def test_nothing_moves(page):
    moving = """[...document.querySelectorAll('*')].filter(e => {
      const s = getComputedStyle(e);
      return s.transitionDuration !== '0s' || s.animationName !== 'none' || s.scrollBehavior !== 'auto';
    }).length"""
    assert visit(page, "/estilo/").evaluate(moving) == 0


def test_print_keeps_the_text_and_drops_the_rest(page):
    visit(page, "/estilo/").emulate_media(media="print")
    for selector in (".site-nav", ".help-block", "main form"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator(".stub__reference").first.is_visible()


def test_print_is_dark_on_light_whatever_the_theme(page):
    visit(page, "/mi-cuenta/").get_by_role("button", name="oscuro").click()
    page.wait_for_load_state()
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 37, 39)"


def test_first_visit_is_light(page):
    bodies = []
    page.on("response", lambda response: bodies.append((response.url, response.body())))
    visit(page, "/mi-cuenta/")
    page.wait_for_load_state("networkidle")
    weight = sum(len(gzip.compress(body)) for _, body in bodies)
    assert len(bodies) <= 6, [url for url, _ in bodies]
    assert weight <= 30_000, weight


def test_my_account_searches_without_scripts(page_without_js):
    page = visit(page_without_js, "/mi-cuenta/")
    page.get_by_label("Buscar en la documentación").last.fill("contraseña")
    page.get_by_role("button", name="Buscar").click()
    assert re.search(r"/documentacion/buscar/\?q=contrase%C3%B1a$", page.url)
