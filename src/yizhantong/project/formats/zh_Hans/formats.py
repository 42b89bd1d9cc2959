"""Formats of dates and numbers."""

DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = "Y-m-d H:i"
SHORT_DATE_FORMAT = "Y-m-d"
NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","
