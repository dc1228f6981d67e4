from datetime import timedelta

import pytest
from django.utils import timezone

from tickets.tests.factories import BRUNO, LUCIA, make_ticket
from tickets.twins import TWIN_WINDOW, is_similar, twin_of

STORY = "No puedo entrar en mi panel. Desde ayer sale un error 403."


@pytest.mark.once
@pytest.mark.parametrize(
    ("other", "similar"),
    [
        (STORY, True),
        ("no puedo ENTRAR en mi panel, desde ayer sale un error", True),
        ("No puédo entrár en mi pánel.\nDésde áyer sale un érror 403. Adjunto captura", True),
        ("No recibo correos en mi buzón desde ayer", False),
        ("", False),
        ("a b c", False),
    ],
)
def test_similar_texts_share_most_of_their_words(other, similar):
    assert is_similar(STORY, other) is similar
    assert is_similar(other, STORY) is similar


@pytest.mark.once
def test_texts_without_words_are_similar_only_when_they_are_the_same():
    assert is_similar("?? !!", " ?? !! ")
    assert not is_similar("?? !!", "!! ??")


@pytest.mark.django_db
def test_twin_is_the_latest_of_the_same_address_within_half_an_hour():
    now = timezone.now()
    old = make_ticket(description=STORY, at=now - TWIN_WINDOW)
    first = make_ticket(description=STORY, at=now - timedelta(minutes=20))
    latest = make_ticket(description=STORY, at=now - timedelta(minutes=10))
    foreign = make_ticket(description=STORY, email=BRUNO)
    among = [old, first, latest, foreign]
    assert twin_of(STORY, email=LUCIA.upper(), among=among, at=now) == latest
    assert twin_of("Otra cosa bien distinta", email=LUCIA, among=among, at=now) is None
    assert twin_of(STORY, email=LUCIA, among=[old, foreign], at=now) is None
