"""Addresses of one thing, once, below ``/onething/``."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "onething"
urlpatterns: list[URLPattern | URLResolver] = [
    path("enrolment/", include("yizhantong.zones.onething.enrolment.urls")),
]
