"""The addresses of the platform: the shell's own, which find the zones by the registries."""

from django.urls import include, path

urlpatterns = [path("", include("yizhantong.web.urls"))]
