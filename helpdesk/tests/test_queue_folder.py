import pytest
from celery import Celery
from kombu.exceptions import ChannelError

from helpdesk.queue_folder import Transport


class Slow:
    """Something that takes its time to become JSON, and looks around meanwhile."""

    def __init__(self, folder) -> None:
        self.folder, self.seen = folder, []

    def __json__(self) -> str:
        self.seen += [path.name for path in self.folder.iterdir() if path.name.endswith(".msg")]
        return "whole"


@pytest.fixture
def channel(tmp_path):
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    app = Celery(set_as_current=False, broker="filesystem://")
    app.conf.broker_transport = "helpdesk.queue_folder:Transport"
    app.conf.broker_transport_options = folders | {"control_folder": str(tmp_path / "control")}
    with app.connection_for_write() as connection:
        assert isinstance(connection.transport, Transport)
        yield connection.default_channel


def test_call_is_never_seen_before_it_is_whole(channel, tmp_path):
    slow = Slow(tmp_path)
    channel._put("celery", {"task": "tickets.tasks.deliver", "body": slow})
    assert slow.seen == []
    assert channel._get("celery") == {"task": "tickets.tasks.deliver", "body": "whole"}
    assert list(tmp_path.iterdir()) == []


def test_calls_are_taken_in_their_order(channel):
    for number in range(20):
        channel._put("celery", {"number": number})
    assert [channel._get("celery")["number"] for _ in range(20)] == list(range(20))


def test_folder_that_is_gone_is_an_error_of_the_channel(channel, tmp_path):
    tmp_path.rename(tmp_path.with_name("elsewhere"))
    with pytest.raises(ChannelError):
        channel._put("celery", {})
