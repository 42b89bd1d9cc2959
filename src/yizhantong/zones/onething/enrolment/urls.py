"""Addresses of enrolment, below ``/onething/enrolment/``."""

from django.urls import URLPattern, path

from yizhantong.zones.onething.enrolment.pages import apply, batches, desk, mine, public, setup

urlpatterns: list[URLPattern] = [
    path("", public.home, name="enrolment"),
    path("mine/", mine.index, name="enrolment-mine"),
    path("receipts/<str:receipt>/", mine.receipt, name="enrolment-receipt"),
    path("children/<str:number>/", mine.child, name="enrolment-child"),
    path("children/<str:number>/notice.pdf", mine.notice, name="enrolment-notice"),
    path("children/<str:number>/<slug:what>/", mine.act, name="enrolment-child-act"),
    path("desk/", desk.index, name="enrolment-desk"),
    path("desk/new/", setup.new, name="enrolment-new"),
    path("desk/children/<str:number>/", desk.recheck, name="enrolment-recheck"),
    path("desk/<slug:code>/", desk.season, name="enrolment-desk-season"),
    path("desk/<slug:code>/edit/", setup.edit, name="enrolment-edit"),
    path("desk/<slug:code>/schools/", setup.schools, name="enrolment-schools"),
    path("desk/<slug:code>/batches/new/", setup.new_batch, name="enrolment-batch-new"),
    path("desk/<slug:code>/batches/<int:number>/", batches.batch, name="enrolment-batch"),
    path("desk/<slug:code>/export.xlsx", desk.export, name="enrolment-export"),
    path("desk/<slug:code>/<slug:what>/", desk.act, name="enrolment-desk-act"),
    path("<slug:code>/", public.season, name="enrolment-season"),
    path("<slug:code>/apply/", apply.form, name="enrolment-apply"),
    path("<slug:code>/lottery/", public.lottery, name="enrolment-lottery"),
]
