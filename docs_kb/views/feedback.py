"""Whether a guide was of use: the reader's answer, and what the guide shows of it.

The forms carry no token, so that reading a guide needs no cookie: the browser itself says where they were
born. The answer gives the reader a cookie and leads back to the guide, whose address says what to show.
"""

from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from docs_kb import feedback
from docs_kb.forms import ExplanationForm
from docs_kb.models import Article, ArticleFeedback
from docs_kb.origin_check import is_own_page
from docs_kb.throttle import Throttled, hit, network_of

VOTES_PER_HOUR = 60
ONE_YEAR = 365 * 24 * 60 * 60
UNSENT = 422
ANSWERS = {"yes": True, "no": False}
# What `?opinion=` may ask for, after an answer or by a link.
THANKS, EXPLAIN, CHANGE = "gracias", "motivo", "cambiar"


@dataclass(frozen=True)
class Opinion:
    """What a guide shows about its use: `ask` with its two buttons, `explain` with the form of reasons,
    `thanks` after an answer, `answered` for whoever answered before."""

    stage: Literal["ask", "explain", "thanks", "answered"]
    form: ExplanationForm | None = None


def opinion_state(request: HttpRequest, article: Article) -> Opinion:
    """What to show to this reader of an article. One query, none for who brings no cookie of an answer."""
    wanted = request.GET.get("opinion", "")
    if wanted == CHANGE:
        return Opinion("ask")
    if wanted == THANKS:
        return Opinion("thanks")
    voter = feedback.voter_of(request)
    answer = feedback.vote_of(article=article, voter=voter) if voter else None
    if wanted == EXPLAIN:
        return Opinion("explain", ExplanationForm(initial=_said(answer)))
    return Opinion("answered" if answer else "ask")


@csrf_exempt
@require_POST
def opinion(request: HttpRequest, category_slug: str, slug: str) -> HttpResponse:
    """Store a reader's «yes», «no», or what they found wrong, and go back to the guide."""
    if not is_own_page(request):
        raise PermissionDenied
    if throttled := hit("opinion", key=network_of(request), limit=VOTES_PER_HOUR):
        return _slow_down(request, throttled)
    articles = Article.objects.published().select_related("category")
    article = articles.filter(slug=slug).first() or get_object_or_404(articles, former_slugs__slug=slug)
    cookie = feedback.cookie_of(request) or feedback.new_cookie()
    voter = feedback.voter_for(cookie)
    if "answer" in request.POST:
        is_helpful = ANSWERS.get(request.POST["answer"])
        if is_helpful is None:
            raise BadRequest("neither yes nor no")
        feedback.vote(article=article, voter=voter, is_helpful=is_helpful)
        return _back(article, THANKS if is_helpful else EXPLAIN, cookie)
    form = ExplanationForm(request.POST)
    if not form.is_valid():
        context = {"nav": "docs", "article": article, "opinion": Opinion("explain", form)}
        return render(request, "docs_kb/opinion.html", context, status=UNSENT)
    feedback.explain(article=article, voter=voter, **form.cleaned_data)
    return _back(article, THANKS, cookie)


def _said(answer: ArticleFeedback | None) -> dict:
    return {"reason": answer.reason, "comment": answer.comment} if answer else {}


def _back(article: Article, stage: str, cookie: str) -> HttpResponse:
    """To the guide's place for opinions, with the reader's cookie, which goes to this guide alone."""
    address = article.get_absolute_url()
    response = redirect(f"{address}?opinion={stage}#opinion")
    response.set_cookie(
        feedback.COOKIE,
        cookie,
        max_age=ONE_YEAR,
        path=address,
        httponly=True,
        samesite="Lax",
        secure=settings.PRODUCTION,
    )
    return response


def _slow_down(request: HttpRequest, throttled: Throttled) -> HttpResponse:
    response = render(request, "429.html", {"retry_at": throttled.retry_at}, status=429)
    response.headers["Retry-After"] = str(throttled.retry_after)
    return response
