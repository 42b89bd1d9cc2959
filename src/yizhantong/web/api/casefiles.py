"""Materials and files of cases: given one by one, handed out by permission with a watermark."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import actions, rules
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.files.actions import store
from yizhantong.kernel.files.models import Stored
from yizhantong.web.api import lookups
from yizhantong.web.api.auth import SIGNED_IN, account_of, signed_in, source_of
from yizhantong.web.api.cases import EXTRA
from yizhantong.web.api.caseshapes import CaseMaterialOut, material_out
from yizhantong.web.api.files import BINARY, FILE
from yizhantong.web.api.filing import refuse_unvouched
from yizhantong.web.api.problems import not_found
from yizhantong.web.api.schemas import CaseNumber, Code, Flag, Id, Strict, Text
from yizhantong.web.casework import casefiles, materials

router = Router(tags=["casefiles"])
ANY_FILE = {"responses": {200: {"description": "OK", "content": {"application/octet-stream": BINARY}}}}


class Given(Strict):
    """How a material is given that is not uploaded now; ``reused`` names one of one's earlier files by its number."""

    mode: Literal["committed", "paper", "register", "reused"]
    file: Id | None = None
    remark: Annotated[Text, Field(max_length=200)] = ""


@router.post(
    "/cases/{number}/materials/{material}/files", response={201: CaseMaterialOut}, summary="上传一份材料", **EXTRA
)
def upload_material(
    request: HttpRequest, number: CaseNumber, material: Code, file: UploadedFile = FILE, seen: Flag = False
) -> Status[dict[str, Any]]:
    """Give one file of a material (at most 20 MB; images, PDF, office documents); what was found unfit is replaced by it.

    ``seen``: window staff has compared it with the original (trust B, 国办函〔2016〕108号).
    """
    account = account_of(request)
    case = lookups.seen_case(account, number)
    rules.check(account, "give_material", case)  # before anything is kept
    trust = Stored.Trust.B if seen and getattr(account, "is_staff", False) else Stored.Trust.C
    kept = store(file, account=account, name=file.name or "", purpose=casefiles.purpose(case), trust=trust)
    made = actions.give_material(case, material, mode="upload", file=kept, account=account, source=source_of(request))
    return Status(201, material_out(made))


@router.post(
    "/cases/{number}/materials/{material}", response={201: CaseMaterialOut}, summary="以其他方式提交一份材料", **EXTRA
)
def give_material(request: HttpRequest, number: CaseNumber, material: Code, body: Given) -> Status[dict[str, Any]]:
    """Give a material by a commitment or an earlier file; officials also as seen on paper or found in a register."""
    account = account_of(request)
    assert isinstance(account, User)
    case = lookups.seen_case(account, number)
    refuse_unvouched(account, [body.mode])
    file = _earlier(case, account, material, body.file) if body.mode == "reused" else None
    made = actions.give_material(
        case, material, mode=body.mode, file=file, account=account, remark=body.remark, source=source_of(request)
    )
    return Status(201, material_out(made))


@router.get(
    "/cases/{number}/files/{file_id}",
    auth=signed_in,
    openapi_extra={"security": SIGNED_IN, **ANY_FILE},
    summary="下载办件的一个文件",
)
def get_case_file(request: HttpRequest, number: CaseNumber, file_id: Id) -> HttpResponse:
    """Hand out a material, addition or paper of a case to whoever sees the case; pictures and PDFs bear a watermark."""
    account = account_of(request)
    opened = casefiles.opened(account, lookups.seen_case(account, number), file_id)
    if opened is None:
        raise not_found("files.unknown", _("这个办件没有编号 %(number)s 的文件") % {"number": file_id})
    disposition = content_disposition_header(True, opened.name) or "attachment"
    return HttpResponse(opened.content, content_type=opened.media_type, headers={"Content-Disposition": disposition})


def _earlier(case: Case, account: User, material: str, file: int | None) -> Stored:
    for row in materials.rows_of(case, account):
        for one in row.reusable if row.spec.code == material else []:
            if one.pk == file:
                return one
    raise not_found("files.unknown", _("没有可复用的这个文件;可复用的是同一申请人在以前办件中交过的同名材料"))
