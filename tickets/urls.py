"""Addresses of the customer's tickets and their files."""

from django.urls import path

from tickets.views import account, files, follow_up, public, rating, receipts, resolution, uploads

app_name = "tickets"
urlpatterns = [
    path("mi-cuenta/entrar/", account.enter, name="sign_in"),
    path("mi-cuenta/entrar/codigo/", account.enter_code, name="sign_in_code"),
    path("mi-cuenta/entrar/otro-codigo/", account.resend, name="resend_code"),
    path("mi-cuenta/salir/", account.leave, name="sign_out"),
    path("mi-cuenta/tickets/", account.tickets, name="my_tickets"),
    path("mi-cuenta/nombre/", account.name, name="my_name"),
    path("tickets/nuevo/", public.create, name="create"),
    path("tickets/nuevo/sugerencias/", public.suggestions, name="suggestions"),
    path("tickets/nuevo/archivos/", uploads.uploads, name="uploads"),
    path("tickets/nuevo/resuelto/", public.solved, name="solved"),
    path("tickets/enlace/", follow_up.link_request, name="link_request"),
    path("tickets/<str:reference>/", follow_up.conversation, name="conversation"),
    path("tickets/<str:reference>/recibo/", receipts.receipt, name="receipt"),
    path("tickets/<str:reference>/recibo/correo/", receipts.correct_address, name="correct_address"),
    path("tickets/<str:reference>/respuesta/", follow_up.reply, name="reply"),
    path("tickets/<str:reference>/novedades/", follow_up.news, name="news"),
    path("tickets/<str:reference>/conversacion/", follow_up.transcript, name="transcript"),
    path("tickets/<str:reference>/resolucion/", resolution.resolution, name="resolution"),
    path("tickets/<str:reference>/reapertura/", resolution.reopening, name="reopening"),
    path("tickets/<str:reference>/cierre-de-acceso/", follow_up.close_access, name="close_access"),
    path("t/<str:token>/", follow_up.open_link, name="open_link"),
    path("valorar/<str:token>/", rating.rating, name="rating"),
    path("valorar/<str:token>/reapertura/", rating.reopening, name="rating_reopening"),
    path("archivos/<str:key>/", files.file, name="file"),
    path("archivos/<str:key>/miniatura/", files.thumbnail, name="thumbnail"),
]
