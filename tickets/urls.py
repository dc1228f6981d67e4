"""Addresses of the customer's tickets and their files."""

from django.urls import path

from tickets.views import files, public

app_name = "tickets"
urlpatterns = [
    path("tickets/nuevo/", public.create, name="create"),
    path("tickets/enlace/", public.link_request, name="link_request"),
    path("tickets/<str:reference>/", public.conversation, name="conversation"),
    path("tickets/<str:reference>/recibo/", public.receipt, name="receipt"),
    path("tickets/<str:reference>/respuesta/", public.reply, name="reply"),
    path("tickets/<str:reference>/cierre-de-acceso/", public.close_access, name="close_access"),
    path("t/<str:token>/", public.open_link, name="open_link"),
    path("archivos/<str:key>/", files.file, name="file"),
    path("archivos/<str:key>/miniatura/", files.thumbnail, name="thumbnail"),
]
