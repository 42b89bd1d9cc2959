"""Addresses of the desk, the hall and my space; they stand in the shell's own namespace (``web:``)."""

from django.urls import URLPattern, path

from yizhantong.web.views.desk import case as desk_case
from yizhantong.web.views.desk import intake, statistics, supervision, todo, visitor
from yizhantong.web.views.hall import apply, case, files, mandates, mine, profile, progress, rating, services

DESK: list[URLPattern] = [
    path("desk/", todo.todo, name="desk"),
    path("desk/batch/", todo.batch, name="desk-batch"),
    path("desk/cases/", todo.cases, name="desk-cases"),
    path("desk/cases/<str:number>/", desk_case.case, name="desk-case"),
    path("desk/cases/<str:number>/do/<slug:code>/", desk_case.do, name="desk-do"),
    path("desk/cases/<str:number>/reveal/", desk_case.reveal, name="desk-reveal"),
    path("desk/cases/<str:number>/materials/<int:material>/", desk_case.verify, name="desk-material"),
    path("desk/cases/<str:number>/steps/<int:pk>/<slug:verb>/", desk_case.step, name="desk-step"),
    path("desk/visitor/", visitor.visitor, name="visitor"),
    path("desk/visitor/leave/", visitor.leave, name="visitor-leave"),
    path("desk/visitor/start/", visitor.start, name="visitor-start"),
    path("desk/intake/", intake.counter, name="intake"),
    path("desk/intake/password/", intake.password, name="intake-password"),
    path("desk/intake/batch/", intake.batch, name="intake-batch"),
    path("desk/intake/batch/<str:code>.xlsx", intake.template, name="intake-template"),
    path("desk/supervision/", supervision.board, name="supervision"),
    path("desk/supervision/<int:number>/", supervision.order, name="supervision-order"),
    path("desk/ratings/", supervision.ratings, name="rectifications"),
    path("desk/ratings/<int:number>/", supervision.rating, name="rectification"),
    path("desk/profiles/", profile.profiles_to_verify, name="profiles"),
    path("desk/statistics/", statistics.statistics, name="statistics"),
]
HALL: list[URLPattern] = [
    path("services/", services.index, name="services"),
    path("services/<str:code>/", services.guide, name="service"),
    path("services/<str:code>/apply/", apply.start, name="apply"),
    path("services/<str:code>/versions/<int:version>/flow.bpmn", files.service_flow, name="service-flow"),
    path("services/<str:code>/materials/<slug:material>/<slug:what>/", files.service_file, name="service-file"),
    path("my/", mine.index, name="my"),
    path("my/cases/", mine.cases, name="my-cases"),
    path("my/cases/<str:number>/", case.case, name="my-case"),
    path("my/cases/<str:number>/receipt/", apply.receipt, name="receipt"),
    path("my/identity/", mine.identity, name="identity"),
    path("my/mandates/", mandates.index, name="mandates"),
    path("my/mandates/<str:uscc>/", mandates.organisation, name="mandates-of"),
    path("my/mandates/<str:uscc>/<int:number>/withdraw/", mandates.withdraw, name="mandate-withdraw"),
    path("my/profile/<str:uscc>/", profile.profile, name="profile"),
    path("my/materials/", mine.materials, name="my-materials"),
    path("my/drafts/", apply.drafts, name="drafts"),
    path("my/drafts/<str:number>/", apply.draft, name="draft"),
    path("my/drafts/<str:number>/save/", apply.save, name="draft-save"),
    path("my/drafts/<str:number>/materials/", apply.draft_materials, name="draft-materials"),
    path("my/drafts/<str:number>/check/", apply.check, name="draft-check"),
    path("my/drafts/<str:number>/discard/", apply.discard, name="draft-discard"),
    path("cases/<str:number>/files/<int:file>/", files.case_file, name="case-file"),
    path("rate/thanks/", rating.thanks, name="rated"),
    path("rate/<str:token>/", rating.rate, name="rate"),
    path("progress/", progress.progress, name="progress"),
    path("public-notices/", progress.notices, name="public-notices"),
    path("public-notices/<int:number>/", progress.notice, name="public-notice"),
]
