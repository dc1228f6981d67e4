"""Nothing of the search is kept in a process: what one stores the other finds at its next question."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

ASK = """
import sys
from docs_kb.search import search
for line in sys.stdin:
    print([hit.article.slug for hit in search(line.strip()).hits], flush=True)
"""
STORE = """
from docs_kb import publishing
from docs_kb.models import Article, Category, Synonym
category = Category.objects.create(name="Correo", slug="correo")
article = Article(title="No recibo correos", slug="no-recibo", category=category, status="published")
publishing.save_article(article=article)
publishing.save_synonym(synonym=Synonym(words="plastiquillo, correos"))
"""
EDIT = """
from docs_kb import publishing
from docs_kb.models import Article
article = Article.objects.get()
article.title = "Mi zanahoria"
publishing.save_article(article=article)
"""


def test_search_in_another_process_finds_an_edit_at_its_next_question(tmp_path):
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"DATA_DIR": str(tmp_path), "ENV_FILE": os.devnull}
    options = {"cwd": settings.BASE_DIR, "env": environment, "text": True}

    def manage(*arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], check=True, **options)

    manage("migrate", "--verbosity", "0")
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", ASK]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options) as other:

        def ask(query: str) -> str:
            print(query, file=other.stdin, flush=True)
            return other.stdout.readline().strip()

        assert ask("correos") == "[]"
        manage("shell", "--no-imports", "--command", STORE)
        assert ask("correos") == "['no-recibo']"
        assert ask("plastiquillo") == "['no-recibo']"
        manage("shell", "--no-imports", "--command", EDIT)
        assert (ask("zanahoria"), ask("correos")) == ("['no-recibo']", "[]")
