"""The map of the site: one include per app, Spanish paths."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from helpdesk import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="my_account")),
    path("mi-cuenta/", views.my_account, name="my_account"),
    path("documentacion/", include("docs_kb.urls")),
    path("contacto/", include("contact.urls")),
    path("admin/", admin.site.urls),
    path("", include("tickets.urls")),
]
