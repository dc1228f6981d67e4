import pytest

from docs_kb import publishing
from docs_kb.markup import MarkupRefused
from docs_kb.models import Article, Redirect, SearchDocument, Section, Synonym, VocabularyTerm
from docs_kb.search import search
from docs_kb.tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return [hit.article.slug for hit in search(query).hits]


def vocabulary() -> dict:
    return {(t.kind, t.term): (t.articles, t.heads) for t in VocabularyTerm.objects.filter(articles__gt=0)}


def test_save_article_stores_html_contents_and_reading_time():
    article = make_article(body="## Uno\n\n" + "palabra " * 500 + "\n\n## Dos")
    article.refresh_from_db()
    assert '<h2 id="s-uno">Uno</h2>' in article.body_html
    assert [entry["text"] for entry in article.toc] == ["Uno", "Dos"]
    assert article.reading_minutes == 3
    assert article.published_at


def test_published_article_is_found_by_the_next_search():
    article = make_article("Crear un buzón")
    assert found("buzones") == [article.slug]


def test_edited_article_is_found_by_its_new_words_only():
    article = make_article("Crear un buzón", body="Pasos")
    dated = article.published_at
    article.title = "Crear un subdominio"
    publishing.save_article(article=article)
    assert article.published_at == dated
    assert found("subdominio") == [article.slug]
    assert found("buzón") == []


@pytest.mark.parametrize("status", [Article.Status.DRAFT, Article.Status.IN_REVIEW, Article.Status.ARCHIVED])
def test_unpublished_article_is_never_found(status):
    make_article("Crear un buzón", status=status)
    assert found("buzón") == []


def test_archived_article_leaves_the_index():
    article = make_article("Crear un buzón")
    publishing.archive(article=article)
    assert found("buzón") == []
    assert not SearchDocument.objects.exists()


def test_deleted_article_leaves_index_and_vocabulary():
    before = vocabulary()
    article = make_article("Crear un buzón", body="Pasos del panel", keywords="casilla")
    publishing.delete_articles(articles=[article])
    assert found("buzón") == []
    assert vocabulary() == before


def test_vocabulary_counts_stay_exact_over_edits():
    first = make_article("Crear un buzón", body="El panel")
    make_article("Vaciar el buzón", body="El panel")
    once = vocabulary()
    first.title = "Otra cosa"
    publishing.save_article(article=first)
    first.title = "Crear un buzón"
    publishing.save_article(article=first)
    assert vocabulary() == once


def test_refused_text_stores_nothing():
    article = make_article("Crear un buzón")
    article.title, article.body = "Otro", "[" * 20_000
    with pytest.raises(MarkupRefused):
        publishing.save_article(article=article)
    article.refresh_from_db()
    assert article.title == "Crear un buzón"
    assert found("buzón") == [article.slug]


def test_synonym_counts_from_the_next_search_on():
    article = make_article("Crear un buzón")
    assert found("cajetilla") == []
    synonym = publishing.save_synonym(synonym=Synonym(words="buzón, cajetilla"))
    assert found("cajetilla") == [article.slug]
    synonym.words = "buzón, casilla"
    publishing.save_synonym(synonym=synonym)
    assert (found("casilla"), found("cajetilla")) == ([article.slug], [])
    assert "cajetilla" not in synonym.occurring_words.values_list("term", flat=True)


def test_renamed_article_leaves_its_address_behind_until_it_is_in_use_again():
    article = make_article(slug="a")
    redirects = Redirect.objects.filter(kind=Redirect.Kind.ARTICLE).values_list("slug", "article__slug")
    for slug, leads in (("b", [("a", "b")]), ("a", [("b", "a")])):
        article.slug = slug
        publishing.save_article(article=article)
        assert list(redirects.all()) == leads
    other = Article(title="Otra", slug="b", category=article.category, body="Texto")
    publishing.save_articles(new=[publishing.prepare(article=other)], changed=[])
    assert not redirects.exists()


def category_redirects() -> dict:
    rows = Redirect.objects.filter(kind=Redirect.Kind.CATEGORY).select_related("category")
    return {row.slug: row.category.slug for row in rows}


def test_renamed_topic_leaves_its_address_behind():
    category = make_category(slug="correo")
    category.slug = "buzones"
    publishing.save_category(category=category)
    assert category_redirects() == {"correo": "buzones"}
    category.slug = "correo"
    publishing.save_category(category=category)
    assert category_redirects() == {"buzones": "correo"}


def test_merged_topic_gives_everything_and_leads_on():
    old, new = make_category("Buzones", slug="buzones"), make_category("Correo", slug="correo")
    old.slug = "casillas"
    publishing.save_category(category=old)
    shared, own = (Section.objects.create(category=old, name=n, slug=n.lower()) for n in ("Alta", "Baja"))
    known = Section.objects.create(category=new, name="Alta", slug="alta", position=4)
    articles = [make_article(f"Guía {n}", category=old, section=s) for n, s in enumerate((shared, own, None))]
    assert publishing.merge_categories(categories=[old, new], into=new) == 3
    for article, section in zip(articles, (known, own, None), strict=True):
        article.refresh_from_db()
        assert (article.category, article.section) == (new, section)
        assert article.revisions.first().note == "De «Buzones» a «Correo»"
    assert [s.name for s in new.sections.all()] == ["Alta", "Baja"]
    assert category_redirects() == {"buzones": "correo", "casillas": "correo"}
    assert [hit.article.category for hit in search("guía").hits] == [new] * 3


def test_text_saved_after_its_article_was_deleted_is_a_conflict():
    article = make_article()
    Article.objects.filter(pk=article.pk).delete()
    with pytest.raises(publishing.EditConflict) as conflict:
        publishing.save_article(article=article, expected_version=1)
    assert conflict.value.latest is None
    assert not Article.objects.exists()


def test_many_articles_are_deleted_some_at_a_time(monkeypatch):
    monkeypatch.setattr(publishing, "AT_ONCE", 2)
    articles = [make_article(f"Zepelín {number}") for number in range(5)]
    assert publishing.delete_articles(articles=articles[1:]) == 4
    assert [hit.article for hit in search("zepelin").hits] == articles[:1]
    assert list(Article.objects.all()) == articles[:1]
