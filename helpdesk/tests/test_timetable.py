"""What runs by the clock exists, and a stopped worker's backlog stays short."""

import pytest

from helpdesk.celery import TIMETABLE, app


@pytest.mark.parametrize("name", TIMETABLE)
def test_timetable_names_a_task(name):
    app.loader.import_default_modules()
    assert name in app.tasks
    assert app.conf.beat_schedule[name]["options"]["expires"] <= 60
