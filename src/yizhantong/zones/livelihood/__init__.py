"""Practical work for the people 我为群众办实事: what the people raise, who takes it on, and how it ended.

Terms: 问题清单 list of issues, 履职清单 list of duties, 认领 claim (by a party member), 销号 settlement of a duty, 矛盾纠纷 dispute,
下访排查 going down to look for disputes, 化解 settling a dispute, 帮助基层解决困难和问题 help to the grass roots, 好事实事难事 deeds.

Five chains that sound alike and are never merged or added up; each has its own ledgers and its own definitions.
Their ways::

    list_issue      an issue raised by the people; ``make_duty``: one agency answers for it, by a day;
                    ``settle_duty`` when the people confirm that it was done
    claim           a party member claims a livelihood item; claimed is not finished, one may claim several
    record_check    members go down and look; ``enter_dispute`` for one that was found, ``mediate`` settles it
    record_help     difficulties of grass-roots units that were taken up, with the result
    record_deed     good, practical or difficult things done for enterprises, communities, schools and villages

Members are pseudonymous codes (``M-000123``); people who raise issues or have disputes never appear at all.
Levels: city, county, township; what a village can do on the spot never becomes an issue. Limits per level are local, 待核.

Norms: 人民调解法 art. 28 to 33 (written or oral agreement, judicial confirmation within 30 days); GB/T 33358-2016 for the channels.
The campaign's first day is the city's (``city.toml [campaign]``).
"""
