"""School enrolment 入学报名 in season: who asks in the first second and who asks on the last day have the same chance.

Terms: 招生批次 season and batch, 学区/服务范围 catchment, 入学类别 category, 核验 verification, 线下复核 re-check at the counter,
摇号 lottery, 录取 placement, 调剂/统筹 diversion, 候补 waiting list, 确认学位 confirmation of a place.

The way of a season::

    prepare_season       rules of the district as data: window, birthdays, categories in order (each a FEEL rule), schools with places,
                         catchments; the lottery's seed is drawn and only its digest is published
    publish_season       by a second person; overlapping or missing catchments are refused
    (before opening)     parents find their school and keep a draft; nothing can be submitted
    intake.receive       at the opening: one cheap row for each child, acknowledged with a receipt number, never lost
    intake.open_waiting  a worker makes cases of the rows, in groups; the hour of receipt is that of the submission
    verify_waiting       registers are compared with the form; what is not met or not known is re-checked at the counter, with a reason
    close_list, reveal   the list of those who take part is fixed, then the seed is told: anybody can compute every lot
    propose, publish     a batch is computed (pure function), proposed by one and published by another; each child gets its explanation
    confirm | decline    by the parent, until a day; what is not confirmed goes to the waiting list by a further batch

Rooms: pure are ``catchments``, ``allocation``, ``lottery``, ``verification``; ``models``, ``actions``, ``queries``, ``pages`` as in every zone.

Norms: 义务教育法 art. 11 (age of six), 12 (nearby, no examination); categories, limits and order are the district's, each with
its source, 待核 until confirmed. Personal data: identity numbers are sealed with a keyed index; what is published names a code only.
"""
