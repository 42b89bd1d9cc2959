"""What invented people fill in for each package of the sample city (演示数据), and what they show at the window."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from yizhantong.foundation.codes import identity
from yizhantong.kernel.ledger.sampling import SampleCity

WINDOW: Mapping[str, tuple[str, ...]] = {
    "birth": ("birth_form", "photo", "follow_statement"), "property": ("loan", "pledge", "invoice", "consent", "shared"),
    "startup": ("articles", "premises"),
}  # fmt: skip
"""Materials that no register has: they are shown at the window."""
BANKS = ("锦州银行", "建设银行", "工商银行", "农业银行")


class Given:
    """Makes the forms; the same source of randomness gives the same people."""

    def __init__(self, city: SampleCity, rng: random.Random) -> None:
        self.city = city
        self.rng = rng

    def form(self, package: str, day: dt.date, applicant: str) -> dict[str, Any]:
        """Return the form of a package as somebody fills it in on a day; every question answered so that every part takes part."""
        made: dict[str, Any] = {"birth": self._birth, "property": self._property, "startup": self._startup}[package](
            day, applicant
        )
        return made

    def _birth(self, day: dt.date, applicant: str) -> dict[str, Any]:
        mother = self._identity(1991, 0)
        return {
            "birth_applicant": "母亲", "parents_married": False, "birth_wants_insurance": True, "birth_wants_card": True,
            "person_name": applicant, "person_identity": mother, "person_phone": self._phone(), "newborn_name": self._name(),
            "newborn_sex": self.rng.choice(("男", "女")), "newborn_born_on": (day - dt.timedelta(days=self.rng.randint(3, 40))).isoformat(),
            "newborn_hospital": "市妇幼保健院(演示)", "mother_name": applicant, "mother_identity": mother, "mother_phone": self._phone(),
            "follow_parent": "随母", "household_place": "锦州市古塔区(演示)", "insurance_year": str(day.year),
            "card_bank": self.rng.choice(BANKS), "vaccination_place": "古塔区接种门诊(演示)", "delivery_way": "窗口领取",
        }  # fmt: skip

    def _property(self, day: dt.date, applicant: str) -> dict[str, Any]:
        return {
            "property_deal": "二手房", "property_loan": True, "property_fund": True, "property_utilities": True,
            "buyer_name": applicant, "buyer_identity": self._identity(1985, 1), "person_phone": self._phone(),
            "seller_name": self._name(), "seller_identity": self._identity(1970, 1), "seller_phone": self._phone(),
            "property_address": f"锦州市凌河区演示路{self.rng.randint(1, 200)}号", "property_area": str(self.rng.randint(48, 140)),
            "property_price": str(self.rng.randint(18, 90) * 10_000), "property_use": "住宅", "first_home": True,
            "property_number": f"辽(2021)锦州市不动产权第{self.rng.randint(1, 99999):07d}号(演示)", "property_mortgaged": False,
            "property_shared": False, "marital_status": "未婚", "mortgage_bank": "锦州银行", "mortgage_amount": "200000",
            "loan_contract": f"DK-{self.rng.randint(1, 99999):05d}", "loan_from": day.isoformat(),
            "loan_until": day.replace(year=day.year + 20, day=min(day.day, 28)).isoformat(), "fund_account": "2107000012345",
            "requested_amount": "50000", "account_number": "6222000000001234567", "bank_name": "锦州银行", "utilities": ["水", "电"],
            "water_account": "10023456", "power_account": "20034567", "delivery_way": "窗口领取",
        }  # fmt: skip

    def _startup(self, day: dt.date, applicant: str) -> dict[str, Any]:
        person = self._identity(1988, 1)
        return {
            "startup_agent": False, "needs_seal": True, "needs_invoices": True, "startup_hires": True, "needs_bank_account": True,
            "person_name": applicant, "person_identity": person, "person_phone": self._phone(),
            "proposed_name": f"锦州演示{self.rng.randint(1000, 9999)}商贸有限公司", "legal_form": "有限责任公司(自然人独资)",
            "registered_capital": "500000", "industry": "F52", "registered_address": f"锦州市太和区演示街{self.rng.randint(1, 90)}号",
            "business_scope": "日用百货销售(演示)", "premises_kind": "自有", "shareholders": f"{applicant} 100%",
            "legal_representative": applicant, "legal_representative_identity": person, "legal_representative_phone": self._phone(),
            "seal_kinds": ["公章", "财务专用章"], "tax_accounting": "小企业会计准则", "invoice_kind": "增值税电子普通发票", "planned_staff": "3",
            "fund_ratio": "8", "bank_name": "锦州银行",
        }  # fmt: skip

    def _name(self) -> str:
        return self.city.name_of_person(self.rng)

    def _phone(self) -> str:
        return f"139{self.rng.randint(0, 99_999_999):08d}"

    def _identity(self, year: int, odd: int) -> str:
        """Return an invented identity number whose check character is right; ``odd`` 1 for a man, 0 for a woman."""
        born = dt.date(year, self.rng.randint(1, 12), self.rng.randint(1, 28))
        return identity.make("210702", born, self.rng.randint(0, 49) * 10 + self.rng.randrange(odd, 10, 2))
