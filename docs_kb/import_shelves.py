"""Topics and sections of an import: found by their slugs, stored when an article first needs them."""

from pathlib import Path

from django.utils.text import slugify

from docs_kb import front_matter
from docs_kb.article_sources import SLUG, Fields, Source, read_text
from docs_kb.exporting import CATEGORY_FILE
from docs_kb.front_matter import Refused
from docs_kb.models import Category, Section
from docs_kb.models.category import RESERVED_SLUGS

LONGEST_LIST = 300_000


def read_categories(folder: Path) -> list[dict]:
    """The entries of `categories.yaml` in the folder or beside it, in order; none without such a file.

    Raises Refused for a file that is there and makes no sense.
    """
    path = next((p for p in (folder / CATEGORY_FILE, folder.parent / CATEGORY_FILE) if p.exists()), None)
    if path is None:
        return []
    values = front_matter.load(read_text(path, folder=path.parent), longest=LONGEST_LIST)
    values = values.get("categories") if isinstance(values, dict) else values
    if not isinstance(values, list) or not all(isinstance(entry, dict) for entry in values):
        raise Refused("tiene que ser una lista de temas con «slug», «name» y «description»")
    return [_entry(entry) for entry in values]


def _entry(values: dict) -> dict:
    """One topic with what the list says of it. Raises Refused."""
    fields = Fields(values)
    slug = fields.line("slug", 80)
    if not SLUG.fullmatch(slug) or slug.lower() in RESERVED_SLUGS:
        raise Refused(f"la dirección «{slug}» no puede ser la de un tema")
    said = {"slug": slug, "sections": [_entry_of_section(values) for values in fields.items("sections")]}
    if name := fields.line("name", 80):
        said["name"] = name
    if "description" in values:
        said["description"] = fields.line("description", 200)
    if "position" in values:
        said["position"] = fields.number("position")
    return said


def _entry_of_section(values: object) -> dict:
    fields = Fields(values if isinstance(values, dict) else {})
    name, slug = fields.line("name", 80), fields.line("slug", 80)
    if not name or not SLUG.fullmatch(slug):
        raise Refused("cada apartado necesita «slug» y «name»")
    return {"name": name, "slug": slug, "position": fields.number("position")}


class Shelves:
    """Categories and sections by slug; a dry run stores none."""

    def __init__(self, entries: list[dict], *, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.entries = {entry["slug"]: {"position": n} | entry for n, entry in enumerate(entries, 1)}
        self.read()

    def read(self) -> None:
        """Find out what is stored, and give it what the list says of it."""
        self.categories = {category.slug: category for category in Category.objects.all()}
        self.sections: dict[int | None, list[Section]] = {}
        for section in Section.objects.order_by("position", "pk"):
            self.sections.setdefault(section.category_id, []).append(section)
        for category in list(self.categories.values()):
            self._describe(category)

    def category(self, source: Source) -> Category:
        """The topic of an article, stored."""
        category = self.categories.get(source.category_slug)
        if category is None:
            last = max([len(self.entries), *(known.position for known in self.categories.values())])
            category = Category(slug=source.category_slug, name=source.category_name, position=last + 1)
            self.categories[category.slug] = category
            category.save()
            self._describe(category)
        return category

    def section(self, category: Category, name: str) -> Section | None:
        """The section of that name, stored; none for no name."""
        slug = slugify(name)[:80]
        if not slug:
            return None
        known = self.sections.setdefault(category.pk, [])
        by_name = (section for section in known if section.name == name)
        by_slug = (section for section in known if section.slug == slug)
        section = next(by_name, None) or next(by_slug, None)
        if section is None:
            section = Section(category=category, slug=slug, name=name, position=len(known) + 1)
            section.save()
            known.append(section)
        return section

    def _describe(self, category: Category) -> None:
        """Give a stored topic and its sections what the list says of them."""
        entry = self.entries.get(category.slug, {})
        self._set(category, {key: entry[key] for key in ("name", "description", "position") if key in entry})
        known = {section.slug: section for section in self.sections.get(category.pk, [])}
        for values in entry.get("sections", []):
            section = known.get(values["slug"])
            if section is None:
                section = Section(category=category, slug=values["slug"])
                self.sections.setdefault(category.pk, []).append(section)
            self._set(section, values)

    def _set(self, shelf: Category | Section, values: dict) -> None:
        if any(getattr(shelf, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(shelf, name, value)
            if not self.dry_run:
                shelf.save()
