"""Addresses of the builder."""

from __future__ import annotations

from django.urls import URLPattern, path

from yizhantong.web.views.items import approving, building, overview

ITEMS: list[URLPattern] = [
    path("items/", overview.index, name="items"),
    path("items/new/", overview.create, name="item-new"),
    path("items/import/", overview.upload, name="item-import"),
    path("items/rule/", building.rule, name="item-rule"),
    path("items/<str:code>/", overview.item, name="item"),
    path("items/<str:code>/draft/", overview.begin, name="item-draft"),
    path("items/<str:code>/change/", overview.change, name="item-change"),
    path("items/<str:code>/edit/<slug:tab>/", building.edit, name="item-edit"),
    path("items/<str:code>/undo/", building.undo, name="item-undo"),
    path("items/<str:code>/submit/", building.submit, name="item-submit"),
    path("items/<str:code>/versions/<int:number>/", approving.version, name="item-version"),
    path("items/<str:code>/versions/<int:number>/flow.bpmn", approving.flow, name="item-flow"),
    path("items/<str:code>/versions/<int:number>/publish/", approving.publish, name="item-publish"),
    path("items/<str:code>/versions/<int:number>/send-back/", approving.send_back, name="item-send-back"),
    path("items/<str:code>/versions/<int:number>/export/", overview.export, name="item-export"),
]
