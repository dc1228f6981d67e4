"""The steps of the walk, in order; each says in its first line what it has seen to be so."""

import re
import time
from collections.abc import Callable
from urllib.parse import quote

from bench.page import Page
from bench.visitor import Visitor
from bench.walker import (
    THINKING,
    TICKETS,
    Walk,
    a_picture,
    act,
    check,
    customer_page,
    done,
    enter,
    filled_in,
    link_in,
    mail_list,
    mail_text,
    open_link,
    screenshots,
    sent_mails,
    staff_page,
    ticket_page,
    wait_for,
    what_it_said,
)

SEARCHES = (  # as people type them, and the guide that helps
    ("contrasena olvidada", "recuperar-la-contrasena-del-panel"),
    ("se me ha olvidado la clave del panel y no puedo entrar", "recuperar-la-contrasena-del-panel"),
    ("no me entra el correo en el movil", "configurar-el-correo-en-iphone"),
)
SIX_WAYS = ["Documentación", "Ticket", "WhatsApp", "Teléfono", "Correo electrónico", "Chat en directo"]


# --- The customer finds help ------------------------------------------------------------------


def my_account(walk: Walk) -> None:
    """Mi Cuenta shows its three numbered steps"""
    page = customer_page(walk.customer.get("/mi-cuenta/"))
    steps = page.first("ol", class_="steps")
    headings = [heading.text for heading in steps.all("h3")] if steps else []
    check(len(headings) == 3, f"Mi Cuenta has the steps {headings}")
    for path in ("/documentacion/", "/tickets/nuevo/", "/contacto/"):
        check(path in page.links_to(path), f"Mi Cuenta does not lead to {path}")


def documentation(walk: Walk) -> None:
    """The documentation leads from its home to a topic and to a guide"""
    home = customer_page(walk.customer.get("/documentacion/"))
    topics = [path for path in home.links_to("/documentacion/") if path.count("/") == 3]
    topics = [path for path in topics if not path.startswith("/documentacion/buscar/")]
    check(topics, "the documentation has no topics")
    guides = customer_page(walk.customer.get(topics[0])).links_to(topics[0])
    guides = [path for path in guides if path != topics[0] and "?" not in path]
    check(guides, f"{topics[0]} has no guides")
    prose = customer_page(walk.customer.get(guides[0])).first(class_="prose")
    check(prose and len(prose.text) > 200, f"{guides[0]} has no text worth reading")


def search(walk: Walk) -> None:
    """The search forgives missing accents and understands other words"""
    for query, wanted in SEARCHES:
        page = customer_page(walk.customer.get(f"/documentacion/buscar/?q={quote(query)}"))
        results = page.first("ol", class_="result-list")
        hits = [link.attributes["href"] for link in results.all("a")] if results else []
        check(any(wanted in hit for hit in hits[:3]), f"«{query}» finds {hits[:3]}, not {wanted}")


def contact(walk: Walk) -> None:
    """Contact names the six ways, each with its state and its address"""
    page = customer_page(walk.customer.get("/contacto/"))
    ways = page.all("section", class_="channel")
    check([way.first("h2").text for way in ways] == SIX_WAYS, "contact does not name the six ways in order")
    for way in ways:
        check(way.first(class_="status"), f"{way.first('h2').text} does not say whether it is open")
    for start in ("https://wa.me/", "tel:", "mailto:", "/contacto/chat/"):
        check(page.links_to(start), f"contact has no link to {start}")


def chat(walk: Walk) -> None:
    """The chat says whether somebody is there, and what to do instead"""
    page = customer_page(walk.customer.get("/contacto/chat/"))
    sentence = page.first(**{"data-chat-sentence": ""})
    check(sentence and sentence.text, "the chat page has no sentence")
    if "nadie en el chat" in sentence.text:
        check("más tarde" in sentence.text, "the chat page does not say to look again later")
        page.link("Comprobar de nuevo")
    page.link("Abrir un ticket")


# --- The customer opens a ticket --------------------------------------------------------------


def refused_form(walk: Walk) -> None:
    """A form with a mistake comes back with its text and its file"""
    path = "/tickets/nuevo/"
    form = customer_page(walk.customer.get(path)).form(to=path)
    answer = walk.customer.fill(form, filled_in(walk, form, email="lucia@"), screenshots(form, "panel.png"))
    page = customer_page(answer, status=422)
    check(page.first(class_="error-summary"), "the form does not say what to review")
    form = page.form(to=path)
    check(form.fields[form.name_of("textarea")] == walk.words["question"], "the text is lost")
    check("panel.png" in form.element.text, "the file is lost")
    walk.form = form
    time.sleep(THINKING)


