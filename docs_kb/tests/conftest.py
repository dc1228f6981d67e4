"""What the tests of articles share."""

from docs_kb.tests.own_files import own_files

__all__ = ["own_files"]
