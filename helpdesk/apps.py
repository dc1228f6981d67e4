from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"
    verbose_name = "Servicio de ayuda"


class DeskAdminConfig(AdminConfig):
    """Django's admin; its site class is set here when the desk needs its own."""
