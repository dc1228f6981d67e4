"""Take the pictures of the README from a demo desk: `make screenshots`."""

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.desk import ROOT, Desk
from helpdesk.tests.browser import chromium_path

FOLDER = ROOT / "docs"


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="helpdesk-pictures-") as folder, Desk(folder, DEMO="1") as desk:
        desk.manage("load_demo")
        desk.ask("from tickets import examination; examination.examine_due()")
        desk.start_web()
        login = json.loads((Path(folder) / "staff_login").read_text())
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
            page = browser.new_page(locale="es-ES", viewport={"width": 1280, "height": 860})
            page.goto(f"{desk.address}/mi-cuenta/")
            take(page, "mi-cuenta")
            page.goto(f"{desk.address}/admin/")
            page.locator("[name=username]").fill(login["username"])
            page.locator("[name=password]").fill(login["password"])
            page.locator("[type=submit]").click()
            page.goto(f"{desk.address}/admin/tickets/ticket/")
            take(page, "tickets")
            browser.close()
    return 0


def take(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
