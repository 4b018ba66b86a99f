"""The interface's own words for the codes of the guide."""

from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guide.flow.content import Confidence, Phase
from guide.flow.engine import Reason
from guide.flow.schedule import Due
from guide.flow.since import Aspect
from guide.problems_in_words import problem_in_words as problem_in_words

Words = str | Promise

PHASES: dict[str, Words] = {
    Phase.KNOW: _("Know this first"),
    Phase.BEFORE: _("Before the line ends"),
    Phase.CANCEL: _("End the line"),
    Phase.AFTER: _("After that"),
    Phase.WRONG: _("If something goes wrong"),
}

# Who keeps the number ends nothing: the new operator does.
PHASES_KEEPING: dict[str, Words] = PHASES | {
    Phase.BEFORE: _("Before the number moves"),
    Phase.CANCEL: _("Move the number"),
}

TITLES: dict[str, Words] = {
    "stop": _("End your line with %(operator)s"),
    "keep-number": _("Take your number away from %(operator)s"),
    "withdraw": _("Withdraw from your contract with %(operator)s"),
    "lost": _("Your lost or stolen card from %(operator)s"),
    "deceased": _("End the line with %(operator)s after a death"),
}

# A travel eSIM is no line with a contract: it runs out, or renews itself.
PHASES_TRAVEL: dict[str, Words] = PHASES | {
    Phase.BEFORE: _("Before the eSIM ends"),
    Phase.CANCEL: _("Stop the renewal"),
}
TITLES_TRAVEL: dict[str, Words] = TITLES | {
    "stop": _("Be done with your travel eSIM from %(operator)s"),
}

CONFIDENCE: dict[str, Words] = {
    Confidence.OFFICIAL: _("official"),
    Confidence.REGULATOR: _("regulator"),
    Confidence.THIRD_PARTY: _("third party"),
}

STATUS: dict[str, Words] = {
    "active": _("In business"),
    "closed": _("Closed"),
    "unknown": _("We could not confirm that it is still in business"),
}

OPERATOR_KINDS: dict[str, Words] = {
    "network": _("Belgian network"),
    "brand": _("Brand of a network"),
    "mvno": _("Operator without a network of its own"),
    "travel-esim": _("Travel eSIM"),
    "roaming-pack": _("Roaming pack on a foreign number"),
}

PURPOSES: dict[str, Words] = {
    "cancel": _("Ending the line"),
    "withdraw": _("Withdrawing within 14 days"),
    "refund": _("Getting money back"),
    "lost": _("Blocking a lost or stolen card"),
    "renewal": _("Switching off the renewal"),
    "privacy": _("Questions about personal data"),
    "contact": _("Other ways to reach it"),
}

CHANNEL_KINDS: dict[str, Words] = {
    "online": _("Online"),
    "app": _("App"),
    "phone": _("Phone"),
    "shop": _("Shop"),
    "post": _("Post"),
    "email": _("E-mail"),
    "chat": _("Chat"),
    "form": _("Form"),
}

TOPICS: dict[str, Words] = {
    "notice": _("Notice period"),
    "effective": _("When the line ends"),
    "identity": _("What you must show"),
    "costs": _("What it can cost"),
    "confirmation": _("The confirmation"),
    "withdrawal": _("Withdrawal within 14 days"),
    "prepaid-expiry": _("When the card or package lapses"),
    "prepaid-credit": _("Leftover credit"),
    "prepaid-stop": _("Ending a prepaid card"),
    "porting": _("Taking the number along"),
    "reactivation": _("Bringing the line back"),
    "esim": _("The eSIM"),
    "equipment": _("Rented equipment"),
    "lost": _("Lost or stolen"),
    "deceased": _("After a death"),
    "account": _("Your account and data"),
    "renewal": _("Automatic renewal"),
    "refund": _("Refund"),
    "surprise": _("Good to know"),
}

# Why an answer was not used: what happened and what to do next.
REASONS: dict[str, Words] = {
    Reason.UNKNOWN: _(
        "The link held an answer that we do not know. Please choose one from the list."
    ),
    Reason.IMPOSSIBLE: _(
        "This answer does not go with your other answers, so it was left out."
    ),
    Reason.REPEATED: _("There were two answers where one fits. We kept the first one."),
    Reason.EXCLUSIVE: _(
        "“None of these” was chosen beside other answers. We kept the other answers."
    ),
    Reason.NOT_A_DATE: _(
        "We could not read this date. Write it as year-month-day, such as 2027-01-31."
    ),
    Reason.PAST: _(
        "This date is more than a year ago. Please check the year and choose again."
    ),
    Reason.FAR: _(
        "This date is more than three years away. Please check the year and choose "
        "again."
    ),
    Reason.REPLACED: _(
        "The link held an older answer. We used the one that took its place: please "
        "check it."
    ),
    Reason.MISSING: _("Please choose an answer before you go on."),
}


# Of several answers one was unknown: the others were used.
KEPT_OTHERS: Words = _(
    "The link held an answer that we do not know. We left it out and kept the others."
)


# What about a step has changed since its link was made.
ASPECTS: dict[str, Words] = {
    Aspect.TEXT: _("what to do"),
    Aspect.DATE: _("its day"),
    Aspect.FACTS: _("what we know about the operator"),
    Aspect.CHANNELS: _("ways to reach the operator"),
}

# A day with its weekday, as each language writes it.
WEEKDAY_FORMATS = {
    "zh-hans": "Y 年 n 月 j 日（l）",
    "en": "l j F Y",
    "nl": "l j F Y",
    "fr": "l j F Y",
    "de": "l, j. F Y",
}


def day_in_words(day: date) -> str:
    """Return a day with its weekday in the page's language."""
    language = translation.get_language() or "en"
    return date_format(day, WEEKDAY_FORMATS.get(language, WEEKDAY_FORMATS["en"]))


def due_in_words(due: Due) -> str:
    """Return how long before or after the end a step is due, while no day is set."""
    days = abs(due.days)
    if days == 0:
        return str(_("on the day itself"))
    weeks, rest = divmod(days, 7)
    amount = (
        ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
        if rest
        else ngettext("%(count)d week", "%(count)d weeks", weeks) % {"count": weeks}
    )
    before, after = _("%(amount)s before the end"), _("%(amount)s after the end")
    return str(before if due.days < 0 else after) % {"amount": amount}
