"""Signing in to Mi Cuenta with a mailed code: what ours adds to the library that keeps it in the session.

A code is eight characters of the reference's alphabet, lives ten minutes and five tries, in the browser that
asked for it. The session keeps a keyed digest of it, the outbox the code itself until it is sent. Whoever
asks for an address without tickets gets the same pages after the same work, and no mail.
"""

import secrets
import time
from datetime import UTC, datetime, timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from docs_kb.throttle import Limit, Throttled, client_address, hit_all, network_of
from tickets import notifications, outbox
from tickets.models import Requester, Ticket
from tickets.models.requester import normalise_address
from tickets.models.ticket import REFERENCE_ALPHABET

CODE_CHARACTERS = 8
RESEND_SECONDS = 60
PAUSE_SECONDS = 15 * 60
PAUSE = "sign_in_pause"
BACKEND = "tickets.sign_in.CustomerBackend"


class CustomerBackend(BaseBackend):
    """Customers, who have neither password nor rights; whoever joins the team is none here any more."""

    def get_user(self, user_id: int) -> User | None:
        customers = User.objects.select_related("requester").filter(requester__isnull=False)
        return customers.filter(pk=user_id, is_active=True, is_staff=False, is_superuser=False).first()


class CustomerAdapter(DefaultAccountAdapter):
    """The library's questions, answered for customers."""

    def generate_login_code(self) -> str:
        return new_code()

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """The one mail that the library may send is the code, through the outbox."""
        if template_prefix == "account/email/login_code":
            notifications.code(email, context["code"], expires_at(time.time()))

    def login(self, request: HttpRequest, user: User) -> None:
        """Under a new session key; a customer stays one until the session ends."""
        if not user.is_staff:
            user.backend = BACKEND
        super().login(request, user)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only the pages of this very site, without a host."""
        return is_own_address(url)

    def is_ajax(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("tickets:sign_in")


# --- The code ---------------------------------------------------------------------------------


def new_code() -> str:
    """A fresh code as it is mailed: «K7PM-4TQX»."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(CODE_CHARACTERS))
    return f"{letters[:4]}-{letters[4:]}"


def normalise_code(text: str) -> str:
    """What was typed, in upper case and without spaces, hyphens and the like."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def expires_at(asked_at: float) -> datetime:
    """When a code asked for then (seconds since 1970) ends."""
    return datetime.fromtimestamp(asked_at, UTC) + timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


def _digest(code: str) -> str:
    return salted_hmac("tickets.sign_in", normalise_code(code), algorithm="sha256").hexdigest()


# --- Asking for one ---------------------------------------------------------------------------


def too_many(request: HttpRequest, email: str) -> Throttled | None:
    """Five codes per address and twenty per network an hour; None: go on."""
    address = normalise_address(email)
    return hit_all([Limit("code-address", address, 5), Limit("code-network", network_of(request), 20)])


def ask(request: HttpRequest, email: str, *, next_address: str = "") -> "Pending":
    """Make a code for an address, in place of the one that this browser may have; mail it to a known one."""
    address = normalise_address(email)
    with transaction.atomic():
        found = Requester.objects.with_address(address).select_related("user")
        requester = found.select_for_update(of=("self",)).first()
        user = _user_of(requester) if _is_known(address) and _is_welcome(requester) else None
        process = LoginCodeVerificationProcess.initiate(request=request, user=user, email=address)
        if user is None:
            _work_for_nothing(address)
    process.state["code"] = _digest(process.code or new_code())
    process.state["next"] = next_address if is_own_address(next_address) else ""
    process.persist()
    return Pending(process)


def _is_known(address: str) -> bool:
    """Whether there is anything to see: the same that a new link would be sent for."""
    return Ticket.objects.genuine().of_address(address).exists()


def _is_welcome(requester: Requester | None) -> bool:
    """None where the first ticket of an address was stored a moment ago."""
    return requester is not None and (requester.user is None or requester.user.is_active)


def _user_of(requester: Requester) -> User:
    """The user behind a customer, made when they ask for their first code; one of the team is another."""
    user = requester.user
    if user is not None and not (user.is_staff or user.is_superuser):
        return user
    user = User(username=f"cliente-{requester.pk}-{secrets.token_hex(4)}", email=requester.email)
    user.set_unusable_password()
    user.save()
    requester.user = user
    requester.save(update_fields=["user"])
    return user


def _work_for_nothing(address: str) -> None:
    """What a known address costs, written and taken back: a clock tells the two from each other no better
    than the page does."""
    with outbox.rehearsal():
        notifications.code(address, new_code(), expires_at(time.time()))


# --- Giving it back ---------------------------------------------------------------------------


class Pending:
    """A code that this browser waits for."""

    def __init__(self, process: LoginCodeVerificationProcess) -> None:
        self._process = process
        self.email: str = process.state["email"]
        self.next_address: str = process.state.get("next", "")

    def is_for(self, email: str) -> bool:
        return self.email == normalise_address(email)

    @property
    def expires_at(self) -> datetime:
        return expires_at(self._process.state["at"])

    @property
    def has_expired(self) -> bool:
        return not self._process.is_valid()

    @property
    def tries_left(self) -> int:
        return self._process.max_attempts - self._process.state["failed_attempts"]

    @property
    def resend_in(self) -> int:
        """For how many seconds no other code may be asked for."""
        age = time.time() - self._process.state["at"]
        return max(0, round(RESEND_SECONDS - age))

    def is_right(self, code: str) -> bool:
        """Whether this is the code; one that is not costs a try. They are counted outside the session too, of
        which requests that come at once have a copy each."""
        state, life = self._process.state, settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
        is_over = hit_all([Limit("code-tries", state["code"], self._process.max_attempts, life)])
        is_same = constant_time_compare(_digest(code), state["code"])
        if is_same and self._process.user is not None and not is_over:
            return True
        while self._process.record_invalid_attempt():
            if not is_over:
                return False
        _pause(self._process.request)
        return False

    def finish(self, *, remember: bool, otherwise: str) -> HttpResponse:
        """Sign in under a new session key, for eight hours or thirty days, and go where it was asked from."""
        request, user = self._process.request, self._process.user
        Requester.objects.filter(user=user, verified_at=None).update(verified_at=timezone.now())
        response = self._process.finish(self.next_address or otherwise)
        request.session.set_expiry(settings.REMEMBERED_SECONDS if remember else settings.SESSION_COOKIE_AGE)
        return response


def pending(request: HttpRequest) -> Pending | None:
    """The code that this browser has asked for, perhaps expired; None without one."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return Pending(LoginCodeVerificationProcess(stage)) if stage and "code" in stage.state else None


def minutes_of_pause(request: HttpRequest) -> int:
    """For how many minutes this browser, after too many tries, gets no other code."""
    seconds = request.session.get(PAUSE, 0) - time.time()
    return max(0, -int(-seconds // 60))


def _pause(request: HttpRequest) -> None:
    request.session[PAUSE] = int(time.time()) + PAUSE_SECONDS


def is_own_address(address: str) -> bool:
    """Whether one may be sent on there: a page of ours, named without a host."""
    is_path = address.startswith("/") and address.isprintable()
    return is_path and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
