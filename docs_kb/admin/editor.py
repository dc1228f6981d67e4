"""The page on which staff write an article, and what its buttons do.

Whatever happens (an error, a file, somebody else's save), what was typed comes back.
"""

from copy import copy
from dataclasses import dataclass, field

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from docs_kb import article_files, markup, outcomes, proofreading, publishing, revisions
from docs_kb.admin import form_files
from docs_kb.admin.access import article_to_change, article_to_see, require
from docs_kb.admin.article_form import HORIZON, ArticleForm
from docs_kb.dates import clock, date_time, moment
from docs_kb.models import Article, ArticleFile, ArticleRevision
from docs_kb.ordering import put_last

Status = Article.Status
SAVE, DRAFT, REVIEW, PUBLISH, SCHEDULE, UNSCHEDULE, ARCHIVE = ACTS = (
    "save",
    "draft",
    "review",
    "publish",
    "schedule",
    "unschedule",
    "archive",
)
# The buttons at the foot, by the state that the article is in; the first is what Enter does.
BUTTONS = {
    Status.DRAFT: [
        (SAVE, "Guardar borrador"),
        (REVIEW, "Enviar a revisión"),
        (PUBLISH, "Publicar"),
    ],
    Status.IN_REVIEW: [
        (SAVE, "Guardar cambios"),
        (PUBLISH, "Publicar"),
        (DRAFT, "Devolver a borrador"),
    ],
    Status.PUBLISHED: [
        (SAVE, "Guardar cambios"),
        (DRAFT, "Retirar y pasar a borrador"),
    ],
    Status.ARCHIVED: [
        (SAVE, "Guardar cambios"),
        (PUBLISH, "Publicar de nuevo"),
        (DRAFT, "Pasar a borrador"),
    ],
}
LEADS_TO = {
    DRAFT: Status.DRAFT,
    REVIEW: Status.IN_REVIEW,
    PUBLISH: Status.PUBLISHED,
    ARCHIVE: Status.ARCHIVED,
}
TONES = {
    Status.DRAFT: "closed",
    Status.IN_REVIEW: "yours",
    Status.PUBLISHED: "done",
    Status.ARCHIVED: "closed",
}


@dataclass(frozen=True)
class Noted:
    """Something that the proofreader found: `level` is "error" or "warning", `place` the words that it is
    about, `field` where these stand."""

    level: str
    text: str
    place: str
    field: str


@dataclass
class Returned:
    """Why the page came back instead of being saved, and what it has to show for it."""

    act: str = SAVE
    findings: list[Noted] = field(default_factory=list)
    is_checked: bool = False
    conflict: str = ""
    difference: list = field(default_factory=list)
    theirs: ArticleRevision | None = None
    notice: str = ""
    is_about_files: bool = False
    status: int = 422

    @property
    def errors(self) -> list:
        return [finding for finding in self.findings if finding.level == "error"]

    @property
    def blocks(self) -> bool:
        """Whether errors in the text kept it from being published."""
        return self.status == 422 and bool(self.errors)

    @property
    def their_name(self) -> str:
        return f"Versión {self.theirs.number}, {self.theirs.author_name or self.theirs.note or 'guardada'}"


