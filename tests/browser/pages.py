"""The pages that looking tests visit: a name, an address, and who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Visit:
    """One page as one account sees it (empty: nobody); with ``follow``, the page to which that link of ``path`` leads."""

    name: str
    path: str
    account: str = ""
    follow: str = ""

    def open(self, open_page: Callable[..., Page], city: object, **options: Any) -> Page:
        """Open the page."""
        page = open_page(city, self.path, account=self.account, **options)
        if self.follow:
            page.goto(str(page.locator(self.follow).first.get_attribute("href")))
        return page


VISITS = (
    Visit("front", "/"),
    Visit("front-empty-day", "/?as_of=2019-01-01"),
    Visit("catalogue", "/figures/"),
    Visit("catalogue-nothing", "/figures/?q=zzzz"),
    Visit("figure", "/figures/investment.signed_amount/"),
    Visit("figure-map", "/figures/villages.waste/?level=county"),
    Visit("figure-ratio", "/figures/investment.large_share/"),
    Visit("figure-publisher", "/figures/investment.projects/", "tongji"),
    Visit("zones", "/zones/"),
    Visit("zone", "/zones/investment/"),
    Visit("ledgers", "/ledgers/"),
    Visit("ledger", "/ledgers/investment.signing/"),
    Visit("ledger-staff", "/ledgers/villages.report/", "tongji"),
    Visit("ledger-nothing", "/ledgers/investment.signing/?q=zzzz"),
    Visit(
        "fact", "/ledgers/investment.signing/", "tongji", follow="main tbody a[href*='/ledgers/investment.signing/']"
    ),
    Visit("record", "/ledgers/investment.signing/new/", "tongji"),
    Visit("import", "/ledgers/investment.signing/import/", "tongji"),
    Visit("check", "/check/"),
    Visit("check-form", "/check/", "jizhe"),
    Visit("briefs", "/briefs/"),
    Visit("brief", "/briefs/investment/", "bianji"),
    Visit("brief-edit", "/briefs/investment/edit/", "bianji"),
    Visit("proofs", "/proofs/"),
    Visit("proofs-ledger", "/proofs/investment.signing/", "tongji"),
    Visit("help", "/help/"),
    Visit("login", "/accounts/login/"),
    Visit("me", "/accounts/me/", "taizhang"),
    Visit("password", "/accounts/password/", "taizhang"),
    Visit("administration", "/administration/", "xitong"),
    Visit("administration-new", "/administration/new/", "xitong"),
    Visit("administered", "/administration/", "anquan", follow="main tbody a"),
    Visit("services", "/services/"),
    Visit("progress", "/progress/"),
    Visit("public-notices", "/public-notices/"),
    Visit("my", "/my/", "qiye"),
    Visit("my-cases", "/my/cases/", "qiye"),
    Visit("my-drafts", "/my/drafts/", "qiye"),
    Visit("my-materials", "/my/materials/", "jumin"),
    Visit("desk", "/desk/", "shenpi"),
    Visit("desk-cases", "/desk/cases/", "kezhang"),
    Visit("supervision", "/desk/supervision/", "ducha"),
    Visit("bad-ratings", "/desk/ratings/", "ducha"),
    Visit("statistics", "/desk/statistics/", "ducha"),
    Visit("intake", "/desk/intake/", "chuangkou"),
    Visit("intake-batch", "/desk/intake/batch/", "chuangkou"),
    Visit("demonstration", "/demonstration/", "shenpi"),
    Visit("search", "/search/?q=买房"),
    Visit("notices", "/notices/", "qiye"),
    Visit("verify", "/verify/"),
    Visit("items", "/items/", "zhengce"),
    Visit("butler", "/butler/", "guanjia"),
    Visit("butler-enterprises", "/butler/enterprises/", "guanjia"),
    Visit("butler-visits", "/butler/visits/", "guanjia"),
    Visit("butler-appeals", "/butler/appeals/", "guanjia"),
    Visit("butler-appeal-new", "/butler/appeals/new/", "qiye"),
    Visit("butler-knowledge", "/butler/knowledge/"),
    Visit("butler-managed", "/butler/", "guanjiazhang"),
    Visit("butler-plans", "/butler/plans/", "guanjiazhang"),
    Visit("butler-satisfaction", "/butler/satisfaction/", "guanjiazhang"),
    Visit("policies", "/policies/"),
    Visit("policies-match", "/policies/match/", "qiye"),
    Visit("policies-offers", "/policies/offers/", "qiye"),
    Visit("policies-results", "/policies/results/", "qiye"),
    Visit("policies-desk", "/policies/desk/", "zhengce"),
    Visit("policies-documents", "/policies/desk/documents/", "zhengce"),
    Visit("policies-document-new", "/policies/desk/documents/new/", "zhengce"),
    Visit("policies-matching", "/policies/desk/matching/", "zhengce"),
    Visit("policies-board", "/policies/desk/board/", "shenpi"),
    Visit("policies-budgets", "/policies/desk/budgets/", "caizheng"),
    Visit("policies-batches", "/policies/desk/batches/", "caizheng"),
    Visit("policies-recoveries", "/policies/desk/recoveries/", "caizheng"),
    Visit("policies-scoring", "/policies/scoring/", "zhuanjia1"),
    Visit("calendar", "/calendar/"),
    Visit("calendar-mine", "/calendar/?mine=1", "qiye"),
    Visit("appointments", "/appointments/"),
    Visit("my-appointments", "/my/appointments/", "jumin"),
    Visit("windows", "/desk/windows/", "chuangkou"),
    Visit("desk-appointments", "/desk/appointments/", "chuangkou"),
    Visit("open-data", "/open-data/"),
    Visit("open-data-items", "/open-data/items/"),
    Visit("mandates", "/my/mandates/", "qiye"),
    Visit("visitor", "/desk/visitor/", "chuangkou"),
    Visit("desk-rooms", "/desk/", "jinrong"),
    Visit("finance", "/finance/"),
    Visit("finance-products", "/finance/products/"),
    Visit("finance-needs", "/finance/needs/", "qiye"),
    Visit("finance-authorisations", "/finance/authorisations/", "qiye"),
    Visit("finance-authorise", "/finance/authorisations/new/", "qiye"),
    Visit("finance-guarantees", "/finance/guarantees/", "jumin"),
    Visit("finance-bank", "/finance/bank/", "yinhang"),
    Visit("finance-pool", "/finance/bank/pool/", "yinhang"),
    Visit("finance-files", "/finance/bank/files/", "yinhang"),
    Visit("finance-office", "/finance/office/", "jinrong"),
    Visit("finance-statistics", "/finance/statistics/", "jinrong"),
    Visit("finance-events", "/finance/events/", "yinhang"),
    Visit("finance-event", "/finance/events/", "jinrong", follow=".product-card.is-match h2 a"),
    Visit("finance-event-own", "/finance/events/", "qiye", follow=".product-card.is-match h2 a"),
    Visit("finance-event-new", "/finance/events/new/", "jinrong"),
    Visit("talent", "/talent/"),
    Visit("talent-posts", "/talent/posts/"),
    Visit("talent-mine", "/talent/mine/", "jumin"),
    Visit("talent-desk", "/talent/desk/", "rencai"),
    Visit("talent-housing", "/talent/desk/housing/", "rencai"),
    Visit("talent-review", "/talent/desk/stations/", "rencai", follow="main a[href^='/talent/desk/stations/']"),
    Visit("talent-station", "/talent/stations/", follow="main .t-cards h2 a"),
    Visit("onething", "/onething/"),
    Visit("onething-gains", "/onething/gains/"),
    Visit("onething-package", "/onething/packages/birth/"),
    Visit("enrolment", "/onething/enrolment/"),
    Visit("enrolment-desk", "/onething/enrolment/desk/", "zhaosheng"),
    Visit("crossregion", "/crossregion/"),
    Visit("crossregion-offers", "/crossregion/offers/"),
    Visit("crossregion-cases", "/crossregion/cases/", "tongban"),
    Visit("crossregion-partners", "/crossregion/partners/", "tongban"),
    Visit("api", "/api/v1/docs"),
    Visit("refused", "/ledgers/investment.signing/new/", "jizhe"),
    Visit("missing", "/no-such-page/"),
    Visit("bad-day", "/?as_of=2099-01-01"),
)
