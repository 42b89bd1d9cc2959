"""Policies for enterprises 惠企政策: which ones there are, how they are asked for, and what was paid under them.

Terms: 申报类 to be applied for (``apply``), 免申即享类 granted without application (``automatic``), 普惠告知类 for all, by notice
(``notice``); 在线申报 online application, 在线审批 online approval; 兑现 payment.

The way of a policy::

    publish_policy    it enters the register on the day of its publication, with document number, issuer and last
                      day of validity; only one that is applied for can be applied for or approved online
    pay               money to an enterprise under it: the same enterprise, policy and year only once
    withdraw_policy   repealed or run out: taken off in red letters, never deleted

A later version of a policy is another entry: payments keep pointing to the one they were made under. Money is in 分.

Norms: document numbers 〔year〕number as in 党政机关公文处理工作条例 (GB/T 9704-2012); validity of normative documents is usually five years,
two to three for provisional ones, 待核.
"""
