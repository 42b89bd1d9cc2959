"""Matching events 对接会: enterprises and banks at one place, many short meetings, one timetable.

Terms: 场次 slot, 洽谈桌 table (banks stay at theirs, enterprises go round), 意愿 wish (whom one wants to meet, ranked),
编排 planning (who meets whom, when, at which table).

The way of an event::

    actions.create(...)                  the office opens an event: day, slots, tables
    actions.invite(event, parties)       enterprises and banks are invited
    actions.answer(invitation, ...)      they accept with wishes and the slots in which they can come, or decline
    actions.plan(event)                  the timetable is computed (:mod:`timetable`), and may be computed again
    actions.publish(event)               everybody is told his own meetings; the programme is printed, calendars are fetched
    actions.cancel(invitation, ...)      somebody does not come: the rest changes as little as possible
    actions.attend(...), outcome(...)    who came, and what came of each meeting, linked to the enterprise's need

:mod:`timetable` is a pure function over small records and knows neither Django nor a database.
"""
