import re

import pytest
from django.conf import settings as configured
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

from helpdesk.bundles import BUNDLES, BundleFinder, put_together, sources

STATIC = configured.BASE_DIR / "static"


@pytest.fixture
def two_behaviours(settings, tmp_path, monkeypatch):
    """A site of two small scripts, with its bundles in a folder of their own."""
    settings.BASE_DIR, settings.DATA_DIR = tmp_path, tmp_path / "var"
    monkeypatch.setattr("helpdesk.bundles.BUNDLES", {"js/site.js": ["hello", "goodbye"]})
    folder = tmp_path / "static" / "js"
    folder.mkdir(parents=True)
    (folder / "hello.js").write_text("const word = 'hola';\n")
    (folder / "goodbye.js").write_text("const word = 'adiós';\n")
    return folder


def test_bundle_follows_its_sources(two_behaviours):
    first = put_together("js/site.js").read_text()
    (two_behaviours / "hello.js").write_text("const word = 'buenas';\n")
    assert put_together("js/site.js").read_text() == first.replace("hola", "buenas")


def test_bundle_that_has_not_changed_is_not_written_again(two_behaviours):
    written_at = put_together("js/site.js").stat().st_mtime_ns
    assert put_together("js/site.js").stat().st_mtime_ns == written_at


def test_behaviours_of_a_bundle_share_no_names_and_no_fate(two_behaviours):
    assert re.findall(r"try \{\n(.*?)\n\} catch", put_together("js/site.js").read_text()) == [
        "const word = 'hola';",
        "const word = 'adiós';",
    ]


def test_source_that_is_not_there_is_named(two_behaviours):
    (two_behaviours / "hello.js").unlink()
    with pytest.raises(FileNotFoundError, match=r"hello\.js"):
        put_together("js/site.js")


@pytest.mark.parametrize("path", BUNDLES)
def test_sources_of_bundles_import_nothing(path):
    for source in sources(path):
        assert not re.search(r"^\s*(import|export|@import|@charset)\b", source.read_text(), re.M), source


def test_every_style_and_script_is_in_a_bundle_or_linked_by_a_page():
    bundled = {source for path in BUNDLES for source in sources(path)}
    texts = [page.read_text() for page in (configured.BASE_DIR / "templates").rglob("*.html")]
    texts += [script.read_text() for script in STATIC.glob("js/*.js")]
    for file in {*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")}:
        names = (f"'{file.parent.name}/{file.name}'", f'"./{file.name}"')
        assert file in bundled or any(name in text for name in names for text in texts), file


def test_no_page_of_customers_fetches_a_source_beside_its_bundle():
    templates = configured.BASE_DIR / "templates"
    bundled = {str(source.relative_to(STATIC)) for path in BUNDLES for source in sources(path)}
    for page in set(templates.rglob("*.html")) - set((templates / "admin").rglob("*.html")):
        linked = set(re.findall(r"\{% static '([^']+)' %\}", page.read_text()))
        assert not linked & bundled, page


def test_bundles_get_hashed_names_in_production(tmp_path):
    storage = ManifestStaticFilesStorage(location=tmp_path)
    found = {path: (bundles, path) for path, bundles in BundleFinder().list(None)}
    for path, (bundles, _) in found.items():
        with bundles.open(path) as file:
            storage.save(path, file)
    assert [error for *_, error in storage.post_process(found) if isinstance(error, Exception)] == []
    for path in BUNDLES:
        assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", storage.stored_name(path)), path
