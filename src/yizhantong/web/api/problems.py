"""Problem details (RFC 9457): one shape for everything that goes wrong, from an unknown address to a refused fact."""

from __future__ import annotations

import datetime as dt
import errno
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import errors as ninja_errors

from yizhantong.foundation.flow import FlowError
from yizhantong.foundation.text import TextTooLong
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.appointments.errors import AppointmentError
from yizhantong.kernel.articles.documents import DocumentError
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.items.errors import ContentError, ItemError
from yizhantong.kernel.items.forms import DataError
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.notices import NoticeError

MEDIA_TYPE = "application/problem+json"
URN = "urn:yizhantong:"
logger = logging.getLogger("yizhantong.api")

TITLES = {
    400: gettext_lazy("请求无法识别"),
    401: gettext_lazy("需要登录"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("不支持这种请求方法"),
    409: gettext_lazy("与现有记录冲突"),
    413: gettext_lazy("内容过大"),
    415: gettext_lazy("不支持这种内容格式"),
    422: gettext_lazy("内容有误"),
    429: gettext_lazy("请求过于频繁"),
    500: gettext_lazy("平台出错"),
    503: gettext_lazy("系统繁忙"),
}

STATUSES: dict[str, int] = {
    "figures.unknown_figure": 404,
    "figures.unknown_snapshot": 404,
    "figures.unsealed": 409,
    "ledger.key_taken": 409,
    "ledger.already_reversed": 409,
    "ledger.reversal_of_reversal": 409,
    "imports.changed_meanwhile": 409,
    "imports.too_large": 413,
    "exports.nothing_visible": 403,
    "proofs.not_sealed": 404,
    "proofs.no_such_fact": 404,
    "proofs.no_such_segment": 404,
    "articles.too_large": 413,
    "articles.too_long": 413,
    "text.too_long": 413,
    "files.too_large": 413,
    "files.refused": 403,
    "files.disk_full": 500,
    "files.storage": 500,
    "files.missing": 500,
    "files.damaged": 500,
    "items.unknown_item": 404,
    "items.unknown_version": 404,
    "appointments.unknown": 404,
    "appointments.unknown_hall": 404,
    "appointments.unknown_service": 404,
    "appointments.not_yours": 403,
    "appointments.full": 409,
    "appointments.wrong_state": 409,
    "cases.unknown": 404,
    "cases.lookup": 404,
    "cases.lookup_locked": 429,
    "cases.not_yours": 403,
    "cases.own_case": 403,
    "cases.not_the_applicant": 403,
} | dict.fromkeys(
    (
        "cases.already_done", "cases.archived", "cases.claimed", "cases.delivered", "cases.disputed", "cases.extended",
        "cases.joint_open", "cases.material_closed", "cases.material_gone", "cases.material_many", "cases.no_decision",
        "cases.no_procedure", "cases.no_step", "cases.not_due", "cases.not_published", "cases.notice_open",
        "cases.notice_over", "cases.notice_running", "cases.objection_open", "cases.order_state", "cases.rated",
        "cases.rating_late", "cases.dispute_late", "cases.rectification_state", "cases.settled", "cases.stopped",
        "cases.suspended", "cases.transfer_asked", "cases.transferred", "cases.unconfirmed", "cases.version_changed",
        "cases.wrong_state",
    ),
    409,
)  # fmt: skip
"""Status by code of the kernel's typed errors; all others are 422: well formed, but it cannot be.

409: somebody was faster, or the case is not (any more) where this can be done; ``details`` says who, when, what is.
"""
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: ``field`` names the parameter, body field or column, ``row`` counts a sheet's rows from 1."""

    detail: str
    code: str = ""
    field: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""


@dataclass
class Problem(Exception):
    """An answer that is no success; raised by operations and made of every typed error of the kernel."""

    status: int
    code: str
    detail: str
    errors: list[Fault] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the members of RFC 9457, with ``code``, ``errors`` and ``details`` as extensions."""
        return {
            "type": f"{URN}{self.code}",
            "title": str(TITLES[self.status]),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": [asdict(fault) for fault in self.errors],
            "details": {name: _plain(value) for name, value in self.details.items()},
        }

    def response(self) -> HttpResponse:
        """Return the answer."""
        content = json.dumps(self.as_json(), ensure_ascii=False, separators=(",", ":"))
        octets = content.encode(errors="replace")  # what was sent may hold half a surrogate pair
        return HttpResponse(octets, status=self.status, content_type=MEDIA_TYPE, headers=dict(self.headers))


def _plain(value: Any) -> Any:
    """Return a detail as JSON has it: moments and days as ISO 8601."""
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def not_found(code: str, detail: str) -> Problem:
    """Return the problem of something that is not there, or not for this account."""
    return Problem(404, code, detail)


def sign_in_first() -> Problem:
    """Return the problem of an account that did not say who it is."""
    detail = _("这项操作需要登录,或在 Authorization 头中给出接口密钥:Bearer <密钥>")
    return Problem(401, "access.sign_in", detail, headers={"WWW-Authenticate": 'Bearer realm="yizhantong"'})


def of(error: Exception) -> Problem:
    """Return the problem that an exception is; what nobody expected is logged and told without its inside."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, OSError) and error.errno in FULL:
        return _full(error)
    for kind, make in _KINDS:
        if isinstance(error, kind):
            problem: Problem = make(error)
            return problem
    logger.error("unexpected error in the API", exc_info=error)
    return Problem(500, "api.failed", _("平台内部出错,已记录;请稍后再试,仍不行请联系系统管理员"))


def _ledger(error: LedgerError) -> Problem:
    faults = [Fault(error.sentence, error.code, error.field, row=None if error.row is None else error.row + 1)]
    named = bool(error.field) or error.row is not None
    return Problem(STATUSES.get(error.code, 422), error.code, str(error), faults if named else [])


def _coded(error: Any) -> Problem:
    return Problem(STATUSES.get(error.code, 422), error.code, str(error))


def _case(error: CaseError) -> Problem:
    """Return what a case refuses: the form's errors by data element, missing materials one by one, else its field."""
    details = {name: value for name, value in error.details.items() if name != "errors" and not name.endswith("by_id")}
    details |= {"law": error.law} if error.law else {}
    faults = _by_element(error.details.get("errors") or {}, error.code)
    faults += [Fault(error.sentence, error.code, str(code)) for code in error.details.get("missing") or []]
    if not faults and error.field:
        faults = [Fault(error.sentence, error.code, error.field)]
    return Problem(STATUSES.get(error.code, 422), error.code, str(error), faults, details=details)


def _by_element(errors: Mapping[str, Iterable[str]], code: str) -> list[Fault]:
    return [Fault("".join(said), code, f"data.{element}") for element, said in errors.items()]


def _item(error: ItemError) -> Problem:
    if isinstance(error, DataError):
        faults = _by_element(error.errors, error.code)
    elif isinstance(error, ContentError):
        faults = [Fault(finding.sentence, finding.code, finding.place) for finding in error.findings]
    else:
        faults = [Fault(error.sentence, error.code, error.place)] if error.place else []
    return Problem(STATUSES.get(error.code, 422), error.code, error.sentence, faults)


def _flow(error: FlowError) -> Problem:
    return Problem(422, error.code, error.sentence, [Fault(error.sentence, error.code, str(error.path or "flow"))])


def _full(error: OSError) -> Problem:
    detail = _("服务器存储空间已满,没有保存;请稍后再试,并请系统管理员清理或扩容")
    return Problem(500, "files.disk_full", detail)


def _busy(error: Exception) -> Problem:
    """Return what is said when the database was busy or away for too long: nothing was written, so it can be sent once more."""
    logger.error("the database was busy or away", exc_info=error)
    return Problem(503, "api.busy", _("系统繁忙,什么也没有保存;请等几秒钟再提交一次"), headers={"Retry-After": "5"})


def _refused(error: Refused) -> Problem:
    return Problem(403, error.code, str(error))


def _throttled(error: ninja_errors.Throttled) -> Problem:
    return Problem(429, "api.too_many_requests", _("请求过于频繁,请稍后再试,或用接口密钥访问"))


def _http(error: ninja_errors.HttpError) -> Problem:
    if error.status_code == 400:
        return Problem(400, "api.unreadable_json", _("请求正文不是合法的 JSON(UTF-8),请检查括号、引号与编码"))
    return Problem(error.status_code, "api.refused", str(error))


def _too_big(error: Exception) -> Problem:
    return Problem(413, "api.too_large", _("请求正文过大,请分成几次提交"))


def _unreadable(error: Exception) -> Problem:
    return Problem(400, "api.unreadable", _("请求正文读不出来,请检查 Content-Type 与正文是否一致、是否完整"))


def _missing(error: Exception) -> Problem:
    return Problem(404, "api.not_found", str(error) or _("没有这个地址"))


def _invalid(error: ninja_errors.ValidationError) -> Problem:
    return _faulty([_fault(item) for item in error.errors])


def invalid(source: str, errors: Iterable[Mapping[str, Any]]) -> Problem:
    """Return the problem of a ``source`` (``body``) that pydantic refused, by its own list of errors."""
    return _faulty([_fault({**item, "loc": (source, *item["loc"])}) for item in errors])


def _faulty(faults: list[Fault]) -> Problem:
    detail = ";".join(f"“{fault.field}”{fault.detail}" for fault in faults[:5])
    return Problem(400, "api.invalid", detail, faults)


_KINDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Any], ...] = (
    (LedgerError, _ledger),
    (FigureError, _coded),
    (CaseError, _case),
    (ItemError, _item),
    (FlowError, _flow),
    ((AppointmentError, DocumentError, FileError, NoticeError, TextTooLong), _coded),
    (Refused, _refused),
    (ninja_errors.Throttled, _throttled),
    (ninja_errors.ValidationError, _invalid),
    (ninja_errors.HttpError, _http),
    (RequestDataTooBig, _too_big),
    ((MultiPartParserError, UnreadablePostError, SuspiciousOperation), _unreadable),
    (Http404, _missing),
    ((OperationalError, InterfaceError), _busy),
)

