"""Appointments and queues 预约与叫号: halls with windows, what is done there, who comes when, and whose turn it is.

1. A hall 大厅 has windows 窗口, services 业务 that last so many minutes and serve some items, and hours 开放时间. Its days follow the
   city's working calendar: closed on holidays and on days it says itself (``Closure``), open on Saturdays that are worked.
2. ``slots`` cuts the hours of a day into starts (pure). An appointment 预约 takes one window for one stretch of the hall's grid; each
   piece of it is a row (``Seat``) that the database lets exist once: nothing is ever booked twice.
3. Who booked may change it twice and cancel it until an hour before. Three misses 爽约 within 90 days: no booking online for 14
   days; the ticket machine and the counter stay open to everybody.
4. At the hall one takes a ticket 取号. Its place in the queue is one moment (``ranks``, pure): when it was taken, earlier by a fixed
   time for those who booked and came on time, and for elders and others by rule. So the order is explained in one sentence,
   and nobody is overtaken by anyone who came more than half an hour later.
5. A window calls the next ticket that it serves, recalls, skips, starts, transfers, finishes. Every end is a fact of the guarded ledger
   ``appointments.visit``, without names: served, waited, missed.

Permissions: ``appointments.serve`` (call, book for others), ``appointments.manage`` (halls, windows, hours), both within the reach of the
hall's agency and division. Law: 优化营商环境条例 art. 35 (预约 and other ways of serving); 无障碍环境建设法 art. 39 (priority windows).
"""
