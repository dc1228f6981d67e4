"""Plain makers of articles for the tests of this app and of those to its left."""

import io
from itertools import count

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from docs_kb import publishing
from docs_kb.models import Article, Category

numbers = count(1)


def make_category(name: str = "Correo", **values) -> Category:
    values.setdefault("slug", f"tema-{next(numbers)}")
    return Category.objects.create(name=name, **values)


def make_article(title: str = "No recibo correos", **values) -> Article:
    values.setdefault("slug", f"guia-{next(numbers)}")
    values.setdefault("status", Article.Status.PUBLISHED)
    values.setdefault("body", "Primero esto.")
    if "category" not in values:
        values["category"] = Category.objects.first() or make_category()
    return publishing.save_article(article=Article(title=title, **values))


def picture_bytes(
    kind: str = "PNG", *, size: tuple[int, int] = (40, 30), mode: str = "RGB", color="teal", **options
) -> bytes:
    """An encoded picture of one colour."""
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, kind, **options)
    return file.getvalue()


def make_upload(name: str = "panel.png", content: bytes | None = None) -> SimpleUploadedFile:
    """A file as a browser sends it, a small PNG unless said."""
    return SimpleUploadedFile(name, picture_bytes() if content is None else content)


def make_author(username: str = "ana", **values) -> User:
    """Somebody of the team who writes; everything is allowed to them unless the test says otherwise."""
    values = {"first_name": username.capitalize(), "is_superuser": True} | values
    return User.objects.create_user(username, password="secreto", is_staff=True, **values)
