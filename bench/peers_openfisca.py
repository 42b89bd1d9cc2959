"""OpenFisca's part of ``bench_match.py``, in an interpreter of its own: it asks for another NumPy than the platform does.

    OPENFISCA_PYTHON=/path/to/python bench/bench_match.py      # python -m pip install openfisca-core

Reads columns and rules (JSON beside an .npz), builds one boolean variable per policy, and prints seconds and matches as JSON.
"""

from __future__ import annotations

import json
import operator
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2021-08"
COMPARE = {">=": operator.ge, "<=": operator.le, "<": operator.lt, ">": operator.gt, "=": operator.eq}


def main(folder: str) -> None:
    """Build the system, feed it, compute every policy once."""
    columns = dict(np.load(Path(folder) / "columns.npz"))
    rules: list[list[list[Any]]] = json.loads((Path(folder) / "rules.json").read_text())
    firm = build_entity(key="firm", plural="firms", label="firm", is_person=True)
    system = TaxBenefitSystem([firm])
    for name in columns:
        system.add_variable(_variable(name, float, firm))
    for place, rule in enumerate(rules):
        system.add_variable(_variable(f"policy_{place}", bool, firm, _formula(rule)))
    size = len(next(iter(columns.values())))
    simulation = SimulationBuilder().build_default_simulation(system, size)
    for name, values in columns.items():
        simulation.set_input(name, PERIOD, values)
    start = perf_counter()
    matched = sum(int(simulation.calculate(f"policy_{place}", PERIOD).sum()) for place in range(len(rules)))
    print(json.dumps({"seconds": perf_counter() - start, "matched": matched}))


def _variable(name: str, kind: type, firm: Any, formula: Any = None) -> type:
    body: dict[str, Any] = {"value_type": kind, "entity": firm, "definition_period": DateUnit.MONTH, "label": name}
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def _formula(rule: list[list[Any]]) -> Any:
    def formula(firms: Any, period: Any) -> Any:
        met: Any = True
        for name, sign, bound in rule:
            values = firms(name, period)
            met = met & (np.isin(values, bound) if sign == "in" else COMPARE[sign](values, bound))
        return met

    return formula


main(sys.argv[1])
