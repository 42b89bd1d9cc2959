"""Addresses of one thing, once, below ``/onething/``."""

from django.urls import URLPattern, URLResolver, include, path

from yizhantong.zones.onething.pages import desk, drafts, editor, packages, signing

app_name = "onething"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", packages.home, name="home"),
    path("gains/", packages.gains, name="gains"),
    path("gains.csv", packages.gains_csv, name="gains-csv"),
    path("packages/<slug:code>/", packages.one, name="package"),
    path("sign/<slug:token>/", signing.sign, name="sign"),
    path("drafts/<str:number>/signatures/<slug:role>/", drafts.invite, name="invite"),
    path("drafts/<str:number>/signatures/<slug:role>/withdraw/", drafts.withdraw, name="uninvite"),
    path("desk/", desk.index, name="desk"),
    path("editor/", editor.index, name="editor"),
    path("editor/new/", editor.new, name="editor-new"),
    path("editor/<slug:code>/", editor.one, name="editor-package"),
    path("editor/<slug:code>/edit/", editor.edit, name="editor-edit"),
    path("editor/<slug:code>/side/", editor.side, name="editor-side"),
    path("editor/<slug:code>/preview/", editor.preview, name="editor-preview"),
    path("editor/<slug:code>/do/<slug:what>/", editor.act, name="editor-act"),
    path("enrolment/", include("yizhantong.zones.onething.enrolment.urls")),
]
