"""The command line of the ledgers."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from django.db import connection

from yizhantong.kernel.ledger import actions, commands
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.tests.test_imports import HEAD, ROW, csv_file, row
from yizhantong.kernel.ledger.tests.trial import TRIAL, Trial, signing
from yizhantong.testing.django import triggers_lifted

pytestmark = pytest.mark.django_db


def run(command: object, *words: str) -> Result:
    return CliRunner().invoke(command, list(words))  # type: ignore[arg-type]


def test_seal_and_verify_answer_for_people_and_for_programs(trial: Ledger) -> None:
    actions.record_many(trial, [signing(1), signing(2)], source="test")
    sealed = run(commands.seal, "--ledger", TRIAL.code)
    assert sealed.exit_code == 0
    assert "2 条" in sealed.output
    assert "没有新的事实" in run(commands.seal, "--ledger", TRIAL.code).output
    assert run(commands.verify, "--ledger", TRIAL.code).exit_code == 0
    with triggers_lifted(connection), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Trial._meta.db_table} SET contract_fen = 5")
    found = run(commands.verify, "--ledger", TRIAL.code, "--json")
    assert found.exit_code == 1
    answer = json.loads(found.output)
    assert answer["ok"] is False
    assert answer["first_failure"]["column"] == "contract_fen"
    assert "被改动" in run(commands.verify, "--ledger", TRIAL.code).output


def test_files_go_in_and_come_out(trial: Ledger, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(csv_file(HEAD, ROW))
    bad.write_bytes(csv_file(HEAD, row(**{"项目编号": "P2", "合同额": "许多"})))
    assert "新增 1 条" in run(commands.import_, TRIAL.code, str(good), "--dry-run").output
    assert not Trial.objects.exists()
    assert "已导入 1 条" in run(commands.import_, TRIAL.code, str(good)).output
    assert "没有改动" in run(commands.import_, TRIAL.code, str(good)).output
    refused = run(commands.import_, TRIAL.code, str(bad), "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["errors"][0]["column"] == "E"
    out = tmp_path / "out.csv"
    assert run(commands.export, TRIAL.code, "--out", str(out)).exit_code == 0
    assert "光伏" in out.read_text("utf-8-sig")
    form = tmp_path / "form.xlsx"
    assert run(commands.template, TRIAL.code, "--out", str(form)).exit_code == 0
    assert openpyxl.load_workbook(form).sheetnames[-1] == "代码与说明"


@pytest.mark.parametrize("words", [("nothing.here", "x.csv"), (TRIAL.code, "/no/such/file.csv")])
def test_what_cannot_be_tried_is_one_line_and_exit_code_2(trial: Ledger, words: tuple[str, str]) -> None:
    found = run(commands.import_, *words)
    assert found.exit_code == 2
    assert found.stderr.startswith("错误:")
    assert len(found.stderr.strip().splitlines()) == 1
