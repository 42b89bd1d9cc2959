"""Talent service 人才服务: who is recognised, what is paid to them, which posts wait for them.

Terms: 人才认定 recognition (classes A to F), 补贴 subsidy (living, housing, settling in; paid in instalments), 岗位 post, 招聘人数 openings.

The way of a person::

    recognise      for an employer, in one class, until a day
    pay_subsidy    in instalments: the same person, kind and instalment only once
    publish_post   an employer's post with one or more openings: 岗位 counts posts, 招聘人数 openings

A class that proves wrong is taken back in red letters and recognised anew. Persons appear by pseudonymous codes
(``T-000123``) only. Money is in 分.

Norms: the six classes A to F and the rates of subsidies are local usage,
待核; personal data as 个人信息保护法 (since 2021-11-01) asks: no more than needed.
"""
