import pytest

from contact import wording
from contact.availability import read_situation, unknown_situation
from contact.setup import create_default_channels
from contact.tests.factories import at, make_channel, make_schedule


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-10-14 18:42", "Son las 18:42 h (hora peninsular; 17:42 h en Canarias)."),
        ("2026-10-14 01:05", "Es la 1:05 h (hora peninsular; 0:05 h en Canarias)."),
        ("2026-10-14 00:30", "Son las 0:30 h (hora peninsular; 23:30 h en Canarias)."),
        ("2026-03-29 01:59", "Es la 1:59 h (hora peninsular; 0:59 h en Canarias)."),
        ("2026-03-29 03:00", "Son las 3:00 h (hora peninsular; 2:00 h en Canarias)."),
        ("2026-10-25 12:00", "Son las 12:00 h (hora peninsular; 11:00 h en Canarias)."),
    ],
)
def test_time_now_is_told_for_the_mainland_and_the_canaries(moment, text):
    assert plain(wording.time_now(at(moment))) == text


def test_time_now_elsewhere_is_just_the_time(settings):
    settings.TIME_ZONE = "America/Bogota"
    assert plain(wording.time_now(at("2026-10-14 18:42"))) == "Son las 11:42 h."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (
            "2026-10-14 12:00",
            "Hoy atendemos por WhatsApp hasta las 20:00 h y por teléfono hasta las 18:00 h.",
        ),
        ("2026-10-14 18:42", "Hoy atendemos por WhatsApp hasta las 20:00 h."),
        (
            "2026-10-14 20:00",
            "Volvemos a atender por WhatsApp y por teléfono mañana a las 9:00 h.",
        ),
    ],
)
def test_attended_now_names_who_answers_and_until_when(moment, text):
    create_default_channels()
    assert plain(wording.attended_now(read_situation(at(moment)))) == text


@pytest.mark.django_db
def test_attended_now_is_silent_without_hours():
    assert wording.attended_now(read_situation(at("2026-10-14 12:00"))) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (
            "2026-10-14 10:14",
            "Ahora mismo no hay nadie en el chat. Comprueba la disponibilidad más tarde o abre un ticket: "
            "te responderemos antes de las 14:15 h de hoy.",
        ),
        ("2026-10-14 14:00", "El chat abre hoy a las 16:00 h."),
        ("2026-10-14 19:00", "El chat abre mañana a las 9:00 h."),
        ("2026-10-12 10:00", "El chat abre mañana a las 9:00 h."),
    ],
)
def test_chat_sentence_tells_when_to_look_again(moment, text):
    create_default_channels()
    situation = read_situation(at(moment))
    sentence = wording.chat_sentence(situation.of("chat"), situation.first_response_due, situation.now)
    assert plain(sentence) == text


@pytest.mark.django_db
def test_chat_sentence_of_a_chat_that_is_off_paused_or_never_opens():
    now = at("2026-10-14 12:00")
    chat = make_channel("chat", schedule=make_schedule(days=[]))
    assert wording.chat_sentence(read_situation(now).of("chat"), None, now) == "El chat está cerrado."
    chat.pause_message = "Interrumpido por mantenimiento; usa el ticket."
    chat.save()
    assert wording.chat_sentence(read_situation(now).of("chat"), None, now) == chat.pause_message
    chat.is_active = False
    chat.save()
    assert wording.chat_sentence(read_situation(now).of("chat"), None, now) == (
        "Ahora no atendemos por chat. Abre un ticket: te responderemos por correo."
    )


def test_chat_sentence_admits_that_it_could_not_check():
    now = at("2026-10-14 12:00")
    sentence = wording.chat_sentence(unknown_situation(now).of("chat"), None, now)
    assert sentence == "No hemos podido comprobar si el chat está disponible."
