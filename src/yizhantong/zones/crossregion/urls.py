"""Addresses of cross-region handling, below ``/crossregion/``; those of the exchange are for other cities' instances."""

from django.urls import URLPattern, path

from yizhantong.zones.crossregion.pages import counter, exchange, mine, partners

app_name = "crossregion"
urlpatterns: list[URLPattern] = [
    path("", mine.home, name="home"),
    path("offers/", mine.offers, name="offers"),
    path("apply/<int:item>/", mine.apply, name="apply"),
    path("mine/", mine.mine, name="mine"),
    path("mine/<str:number>/", mine.one, name="mine-one"),
    path("mine/<str:number>/<slug:what>/", mine.act, name="mine-act"),
    path("counter/", counter.counter, name="counter"),
    path("counter/new/", counter.receive, name="receive"),
    path("cases/", counter.cases, name="cases"),
    path("cases/<str:number>/", counter.case, name="case"),
    path("cases/<str:number>/files/<int:pk>/", mine.file, name="file"),
    path("cases/<str:number>/<slug:what>/", counter.act, name="act"),
    path("mail/", partners.mail, name="mail"),
    path("mail/<str:number>/retry/", partners.retry, name="retry"),
    path("openings/", partners.openings, name="openings"),
    path("openings/<int:number>/close/", partners.close_opening, name="opening-close"),
    path("partners/", partners.index, name="partners"),
    path("partners/new/", partners.new, name="partner-new"),
    path("partners/<str:code>/", partners.partner, name="partner"),
    path("partners/<str:code>/<slug:what>/", partners.act, name="partner-act"),
    path("exchange/1/hello", exchange.hello, name="exchange-hello"),
    path("exchange/1/messages", exchange.messages, name="exchange-messages"),
    path("exchange/1/materials/<slug:sha256>", exchange.material, name="exchange-material"),
]
