"""JSON in and out: exact decimals, no NaN, nothing escaped that is Chinese."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from yizhantong.web.api.problems import Problem


def strict_json(body: bytes) -> Any:
    """Return the value of a JSON text in UTF-8 (RFC 8259), fractions as :class:`Decimal`; :class:`Problem` 400 otherwise."""
    try:
        return json.loads(body.decode(), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        detail = _("请求正文不是合法的 JSON(UTF-8),请检查括号、引号与编码")
        raise Problem(400, "api.unreadable_json", detail) from error


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


class StrictParser(Parser):
    """Reads bodies by :func:`strict_json`."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's value."""
        return strict_json(request.body)


class CompactRenderer(JSONRenderer):
    """Writes UTF-8 as it is, without blanks."""

    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}
