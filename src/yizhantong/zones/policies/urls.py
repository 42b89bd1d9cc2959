"""Addresses of the policies, below ``/policies/``."""

from django.urls import URLPattern, path

from yizhantong.zones.policies.pages import (
    arriving,
    attachments,
    desk,
    enterprise,
    experts,
    money,
    my_space,
    public,
    reviewing,
    scoring,
)

__all__ = ["app_name", "my_space", "urlpatterns"]
app_name = "policies"
urlpatterns: list[URLPattern] = [
    path("", public.index, name="index"),
    path("documents/<int:number>/", public.document, name="document"),
    path("documents/<int:number>/files/<int:file>/", attachments.download, name="file"),
    path("cards/<str:number>/", public.card, name="card"),
    path("match/", enterprise.match, name="match"),
    path("match/declare/", enterprise.declare, name="declare"),
    path("match/opt-out/", enterprise.opt_out, name="opt-out"),
    path("offers/", enterprise.offers, name="offers"),
    path("offers/<int:number>/", enterprise.answer, name="answer"),
    path("payments/<str:number>/", arriving.payment, name="payment"),
    path("results/", enterprise.results, name="results"),
    path("results/<int:number>/", enterprise.result, name="result"),
    path("scoring/", scoring.tasks, name="scoring"),
    path("scoring/<int:number>/", scoring.sheet, name="sheet"),
    path("desk/", desk.home, name="desk"),
    path("desk/documents/", desk.document_list, name="desk-documents"),
    path("desk/documents/new/", desk.new_document, name="desk-new-document"),
    path("desk/documents/<int:number>/", desk.document, name="desk-document"),
    path("desk/documents/<int:number>/files/", attachments.attach, name="desk-attach"),
    path("desk/documents/<int:number>/files/<int:file>/remove/", attachments.detach, name="desk-detach"),
    path("desk/documents/<int:number>/cards/new/", desk.new_card, name="desk-new-card"),
    path("desk/cards/<str:number>/", desk.card, name="desk-card"),
    path("desk/cards/<str:number>/push/", desk.push, name="desk-push"),
    path("desk/cards/<str:number>/share/", reviewing.share, name="desk-share"),
    path("desk/matching/", desk.matching, name="desk-matching"),
    path("desk/lists/<int:number>/", desk.automatic_list, name="desk-list"),
    path("desk/board/", reviewing.board, name="desk-board"),
    path("desk/applications/<int:number>/", reviewing.application, name="desk-application"),
    path("desk/experts/", experts.expert_list, name="desk-experts"),
    path("desk/budgets/", money.budget_list, name="desk-budgets"),
    path("desk/batches/", money.batch_list, name="desk-batches"),
    path("desk/batches/<str:number>/", money.batch, name="desk-batch"),
    path("desk/batches/<str:number>/file.<str:form>", money.bank_file, name="desk-bank-file"),
    path("desk/recoveries/", money.recovery_list, name="desk-recoveries"),
    path("desk/results/", money.result_list, name="desk-results"),
]
