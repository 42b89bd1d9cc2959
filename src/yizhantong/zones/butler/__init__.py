"""Butler service 管家服务: one named person for each enterprise, and one ending for each of its appeals.

Terms: 专区 service zone (a counter of the one-stop platform), 项目管家 butler (the official assigned to an enterprise),
走访 visit, 诉求 appeal, 受理 acceptance, 办结 closing, 解决 solved, 解释说明 explained, 无法解决 unable, 逐级提请 escalation,
结局确认 confirmation, 知识库 knowledge base.

The way of an appeal, a case of the kernel (``hooks`` writes the facts whatever page or program acts)::

    assign, hand_over   an enterprise gets its butler, one at a time; another takes over without a gap
    log_visit           he visits, perhaps without a network; what he is told becomes an appeal in one step
    file_appeal         by platform, butler, hotline or window, after the knowledge base had its say; the first who is
                        asked answers for it (首问负责) until another consents to take it or a superior rules so, once
    accept | refuse     within a working day; a refusal is from a list and gives its law
    escalate_due        open after 7, 14, 21, 45 days: handler, head, manager, leader, each once, each with its own limit
    answer_appeal       solved, explained; "no help is possible" only after a manager's review. Closed is not solved
    confirm | dispute   the enterprise has the last word: it confirms, or disputes once and the appeal is reopened;
                        silence stays unconfirmed, and no rating stays no rating
    write_answer        what helped one is written down, reviewed by a second person, and shown to the next before he asks

Rooms: ``config`` and ``load`` (what the city's ``butler/`` folder decides), ``models`` (facts, service, appeals, knowledge), ``actions``
and ``queries`` by topic, ``hooks``, ``tasks``, ``pages``, ``api``, ``sample`` (facts) and ``sample_cases`` (played).

Facts never say who spoke for the enterprise; butlers appear by their pseudonymous codes (``M-000123``).
The public sees appeals by kind, channel and agency, never whose they are or what exactly they ask; an enterprise that
wishes so is withheld from everyone but the accountable office, and every look behind that is an audit fact.
The classes of help behind the name 四大类帮扶 are not published; no ledger invents them.

Norms: GB/T 33358-2016 (hotlines: acceptance to closing), 国办发〔2019〕51号 (five levels of rating, 1 and 2 are bad ones),
国办发〔2020〕53号 (one door, closed loop). Limits, rungs and how 解决率 is formed are local usage, 待核.
"""
