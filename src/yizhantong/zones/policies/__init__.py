"""Policies for enterprises 惠企政策: which there are, who may have what, how it is asked for, decided, paid and followed.

Terms: 申报类 to be applied for (``apply``), 免申即享类 granted without application (``automatic``), 普惠告知类 for all, by notice
(``notice``); document 政策文件 as issued, card 政策卡 one matter 兑现事项 of it; 就高不重复 stacking; 一票否决 veto; 追回 recovery.

The way of a policy and of its money::

    documents.draft_document → cards.draft_card → cards.make_item (built in /items/) → documents.approve_document (four eyes)
    → items.publish: the card is online, the register ``policies.policy`` has it, ``pushing.push`` tells who matches
    apply: submission (window, once a year, eligible, own account) → 形式审查 → 信用/安全/环保会审 with veto → 专家评审 (blind)
           → decision: reserved → 公示 → 资金确认: committed → 拨付 by batch and the bank's return: paid, fact in ``policies.payment``
    automatic: make_list → check_list (another person; reserved) → the enterprise confirms → 资金确认 → 拨付
    afterwards: the enterprise confirms the arrival (``queries/asked.py`` tells it on its case), 绩效填报 and 追回 (in red
           letters), both with reminders

Files of a document (``actions/attachments.py``) are opened by whoever sees it and fixed with the original once it is in force.
Experts (``actions/experts.py``) who step back or do not answer are replaced by another of their field.

Whatever a card decides (standard, conditions, flow) is pinned by the item's version: a later one never touches earlier cases.
A budget is never overdrawn: its row is locked, and the database refuses what the lock does not. Money is in 分.

Rooms: ``models/``, ``actions/`` (one file per topic), ``queries/``, ``figures/``, ``pages/``, ``hooks.py`` (the zone's part in
cases), ``matters.py`` (from card to item), pure: ``benefit``, ``amounts``, ``scoring``, ``allocation``, ``bankfiles``.

Norms: document numbers 〔year〕number as in GB/T 9704-2012; validity of normative documents is usually five years, two to three for
provisional ones, 待核; what is a local habit stands in ``policies/settings.toml`` of the city and is marked 待核.
"""
