"""Ledgers 台账: facts that nobody can rewrite.

A *fact* is one row of a typed table of a zone on the abstract base :class:`~yizhantong.kernel.ledger.models.Fact`. It is
never updated or deleted (the database itself refuses); a mistake is mended in red letters: a reversal and a new fact. So
every count and sum is additive in ``sign``, and "as of T" is ``recorded_at <= T``. A register (stations, carriers) is a
ledger too: entered +1, withdrawn -1.

A zone declares its ledgers in ``figures.py``::

    from yizhantong.kernel.ledger import Field, Ledger, register

    SIGNINGS = register(Ledger(
        code="investment.signing", label=_("签约台账"), model=Signing,
        fields=(Field("项目编号", "project"), Field("合同额", "contract_fen", unit="万元"), …),
        key=("project",),
    ))

``Field.name`` is the Chinese name by which rules (FEEL), import headings and pages call the column. Money is held in
integer 分, masses in kilograms, lengths in metres; ``unit`` is what people read and write.

The one door for changes is ``actions`` (``record``, ``record_many``, ``reverse``), for reads ``queries.visible_to``.
"""

from yizhantong.kernel.ledger.declare import UNITS, Field, Ledger, ledger, ledgers, register

__all__ = ["UNITS", "Field", "Ledger", "ledger", "ledgers", "register"]
