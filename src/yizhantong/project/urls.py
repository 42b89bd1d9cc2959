"""The addresses of the platform: the shell's own, which find the zones by the registries."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLResolver, include, path, re_path

from yizhantong.web import api


def zone_pages() -> list[URLResolver]:
    """Return the addresses of the zones that have pages of their own, each below its code."""
    modules = {zone: f"yizhantong.zones.{zone}.urls" for zone in settings.ZONES}
    return [path(f"{zone}/", include(module)) for zone, module in modules.items() if find_spec(module)]


urlpatterns = [
    path("api/v1/", api.urls),
    re_path(r"^api(?:/.*)?$", api.unknown),
    path("", include("yizhantong.web.urls")),
    *zone_pages(),
]

handler400 = "yizhantong.web.views.pages.bad_request"
handler403 = "yizhantong.web.views.pages.forbidden"
handler404 = "yizhantong.web.views.pages.not_found"
handler500 = "yizhantong.web.views.pages.failed"
