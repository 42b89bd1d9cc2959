"""The shared cases of the rule language, and the runner's own behaviour."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from yizhantong.foundation.rules.cases import CaseFileError, run_files
from yizhantong.foundation.rules.command import rules

SHARED = Path(os.environ.get("YZT_SHARED", Path(__file__).parents[6] / "shared")) / "rules"
CASE = {
    "id": "s/1#a",
    "suite": "s",
    "level": 2,
    "expression": "a b + 1",
    "inputs": {"a b": {"number": "2"}},
    "type": "number",
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared case files are not here (set YZT_SHARED)")
def test_every_shared_case_passes() -> None:
    report = run_files([SHARED / "feel_cases.jsonl", SHARED / "table_cases.jsonl"])
    assert report.failures == []
    assert (report.passed, report.total) == (1594, 1594)
    assert (report.value_passed, report.value_total) == (886, 886)


def _file(tmp_path: Path, *cases: object) -> str:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(json.dumps(case) for case in cases), encoding="utf-8")
    return str(path)


def test_command_counts_by_suite_and_tells_failures(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        CASE | {"expected": {"number": "3.000000001"}},
        CASE | {"id": "s/2#b", "expected": {"number": "4"}},
        CASE | {"expected": None},
    )
    result = CliRunner().invoke(rules, ["test", path, "--json"])
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (report["passed"], report["total"], report["value_passed"], report["value_total"]) == (1, 3, 1, 2)
    assert report["by_suite"] == {"s": {"passed": 1, "total": 3}}
    assert "应为 4，得到 3" in report["failures"][0]["reason"]


def test_command_succeeds_when_all_pass(tmp_path: Path) -> None:
    result = CliRunner().invoke(rules, ["test", _file(tmp_path, CASE | {"expected": {"number": "3"}})])
    assert result.exit_code == 0
    assert "通过 1/1" in result.stdout


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"{", b'{"id": 1}', b"[1]", b"null", b'{"hit_policy": "U"}', b"[" * 100_000]
)
def test_unreadable_files_are_misuse(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(CaseFileError, match=r"bad\.jsonl"):
        run_files([path])
    assert CliRunner().invoke(rules, ["test", str(path)]).exit_code == 2
    missing = CliRunner().invoke(rules, ["test", str(tmp_path / "none.jsonl")])
    assert missing.exit_code == 2
    assert "没有这个文件" in missing.output


def test_only_line_feeds_end_a_case(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    case = CASE | {"expression": '"a\u2028b"', "type": "string", "expected": {"string": "a\u2028b"}}
    path.write_text(json.dumps(case, ensure_ascii=False) + "\n", encoding="utf-8")
    assert run_files([path]).passed == 1


def test_eval_prints_value_and_errors() -> None:
    good = CliRunner().invoke(rules, ["eval", "a * 2", "--context", '{"a": 1.1}', "--json"])
    assert (good.exit_code, json.loads(good.stdout)) == (0, {"value": "2.2", "errors": []})
    broken = CliRunner().invoke(rules, ["eval", "1 / 0"])
    assert (broken.exit_code, broken.stdout) == (1, "null\n")
    assert CliRunner().invoke(rules, ["eval", "1 +"]).exit_code == 2
    assert CliRunner().invoke(rules, ["eval", "1", "--context", "[1]"]).exit_code == 2