def new(request: HttpRequest) -> HttpResponse:
    """An article that is not stored yet; the address may bring words for it («?title=…&body=…»)."""
    require(request, "add_article")
    if request.method == "POST":
        return _answer(request, None)
    given = {
        name: request.GET[name] for name in ("title", "body", "keywords", "category") if name in request.GET
    }
    return _page(request, None, ArticleForm(instance=Article(), initial=given))


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A stored article to change, or to look at; «?version=3» brings the words of an earlier version."""
    if request.method != "POST":
        article = article_to_see(request, pk)
        return _page(
            request, article, ArticleForm(instance=copy(article), initial=_earlier(request, article))
        )
    require(request, "change_article")
    if not Article.objects.filter(pk=pk).exists():
        return _gone(request)
    return _answer(request, article_to_change(request, pk))


def _earlier(request: HttpRequest, article: Article) -> dict:
    number = request.GET.get("version", "")
    if not (number.isascii() and number.isdecimal()):
        return {}
    revision = article.revisions.filter(number=int(number[:9])).first()
    if revision is None:
        return {}
    return {name: getattr(revision, name) for name in ("title", "summary", "body", "keywords")} | {
        "note": f"Restaurada la versión {revision.number}"
    }


def _answer(request: HttpRequest, article: Article | None) -> HttpResponse:
    data, act = request.POST, request.POST.get("act")
    if "overwrite" in data:
        data = data.copy()
        act, _, data["version"] = data["overwrite"].partition(" ")
    form = ArticleForm(data, instance=copy(article) if article else Article())
    if "add_file" in request.POST:
        return _add_file(request, article, form)
    if "remove_file" in request.POST:
        return _remove_file(request, article, form)
    if act == "proofread":
        form.shown()
        findings = check(form.instance)
        form.errors.clear()
        return _page(request, article, form, Returned(findings=findings, is_checked=True, status=200))
    return _save(request, article, form, act if act in ACTS else SAVE)


def _save(request: HttpRequest, article: Article | None, form: ArticleForm, act: str) -> HttpResponse:
    """Store what was written in the state that the button says, unless something speaks against it."""
    form_files.describe(request, article, form)
    if not form.is_valid() or not _is_schedulable(article, form, act):
        return _page(request, article, form, Returned(act))
    draft = form.instance
    dropped = _settle_state(draft, article, act)
    findings = check(draft) if draft.is_published() or is_scheduled(draft) else []
    if any(finding.level == "error" for finding in findings):
        return _page(request, article, form, Returned(act, findings=findings, is_checked=True))
    try:
        _store(request, article, form)
    except publishing.EditConflict as conflict:
        return _conflict(request, article, form, act, conflict.latest)
    _say(request, draft, act, findings, dropped)
    return redirect("admin:docs_kb_article_change", draft.pk)


@transaction.atomic
def _store(request: HttpRequest, article: Article | None, form: ArticleForm) -> None:
    draft = form.instance
    publishing.save_article(
        article=draft,
        author=request.user,
        note=form.cleaned_data["note"],
        expected_version=form.cleaned_data["version"] if article else None,
    )
    if article is None or (article.category_id, article.section_id) != (draft.category_id, draft.section_id):
        put_last(draft)
    draft.related.set(form.cleaned_data["related"])
    carried = ArticleFile.objects.filter(
        uploaded_by=request.user, key__in=form_files.carried_keys(request.POST.get("files", ""))
    )
    article_files.claim(article=draft, keys=carried.values_list("key", flat=True))
    LogEntry.objects.log_actions(
        request.user.pk,
        [draft],
        CHANGE if article else ADDITION,
        f"Versión {draft.version}",
        single_object=True,
    )


def check(article: Article) -> list[Noted]:
    """What the proofreader says, errors first."""
    return [
        Noted(finding.level, finding.text, finding.place, _field_of(finding.place, article))
        for finding in proofreading.proofread(article=article)
    ]


def _field_of(words: str, article: Article) -> str:
    start = words.rstrip("…")
    return next((name for name in ("title", "summary") if start in getattr(article, name)), "body")


def is_scheduled(article: Article) -> bool:
    return article.status == Status.IN_REVIEW and article.publish_at is not None


def _is_schedulable(article: Article | None, form: ArticleForm, act: str) -> bool:
    """Whether a date to publish at makes sense where the button needs one; says so when not."""
    at = form.cleaned_data["publish_at"]
    is_kept = act == SAVE and article is not None and is_scheduled(article)
    if act != SCHEDULE and not is_kept:
        return True
    if at is None:
        form.add_error("publish_at", "Escribe el día y la hora en que se publicará")
    elif at <= timezone.now() and not (is_kept and at == article.publish_at):
        form.add_error("publish_at", "Esa hora ya ha pasado. Escribe otra o publica ahora")
    elif at > timezone.now() + HORIZON and not (is_kept and at == article.publish_at):
        form.add_error("publish_at", "Elige un día de los próximos dos años")
    return form.is_valid()


def _settle_state(draft: Article, article: Article | None, act: str) -> bool:
    """Give the draft the state of the button; True when a date was typed that nothing was done with."""
    typed = draft.publish_at
    if act == SCHEDULE:
        draft.status = Status.IN_REVIEW
        return False
    draft.status = LEADS_TO.get(act, draft.status)
    if act != SAVE or article is None or not is_scheduled(article):
        draft.publish_at = None
    return typed is not None and draft.publish_at is None and act in (SAVE, DRAFT, REVIEW)


def _say(request: HttpRequest, article: Article, act: str, findings: list, dropped: bool) -> None:
    said = {
        DRAFT: "Guardado como borrador.",
        REVIEW: "Enviado a revisión.",
        PUBLISH: "Publicado: los clientes ya pueden leerlo.",
        UNSCHEDULE: "Programación cancelada.",
        ARCHIVE: "Archivado: los clientes ya no lo encuentran.",
    }
    if is_scheduled(article) and act in (SCHEDULE, SAVE):
        messages.success(request, f"Guardado. Se publicará el {date_time(article.publish_at)}.")
    else:
        messages.success(request, said.get(act, "Cambios guardados."))
    if dropped:
        messages.warning(
            request, "La fecha escrita no se ha programado: usa el botón «Programar la publicación»."
        )
    if warnings := len(findings):
        text = ngettext("Hay %d aviso del texto.", "Hay %d avisos del texto.", warnings) % warnings
        messages.warning(request, f"{text} Están junto al editor.")


def _conflict(
    request: HttpRequest, article: Article, form: ArticleForm, act: str, theirs: ArticleRevision | None
) -> HttpResponse:
    """Somebody saved meanwhile: both texts side by side, and the choice. The form keeps the version that its
    author had: only the notice's own button, which names theirs, saves over it."""
    if theirs is None:
        return _gone(request)
    difference = revisions.compare(theirs, form.instance)
    is_own = theirs.author_id == request.user.pk and not difference
    if is_own and not {*form.changed_data}.difference(["version", "note"]):
        return redirect("admin:docs_kb_article_change", article.pk)  # the same form, sent twice
    who = theirs.author_name or theirs.note or "Alguien"
    is_today = timezone.localdate(theirs.created_at) == timezone.localdate()
    when = f"a las {clock(theirs.created_at)}" if is_today else f"({moment(theirs.created_at)})"
    returned = Returned(
        act,
        conflict=f"{who} guardó otra versión {when} mientras escribías. Compárala y decide.",
        difference=difference,
        theirs=theirs,
        status=409,
    )
    return _page(request, article_to_see(request, article.pk), form, returned)


