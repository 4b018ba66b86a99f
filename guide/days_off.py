"""Public holidays in Belgium, for the schedule, which knows no country."""

from datetime import date
from functools import cache

from holidays import country_holidays

# End dates lie up to a year back and three years ahead; steps some months around them.
YEARS_BACK, YEARS_AHEAD = 2, 5


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the legal holidays around *year*, as a plain set of days."""
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    return frozenset(country_holidays("BE", years=years))