_SAID = {
    "missing": gettext_lazy("必须填写"),
    "extra_forbidden": gettext_lazy("不是这个接口的字段"),
    "int_type": gettext_lazy("应为整数"),
    "int_parsing": gettext_lazy("应为整数"),
    "string_type": gettext_lazy("应为文字"),
    "bool_type": gettext_lazy("应为 true 或 false"),
    "bool_parsing": gettext_lazy("应为 true 或 false"),
    "list_type": gettext_lazy("应为数组"),
    "dict_type": gettext_lazy("应为对象"),
    "model_attributes_type": gettext_lazy("应为对象"),
    "date_from_datetime_parsing": gettext_lazy("应为日期,如 2021-08-16"),
    "string_pattern_mismatch": gettext_lazy("写法不对"),
    "greater_than_equal": gettext_lazy("太小,最小为 {ge}"),
    "less_than_equal": gettext_lazy("太大,最大为 {le}"),
    "string_too_long": gettext_lazy("太长,最多 {max_length} 字"),
    "string_too_short": gettext_lazy("太短,至少 {min_length} 字"),
    "too_long": gettext_lazy("太多,最多 {max_length} 项"),
    "too_short": gettext_lazy("太少,至少 {min_length} 项"),
    "literal_error": gettext_lazy("不是允许的值,可用:{expected}"),
    "value_error": gettext_lazy("{error}"),
}


def _fault(item: Mapping[str, Any]) -> Fault:
    """Return one of pydantic's errors, told in Chinese; ``loc`` starts with where the value stood."""
    kind = item["type"]
    said = str(_SAID.get(kind, _("不符合要求")))
    place = [str(part) for part in item["loc"][1:]]
    return Fault(said.format_map(_Context(item.get("ctx", {}))), f"api.{kind}", ".".join(place) or str(item["loc"][0]))


class _Context(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def handle(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer an exception, however deep it was raised; a refusal of the public asks to sign in first."""
    problem = of(error)
    account = getattr(request, "auth", None) or request.user
    if isinstance(error, Refused):
        if not account.is_authenticated:
            problem = sign_in_first()
        else:
            _audit_refusal(request, account, error)
    return problem.response()


def _audit_refusal(request: HttpRequest, account: Any, error: Refused) -> None:
    from yizhantong.kernel.ledger.audit import Event, Result, audit

    audit(
        account, Event.REFUSED, error.permission, result=Result.REFUSED,
        address=request.META.get("REMOTE_ADDR", ""), path=request.path[:200], division=error.division,
    )  # fmt: skip
