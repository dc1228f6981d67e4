"""Who walks the way of customer and staff, what they have in hand, and how they look at a page."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from bench.page import Form, Page
from bench.visitor import Answer, File, Visitor
from helpdesk.demo_pictures import draw_window

PATIENCE = 180  # seconds until the worker has sent a mail (two minutes after another) or examined a file
THINKING = 3.2  # seconds: who fills in the form faster than anybody could is asked to send it again
TICKETS, MAILS = "/admin/tickets/ticket/", "/admin/tickets/outboxmessage/"

Found = TypeVar("Found")


class Stumble(Exception):
    """A step that did not go as it should, in one sentence."""


class Login(NamedTuple):
    username: str
    password: str


@dataclass
class Walk:
    """Who walks, and what they have in hand by now."""

    address: str
    agent_login: Login
    editor_login: Login
    customer: Visitor = field(init=False)
    agent: Visitor = field(init=False)
    mark: str = field(default_factory=lambda: secrets.token_hex(4))
    form: Form | None = None  # the ticket form as it came back
    reference: str = ""
    link: str = ""  # path of the signed link
    desk_page: str = ""  # path of the ticket in the admin
    picture: str = ""  # path of the customer's file

    def __post_init__(self) -> None:
        self.customer, self.agent = Visitor(self.address), Visitor(self.address)

    @property
    def email(self) -> str:
        return f"lucia.{self.mark}@example.com"

    @property
    def words(self) -> dict[str, str]:
        """What each of them writes in this walk, in words that no other ticket has."""
        return {
            "question": f"No puedo entrar por FTP desde ayer: error 530, prueba {self.mark}-pregunta.",
            "follow_up": f"También me pasa desde el móvil, prueba {self.mark}-detalle.",
            "answer": f"Hemos restablecido el acceso por FTP, prueba {self.mark}-respuesta.",
            "note": f"El servidor tenía bloqueada su dirección, prueba {self.mark}-nota.",
        }

    @property
    def conversation(self) -> str:
        return f"/tickets/{self.reference}/"


# --- What every page is asked -----------------------------------------------------------------


def check(holds: object, sentence: str) -> None:
    if not holds:
        raise Stumble(sentence)


def customer_page(answer: Answer, status: int = 200) -> Page:
    """A page of the customer's side: its status, its policy, and the help block that closes it."""
    page = _sound_page(answer, status)
    block = page.first("section", **{"data-help-block": ""})
    ways = len(block.all("li")) if block else 0
    check(ways == 6, f"the page ends with {ways} ways to get help")
    return page


def staff_page(answer: Answer) -> Page:
    return _sound_page(answer, 200)


def _sound_page(answer: Answer, status: int) -> Page:
    check(answer.status == status, f"{answer.path} answered {answer.status}: {what_it_said(answer)}")
    page, path = Page.read(answer.text), answer.path
    policy = answer.headers.get("Content-Security-Policy", "")
    check("script-src 'self'" in policy and "unsafe" not in policy, f"{path} has the policy «{policy}»")
    check(page.first("html").attributes.get("lang", "").startswith("es"), f"{path} is not in Spanish")
    check(page.first("h1"), f"{path} has no heading")
    refused = [
        e.tag for e in page.walk() if "style" in e.attributes or any(a[:2] == "on" for a in e.attributes)
    ]
    check(not refused, f"{path} has attributes that the policy refuses: {refused}")
    return page


def what_it_said(answer: Answer) -> str:
    """The errors or the first words of a page, for whoever reads that the walk has failed."""
    if answer.location:
        return f"it leads to {answer.location}"
    page = Page.read(answer.body.decode(errors="replace"))
    for part in (page.first(class_="error-summary"), page.first(class_="errornote"), page.first("main")):
        if part and part.text:
            return part.text[:200]
    return page.text[:200]


def a_picture(answer: Answer) -> None:
    check(answer.status == 200, f"{answer.path} answered {answer.status}")
    kind = answer.headers.get("Content-Type", "")
    check(kind.startswith("image/") and len(answer.body) > 100, f"{answer.path} is no picture but {kind}")
    check("sandbox" in answer.headers.get("Content-Security-Policy", ""), f"{answer.path} has no policy")


