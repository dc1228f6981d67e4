import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.addresses import PROVIDERS, is_one_slip_away, likely_address

pytestmark = pytest.mark.once
# What people type, and what they probably meant; the browser's test reads the same table.
ADDRESSES = {
    "lucia@gmial.com": "lucia@gmail.com",
    "lucia@gmal.com": "lucia@gmail.com",
    "lucia@gmaill.com": "lucia@gmail.com",
    "lucia@gnail.com": "lucia@gmail.com",
    "lucia@gmail.con": "lucia@gmail.com",
    "lucia@gmial.con": "lucia@gmail.com",
    "lucia@gmail.co": "lucia@gmail.com",
    "lucia@gmail.es": "lucia@gmail.com",
    "Lucia.Ferrer@HOTMIAL.com": "Lucia.Ferrer@hotmail.com",
    "lucia@hotmail.ed": "lucia@hotmail.es",
    "lucia@outlok.es": "lucia@outlook.es",
    "lucia@yaho.es": "lucia@yahoo.es",
    "lucia@empresa-propia.con": "lucia@empresa-propia.com",
    "lucia@gmail.com": "",
    "lucia@GMAIL.com": "",
    "lucia@ymail.com": "",
    "lucia@mail.con": "lucia@mail.com",
    "lucia@hotmail.fr": "",
    "lucia@example.com": "",
    "lucia@ejemplo.es": "",
    "lucia@": "",
    "lucia": "",
    "@gmial.com": "",
    "": "",
}


@pytest.mark.parametrize(("typed", "meant"), ADDRESSES.items())
def test_likely_address(typed, meant):
    assert likely_address(typed) == meant


@given(st.text(max_size=30), st.sampled_from(PROVIDERS))
def test_likely_address_of_a_common_provider_is_never_doubted(name, provider):
    assert likely_address(f"{name}@{provider}") == ""


@given(st.text(max_size=60))
def test_likely_address_keeps_the_name_and_is_right_itself(text):
    likely = likely_address(text)
    if likely:
        assert likely.rpartition("@")[0] == text.strip().rpartition("@")[0]
        assert likely_address(likely) == ""


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_slip_away_is_mutual(text, other):
    assert is_one_slip_away(text, other) == is_one_slip_away(other, text)
    assert not is_one_slip_away(text, text)
