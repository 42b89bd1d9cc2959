"""Addresses of the shell."""

from django.urls import URLPattern, URLResolver, path

from yizhantong.web.views import accounts, briefs, checks, figures, front, imports, ledgers, pages, proofs

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("figures/", figures.catalogue, name="figures"),
    path("figures/map.geojson", figures.boundaries, name="boundaries"),
    path("figures/<str:code>/", figures.figure, name="figure"),
    path("figures/<str:code>/drawer/", figures.drawer, name="figure-drawer"),
    path("figures/<str:code>/chart/", figures.chart, name="figure-chart"),
    path("figures/<str:code>/records/", imports.export_records, name="figure-export"),
    path("zones/", pages.zones, name="zones"),
    path("zones/<str:code>/", pages.zone, name="zone"),
    path("ledgers/", ledgers.index, name="ledgers"),
    path("ledgers/<str:code>/", ledgers.ledger, name="ledger"),
    path("ledgers/<str:code>/new/", ledgers.record, name="record"),
    path("ledgers/<str:code>/export/", imports.export, name="export"),
    path("ledgers/<str:code>/template/", imports.template, name="template"),
    path("ledgers/<str:code>/import/", imports.upload, name="import"),
    path("ledgers/<str:code>/import/<str:token>/", imports.state, name="import-state"),
    path("ledgers/<str:code>/import/<str:token>/commit/", imports.commit, name="import-commit"),
    path("ledgers/<str:code>/<int:number>/", ledgers.fact, name="fact"),
    path("ledgers/<str:code>/<int:number>/reverse/", ledgers.take_back, name="take-back"),
    path("briefs/", briefs.index, name="briefs"),
    path("briefs/<slug:code>/", briefs.brief, name="brief"),
    path("briefs/<slug:code>/edit/", briefs.edit, name="brief-edit"),
    path("briefs/<slug:code>/docx/", briefs.docx, name="brief-docx"),
    path("proofs/", proofs.index, name="proofs"),
    path("proofs/<str:code>/", proofs.ledger, name="proof-ledger"),
    path("proofs/<str:code>/recompute/", proofs.recompute, name="proof-recompute"),
    path("proofs/<str:code>/facts/<int:fact>/", proofs.inclusion, name="proof-inclusion"),
    path("proofs/<str:code>/since/<int:earlier>/", proofs.consistency, name="proof-consistency"),
    path("help/", pages.help_page, name="help"),
    path("accounts/login/", accounts.SignIn.as_view(), name="login"),
    path("accounts/second-factor/", accounts.second_factor, name="second-factor"),
    path("accounts/logout/", accounts.SignOut.as_view(), name="logout"),
    path("accounts/me/", accounts.account, name="account"),
    path("accounts/password/", accounts.ChangePassword.as_view(), name="password"),
    path("language/", accounts.language, name="language"),
    path("check/", checks.check, name="check"),
    path("check/<slug:key>/", checks.checked, name="checked"),
    path("check/<slug:key>/claims/<int:index>/", checks.evidence, name="check-evidence"),
    path("check/<slug:key>/report.<str:form>", checks.report, name="check-report"),
    path("check/<slug:key>/discard/", checks.discard, name="check-discard"),
]
