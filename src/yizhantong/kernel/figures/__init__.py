"""Figures 数据: a published number is a question put to ledgers.

A figure is declared, not programmed: code, label, unit, ledger, measure, ``where`` (FEEL over the ledger's fields), the
date it goes by, period, rounding, the phrases by which articles call it, and its definition in words (口径). A zone
declares its figures in ``figures.py``, beside its ledgers (see :mod:`.declaring`)::

    from yizhantong.kernel.figures.declaring import Declaring

    signed = Declaring("investment", period=Period.THIS_YEAR).over(SIGNINGS, where='协议类型 = "formal"')
    signed.sum("signed_amount", _("签约额"), ("签约额", "合同额"), _("…"), of="contract_fen", unit="亿元", decimals=2)

``unit`` is what people read; values are computed and kept in stored units (分, 千克, 米, counts) as exact integers or
fractions, and are divided by the unit's factor only where they are shown.
"""

from yizhantong.kernel.figures.declare import Count, Distinct, Figure, Period, Ratio, Sum, figure, figures, register

__all__ = ["Count", "Distinct", "Figure", "Period", "Ratio", "Sum", "figure", "figures", "register"]
