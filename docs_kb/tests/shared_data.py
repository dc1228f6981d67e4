"""The folder with real articles and judged queries, read where it exists and never copied."""

import os
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(os.environ.get("SHARED_DATA_DIR") or settings.BASE_DIR.parent / "shared" / "data")


def shared_file(name: str) -> Path:
    """A file or folder of the shared data; skips the test by name where it is not there."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"shared data not found: {path}")
    return path
