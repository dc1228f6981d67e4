"""A fixture for tests that store files, here and in the apps to the left."""

import pytest


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Stored files of one test are gone with it."""
    storage = settings.STORAGES["default"]
    options = storage["OPTIONS"] | {"location": tmp_path / "files"}
    settings.STORAGES = settings.STORAGES | {"default": storage | {"OPTIONS": options}}
