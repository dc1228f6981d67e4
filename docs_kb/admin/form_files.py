"""The files that come with the editor's form: taken, carried until the first save, described."""

from django.http import HttpRequest
from django.utils.html import format_html

from docs_kb import article_files
from docs_kb.admin.article_form import ArticleForm
from docs_kb.models import Article, ArticleFile


def take(request: HttpRequest, article: Article | None) -> ArticleFile:
    """Store the file of a form. Raises article_files.Refused."""
    upload = request.FILES.get("new_file")
    if upload is None:
        raise article_files.Refused("Elige un archivo", "empty")
    return article_files.store(
        upload=upload,
        article=article,
        alt_text=request.POST.get("new_alt", ""),
        is_decorative="new_decorative" in request.POST,
        by=request.user,
    )


def describe(request: HttpRequest, article: Article | None, form: ArticleForm) -> None:
    """Store the descriptions that changed in the list of files; the text that shows a picture with its former
    one gets the new one."""
    if not request.user.has_perm("docs_kb.change_articlefile"):
        return
    errors = []
    form.data = form.data.copy()
    for file in files_of(request, article):
        try:
            if _is_described_anew(request, file):
                form.data["body"] = form.data.get("body", "").replace(file.source, source_of(file, article))
        except article_files.Refused as refused:
            errors.append(str(refused))
    for sentence in errors:
        form.add_error(None, sentence)


def _is_described_anew(request: HttpRequest, file: ArticleFile) -> bool:
    """Whether a picture got another description. Raises article_files.Refused."""
    name = f"alt_{file.key}"
    if not file.is_picture or name not in request.POST:
        return False
    is_decorative = f"decorative_{file.key}" in request.POST
    alt_text = "" if is_decorative else article_files.clean_alt_text(request.POST[name])
    if (alt_text, is_decorative) == (file.alt_text, file.is_decorative):
        return False
    if not alt_text and not is_decorative:
        raise article_files.Refused(
            f"Describe «{file.name}» para quien no la ve, o marca que es decorativa", "alt"
        )
    file.alt_text, file.is_decorative = alt_text, is_decorative
    file.save(update_fields=["alt_text", "is_decorative"])
    return True


def carried_keys(text: str) -> list[str]:
    """The keys of files that were uploaded before the article's first save, as the form carries them."""
    return list(dict.fromkeys(article_files.KEY.findall(text)))


def files_of(
    request: HttpRequest, article: Article | None, carried: list[str] | None = None
) -> list[ArticleFile]:
    """The article's files, with those that wait for its first save."""
    keys = carried_keys(request.POST.get("files", "")) if carried is None else carried
    waiting = ArticleFile.objects.filter(article=None, uploaded_by=request.user, key__in=keys) if keys else []
    files = [*(article.files.all() if article else []), *waiting]
    for file in files:
        file.source = source_of(file, article)
    return files


def source_of(file: ArticleFile, article: Article | None) -> str:
    """What an author writes to have the file in the text: Markdown, or HTML where the article is."""
    if article is None or article.body_format == Article.Format.MARKDOWN:
        return article_files.markdown_for(file)
    if file.is_picture:
        return format_html('<img src="{}" alt="{}">', file.get_absolute_url(), file.alt_text)
    return format_html('<a href="{}">{}</a>', file.get_absolute_url(), file.name)
