"""What travels with a customer's form besides its words: key, files, guides it showed, age and trap."""

import re
from functools import cached_property

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext_lazy as _

from docs_kb.models import Article
from docs_kb.throttle import Limit, Throttled, longest, over
from tickets import access, attachments
from tickets.guides import MOST_REMEMBERED
from tickets.lost_uploads import has_lost_upload
from tickets.models import Attachment

# A button that does not send the form: take a file along, out, or a line off; correct the address, or give
# another name; look for guides, say that they solved it, or that they did not after all; carry an answer that
# came too late to a new ticket.
DRAFT_BUTTONS = ("add", "remove", "drop", "use_address", "change", "guides", "solved", "undo", "carry")
TRAP = "website"
MINIMUM_SECONDS = 3
LOST_UPLOAD = _(
    "Un archivo no ha llegado: su nombre tiene letras que no entendemos. Cámbiale el nombre y súbelo otra vez"
)
TOO_MANY_UPLOADS = _("Han llegado demasiados archivos seguidos. Espera unos minutos y añádelos otra vez")

_ID = re.compile(r"[0-9]{1,18}")
_opened = TimestampSigner(salt="tickets.form")


class Submission:
    """One form on its way: opened, perhaps redrawn, and sent once under its key."""

    def __init__(
        self,
        *,
        form_key: str = "",
        opened: str = "",
        is_trapped: bool = False,
        suggested: list[int] | None = None,
        read: list[int] | None = None,
        warned: str = "",
    ) -> None:
        self.suggested = suggested or []
        self.read = read or []
        self.warned = warned  # the fingerprint of the secrets that were asked about
        self.form_key = attachments.clean_form_key(form_key)
        self.is_new = not form_key
        self.is_opened_here = _is_ours(opened)
        self.is_hasty = is_trapped or _is_younger_than(MINIMUM_SECONDS, opened)
        self._accepted: list[attachments.Accepted] = []
        self._was_too_full = False
        self.opened = opened if self.is_opened_here else _opened.sign("form")

    @classmethod
    def posted(cls, request: HttpRequest) -> "Submission":
        return cls(
            form_key=request.POST.get("form_key", ""),
            opened=request.POST.get("opened", ""),
            is_trapped=bool(request.POST.get(TRAP)),
            suggested=_ids(request.POST.getlist("suggested")),
            read=_ids(request.POST.getlist("read")),
            warned=request.POST.get("warned", "")[:64],
        )

    @cached_property
    def drafts(self) -> list[Attachment]:
        """What the redrawn form lists; read once everything that came is staged. A new form has none."""
        return [] if self.is_new else list(attachments.drafts(self.form_key))

    @property
    def is_nearly_full(self) -> bool:
        """Whether the page says where more files can go."""
        kept = [draft for draft in self.drafts if not draft.is_refused]
        return len(kept) >= settings.MAX_FILES - 1 or self._was_too_full

    def suggest(self, guides: list[Article]) -> None:
        """Take note of what the redrawn form shows."""
        self.suggested = _ids([*self.suggested, *(guide.pk for guide in guides)])

    def start_over(self) -> None:
        """Give the form a new key, and its files with it: the old key has made a ticket."""
        old, self.form_key = self.form_key, attachments.new_form_key()
        attachments.move_drafts(form_key=old, to=self.form_key)

    def judge_files(self, request: HttpRequest, form: Form) -> None:
        """Take out what was to be taken out, and hang on the form what is wrong with the files that came.

        The typed words are not judged while one of the small buttons was pressed.
        """
        if pressed_button(request):
            form.errors.clear()
        if key := request.POST.get("remove"):
            attachments.remove_draft(form_key=self.form_key, key=key)
        uploads = request.FILES.getlist("attachments")
        self._accepted, refusals = attachments.judge(form_key=self.form_key, uploads=uploads)
        self._was_too_full = any(refused.code in ("many", "total") for refused in refusals)
        errors = attachments.sentences(refusals) + ([LOST_UPLOAD] if has_lost_upload(request) else [])
        for sentence in errors:
            form.add_error("attachments", sentence)

    def keep_files(self, request: HttpRequest, form: Form, *, limits: list[Limit]) -> Throttled | None:
        """Stage what was judged good, whatever becomes of the form; counts it and the form together.

        A network that sends too many files reads so on the form. Returned is what else was too often.
        """
        uploads = [access.upload_limit(request)] if request.FILES.getlist("attachments") else []
        passed = over(uploads + limits)
        if any(throttled.scope == access.UPLOADS for throttled in passed):
            form.add_error("attachments", TOO_MANY_UPLOADS)
        else:
            attachments.keep(form_key=self.form_key, accepted=self._accepted)
        return longest(throttled for throttled in passed if throttled.scope != access.UPLOADS)


def _ids(values: list) -> list[int]:
    """The latest of these that can be ids, each once, oldest first."""
    numbers = [int(value) for value in reversed(values) if _ID.fullmatch(str(value))]
    return list(dict.fromkeys(numbers))[:MOST_REMEMBERED][::-1]


def pressed_button(request: HttpRequest) -> str:
    """The small button that brought the form only to be redrawn; empty when it is to be sent."""
    return next((name for name in DRAFT_BUTTONS if name in request.POST), "")


def token_refusal(request: HttpRequest) -> HttpResponse | None:
    """The page that refuses a POST without a good CSRF token, None when the token is good.

    For views that are exempt and redraw their form instead, so that nobody's text is dropped.
    """
    return CsrfViewMiddleware(lambda request: None).process_view(request, token_refusal, (), {})


def is_foreign(request: HttpRequest) -> bool:
    """Whether the browser says that another site wrote this form: its words are not redrawn."""
    origin = request.headers.get("Origin")
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin" or origin not in (None, own)


def _is_ours(opened: str) -> bool:
    try:
        _opened.unsign(opened)
    except BadSignature:
        return False
    return True


def _is_younger_than(seconds: int, opened: str) -> bool:
    """Whether a form was opened less than some seconds ago, or cannot say when. Load tests may hurry."""
    if not settings.RATE_LIMITS:
        return False
    try:
        _opened.unsign(opened, max_age=seconds)
    except SignatureExpired:
        return False
    except BadSignature:
        return True
    return True
