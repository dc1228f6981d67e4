from django.urls import path

from docs_kb.views import beacon, feedback, files, reading, searching

app_name = "docs_kb"
urlpatterns = [
    path("", reading.home, name="home"),
    path("buscar/", searching.search_page, name="search"),
    path("senales/", beacon.beacon, name="beacon"),
    path("archivos/<str:key>/<str:name>", files.file, name="file"),
    path("<slug:category_slug>/", reading.category, name="category"),
    path("<slug:category_slug>/<slug:slug>/", reading.article, name="article"),
    path("<slug:category_slug>/<slug:slug>/opinion/", feedback.opinion, name="opinion"),
]
