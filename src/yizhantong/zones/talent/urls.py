"""Addresses of the talent service, below ``/talent/``."""

from django.urls import URLPattern, path

from yizhantong.zones.talent.pages import (
    desk,
    employer,
    exporting,
    judging,
    mine,
    money,
    my_space,
    public,
    scoring,
    talents,
)

__all__ = ["app_name", "my_space", "urlpatterns"]
app_name = "talent"
urlpatterns: list[URLPattern] = [
    path("", public.index, name="index"),
    path("rules/", public.rules, name="rules"),
    path("posts/", public.post_list, name="posts"),
    path("posts/<str:number>/", public.post, name="post"),
    path("posts/<str:number>/candidates/", employer.candidates, name="candidates"),
    path("posts/<str:number>/candidates/export/<slug:form>/", exporting.of_post, name="candidates-export"),
    path("posts/<str:number>/candidates/<str:code>/", employer.resume, name="candidate"),
    path("posts/<str:number>/<slug:what>/", employer.act, name="post-act"),
    path("fairs/", public.fair_list, name="fairs"),
    path("fairs/<str:code>/", public.fair, name="fair"),
    path("stations/", public.station_list, name="stations"),
    path("mine/", mine.home, name="mine"),
    path("mine/certificate/", mine.certificate, name="certificate"),
    path("mine/offers/<int:number>/<slug:what>/", mine.answer_offer, name="offer"),
    path("mine/leases/<str:number>/leave/", mine.leave_flat, name="leave"),
    path("mine/candidacies/<int:number>/<slug:what>/", mine.candidacy, name="candidacy"),
    path("resume/", mine.resume, name="resume"),
    path("resume/consents/", mine.give_consent, name="consent"),
    path("resume/consents/<int:number>/withdraw/", mine.withdraw_consent, name="consent-withdraw"),
    path("employer/", employer.home, name="employer"),
    path("scoring/", scoring.tasks, name="scoring"),
    path("scoring/<int:number>/", scoring.sheet, name="sheet"),
    path("desk/", desk.home, name="desk"),
    path("desk/checks/", desk.checks, name="desk-checks"),
    path("desk/talents/", talents.talent_list, name="desk-talents"),
    path("desk/talents/<str:code>/", talents.talent, name="desk-talent"),
    path("desk/export/<slug:what>/<slug:form>/", exporting.of_officers, name="desk-export"),
    path("desk/housing/estate/", talents.estate, name="desk-estate"),
    path("desk/housing/", desk.flats, name="desk-housing"),
    path("desk/fairs/", desk.fair_list, name="desk-fairs"),
    path("desk/money/", money.home, name="desk-money"),
    path("desk/money/<str:number>/", money.batch, name="desk-batch"),
    path("desk/money/<str:number>/csv/", money.bank_file, {"form": "csv"}, name="desk-bank-csv"),
    path("desk/money/<str:number>/xlsx/", money.bank_file, {"form": "xlsx"}, name="desk-bank-xlsx"),
    path("desk/stations/", judging.station_list, name="desk-stations"),
    path("desk/stations/<int:number>/", judging.review_sheet, name="desk-review"),
    path("desk/exams/", judging.exam_list, name="desk-exams"),
    path("desk/experts/", judging.expert_list, name="desk-experts"),
]
