"""Files of a form that is not sent yet: each goes up by itself as soon as it is chosen, dropped or pasted.

The form's key, which nobody can guess and whose form we opened, says whose they are: a page that lies open
for hours, or whose session is gone, goes on.
"""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from docs_kb.file_types import Refused
from docs_kb.origin_check import is_own_page
from docs_kb.throttle import hit_all
from tickets import access, attachments
from tickets.lost_uploads import has_lost_upload
from tickets.models import Attachment
from tickets.views.private import private, slow_down
from tickets.views.redrawing import NOT_STORED, UNSENT
from tickets.views.submission import LOST_UPLOAD, TOO_MANY_UPLOADS, Submission

log = logging.getLogger(__name__)


@csrf_exempt  # the browser itself says that a page of ours sends it
@require_POST
@private
def uploads(request: HttpRequest) -> HttpResponse:
    """Take one file, take one out (`remove`), look at one again (`look`), or list them all.

    Answers with the rows of the list, or with a sentence about what is wrong.
    """
    submission = Submission.posted(request)
    if submission.is_new or not submission.is_opened_here or not is_own_page(request):
        return HttpResponse(status=403)
    try:
        if key := request.POST.get("remove"):
            attachments.remove_draft(form_key=submission.form_key, key=key)
            return HttpResponse(status=204)
        if key := request.POST.get("look"):
            return _row(request, attachments.drafts(submission.form_key).filter(key=key).first())
        files = request.FILES.getlist("attachments")
        if not files and not has_lost_upload(request):
            return _rows(request, submission)
        return _take(request, submission, files)
    except NOT_STORED:
        log.exception("A file could not be stored")
        return HttpResponse(status=503)


def _take(request: HttpRequest, submission: Submission, files: list) -> HttpResponse:
    if not files:
        return _refusal(request, LOST_UPLOAD)
    if throttled := hit_all([access.upload_limit(request)]):
        return slow_down(_refusal(request, TOO_MANY_UPLOADS), throttled)
    try:
        draft, is_new = attachments.stage_alone(form_key=submission.form_key, upload=files[0])
    except Refused as refused:
        return _refusal(request, refused.sentence, code=refused.code)
    access.remember_form(request, submission.form_key)
    return _row(request, draft, submission=submission, status=201 if is_new else 200)


def _row(
    request: HttpRequest, draft: Attachment | None, *, submission: Submission | None = None, status=200
) -> HttpResponse:
    if draft is None:
        return HttpResponse(status=404)
    context = {"file": draft, "submission": submission}
    return render(request, "tickets/_draft.html", context, status=status)


def _rows(request: HttpRequest, submission: Submission) -> HttpResponse:
    if submission.drafts:
        access.remember_form(request, submission.form_key)
    return render(request, "tickets/_drafts.html", {"submission": submission})


def _refusal(request: HttpRequest, sentence: str, *, code: str = "") -> HttpResponse:
    response = render(request, "tickets/_refusal.html", {"sentence": sentence}, status=UNSENT)
    response.headers["X-Refused"] = code
    return response
