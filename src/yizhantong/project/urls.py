"""The addresses of the platform: the shell's own, which find the zones by the registries."""

from django.urls import include, path

urlpatterns = [path("", include("yizhantong.web.urls"))]

handler400 = "yizhantong.web.views.pages.bad_request"
handler403 = "yizhantong.web.views.pages.forbidden"
handler404 = "yizhantong.web.views.pages.not_found"
handler500 = "yizhantong.web.views.pages.failed"
