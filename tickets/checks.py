"""What must be right before the first ticket comes in, said by `manage.py check` in one line each."""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, register
from django.utils.module_loading import import_string

from tickets.outbox import LEASE


@register
def check_delivery_backends(app_configs, **kwargs) -> list[Error]:
    """Every channel of the outbox leads to something that can send."""
    errors = []
    for channel, path in settings.DELIVERY_BACKENDS.items():
        try:
            import_string(path).send  # noqa: B018  raises when there is none
        except (ImportError, AttributeError) as error:
            errors.append(Error(f"DELIVERY_BACKENDS[{channel!r}]: {error}", id="tickets.E001"))
    return errors


@register
def check_mail_timeout(app_configs, **kwargs) -> list[Error]:
    """A mail server must not keep a sender for longer than its lease: another one would send again."""
    timeout = settings.EMAIL_TIMEOUT
    if timeout and 0 < timeout <= LEASE.total_seconds() / 4:
        return []
    return [Error("EMAIL_TIMEOUT: must be set, to a quarter of the lease at most", id="tickets.E002")]


@register
def check_files_are_private(app_configs, **kwargs) -> list[Error]:
    """What customers send lies outside every folder that is served."""
    location = settings.STORAGES["default"].get("OPTIONS", {}).get("location")
    if not location:
        return []
    folder = Path(location).resolve()
    served = [Path(root).resolve() for root in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS) if root]
    if settings.MEDIA_ROOT or any(root == folder or root in folder.parents for root in served):
        return [Error("STORAGES: files of customers must not be below a served folder", id="tickets.E003")]
    return []