def _gone(request: HttpRequest) -> HttpResponse:
    """The article was deleted meanwhile: its text becomes a new one's."""
    require(request, "add_article")
    form = ArticleForm(request.POST, instance=Article())
    form.errors.clear()
    notice = "Alguien ha borrado este artículo mientras escribías. Si lo guardas, será uno nuevo."
    return _page(request, None, form, Returned(notice=notice, status=409))


def _add_file(request: HttpRequest, article: Article | None, form: ArticleForm) -> HttpResponse:
    """Without scripts: take the file and bring the form back."""
    require(request, "add_articlefile")
    form.errors.clear()
    form.data = form.data.copy()
    returned = Returned(status=200, is_about_files=True)
    try:
        file = form_files.take(request, article)
    except article_files.Refused as refused:
        form.add_error(None, str(refused))
        returned.status = 422
    else:
        returned.notice = (
            f"«{file.name}» se ha añadido. Copia lo que hay bajo «Para el texto» adonde quieras que esté."
        )
        form.data["new_alt"] = ""
        if article is None:
            form.data["files"] = " ".join([*form_files.carried_keys(request.POST.get("files", "")), file.key])
    return _page(request, article, form, returned)


def _remove_file(request: HttpRequest, article: Article | None, form: ArticleForm) -> HttpResponse:
    """Take a file out, unless the text as it is typed, or a stored one, still shows it."""
    require(request, "delete_articlefile")
    form.errors.clear()
    key = request.POST["remove_file"]
    file = next((file for file in form_files.files_of(request, article) if file.key == key), None)
    if file is None:
        return _page(
            request,
            article,
            form,
            Returned(notice="Ese archivo ya no estaba.", is_about_files=True, status=200),
        )
    try:
        if key in markup.file_keys(request.POST.get("body", "")):
            raise article_files.Refused(
                f"«{file.name}» sigue en el texto. Quítalo de ahí y bórralo después", "shown"
            )
        article_files.delete(file=file)
    except article_files.Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, article, form, Returned())
    return _page(
        request,
        article,
        form,
        Returned(notice=f"«{file.name}» se ha borrado.", is_about_files=True, status=200),
    )


