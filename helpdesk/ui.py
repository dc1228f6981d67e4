"""Template tags and filters that every template may use without loading them."""

from django import template

from docs_kb import dates

register = template.Library()

register.filter("clock", dates.clock)
register.filter("long_date", dates.long_date)
register.filter("date_time", dates.date_time)
register.filter("moment", dates.moment)
register.filter("before", dates.before)
register.filter("file_size", dates.file_size)
register.filter("duration", dates.duration)
