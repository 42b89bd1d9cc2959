"""Addresses of cross-region handling, below ``/crossregion/``."""

from django.urls import URLPattern, path

from yizhantong.zones.crossregion.pages import exchange

app_name = "crossregion"
urlpatterns: list[URLPattern] = [
    path("exchange/1/hello", exchange.hello, name="exchange-hello"),
    path("exchange/1/messages", exchange.messages, name="exchange-messages"),
    path("exchange/1/materials/<slug:sha256>", exchange.material, name="exchange-material"),
]