def wait_for(look: Callable[[], Found], sentence: str) -> Found:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        check(time.monotonic() < deadline, f"{sentence} within {PATIENCE} s")
        time.sleep(0.3)
    return found


# --- Acts that several steps share ------------------------------------------------------------


def filled_in(walk: Walk, form: Form, **changes: str) -> dict[str, str]:
    """The words of the ticket form, by the labels that a customer reads."""
    words = {"name": "Lucía Prado", "email": walk.email, "description": walk.words["question"]} | changes
    return {
        form.name_under("Nombre completo"): words["name"],
        form.name_under("Correo electrónico"): words["email"],
        form.name_of("textarea"): words["description"],
    }


def screenshots(form: Form, *names: str) -> dict[str, list[File]]:
    """Pictures in a form's field for files."""
    return {
        form.name_of("file"): [(name, draw_window(name, ["530 Login failed"]), "image/png") for name in names]
    }


def open_link(walk: Walk, visitor: Visitor, link: str) -> Page:
    """Press the button of a mailed link; the conversation that it leads to."""
    form = customer_page(visitor.get(link)).form(to="")
    answer = visitor.post(link, form.fields)
    check(answer.status == 302, f"the link's button does not work: {what_it_said(answer)}")
    check(answer.location == walk.conversation, f"the link leads to {answer.location}")
    return customer_page(visitor.follow(answer))


def enter(visitor: Visitor, login: Login) -> None:
    """Sign in to the admin."""
    path = "/admin/login/"
    form = staff_page(visitor.get(path)).form(to=path)
    answer = visitor.post(path, form.fields | login._asdict() | {"next": "/admin/"})
    check(answer.status == 302, f"{login.username} cannot sign in: {what_it_said(answer)}")
    staff_page(visitor.follow(answer))


def ticket_page(walk: Walk) -> Page:
    return staff_page(walk.agent.get(f"{walk.desk_page}change/"))


def act(walk: Walk, noun: str, said: str, picture: str = "") -> Page:
    """Write something in the form of a noun on the ticket's page; the page afterwards."""
    form = ticket_page(walk).form(to=f"/{noun}/")
    files = screenshots(form, picture) if picture else {}
    return done(walk, form, {form.name_of("textarea"): walk.words[said]}, files)


def done(walk: Walk, form: Form, values: dict[str, str], files: dict[str, list[File]] | None = None) -> Page:
    """Send a form of the ticket's page; the page afterwards."""
    answer = walk.agent.fill(form, values, files)
    check(answer.status == 302, f"{form.action} was not taken: {what_it_said(answer)}")
    return staff_page(walk.agent.follow(answer))


# --- The mails, as the team sees them ---------------------------------------------------------


def mail_list(walk: Walk) -> str:
    """The words of the list of this ticket's mails."""
    return _mail_table(walk).text


def _mail_table(walk: Walk) -> Page:
    page = staff_page(walk.agent.get(f"{MAILS}?q={walk.reference}"))
    table = page.first("table", id="result_list")
    check(table, f"the list of mails shows none of {walk.reference}")
    return table


def sent_mails(walk: Walk, to: str) -> list[str]:
    """The addresses in the admin of the mails that have left for somebody, oldest first."""
    rows = [row for row in _mail_table(walk).all("tr") if to in row.text and "Enviado" in row.text]
    return [row.first("a").attributes["href"].split("?")[0] for row in reversed(rows)]


def mail_text(walk: Walk, path: str) -> str:
    """The text part of a mail."""
    text = staff_page(walk.agent.get(path)).first("pre")
    check(text, f"{path} does not show the mail's text")
    return text.raw_text


def link_in(walk: Walk, path: str) -> str:
    """The path of the signed link in a mail."""
    for word in mail_text(walk, path).split():
        if "/t/" in word and word.startswith("http"):
            return urlsplit(word).path
    raise Stumble("the mail shows no signed link: the walk needs a desk with DEMO=1")
