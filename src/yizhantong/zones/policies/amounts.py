"""How much a standard gives for what is known: pure, in 分, never more than the rule says (rounded down).

>>> standard = Standard(kind="ratio", percent=10, of="设备投资额", cap=2_000_000)
>>> compute(standard, {"设备投资额": 12_345_678}).fen
123456780
>>> compute(standard, {}).missing
('设备投资额',)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from yizhantong.foundation.rules import FeelError, compile_expression
from yizhantong.zones.policies.benefit import Rung, Standard
from yizhantong.zones.policies.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Computed:
    """The amount in 分 (None when something is not known), how it came about, and the names that are missing."""

    fen: int | None
    steps: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain data, to be kept as the basis of a decision."""
        return {"fen": self.fen, "steps": list(self.steps), "missing": list(self.missing)}


def names_of(standard: Standard, names: Iterable[str] = ()) -> frozenset[str]:
    """Return the facts that the standard reads; :class:`PolicyError` ``policies.measure`` when it is not FEEL."""
    if not standard.of:
        return frozenset()
    try:
        return frozenset(compile_expression(standard.of, tuple(names)).names)
    except FeelError as error:
        raise PolicyError("policies.measure", f"计算基数“{standard.of}”不能识别:{error}", field="of") from error


def compute(standard: Standard, values: Mapping[str, object]) -> Computed:
    """Return what ``standard`` gives for ``values`` by Chinese name, money in 元."""
    if standard.kind == "fixed":
        assert standard.amount is not None
        return _bounded(standard, standard.amount, [f"定额 {_yuan(standard.amount)} 元"])
    measure = _measure(standard, values)
    if isinstance(measure, Computed):
        return measure
    steps = [f"计算基数“{standard.of}”= {_yuan(measure)}"]
    return _bounded(standard, _of_measure(standard, measure, steps), steps)


def text_of(standard: Standard | None) -> str:
    """Return the standard as a card says it."""
    if standard is None:
        return "按文件规定执行"
    said = {
        "fixed": lambda: f"定额 {_yuan(standard.amount or Decimal(0))} 元",
        "ratio": lambda: f"按{standard.of}的 {standard.percent:f}% 补助",
        "ladder": lambda: f"按{standard.of}分档:" + ";".join(map(_rung_text, standard.rungs)),
        "cap": lambda: f"按{standard.of}据实补助",
    }[standard.kind]()
    least = f",不足 {_yuan(standard.floor)} 元的不予补助" if standard.floor else ""
    most = f",最高 {_yuan(standard.cap)} 元" if standard.cap is not None else ""
    return said + most + least


def _measure(standard: Standard, values: Mapping[str, object]) -> Decimal | Computed:
    rule = compile_expression(standard.of, tuple(values))
    found = rule(dict(values))
    if isinstance(found, Decimal | int | float) and not isinstance(found, bool):
        return max(Decimal(0), Decimal(str(found)))
    missing = tuple(sorted(name for name in rule.names if values.get(name) is None))
    return Computed(
        None, (f"缺少{'、'.join(missing)},暂不能测算" if missing else f"“{standard.of}”不能算出数值",), missing
    )


def _of_measure(standard: Standard, measure: Decimal, steps: list[str]) -> Decimal:
    if standard.kind == "ratio":
        assert standard.percent is not None
        steps.append(f"× {standard.percent:f}%")
        return measure * standard.percent / 100
    if standard.kind == "cap":
        steps.append("据实补助")
        return measure
    reached = [rung for rung in standard.rungs if measure >= rung.at_least]
    if not reached:
        steps.append("未达到最低一档")
        return Decimal(0)
    rung = reached[-1]
    steps.append(f"达到第 {len(reached)} 档:{_rung_text(rung)}")
    return rung.amount if rung.amount is not None else measure * (rung.percent or Decimal(0)) / 100


def _bounded(standard: Standard, amount: Decimal, steps: list[str]) -> Computed:
    if standard.cap is not None and amount > standard.cap:
        amount = standard.cap
        steps.append(f"超过上限,按最高 {_yuan(standard.cap)} 元")
    if standard.floor is not None and amount < standard.floor:
        amount = Decimal(0)
        steps.append(f"不足 {_yuan(standard.floor)} 元,不予补助")
    fen = int((amount * 100).to_integral_value(ROUND_FLOOR))
    steps.append(f"测算金额 {_yuan(Decimal(fen) / 100)} 元")
    return Computed(fen, tuple(steps))


def _rung_text(rung: Rung) -> str:
    gives = f"{_yuan(rung.amount)} 元" if rung.amount is not None else f"{rung.percent:f}%"
    return f"{_yuan(rung.at_least)} 及以上 {gives}"


def _yuan(value: Decimal) -> str:
    text = f"{value:,.2f}"
    return text.removesuffix(".00")
