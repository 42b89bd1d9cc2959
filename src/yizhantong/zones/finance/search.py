"""Products in the search room, for everyone."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.search import actions, declare_source
from yizhantong.kernel.search.actions import Document
from yizhantong.zones.finance.models import Need, Product

KIND = "loan_product"
GUARANTEES, PURPOSES = dict(Need.Guarantee.choices), dict(Need.Purpose.choices)


def put(product: Product) -> None:
    """Put a published product into the index."""
    actions.put(KIND, [document_of(product)])


def drop(product: Product) -> None:
    """Take a product out of the index."""
    actions.remove(KIND, product.code)


def document_of(product: Product) -> Document:
    """Return a product as the index takes it."""
    kinds = [str(GUARANTEES[code]) for code in product.guarantees]
    uses = [str(PURPOSES[code]) for code in product.purposes]
    most = f"{product.max_fen / 1_000_000:g} 万元"
    return Document(
        key=product.code, title=f"{product.name}({product.bank.name})", zone="finance",
        body=f"{product.summary} 最高 {most},最长 {product.max_months} 个月。{'、'.join(kinds + uses)}",
        url=f"/finance/products/{product.code}/", words=("贷款", "融资", *kinds),
    )  # fmt: skip


def documents() -> Iterator[Document]:
    """Yield all published products."""
    rows = Product.objects.filter(state=Product.State.PUBLISHED).select_related("bank").order_by("code")
    return (document_of(product) for product in rows.iterator())


declare_source(KIND, _("信贷产品"), documents)
