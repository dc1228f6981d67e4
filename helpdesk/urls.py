"""The map of the site: one include per app, Spanish paths."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from docs_kb.sitemaps import sitemap
from docs_kb.views.searching import opensearch
from helpdesk import second_factor, views
from helpdesk.styleguide import styleguide

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="my_account")),
    path("mi-cuenta/", views.my_account, name="my_account"),
    path("documentacion/", include("docs_kb.urls")),
    path("contacto/", include("contact.urls")),
    path("privacidad/", views.privacy, name="privacy"),
    path("accesibilidad/", views.accessibility, name="accessibility"),
    path("aviso-legal/", views.legal_notice, name="legal_notice"),
    path("apariencia/", views.appearance, name="appearance"),
    path("salud/", views.health, name="health"),
    path("estilo/", styleguide, name="styleguide"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap, name="sitemap_section"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("admin/login/", admin.site.login, name="account_login"),
    path(second_factor.PLACE, include(second_factor)),
    path("admin/", admin.site.urls),
    path("", include("tickets.urls")),
]
