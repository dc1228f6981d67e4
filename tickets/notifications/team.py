"""The notices to the team: a line and a link each, for what the customer wrote is read in the admin."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from docs_kb import dates
from tickets import outbox
from tickets.models import Message, OutboxMessage, Survey, Ticket
from tickets.notifications import letters

STAFF_GROUPS = ("Agente", "Supervisión")
LEADS = ("Supervisión",)
SECOND_FACTOR_CHANGES = {
    "app_added": "Se ha añadido una aplicación de códigos a tu cuenta",
    "app_removed": "Se ha quitado la aplicación de códigos de tu cuenta",
    "passkey_added": "Se ha añadido una llave de acceso a tu cuenta",
    "passkey_removed": "Se ha quitado una llave de acceso de tu cuenta",
    "codes_made": "Se han creado códigos de recuperación nuevos para tu cuenta",
    "reset": "Se ha quitado el segundo factor de tu cuenta",
}


def customer_replied(message: Message) -> None:
    """A line for whoever has the ticket, or for the team while nobody has it."""
    assignee = message.ticket.assignee
    has_it = assignee and assignee.is_active and assignee.email
    _post("staff_answer", message.ticket, [assignee] if has_it else team(), about=message.pk, message=message)


def ticket_assigned(ticket: Ticket, to: User | None, by: User | None = None) -> None:
    """A line for whoever has got the ticket, unless they took it themselves."""
    if to is None or to == by or not (to.is_active and to.email):
        return
    _post("staff_assigned", ticket, [to], about=timezone.now().timestamp(), context={"by": by})


def rated_badly(survey: Survey) -> None:
    """A line for those who lead the team: a customer found it bad, and may say why."""
    when = survey.answered_at or timezone.now()
    _post(
        "staff_rated",
        survey.ticket,
        team(LEADS),
        about=f"{survey.pk}:{when.timestamp()}",
        context={"survey": survey},
    )


def second_factor_changed(user: User, change: str) -> None:
    """Tell one of the team what was done (a key of SECOND_FACTOR_CHANGES) to how they sign in, for it may
    have been somebody else."""
    if not user.email:
        return
    now = timezone.now()
    context = {
        "what": SECOND_FACTOR_CHANGES[change],
        "user": user,
        "at": dates.date_time(now),
        "admin_url": settings.SITE_URL + reverse("mfa_index"),
    }
    row = outbox.compose(
        kind="staff_factor",
        recipient=user.email,
        event_key=f"staff_factor:{user.pk}:{change}:{now.timestamp()}",
        **letters.rendered("staff_factor", context, has_help=False),
    )
    outbox.post([row], proven=proven_team([user]))


def new_ticket_rows(ticket: Ticket, message: Message, members: list[User]) -> list[OutboxMessage]:
    """A line for each: there is a ticket that nobody has."""
    return _rows("staff_new", ticket, members, about=message.pk, message=message)


def team(groups: tuple[str, ...] = STAFF_GROUPS) -> list[User]:
    """Everyone of these groups who can hear; those who take tickets, unless said."""
    members = User.objects.filter(is_active=True, is_staff=True, groups__name__in=groups)
    return list(members.filter(~Q(email="")).order_by("pk").distinct())


def proven_team(members: Iterable[User]) -> set[str]:
    """The team reads its mail: the limit for strangers is not for them."""
    return {user.email for user in members}


def _post(kind: str, ticket: Ticket, members: list[User], **how) -> None:
    outbox.post(_rows(kind, ticket, members, **how), proven=proven_team(members))


def _rows(
    kind: str,
    ticket: Ticket,
    members: list[User],
    *,
    about: object,
    message: Message | None = None,
    context: dict | None = None,
) -> list[OutboxMessage]:
    """The same line for each, under what they heard before of the ticket."""
    admin_url = settings.SITE_URL + reverse("admin:tickets_ticket_change", args=[ticket.pk])
    context = {"ticket": ticket, "admin_url": admin_url} | (context or {})
    texts = letters.rendered(kind, context, has_help=False)
    earlier = {} if kind in outbox.FIRST_KINDS else _earlier(ticket, members)
    return [
        outbox.compose(
            kind=kind,
            recipient=user.email,
            event_key=f"{kind}:{ticket.pk}:{about}:{user.pk}",
            ticket=ticket,
            message=message,
            headers=letters.thread(letters.mail_ids(earlier.get(user.email, []))),
            **texts,
        )
        for user in members
    ]


def _earlier(ticket: Ticket, members: list[User]) -> dict[str, list[OutboxMessage]]:
    """The ticket's notices to each of these, oldest first: one query."""
    rows = OutboxMessage.objects.filter(ticket=ticket, recipient__in=[user.email for user in members])
    found: dict[str, list[OutboxMessage]] = {}
    wanted = rows.order_by("created_at").select_related("carried_by")
    for row in wanted.only("recipient", "mail_id", "carried_by__mail_id"):
        found.setdefault(row.recipient, []).append(row)
    return found
