"""How Django itself, and with it the admin, writes dates and times: as docs_kb.dates does."""

DATE_FORMAT = r"j \d\e F \d\e Y"
TIME_FORMAT = "G:i\u00a0\\h"
DATETIME_FORMAT = r"j \d\e F \d\e Y, " + TIME_FORMAT
SHORT_DATETIME_FORMAT = "d/m/Y " + TIME_FORMAT
