"""Policies for enterprises 惠企政策: which ones there are, how they are asked for, and what was paid under them.

Terms: 申报类 to be applied for (``apply``), 免申即享类 granted without application (``automatic``), 普惠告知类 for all, by notice
(``notice``); 在线申报 online application, 在线审批 online approval; 兑现 payment.

The way of a policy:

1. It is entered into the register (``policy``) on the day of its publication, with document number, issuer and last day of
   validity; when it is repealed or has run out, the entry is withdrawn (red letters), never deleted.
2. Only a policy that is applied for can be applied for or approved online.
3. Money paid to an enterprise is a ``payment`` under a policy: the same enterprise, policy and year only once.
4. A later version of a policy is another entry: payments keep pointing to the one they were made under.

Norms: document numbers 〔year〕number as in 党政机关公文处理工作条例 (GB/T 9704-2012); validity of normative documents is usually five years,
two to three for provisional ones, 待核. Money is in 分.
"""
