"""Talent service 人才服务: who is recognised, what is paid to them, where they live, which posts wait for them, who judges masters.

Terms: 人才认定 recognition (classes A to F by rules of the year), 补贴 subsidy (living, housing, settling in; paid in instalments),
人才公寓 flat, 岗位 post, 招聘人数 openings, 招聘会 fair, 职业技能等级 skill level, 技能大师工作站 station. Every application is a case of one of
six items (``cities/<city>/talent/items.toml``)::

    recognition   claim → judged by the year's rules with reasons → (notice for A to C) → class, certificate; yearly check, expiry
    subsidy       schedule at the grant; an instalment is held once its year's check passed, paid by batch and bank file, never twice
    housing       points with reasons → queue → offer with expiry → lease → leaving
    post          published when checked; candidates stay blind until they consent, for a purpose and a time; who looked is kept
    title         seat in an examination → marks → certificate
    station       qualified by rule → experts drawn by lot → sheets → notice → plaque; inspected, reviewed at term, barred

Rooms: ``models/``, ``actions/`` (one file per topic), ``queries/``, ``pages/``, ``hooks.py`` (what each item does in its case); pure:
``classes``, ``reasons``, ``schedule``, ``points``, ``drawing``, ``sheets``, ``likeness``; ``config.py`` reads the city's settings.

Persons appear in ledgers by pseudonymous codes (``T-000123``) only. Money is in 分. Norms: classes, rates, points and the terms of
stations are local usage, 待核, and carry their source; personal data as 个人信息保护法 (since 2021-11-01) asks: consent for a
purpose and a time, taken back at will.
"""
