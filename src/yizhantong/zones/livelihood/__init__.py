"""Practical work for the people 我为群众办实事: what the people raise, who takes it on, and how it ended.

Terms: 问题清单 list of issues, 履职清单 list of duties, 认领 claim (by a party member), 销号 settlement of a duty, 矛盾纠纷 dispute,
下访排查 going down to look for disputes, 化解 settling a dispute, 帮助基层解决困难和问题 help to the grass roots, 好事实事难事 deeds.

The ways, five chains that sound alike and are never merged or added up: each has its own ledgers and definition::

    list_issue, make_duty, settle_duty     an issue becomes a duty of one agency with a limit, settled when the people confirm it
    claim                                  a party member claims a livelihood item; claimed is not finished, one may claim several
    record_check, enter_dispute, mediate   members go down and look, a dispute that was found is entered, and mediated
    record_help                            difficulties of grass-roots units that were taken up, with the result
    record_deed                            good, practical or difficult things done for enterprises, communities, schools, villages

Members are pseudonymous codes (``M-000123``); people who raise issues or have disputes never appear at all.
Levels: city, county, township; what a village can do on the spot never becomes an issue. Limits per level are local, 待核.

Norms: 人民调解法 art. 28 to 33 (written or oral agreement, judicial confirmation within 30 days); GB/T 33358-2016 for the channels.
The campaign's first day is the city's (``city.toml [campaign]``).
"""
