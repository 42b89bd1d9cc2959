"""Addresses of the butler service, below ``/butler/``."""

from django.urls import URLPattern, path

from yizhantong.zones.butler.pages import appeals, butlers, home, knowledge, manager, visits

app_name = "butler"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("enterprises/", home.enterprises, name="enterprises"),
    path("enterprises/<str:code>/", home.enterprise, name="enterprise"),
    path("visits/", visits.index, name="visits"),
    path("visits/new", visits.new, name="visit-new"),
    path("visits/worker.js", visits.worker, name="visit-worker"),
    path("visits/sync", visits.sync, name="visit-sync"),
    path("visits/calendar.ics", visits.calendar, name="visit-calendar"),
    path("visits/problems/<int:number>/raise/", visits.raise_problem, name="problem-raise"),
    path("visits/<uuid:number>/", visits.visit, name="visit"),
    path("visits/<uuid:number>/photos/", visits.photos, name="visit-photos"),
    path("visits/<uuid:number>/photos/<uuid:key>/", visits.photo, name="visit-photo"),
    path("appeals/", appeals.index, name="appeals"),
    path("appeals/new/", appeals.new, name="appeal-new"),
    path("appeals/suggestions/", appeals.suggestions, name="appeal-suggestions"),
    path("appeals/<str:number>/", appeals.appeal, name="appeal"),
    path("appeals/<str:number>/<slug:what>/", appeals.act, name="appeal-act"),
    path("butlers/", butlers.index, name="butlers"),
    path("butlers/new/", butlers.new, name="butler-new"),
    path("butlers/assign/", butlers.assign, name="butler-assign"),
    path("butlers/<str:code>/", butlers.butler, name="butler"),
    path("plans/", manager.plans, name="plans"),
    path("plans/new/", manager.new_plan, name="plan-new"),
    path("plans/<int:number>/", manager.plan, name="plan"),
    path("plans/<int:number>/stop/", manager.stop_plan, name="plan-stop"),
    path("escalations/", manager.escalations, name="escalations"),
    path("escalations/<int:number>/answer/", manager.answer_escalation, name="escalation-answer"),
    path("reviews/", manager.reviews, name="reviews"),
    path("reviews/<int:number>/settle/", manager.settle_review, name="review-settle"),
    path("satisfaction/", manager.satisfaction, name="satisfaction"),
    path("knowledge/", knowledge.index, name="knowledge"),
    path("knowledge/new/", knowledge.new, name="answer-new"),
    path("knowledge/<int:number>/", knowledge.answer, name="answer"),
    path("knowledge/<int:number>/edit/", knowledge.edit, name="answer-edit"),
    path("knowledge/<int:number>/judge/", knowledge.judge, name="answer-judge"),
    path("knowledge/<int:number>/<slug:what>/", knowledge.act, name="answer-act"),
]
