"""Divisions 行政区划: province, city, county, township, village, and the units that manage them.

A division keeps one identity (its code in the statistical list it was loaded from) for ever; every code that any official
list gives it is a row of :class:`~yizhantong.kernel.divisions.models.DivisionCode` with source and days of validity.
A functional zone 功能区 has no national code: it is a managing unit with a local code, and its townships keep their
statutory parent (GB/T 2260) beside their managing unit. Roll-ups go by managing unit; exchange with the State by code.

The way in::

    from yizhantong.kernel.divisions import tree
    tree.subtree("JZ-BH")            # frozenset of the codes that the unit manages, itself included
    tree.unit_of("210711071")        # "JZ-BH"
    tree.rollup("unit")              # {code: managing unit}, for grouping facts
    from yizhantong.kernel.divisions import clock
    clock.today()                    # the city's day; in a sample city, the day of the demonstration
    from yizhantong.kernel.divisions import calendar
    calendar.due(Limit(20, "workday"), segments)     # by the city's working days and hours of business

Norms: GB/T 2260 (county codes), statistical 12-digit codes of the National Bureau of Statistics.
"""
