"""The accounts of the sample city: officials of its agencies, and invented people who ask for something (演示数据)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from yizhantong.kernel.access.models import Grant, User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.load import load_agencies
from yizhantong.kernel.parties.models import Mandate, Organisation, Person
from yizhantong.project.accounts.roles import ROLES, ensure_roles

SAMPLE_PASSWORD = "Yanshi-2021"
BUSINESS, INDUSTRY = "营商环境建设局", "工业和信息化局"


@dataclass(frozen=True, slots=True)
class Somebody:
    """An invented natural person: identity and phone are made up, and valid by their check characters."""

    identity: str
    phone: str
    enterprises: tuple[str, ...] = ()
    """Parts of the names of the sample enterprises for which this person acts."""


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """An account of the sample city.

    ``role`` is empty for applicants; it holds over the city, over one managing unit (``unit``, by position), or, where ``agency`` is
    given (the end of its name) and ``everywhere`` is not, over what that agency answers for; ``bank`` puts it into one of the
    sample's banks, by position, instead.
    """

    username: str
    name: str
    role: str = ""
    unit: int | None = None
    staff: bool = True
    agency: str = ""
    bank: int | None = None
    everywhere: bool = False
    somebody: Somebody | None = None

    @property
    def role_name(self) -> str:
        """Return the Chinese name of the role."""
        if self.role:
            return ROLES[self.role][0]
        assert self.somebody is not None
        return "企业经办人" if self.somebody.enterprises else "居民"

    @property
    def scope(self) -> Grant.Scope:
        """Return over what the role holds."""
        if self.unit is not None:
            return Grant.Scope.DIVISION
        return (
            Grant.Scope.AGENCY if (self.agency or self.bank is not None) and not self.everywhere else Grant.Scope.CITY
        )

    @property
    def scope_name(self) -> str:
        """Return the name of the scope."""
        if self.unit is not None:
            return tree.units()[self.unit].name
        if self.somebody is not None:
            return "本人及所代表的企业" if self.somebody.enterprises else "本人"
        if self.bank is not None:
            return "本行"
        return self.agency if self.scope == Grant.Scope.AGENCY else "全市"


SAMPLE_ACCOUNTS = (
    SampleAccount("qiye", "演示企业经办人", staff=False, somebody=Somebody("210702198805060120", "13904160001", ("0000号", "0004号"))),
    SampleAccount("jumin", "演示居民", staff=False, somebody=Somebody("21070319910917028X", "13904160002")),
    SampleAccount("chuangkou", "演示窗口人员", "window", agency=BUSINESS, everywhere=True),
    SampleAccount("shenpi", "演示审批员", "approver", agency=INDUSTRY),
    SampleAccount("kezhang", "演示科长", "section-head", agency=INDUSTRY),
    SampleAccount("caizheng", "演示财政资金员", "treasurer", agency="财政局"),
    SampleAccount("fuhe", "演示财政复核员", "treasurer", agency="财政局"),
    SampleAccount("huiban", "演示生态环境审批员", "approver", agency="生态环境局"),
    SampleAccount("yingji", "演示应急管理审批员", "approver", agency="应急管理局"),
    SampleAccount("zhengce", "演示政策编辑", "item-editor", agency=INDUSTRY),
    SampleAccount("fabu", "演示政策审定人", "item-publisher", agency=INDUSTRY),
    SampleAccount("taocan", "演示套餐编辑", "item-editor", agency=BUSINESS, everywhere=True),
    SampleAccount("taocanshen", "演示套餐审定人", "item-publisher", agency=BUSINESS, everywhere=True),
    SampleAccount("ducha", "演示督查员", "supervisor"),
    SampleAccount("guanjia", "演示项目管家", "butler", agency=BUSINESS),
    SampleAccount("guanjiazhang", "演示管家主管", "butler-manager", agency=BUSINESS, everywhere=True),
    SampleAccount("dating", "演示大厅管理员", "hall-manager", agency=BUSINESS, everywhere=True),
    SampleAccount("tongban", "演示跨区通办人员", "crossregion-clerk", agency=BUSINESS),
    SampleAccount("jinrong", "演示金融专员", "finance-officer", agency="金融发展局"),
    SampleAccount("yinhang", "演示银行客户经理甲", "bank-officer", bank=0),
    SampleAccount("yinhang2", "演示银行客户经理乙", "bank-officer", bank=1),
    SampleAccount("rencai", "演示人才专员", "talent-officer", agency="人力资源和社会保障局"),
    SampleAccount("rencai2", "演示人才复核员", "talent-officer", agency="人力资源和社会保障局"),
    SampleAccount("zhaosheng", "演示招生专员", "enrolment-officer", agency="教育局"),
    SampleAccount("zhaosheng2", "演示招生审定员", "enrolment-officer", agency="教育局"),
    *(
        SampleAccount(username, f"演示{name}审批员", "section-head", agency=agency)
        for username, name, agency in (
            ("weijian", "卫生健康", "卫生健康委员会"), ("gongan", "户籍", "公安局"), ("yibao", "医疗保障", "医疗保障局"), ("renshe", "社会保障", "人力资源和社会保障局"),
            ("ziran", "不动产登记", "自然资源局"), ("shuiwu", "税务", "税务局"), ("zhujian", "住房建设", "住房和城乡建设局"), ("shijian", "市场监管", "市场监督管理局"),
        )
    ),
    *(SampleAccount(f"zhuanjia{number}", f"演示评审专家{number}", "expert") for number in range(1, 7)),
    SampleAccount("tongji", "演示统计员", "statistician"),
    SampleAccount("taizhang", "演示台账员", "clerk", unit=5),
    SampleAccount("bianji", "演示编辑", "editor"),
    SampleAccount("jizhe", "演示记者", "journalist", staff=False),
    SampleAccount("lingdao", "演示领导", "leader"),
    SampleAccount("xitong", "演示系统管理员", "system-admin"),
    SampleAccount("anquan", "演示安全管理员", "security-admin"),
    SampleAccount("shenji", "演示审计管理员", "audit-admin"),
)  # fmt: skip


@transaction.atomic
def sample_accounts() -> None:
    """Make the roles, and the accounts of the sample city where they are missing; what people changed since stays."""
    ensure_roles()
    load_agencies()
    for account in SAMPLE_ACCOUNTS:
        user, made = User.objects.get_or_create(
            username=account.username,
            defaults={"display_name": account.name, "is_staff": account.staff, "demonstration": True},
        )
        if made:
            _furnish(user, account)
        if account.somebody is not None and user.person is not None:
            _mandate(user.person, account.somebody)


def _furnish(user: User, account: SampleAccount) -> None:
    user.set_password(SAMPLE_PASSWORD)
    user.agency = _agency(account.agency) if account.agency else _bank(account.bank)
    user.person = _person(account) if account.somebody else None
    user.save(update_fields=["password", "agency", "person"])
    if account.role:
        division = None if account.unit is None else tree.units()[account.unit].code
        Grant.objects.create(user=user, role_id=account.role, scope=account.scope, division_id=division)


def _agency(name: str) -> Organisation:
    """Return the city's own agency whose name holds ``name``."""
    return Organisation.objects.filter(kind="agency", division=tree.root(), name__contains=name).order_by("uscc")[0]


def _bank(position: int | None) -> Organisation | None:
    """Return one of the sample's banks; None where the city has none yet."""
    if position is None:
        return None
    return (
        Organisation.objects.filter(kind="bank", demonstration=True).order_by("uscc")[position : position + 1].first()
    )


def _person(account: SampleAccount) -> Person:
    assert account.somebody is not None
    index = sealing.index_of(account.somebody.identity)
    person, _made = Person.objects.get_or_create(
        identity_index=index,
        defaults={
            "name": account.name,
            "identity": account.somebody.identity,
            "phone": account.somebody.phone,
            "phone_index": sealing.index_of(account.somebody.phone),
            "division_id": tree.root(),
            "demonstration": True,
        },
    )
    return person


def _mandate(person: Person, somebody: Somebody) -> None:
    """Let the person act for the sample enterprises named, where the sample city has them."""
    since = clock.today() - dt.timedelta(days=365)
    for part in somebody.enterprises:
        firm = Organisation.objects.filter(kind="enterprise", demonstration=True, name__contains=part).first()
        if firm is not None:
            Mandate.objects.get_or_create(
                organisation=firm, person=person, defaults={"valid_from": since, "may_delegate": True}
            )
