"""The command line says what it can do, refuses misuse with 2, and works without a database where it can."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import Token, User
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.parties.load import load_agencies
from yizhantong.kernel.parties.models import Organisation
from yizhantong.kernel.parties.sample import make_uscc
from yizhantong.project.accounts import ROLES, SAMPLE_ACCOUNTS, SEPARATE, accounts, sample_accounts
from yizhantong.project.cli import COMMANDS, cli


def run(*arguments: str, env: dict[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yizhantong.project.cli", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, input=stdin, env=os.environ | (env or {}), timeout=60, check=False
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_subcommand_has_help(name: str) -> None:
    done = CliRunner().invoke(cli, [name, "--help"])
    assert done.exit_code == 0, done.output
    assert "Usage" in done.output


def test_an_unknown_subcommand_and_option_are_misuse() -> None:
    assert CliRunner().invoke(cli, ["nothing"]).exit_code == 2
    assert CliRunner().invoke(cli, ["figures", "--nothing"]).exit_code == 2


def test_a_draft_without_ledger_needs_no_database_and_leaves_nothing_behind(tmp_path: Path) -> None:
    home = tmp_path / "home"
    text = "全市签约项目90个,其中工业项目120个。"
    done = run("check", "-", "--no-ledger", "--json", env={"YZT_HOME": str(home)}, stdin=text)
    assert done.returncode == 1, done.stderr
    assert any(relation["holds"] is False for relation in json.loads(done.stdout)["relations"])
    assert not home.exists()


def test_a_draft_with_ledger_but_without_database_says_what_to_do(tmp_path: Path) -> None:
    env = {"YZT_HOME": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"}
    done = run("check", "-", env=env, stdin="今年签约90个项目。")
    assert done.returncode == 2
    assert "yzt prepare" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_sample_accounts_are_made_once_and_keep_their_passwords() -> None:
    load_city()
    sample_accounts()
    user = User.objects.get(username="taizhang")
    user.set_password("changed-by-its-owner")
    user.save()
    sample_accounts()
    assert User.objects.count() == len(SAMPLE_ACCOUNTS)
    assert User.objects.get(username="taizhang").check_password("changed-by-its-owner")
    assert all(user.demonstration for user in User.objects.all())


@pytest.mark.django_db
def test_sample_officials_reach_their_agency_and_sample_applicants_their_enterprises() -> None:
    load_city()
    load_agencies()
    place = tree.root()
    firms = [
        Organisation.objects.create(
            uscc=make_uscc(Random(part), "91", "210700"), name=f"示例{part}有限公司", kind="enterprise", division_id=place,
            demonstration=True,
        )
        for part in ("0000号", "0004号")
    ]  # fmt: skip
    sample_accounts()
    approver = User.objects.get(username="shenpi")
    assert policy.reach(approver, "cases.handle").agencies == {approver.agency_id}
    assert not policy.may(approver, "cases.decide")
    assert policy.reach(User.objects.get(username="ducha"), "cases.supervise").everywhere
    applicant = User.objects.get(username="qiye")
    assert not applicant.grants.exists()
    assert set(applicant.person.mandates.values_list("organisation", flat=True)) == {firm.uscc for firm in firms}


def test_administration_is_split_in_three() -> None:
    rights = [set(ROLES[role][1]) for role in SEPARATE]
    assert not rights[0] & rights[1]
    assert not rights[1] & rights[2]
    assert all(not set(ROLES[account.role][1] if account.role else ()) & {"accounts.system", "accounts.security", "accounts.audit"}
               for account in SAMPLE_ACCOUNTS if account.role not in SEPARATE)  # fmt: skip


@pytest.mark.django_db
def test_an_account_is_added_with_a_role_over_a_division() -> None:
    load_city()
    arguments = ["add", "somebody", "--role", "clerk", "--division", "210781", "--password", "long-enough-and-odd"]
    assert CliRunner().invoke(accounts, arguments).exit_code == 0
    grant = User.objects.get(username="somebody").grants.get()
    assert (grant.role_id, grant.scope, grant.division_id) == ("clerk", "division", "210781")
    assert CliRunner().invoke(accounts, arguments).exit_code == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "word"),
    [(["--division", "999999"], "区划"), (["--password", "12345"], "密码"), (["--role", "king"], "king")],
)
def test_a_wrong_account_is_refused_with_a_reason(changed: list[str], word: str) -> None:
    load_city()
    given = {"--role": "clerk", "--password": "long-enough-and-odd", "--division": "210781"} | {changed[0]: changed[1]}
    done = CliRunner().invoke(accounts, ["add", "x", *(part for pair in given.items() for part in pair)])
    assert done.exit_code == 2
    assert word in done.output
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_token_is_shown_once_and_kept_as_digest() -> None:
    User.objects.create_user("somebody", password="long-enough-and-odd")
    done = CliRunner().invoke(accounts, ["token", "somebody", "--name", "统计接口"])
    assert done.exit_code == 0
    assert Token.objects.get().digest == Token.digest_of(done.output.strip())
    assert CliRunner().invoke(accounts, ["token", "nobody", "--name", "x"]).exit_code == 2


@pytest.mark.django_db
def test_accounts_are_listed_for_programs() -> None:
    load_city()
    sample_accounts()
    rows = json.loads(CliRunner().invoke(accounts, ["list", "--json"]).output)
    assert {row["username"] for row in rows} == {account.username for account in SAMPLE_ACCOUNTS}
