from django.urls import path

from contact.views import pages

app_name = "contact"
urlpatterns = [
    path("", pages.home, name="home"),
    path("chat/", pages.chat, name="chat"),
]
