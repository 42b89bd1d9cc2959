"""Accounts, roles and keys of the API from the command line."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

import click
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from yizhantong.kernel.access.models import Grant, Token, User
from yizhantong.kernel.divisions import tree
from yizhantong.project.accounts.roles import PUBLIC, ROLES, ensure_roles


@click.group()
def accounts() -> None:
    """账号、角色与接口密钥。"""


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_accounts(as_json: bool) -> None:
    """列出账号及其授权。"""
    rows: list[dict[str, Any]] = [
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
        user = User.objects.create_user(username, password=password, display_name=name, is_staff=role not in PUBLIC)
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


def _misuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)