def _page(
    request: HttpRequest, article: Article | None, form: ArticleForm, returned: Returned | None = None
) -> HttpResponse:
    """The editor with everything beside it."""
    can_change = request.user.has_perm(f"docs_kb.{'change' if article else 'add'}_article")
    if not can_change:
        form.disable()
    status = Status(article.status if article else Status.DRAFT)
    came_back = returned or Returned(status=200)
    is_checked = came_back.is_checked
    came_of_it = outcomes.of(article) if article else None
    carried = form_files.carried_keys(form.data.get("files", "") if form.is_bound else "")
    context = admin.site.each_context(request) | {
        "title": article.title if article else "Artículo nuevo",
        "opts": Article._meta,
        "article": article,
        "form": form,
        "returned": came_back,
        "errors": bool(form.errors or came_back.conflict or came_back.blocks),
        "status": status,
        "tone": TONES[status],
        "is_scheduled": bool(article and is_scheduled(article)),
        "buttons": [{"act": act, "label": label} for act, label in BUTTONS[status]],
        "findings": came_back.findings if is_checked or not article else check(article),
        "is_checked": is_checked or bool(article),
        "blocks": came_back.blocks,
        "files": form_files.files_of(request, article, carried),
        "carried": " ".join(carried),
        "related": form.guides("related"),
        "replacement": form.guides("replacement"),
        "outcomes": came_of_it,
        "bars": _bars(came_of_it.days) if came_of_it else [],
        "latest": article.revisions.first() if article else None,
        "is_markdown": form.instance.body_format == Article.Format.MARKDOWN,
        "action": _address("change", article),
        "preview_address": _address("preview", article),
        "correction_address": _address("correction", article),
        "can_change": can_change,
        "can_delete": bool(article) and request.user.has_perm("docs_kb.delete_article"),
        "can_add_files": can_change and request.user.has_perm("docs_kb.add_articlefile"),
        "can_change_files": can_change and request.user.has_perm("docs_kb.change_articlefile"),
        "can_remove_files": can_change and request.user.has_perm("docs_kb.delete_articlefile"),
    }
    return render(request, "admin/docs_kb/article/editor.html", context, status=came_back.status)


def _bars(days: list[outcomes.Day]) -> list[dict]:
    """The visits of each day as a rectangle in a drawing of 280 by 40."""
    most = max((day.views for day in days), default=0) or 1
    heights = [round(38 * day.views / most) for day in days]
    return [
        {"x": 10 * number + 1, "y": 40 - max(height, 1), "height": max(height, 1)}
        for number, height in enumerate(heights)
    ]


def _address(noun: str, article: Article | None) -> str:
    if article:
        return reverse(f"admin:docs_kb_article_{noun}", args=[article.pk])
    return reverse("admin:docs_kb_article_add" if noun == "change" else f"admin:docs_kb_article_new_{noun}")
