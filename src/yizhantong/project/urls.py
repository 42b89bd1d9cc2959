"""The addresses of the platform: the shell's own, which find the zones by the registries."""

from django.urls import include, path, re_path

from yizhantong.web import api

urlpatterns = [
    path("api/v1/", api.urls),
    re_path(r"^api(?:/.*)?$", api.unknown),
    path("", include("yizhantong.web.urls")),
]

handler400 = "yizhantong.web.views.pages.bad_request"
handler403 = "yizhantong.web.views.pages.forbidden"
handler404 = "yizhantong.web.views.pages.not_found"
handler500 = "yizhantong.web.views.pages.failed"
