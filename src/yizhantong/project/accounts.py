"""Accounts from the command line, and the accounts of the sample city."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from yizhantong.kernel.access.models import Grant, Role, Token, User
from yizhantong.kernel.divisions import tree

SAMPLE_PASSWORD = "Yanshi-2021"

VIEW = ["ledger.view", "ledger.export", "articles.check"]
WRITE = [*VIEW, "ledger.record", "ledger.reverse", "ledger.import"]
ROLES: dict[str, tuple[str, list[str]]] = {
    "leader": ("领导", VIEW),
    "clerk": ("台账员", WRITE),
    "editor": ("编辑", ["ledger.view", "articles.check", "articles.brief", "figures.publish"]),
    "journalist": ("记者", ["articles.check"]),
    "statistician": ("统计员", [*WRITE, "ledger.seal", "figures.publish", "personal.reveal", "articles.brief"]),
    "system-admin": ("系统管理员", ["accounts.system"]),
    "security-admin": ("安全管理员", ["accounts.security"]),
    "audit-admin": ("审计管理员", ["accounts.audit", "ledger.view"]),
}
SEPARATE = ("system-admin", "security-admin", "audit-admin")


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """An account of the sample city: a role over the city or over one managing unit (by position)."""

    username: str
    name: str
    role: str
    unit: int | None = None
    staff: bool = True

    @property
    def role_name(self) -> str:
        """Return the Chinese name of the role."""
        return ROLES[self.role][0]

    @property
    def scope_name(self) -> str:
        """Return the name of the scope."""
        return "全市" if self.unit is None else tree.units()[self.unit].name


SAMPLE_ACCOUNTS = (
    SampleAccount("tongji", "演示统计员", "statistician"),
    SampleAccount("taizhang", "演示台账员", "clerk", unit=5),
    SampleAccount("bianji", "演示编辑", "editor"),
    SampleAccount("jizhe", "演示记者", "journalist", staff=False),
    SampleAccount("lingdao", "演示领导", "leader"),
    SampleAccount("xitong", "演示系统管理员", "system-admin"),
    SampleAccount("anquan", "演示安全管理员", "security-admin"),
    SampleAccount("shenji", "演示审计管理员", "audit-admin"),
)


@transaction.atomic
def sample_accounts() -> None:
    """Make the roles, and the accounts of the sample city where they are missing."""
    ensure_roles()
    for account in SAMPLE_ACCOUNTS:
        user, made = User.objects.get_or_create(
            username=account.username,
            defaults={"display_name": account.name, "is_staff": account.staff, "demonstration": True},
        )
        if not made:
            continue
        user.set_password(SAMPLE_PASSWORD)
        user.save(update_fields=["password"])
        division = None if account.unit is None else tree.units()[account.unit].code
        Grant.objects.create(
            user=user,
            role_id=account.role,
            scope=Grant.Scope.DIVISION if division else Grant.Scope.CITY,
            division_id=division,
        )


def ensure_roles() -> None:
    """Make the roles that every city starts with; roles that were changed since stay as they are."""
    for code, (name, permissions) in ROLES.items():
        Role.objects.get_or_create(code=code, defaults={"name": name, "permissions": permissions})


@click.group()
def accounts() -> None:
    """账号、角色与接口密钥。"""


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_accounts(as_json: bool) -> None:
    """列出账号及其授权。"""
    rows = [
        {
            "username": user.username,
            "name": user.display_name,
            "staff": user.is_staff,
            "active": user.is_active,
            "grants": [f"{grant.role_id}@{grant.division_id or grant.scope}" for grant in user.grants.all()],
        }
        for user in User.objects.order_by("username").prefetch_related("grants")
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['username']:<16}{row['name']}  {', '.join(row['grants'])}")


@accounts.command("add")
@click.argument("username")
@click.option("--role", required=True, type=click.Choice(list(ROLES)), help="角色")
@click.option("--division", help="区划代码,缺省为全市")
@click.option("--name", default="", help="姓名")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="初始密码")
def add_account(username: str, role: str, division: str | None, name: str, password: str) -> None:
    """新增账号并授予一个角色。"""
    if User.objects.filter(username=username).exists():
        _misuse(f"账号 {username} 已存在")
    if division and division not in tree.branches():
        _misuse(f"没有区划 {division},请用 12 位以内的区划代码")
    try:
        validate_password(password)
    except ValidationError as error:
        _misuse(";".join(error.messages))
    ensure_roles()
    with transaction.atomic():
        user = User.objects.create_user(username, password=password, display_name=name, is_staff=role != "journalist")
        scope = Grant.Scope.DIVISION if division else Grant.Scope.CITY
        Grant.objects.create(user=user, role_id=role, scope=scope, division_id=division)
    click.echo(f"已新增 {username}")


@accounts.command("token")
@click.argument("username")
@click.option("--name", required=True, help="用途")
def issue_token(username: str, name: str) -> None:
    """为账号签发接口密钥;只显示这一次。"""
    user = User.objects.filter(username=username).first()
    if user is None:
        _misuse(f"没有账号 {username}")
    click.echo(Token.issue(user, name)[1])


def _misuse(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(2)
