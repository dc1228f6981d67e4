import pytest

from contact.availability import channel_states, read_situation
from contact.models import Channel
from contact.setup import create_default_channels
from contact.tests.factories import at, make_channel, make_schedule, make_special_day

pytestmark = pytest.mark.django_db


def state_at(moment: str, kind: str = "phone"):
    return next(state for state in channel_states(at(moment)) if state.kind == kind)


def said(state) -> tuple[str, str]:
    return state.label, state.sentence.replace("\xa0", " ")


# 14 October 2026 is a Wednesday; Monday the 12th is a national holiday; on 24 December it closes at 14:00.
@pytest.mark.parametrize(
    ("moment", "kind", "label", "sentence"),
    [
        ("2026-10-14 08:59", "phone", "Cerrado", "abre hoy a las 9:00 h"),
        ("2026-10-14 09:00", "phone", "Abierto ahora", "hasta las 18:00 h"),
        ("2026-10-14 17:30", "phone", "Abierto ahora", "hasta las 18:00 h"),
        ("2026-10-14 17:40", "phone", "Cierra en 20 minutos", "hasta las 18:00 h"),
        ("2026-10-14 17:59", "phone", "Cierra en 1 minuto", "hasta las 18:00 h"),
        ("2026-10-14 18:00", "phone", "Cerrado", "abre mañana a las 9:00 h"),
        ("2026-10-16 18:00", "phone", "Cerrado", "abre el lunes a las 9:00 h"),
        ("2026-10-09 18:00", "phone", "Cerrado", "abre el martes a las 9:00 h"),
        (
            "2026-10-12 10:00",
            "phone",
            "Cerrado hoy",
            "Fiesta Nacional de España; abre mañana a las 9:00 h",
        ),
        ("2026-12-24 13:59", "phone", "Cierra en 1 minuto", "hasta las 14:00 h"),
        ("2026-12-24 14:00", "phone", "Cerrado", "abre el lunes a las 9:00 h"),
        ("2026-10-14 18:42", "whatsapp", "Abierto ahora", "hasta las 20:00 h"),
        ("2026-10-14 03:00", "email", "A cualquier hora", ""),
        ("2026-10-14 13:59", "chat", "Sin nadie ahora", ""),
        ("2026-10-14 14:00", "chat", "Cerrado", "abre hoy a las 16:00 h"),
        ("2026-10-14 16:00", "chat", "Sin nadie ahora", ""),
        ("2026-10-14 19:00", "chat", "Cerrado", "abre mañana a las 9:00 h"),
        # The days of the clock change and after.
        ("2026-03-29 10:00", "phone", "Cerrado", "abre mañana a las 9:00 h"),
        ("2026-03-30 08:59", "phone", "Cerrado", "abre hoy a las 9:00 h"),
        ("2026-03-30 09:00", "phone", "Abierto ahora", "hasta las 18:00 h"),
        ("2026-10-25 10:00", "phone", "Cerrado", "abre mañana a las 9:00 h"),
        ("2026-10-26 17:59", "phone", "Cierra en 1 minuto", "hasta las 18:00 h"),
    ],
)
def test_channel_says_its_state_in_words(moment, kind, label, sentence):
    create_default_channels()
    assert said(state_at(moment, kind)) == (label, sentence)


@pytest.mark.parametrize(
    ("moment", "summary"),
    [
        ("2026-10-14 10:00", "Abierto hasta las 18:00 h"),
        ("2026-10-14 17:45", "Cierra en 15 minutos"),
        ("2026-10-14 08:00", "Cerrado hasta las 9:00 h"),
        ("2026-10-14 19:00", "Cerrado hasta mañana, 9:00 h"),
        ("2026-10-16 19:00", "Cerrado hasta el lunes, 9:00 h"),
    ],
)
def test_channel_summary_fits_one_line(moment, summary):
    create_default_channels()
    assert state_at(moment).summary.replace("\xa0", " ") == summary


def test_channels_keep_their_order_whatever_the_hour():
    for kind in ("chat", "phone", "email", "whatsapp"):
        make_channel(kind)
    for moment in ("2026-10-14 03:00", "2026-10-14 12:00"):
        assert [state.kind for state in channel_states(at(moment))] == Channel.Kind.values


def test_channels_without_a_number_or_switched_off_disappear():
    make_channel("phone", value="")
    make_channel("whatsapp", is_active=False)
    make_channel("email", is_active=False)
    assert [state.kind for state in channel_states(at("2026-10-14 12:00"))] == ["chat"]


def test_mail_and_chat_need_no_setting_up():
    states = channel_states(at("2026-10-14 12:00"))
    assert [(state.kind, state.availability) for state in states] == [
        ("email", "always"),
        ("chat", "unstaffed"),
    ]
    assert states[0].channel.address == "soporte@example.com"


def test_pause_shows_its_message_and_beats_the_hours():
    message = "Interrumpido por una avería de la línea; usa el ticket."
    make_channel("phone", schedule=make_schedule(), pause_message=message)
    state = state_at("2026-10-14 12:00")
    assert (said(state), state.is_open) == (("Interrumpido", message), False)


def test_chat_is_not_open_while_nobody_is_present_even_at_any_hour():
    make_channel("chat")
    assert state_at("2026-10-14 12:00", "chat").availability == "unstaffed"


def test_own_special_day_of_a_schedule_replaces_the_shared_one():
    make_channel("phone", schedule=(own := make_schedule()))
    make_channel("whatsapp", schedule=make_schedule("Otro"))
    make_special_day("2026-10-14", reason="San Calixto")
    make_special_day("2026-10-14", "10:00-12:00", schedule=own)
    make_special_day("2026-10-14", "16:00-17:00", schedule=own)
    assert said(state_at("2026-10-14 12:00")) == ("Cerrado", "abre hoy a las 16:00 h")
    assert state_at("2026-10-14 12:00", "whatsapp").reason == "San Calixto"


def test_special_opening_on_a_saturday_opens():
    make_channel("phone", schedule=make_schedule())
    make_special_day("2026-10-17", "10:00-13:00", reason="Campaña")
    assert said(state_at("2026-10-17 10:00")) == ("Abierto ahora", "hasta las 13:00 h")
    assert said(state_at("2026-10-16 18:00")) == ("Cerrado", "abre mañana a las 10:00 h")


def test_schedule_without_hours_is_closed_and_promises_no_opening():
    make_channel("phone", schedule=make_schedule(days=[]))
    state = state_at("2026-10-14 12:00")
    assert (said(state), state.summary) == (("Cerrado", ""), "Cerrado")


def test_schedule_until_midnight_closes_at_twenty_four():
    make_channel("phone", schedule=make_schedule("Noche", "20:00-00:00"))
    assert said(state_at("2026-10-14 21:00"))[1] == "hasta las 24:00 h"
    assert said(state_at("2026-10-14 23:45"))[0] == "Cierra en 15 minutos"


def test_schedule_round_the_clock_names_no_closing():
    make_channel("phone", schedule=make_schedule("Siempre", "00:00-00:00", days=range(7)))
    assert said(state_at("2026-10-14 21:00")) == ("Abierto ahora", "")


def test_situation_takes_three_queries_with_any_number_of_rows(django_assert_num_queries):
    create_default_channels()
    with django_assert_num_queries(3):
        situation = read_situation(at("2026-10-14 12:00"))
    assert len(situation.states) == 4
    assert situation.first_response_due == at("2026-10-14 16:00")
