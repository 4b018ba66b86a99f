"""Dates in Chinese, with the spaces that the guide's texts have: 2027 年 1 月 15 日."""

DATE_FORMAT = "Y 年 n 月 j 日"
MONTH_DAY_FORMAT = "n 月 j 日"
YEAR_MONTH_FORMAT = "Y 年 n 月"