def sent_form(walk: Walk) -> None:
    """The mended form becomes a receipt with reference, deadline and all that was sent"""
    form = walk.form
    answer = walk.customer.fill(form, filled_in(walk, form), screenshots(form, "error.png"))
    check(answer.status == 302, f"the form was not taken: {what_it_said(answer)}")
    found = re.search(r"/tickets/([^/]+)/recibo/$", answer.location)
    check(found, f"the form leads to {answer.location}")
    walk.reference = found[1]
    page = customer_page(walk.customer.follow(answer))
    facts = page.first("dl", class_="stub__facts").text
    for words in ("Respuesta", walk.email, "panel.png", "error.png"):
        check(words in facts, f"the receipt does not say «{words}»")
    check(page.first(class_="stub__reference").text == walk.reference, "the receipt has no reference")
    check(walk.words["question"] in page.text, "the receipt does not repeat what was sent")
    customer_page(walk.customer.get(walk.conversation), status=403)


def sign_in(walk: Walk) -> None:
    """An agent signs in"""
    enter(walk.agent, walk.agent_login)


def receipt_mail(walk: Walk) -> None:
    """The receipt leaves by mail with a signed link, and the team is told"""
    [path] = wait_for(lambda: sent_mails(walk, to=walk.email), "the receipt was not sent")
    wait_for(lambda: "ticket nuevo" in mail_list(walk), "the team was not told of the ticket")
    walk.link = link_in(walk, path)


def framed_mail(walk: Walk) -> None:
    """The mail's HTML stands in a sandboxed frame, under a policy of its own"""
    page = staff_page(walk.agent.get(sent_mails(walk, to=walk.email)[0]))
    frame = page.first("iframe")
    check(frame and frame.attributes.get("sandbox") == "", "the mail is not in a sandboxed frame")
    answer = walk.agent.get(frame.attributes["src"])
    policy = answer.headers.get("Content-Security-Policy", "")
    check(answer.status == 200 and "sandbox" in policy, f"the frame has the policy «{policy}»")
    check("default-src 'none'" in policy and "script-src" not in policy, "the frame may load something")
    check(walk.link in answer.text, "the framed mail has no link")


# --- The customer follows it ------------------------------------------------------------------


def looked_at_link(walk: Walk) -> None:
    """To look at the link changes nothing, however often"""
    for _ in range(2):
        page = customer_page(walk.customer.get(walk.link))
        check(page.form(to="").element.first("button"), "the link's page has no button")
        check(walk.words["question"] not in page.text, "the link's page tells what the ticket says")
        customer_page(walk.customer.get(walk.conversation), status=403)


def opened_link(walk: Walk) -> None:
    """Its button opens the conversation"""
    page = open_link(walk, walk.customer, walk.link)
    check(walk.words["question"] in page.text, "the conversation does not show the question")


def own_file(walk: Walk) -> None:
    """The customer sees the screenshot once it is examined"""
    walk.picture = wait_for(
        lambda: next(iter(Page.read(walk.customer.get(walk.conversation).text).links_to("/archivos/")), ""),
        "the screenshot was not examined",
    )
    a_picture(walk.customer.get(walk.picture))


def follow_up(walk: Walk) -> None:
    """The customer answers with another file"""
    form = customer_page(walk.customer.get(walk.conversation)).form(to=f"{walk.conversation}respuesta/")
    words = {form.name_of("textarea"): walk.words["follow_up"]}
    answer = walk.customer.fill(form, words, screenshots(form, "movil.png"))
    check(answer.status == 302, f"the answer was not taken: {what_it_said(answer)}")
    page = customer_page(walk.customer.follow(answer))
    check(walk.words["follow_up"] in page.text, "the conversation does not show the answer")
    check("movil.png" in page.text, "the conversation does not show the answer's file")


# --- The team works on it ---------------------------------------------------------------------


def ticket_list(walk: Walk) -> None:
    """The team's list shows the ticket with its waiting time"""
    staff_page(walk.agent.get(TICKETS))
    page = staff_page(walk.agent.get(f"{TICKETS}?q={walk.reference}"))
    rows = [row for row in page.all("tr") if walk.reference in row.text]
    check(len(rows) == 1, f"{len(rows)} rows of the list show {walk.reference}")
    check(rows[0].first("td", class_="field-waiting"), "the list does not say how long the customer waits")
    walk.desk_page = rows[0].first("a").attributes["href"].split("?")[0].removesuffix("change/")


def read_ticket(walk: Walk) -> None:
    """An agent reads the conversation and sees the screenshots"""
    page = ticket_page(walk)
    for said in ("question", "follow_up"):
        check(walk.words[said] in page.text, f"the ticket does not show the {said}")
    for name in ("panel.png", "error.png", "movil.png"):
        check(name in page.text, f"the ticket does not show {name}")
    a_picture(walk.agent.get(walk.picture))
    wait_for(lambda: "respuesta" in mail_list(walk).lower(), "the team was not told of the answer")


