"""What the shell itself lets be found: its help, the published figures, the zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel import figures
from yizhantong.kernel.search import declare_source
from yizhantong.kernel.search.actions import Document
from yizhantong.web.zones import ZONES

_SECTION = re.compile(r'<h2 id="([\w-]+)">\{% trans "(.+?)" %\}</h2>(.*?)(?=<h2|</section>)', re.S)
_TEXT = re.compile(r'\{% trans "(.+?)" %\}')


def help_sections() -> Iterator[Document]:
    """Yield the sections of the help page (``templates/web/help.html``)."""
    page = resources.files("yizhantong.web").joinpath("templates", "web", "help.html").read_text(encoding="utf-8")
    for anchor, title, rest in _SECTION.findall(page):
        body = " ".join(_TEXT.findall(rest))
        yield Document(key=anchor, title=title, body=body, url=f"{reverse('web:help')}#{anchor}", weight=0.9)


def published_figures() -> Iterator[Document]:
    """Yield the figures, with the phrases by which articles call them."""
    for figure in figures.figures():
        yield Document(
            key=figure.code,
            title=str(figure.label),
            body=str(figure.definition),
            url=reverse("web:figure", args=[figure.code]),
            words=tuple(phrase for phrase in figure.phrases if phrase != str(figure.label))[:12],
            zone=figure.zone,
            weight=0.8,
        )


def zones() -> Iterator[Document]:
    """Yield the zones."""
    for zone in ZONES:
        yield Document(
            key=zone.code,
            title=str(zone.name),
            body=str(zone.lead) or zone.about,
            url=reverse("web:zone", args=[zone.code]),
            zone=zone.code,
        )


declare_source("help", _("帮助"), help_sections)
declare_source("figure", _("数据"), published_figures)
declare_source("zone", _("专区"), zones)
