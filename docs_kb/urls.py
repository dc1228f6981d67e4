from django.urls import path

from docs_kb import views

app_name = "docs_kb"
urlpatterns = [
    path("", views.home, name="home"),
    path("buscar/", views.search_page, name="search"),
    path("<slug:category_slug>/", views.category, name="category"),
    path("<slug:category_slug>/<slug:slug>/", views.article, name="article"),
]
