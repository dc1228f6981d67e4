from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"
    verbose_name = "Servicio de ayuda"


class DeskAdminConfig(AdminConfig):
    """Django's admin, as the desk's workplace."""

    default_site = "helpdesk.desk_site.DeskSite"
