import pytest

from tickets import checks


def found(check) -> list[str]:
    return [error.id for error in check(None)]


def test_shipped_settings_pass():
    names = (checks.check_delivery_backends, checks.check_mail_timeout, checks.check_files_are_private)
    assert [found(check) for check in names] == [[], [], []]


@pytest.mark.parametrize("path", ["nowhere.Nothing", "tickets.outbox.LEASE"])
def test_channel_that_leads_nowhere_is_found(settings, path):
    settings.DELIVERY_BACKENDS = {"email": path}
    assert found(checks.check_delivery_backends) == ["tickets.E001"]


@pytest.mark.parametrize("timeout", [None, 0, 61])
def test_mail_timeout_without_bound_is_found(settings, timeout):
    settings.EMAIL_TIMEOUT = timeout
    assert found(checks.check_mail_timeout) == ["tickets.E002"]


def test_files_below_a_served_folder_are_found(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": {"OPTIONS": {"location": tmp_path / "files"}}}
    assert found(checks.check_files_are_private) == ["tickets.E003"]
