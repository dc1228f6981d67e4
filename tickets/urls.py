"""Addresses of the customer's tickets and their files."""

from django.urls import path

from tickets.views import files, follow_up, public, rating, receipts, uploads

app_name = "tickets"
urlpatterns = [
    path("tickets/nuevo/", public.create, name="create"),
    path("tickets/nuevo/sugerencias/", public.suggestions, name="suggestions"),
    path("tickets/nuevo/archivos/", uploads.uploads, name="uploads"),
    path("tickets/nuevo/resuelto/", public.solved, name="solved"),
    path("tickets/enlace/", follow_up.link_request, name="link_request"),
    path("tickets/<str:reference>/", follow_up.conversation, name="conversation"),
    path("tickets/<str:reference>/recibo/", receipts.receipt, name="receipt"),
    path("tickets/<str:reference>/recibo/correo/", receipts.correct_address, name="correct_address"),
    path("tickets/<str:reference>/respuesta/", follow_up.reply, name="reply"),
    path("tickets/<str:reference>/cierre-de-acceso/", follow_up.close_access, name="close_access"),
    path("t/<str:token>/", follow_up.open_link, name="open_link"),
    path("valorar/<str:token>/", rating.rating, name="rating"),
    path("archivos/<str:key>/", files.file, name="file"),
    path("archivos/<str:key>/miniatura/", files.thumbnail, name="thumbnail"),
]