def noted(walk: Walk) -> None:
    """An agent leaves an internal note"""
    page = act(walk, "nota", "note")
    check(walk.words["note"] in page.text, "the ticket does not show the note")


def assigned(walk: Walk) -> None:
    """An agent gives the ticket to a colleague"""
    form = ticket_page(walk).form(to="/asignacion/")
    choices = [option for option in form.element.all("option") if option.attributes.get("value")]
    check(choices, "there is nobody to give the ticket to")
    name, chosen = form.name_of("select"), choices[-1].attributes["value"]
    done(walk, form, {name: chosen})
    now = ticket_page(walk).form(to="/asignacion/").fields[name]
    check(now == chosen, f"the ticket is still with «{now}»")


def answered(walk: Walk) -> None:
    """An agent answers with a file, and the mail leaves"""
    page = act(walk, "respuesta", "answer", picture="solucion.png")
    check(walk.words["answer"] in page.text, "the ticket does not show the answer")
    wait_for(lambda: len(sent_mails(walk, to=walk.email)) == 2, "the answer was not sent by mail")


def resolved(walk: Walk) -> None:
    """An agent sets the ticket to «Resuelto»"""
    form = ticket_page(walk).form(to="/estado/")
    name, value = form.name_of("select"), form.option("Resuelto")
    done(walk, form, {name: value})
    check("Reabrir" in ticket_page(walk).text, "the team's page does not offer to reopen it")


# --- Who reads what ---------------------------------------------------------------------------


def read_answer(walk: Walk) -> None:
    """The customer reads the answer by its mail's link, from another computer, and never the note"""
    mails = sent_mails(walk, to=walk.email)
    texts = [mail_text(walk, path) for path in mails]
    check(any(walk.words["answer"] in text for text in texts), "no mail has the answer")
    check(not any(walk.words["note"] in text for text in texts), "a mail to the customer has the note")
    path = next(path for path, text in zip(mails, texts, strict=True) if walk.words["answer"] in text)
    page = open_link(walk, Visitor(walk.address), link_in(walk, path))
    for said in ("question", "follow_up", "answer"):
        check(walk.words[said] in page.text, f"the customer cannot read the {said}")
    check("solucion.png" in page.text, "the customer does not see the answer's file")
    check(page.first(class_="status").text == "Resuelto", "the customer does not see that it is resolved")
    check(walk.words["note"] not in page.text, "the customer reads the note")


def stranger(walk: Walk) -> None:
    """A stranger gets nothing, and a forged link opens nothing"""
    outsider = Visitor(walk.address)
    mail = sent_mails(walk, to=walk.email)[0]
    forged = walk.link[:-3] + ("AA" if walk.link[-3:-1] != "AA" else "BB") + "/"
    receipt = f"{walk.conversation}recibo/"
    for path in (walk.conversation, receipt, walk.picture, forged, f"{walk.desk_page}change/", mail):
        answer = outsider.get(path)
        check(answer.status in (302, 403, 404), f"{path} answers a stranger with {answer.status}")
        told = [name for name, words in walk.words.items() if words in answer.body.decode(errors="replace")]
        check(not told, f"{path} tells a stranger the {told}")
    form = customer_page(outsider.get("/tickets/nuevo/")).form(to="/tickets/nuevo/")
    answer = outsider.post(f"{walk.conversation}respuesta/", form.hidden | {"body": "x"}, {})
    check(answer.status == 403, f"a stranger's answer gets {answer.status}")


def edited(walk: Walk) -> None:
    """The team edits a guide, a channel and the opening hours"""
    editor = Visitor(walk.address)
    enter(editor, walk.editor_login)
    for name in ("docs_kb/article", "contact/channel", "tickets/schedule"):
        rows = staff_page(editor.get(f"/admin/{name}/")).first("table", id="result_list")
        pages = [a.attributes["href"] for a in rows.all("a") if "/change/" in a.attributes["href"]]
        path = pages[0].split("?")[0]
        page = staff_page(editor.get(path))
        form = page.form(to=path) if path in {form.action for form in page.forms} else page.form(to="")
        answer = editor.post(path, form.fields, {})
        check(answer.status == 302, f"{path} cannot be saved: {what_it_said(answer)}")


STEPS: tuple[Callable[[Walk], None], ...] = (
    my_account,
    documentation,
    search,
    contact,
    chat,
    refused_form,
    sent_form,
    sign_in,
    receipt_mail,
    framed_mail,
    looked_at_link,
    opened_link,
    own_file,
    follow_up,
    ticket_list,
    read_ticket,
    noted,
    assigned,
    answered,
    resolved,
    read_answer,
    stranger,
    edited,
)
