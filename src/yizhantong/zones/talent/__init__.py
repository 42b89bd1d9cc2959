"""Talent service 人才服务: who is recognised, what is paid to them, which posts wait for them.

Terms: 人才认定 recognition (classes A to F), 补贴 subsidy (living, housing, settling in; paid in instalments), 岗位 post, 招聘人数 openings.

The way:

1. A person is recognised (``recognition``) for an employer, in one class, until a day; a class that proves wrong is taken back and
   recognised anew.
2. Subsidies are paid in instalments (``subsidy``): the same person, kind and instalment only once.
3. Employers publish posts (``post``): a post has one or more openings; 岗位 counts posts, 招聘人数 counts openings.

Persons appear by pseudonymous codes (``T-000123``) only. Norms: the six classes A to F and the rates of subsidies are local usage,
待核; personal data as 个人信息保护法 (since 2021-11-01) asks: no more than needed. Money is in 分.
"""
