"""The three things that every page is measured against."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from bench.bare.models import Upload


def constant(request: HttpRequest) -> HttpResponse:
    return render(request, "bare.html", {"text": "constant"})


def row(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "bare.html", {"text": get_object_or_404(Upload, pk=pk).text})


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    Upload.objects.create(text=request.POST["description"], file=request.FILES["attachments"])
    return redirect("/")


urlpatterns = [path("", constant), path("row/<int:pk>/", row), path("upload/", upload)]
