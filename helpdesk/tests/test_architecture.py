"""The house keeps its shape: imports point one way, between apps and inside each."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

# helpdesk wires, contact carries, tickets converse, docs_kb answers. Arrows point only to the right.
APPS = ["helpdesk", "contact", "tickets", "docs_kb"]

# Inside an app: models <- domain modules <- forms <- views, admin and the other leaves.
MODELS, DOMAIN, FORMS, LEAVES = range(4)
LAYERS = {
    "models": MODELS,
    "forms": FORMS,
    "views": LEAVES,
    "admin": LEAVES,
    "urls": LEAVES,
    "tasks": LEAVES,
    "management": LEAVES,
    "sitemaps": LEAVES,
    "feeds": LEAVES,
    "context_processors": LEAVES,
    "templatetags": LEAVES,
}
OUTSIDE = {"migrations", "tests"}


def modules(app: str) -> list[Path]:
    """The shipped source files of an app: neither tests nor migrations."""
    root = Path(settings.BASE_DIR) / app
    return [path for path in sorted(root.rglob("*.py")) if not OUTSIDE & set(path.relative_to(root).parts)]


def imports(path: Path) -> set[str]:
    """Dotted names of our own apps that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] in APPS}


def layer(name: str) -> int:
    """The layer of a dotted name: `tickets.views.public` is a leaf, `tickets.outbox` domain."""
    parts = name.split(".")
    return LAYERS.get(parts[1], DOMAIN) if len(parts) > 1 else DOMAIN


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)


def outward(app: str) -> list[str]:
    """Imports of an app that point to the left."""
    allowed = APPS[APPS.index(app) :]
    return [
        f"{dotted(path)} imports {name}"
        for path in modules(app)
        for name in sorted(imports(path))
        if name.split(".")[0] not in allowed
    ]


def upward(app: str) -> list[str]:
    """Imports inside an app that climb from a layer to one above it."""
    found = []
    for path in modules(app):
        source = dotted(path)
        for name in sorted(imports(path)):
            if name.split(".")[0] == app and layer(name) > layer(source):
                found.append(f"{source} imports {name}")
    return found


@pytest.mark.parametrize("app", APPS)
def test_apps_import_only_to_the_right(app):
    assert outward(app) == []


@pytest.mark.parametrize("app", APPS[1:])
def test_modules_of_an_app_import_only_towards_its_models(app):
    assert upward(app) == []


def test_nobody_imports_the_composition_root():
    importers = {dotted(p) for app in APPS[1:] for p in modules(app) for n in imports(p) if "helpdesk" in n}
    assert importers == set()


def test_no_app_listens_to_signals():
    listeners = [
        dotted(path)
        for app in APPS
        for path in modules(app)
        if "signals" in path.read_text() or "django.dispatch" in path.read_text()
    ]
    assert listeners == []


def test_no_model_overrides_save():
    overrides = [
        f"{dotted(path)}: {node.name}"
        for app in APPS
        for path in modules(app)
        if layer(dotted(path)) == MODELS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(item, ast.FunctionDef) and item.name == "save" for item in node.body)
    ]
    assert overrides == []


def test_the_walk_sees_a_wrong_arrow(tmp_path, settings):
    (tmp_path / "docs_kb").mkdir()
    (tmp_path / "docs_kb" / "search.py").write_text("def f():\n    from tickets.models import Ticket\n")
    settings.BASE_DIR = tmp_path
    assert outward("docs_kb") == ["docs_kb.search imports tickets.models.Ticket"]


def test_the_walk_sees_a_climb(tmp_path, settings):
    (tmp_path / "tickets").mkdir()
    (tmp_path / "tickets" / "outbox.py").write_text("import tickets.views.public\n")
    settings.BASE_DIR = tmp_path
    assert upward("tickets") == ["tickets.outbox imports tickets.views.public"]
