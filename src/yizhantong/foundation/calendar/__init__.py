"""Calendar 日历: working days of China, legal limits, and clocks that pause.

工作日 a day on which offices work: no weekend unless made up for (调休), no statutory holiday. The State Council's office
(国务院办公厅) announces holidays and made-up days for one year at a time, so the calendar is a table of years, and
a year that is not in the table is refused, never guessed.
时限 a limit: an amount of working days, natural days or hours, with the law that sets it. No limit is ``None``, never 0.
计时 a clock: segments in which it runs or pauses; everything told about it is recomputed from them.

How days are counted, in one rule: **a day is used up at its end of business, and it counts if the clock was running
then.** The day on which the clock starts does not count (民法典 art. 201). So a pause costs exactly the ends of business
that lie in it, never more; no clock runs out while it pauses; where a segment is cut in two does not matter.

The way in::

    calendar = WorkingCalendar(packaged_tables())
    calendar.working_day_after(date(2021, 9, 30), 1)            # date(2021, 10, 8)
    limit = Limit(20, "workday", law="行政许可法第四十二条")
    due(limit, [Segment(accepted_at, None, "run", "受理")], calendar, ZoneInfo("Asia/Shanghai"))

Norms: 行政许可法 art. 32 (deemed acceptance), 45 (time that is not counted), 82 (working days); 民法典 art. 201 and 203
(first day, last day).
"""

from yizhantong.foundation.calendar.clock import (
    BUSINESS_END,
    Segment,
    deemed_acceptance_at,
    due,
    elapsed,
    left,
)
from yizhantong.foundation.calendar.errors import CalendarError
from yizhantong.foundation.calendar.limits import Limit, Unit, extended
from yizhantong.foundation.calendar.tables import YearTable, packaged_tables, read_tables, statutory_days_missing
from yizhantong.foundation.calendar.working import WorkingCalendar

__all__ = [
    "BUSINESS_END",
    "CalendarError",
    "Limit",
    "Segment",
    "Unit",
    "WorkingCalendar",
    "YearTable",
    "deemed_acceptance_at",
    "due",
    "elapsed",
    "extended",
    "left",
    "packaged_tables",
    "read_tables",
    "statutory_days_missing",
]
