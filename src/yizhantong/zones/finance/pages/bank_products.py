"""A bank's own products (drafted, handed in, withdrawn, revised), and its files of drawdowns with preview and line report."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.web import staging
from yizhantong.web.paging import page_of
from yizhantong.zones.finance import access, bankfiles
from yizhantong.zones.finance.actions import bankfiles as importing
from yizhantong.zones.finance.actions import products as actions
from yizhantong.zones.finance.forms.bank import FileForm, ProductForm
from yizhantong.zones.finance.models import BankFile, BankFileLine, Product
from yizhantong.zones.finance.pages.common import doing, done, form_page, me, refusing, show, taken

LEDGER = "finance.drawdown"
SHOWN = 200


@refusing
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the bank's products in all states."""
    bank = access.the_bank(me(request))
    page = page_of(request, Product.objects.filter(bank=bank))
    return show(request, "bank/products.html", {"page": page})


@refusing
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Draft a product."""
    bank = access.the_bank(me(request))
    form = ProductForm(request.POST or None)
    if taken(form, lambda data: actions.draft(bank, data, account=me(request))) is not None:
        return done(request, _("已起草,核对后请提交审定"), reverse("finance:own-products"))
    return form_page(request, form, _("新产品"), reverse("finance:own-products"))


@refusing
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a draft."""
    product = _own(request, code)
    form = ProductForm(request.POST or None, initial=ProductForm.of(product))
    if taken(form, lambda data: actions.save(product, data, account=me(request))) is not None:
        return done(request, _("已保存"), reverse("finance:own-products"))
    lead = _("退回意见:%(remark)s") % {"remark": product.remark} if product.remark else ""
    return form_page(request, form, product.name, reverse("finance:own-products"), lead=lead)


@refusing
@require_POST
def act(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Hand a draft in, withdraw a product, or begin its revision."""
    product, account, back = _own(request, code), me(request), reverse("finance:own-products")
    if what == "submit":
        return doing(request, lambda: actions.submit(product, account=account), _("已提交,等待金融主管部门审定"), back)
    if what == "withdraw":
        reason = request.POST.get("reason", "")
        return doing(request, lambda: actions.withdraw(product, reason, account=account), _("已下线"), back)
    if what == "revise":
        return doing(
            request, lambda: actions.revise(product, account=account), _("已生成修订稿,请修改后提交审定"), back
        )
    raise Http404


def _own(request: HttpRequest, code: str) -> Product:
    return get_object_or_404(Product.objects.select_related("bank"), code=code, bank=access.the_bank(me(request)))


@refusing
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """List the bank's imports; take a file, which is read and shown before anything is recorded."""
    bank = access.the_bank(me(request))
    form = FileForm(request.POST or None, request.FILES or None)

    def read(data: dict[str, object]) -> staging.Staged:
        upload = data["file"]
        content = upload.read()  # type: ignore[attr-defined]
        name = str(getattr(upload, "name", "") or "")
        bankfiles.read(content, name)
        return staging.keep(content, ledger=LEDGER, name=name, user=me(request).pk)

    kept = taken(form, read)
    if kept is not None:
        return preview(request, kept.token)
    page = page_of(request, BankFile.objects.filter(bank=bank).select_related("imported_by"))
    context = {"form": form, "page": page, "headings": ",".join(bankfiles.HEADINGS)}
    return show(request, "bank/files.html", context, status=422 if form.errors else 200)


def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show how a file was read; nothing is recorded yet."""
    kept = _kept(request, token)
    lines = bankfiles.read(kept.content, kept.name)
    wrong = [line for line in lines if line.problem]
    total = sum(line.amount_fen for line in lines if not line.problem and line.kind == bankfiles.DRAW)
    context = {
        "token": token, "name": kept.name, "lines": (wrong + [line for line in lines if not line.problem])[:SHOWN],
        "count": len(lines), "wrong": len(wrong), "total": total,
    }  # fmt: skip
    return show(request, "bank/preview.html", context)


def _kept(request: HttpRequest, token: str) -> staging.Staged:
    kept = staging.find(token, ledger=LEDGER, user=me(request).pk)
    if kept is None:
        raise Http404(_("预览已过期,请重新选择文件"))
    return kept


@refusing
@require_POST
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Record what a previewed file says, line by line."""
    bank = access.the_bank(me(request))
    kept = _kept(request, token)
    made = importing.import_file(kept.content, kept.name, bank=bank, account=me(request))
    said = _("新登记 %(recorded)d 笔,未变 %(unchanged)d 笔,冲销 %(reversed)d 笔,有误 %(failed)d 笔") % {
        "recorded": made.recorded, "unchanged": made.unchanged, "reversed": made.reversed, "failed": made.failed,
    }  # fmt: skip
    return done(request, said, reverse("finance:file", args=[made.pk]))


@refusing
@require_GET
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Show what became of each line of an import."""
    found = get_object_or_404(
        BankFile.objects.select_related("imported_by"), pk=number, bank=access.the_bank(me(request))
    )
    lines = found.lines.all()
    result = request.GET.get("result", "")
    if result in BankFileLine.Result.values:
        lines = lines.filter(result=result)
    page = page_of(request, lines, ("line", "pk"), 100)
    return show(
        request, "bank/file.html", {"file": found, "page": page, "result": result, "results": BankFileLine.Result}
    )
