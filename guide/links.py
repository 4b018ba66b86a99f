"""The addresses in the guide: which there are, who uses them, whether they answer."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import urldefrag, urlsplit

import httpx
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guide import models
from guide.flow.audit import all_texts
from guide.flow.content import Guide

TIMEOUT_SECONDS = 15.0
AT_ONCE = 8  # hosts that are asked at the same time
PAUSE_SECONDS = 0.5  # between two questions to the same host
MOST_REDIRECTS = 10
LONGEST_ADDRESS = 700  # what a LinkCheck can hold
# As many hosts, and not one that answers: then it is no use to go on asking.
MOST_SILENT_HOSTS = 12

# Some sites do not know HEAD and say so in one of these ways.
REFUSES_HEAD = frozenset({400, 403, 404, 405, 406, 501})
# The site does not want to be asked by a program: a person may still read the page.
SAYS_NOTHING = frozenset({401, 403, 429})
TOO_MANY = 429
PERMANENT = frozenset({301, 308})

# What happened, as LinkCheck.message keeps it.
NO_ADDRESS, NO_HOST, NO_TIME = "no-address", "no-host", "no-time"
NO_ANSWER, NO_TRUST, IN_CIRCLES = "no-answer", "no-trust", "in-circles"
REFUSED, FAILED, NOT_ASKED = "refused", "failed", "not-asked"

OUTCOMES: dict[str, str | Promise] = {
    "": _("It works."),
    NO_ADDRESS: _("This is no web address. Correct it."),
    NO_HOST: _("There is no site of this name. Correct the address."),
    NO_TIME: _("The site took too long to answer."),
    NO_ANSWER: _("The site did not answer."),
    NO_TRUST: _("The site has no certificate that browsers trust."),
    IN_CIRCLES: _("The site sends its readers round in circles."),
    REFUSED: _("The site refuses programs. Open the page yourself to see if it works."),
    FAILED: _("The site says that the page is not there (%(status)s)."),
}

LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')


@dataclass(frozen=True, kw_only=True, order=True)
class Use:
    """A row that holds an address."""

    kind: str
    slug: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What asking for one address came to."""

    url: str
    status: int | None = None
    message: str = ""  # one of the words above; "" when it works
    redirects_to: str = ""  # where it has moved for good

    @property
    def works(self) -> bool:
        """Tell whether the page is there."""
        return not self.message

    @property
    def says_nothing(self) -> bool:
        """Tell whether it remains unknown if the page is there."""
        return self.message in {REFUSED, NOT_ASKED}


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What one run has done."""

    asked: int = 0
    working: int = 0
    unknown: int = 0
    failed: int = 0
    moved: int = 0
    forgotten: int = 0
    is_offline: bool = False


def uses_in(guide: Guide) -> dict[str, list[Use]]:
    """
    Return all web addresses in *guide* and what holds them.

    Returns:
        Rows by address, less the part behind “#”, which a server never sees. E-mail
        addresses and phone numbers are left out.
    """
    found: dict[str, set[Use]] = defaultdict(set)

    def note(address: str, kind: str, slug: str) -> None:
        url = urldefrag(address.strip())[0]
        if url.lower().startswith(("http://", "https://")):
            found[url].add(Use(kind=kind, slug=slug))

    for source in guide.sources:
        note(source.url, "source", source.slug)
    for operator in guide.operators:
        note(operator.website, "operator", operator.slug)
        for channel in operator.channels:
            note(channel.value, "channel", channel.slug)
    for kind, slug, _field, text, _is_needed in all_texts(guide):
        for words in text.by_language.values():
            for address in LINK.findall(words):
                note(unescape(address), kind, slug)
    return {url: sorted(uses) for url, uses in sorted(found.items())}


def outcome_in_words(row: models.LinkCheck) -> str:
    """Return what the last look at an address found."""
    return str(OUTCOMES.get(row.message, row.message)) % {"status": row.status}


def check(
    addresses: Iterable[str],
    *,
    timeout: float = TIMEOUT_SECONDS,
    older_than_days: int = 0,
    limit: int | None = None,
    pause: float = PAUSE_SECONDS,
    is_all: bool = True,
    tell_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Summary:
    """
    Ask for *addresses* and store what came of it.

    Args:
        addresses: Web addresses, each once.
        timeout: Seconds that one question may take.
        older_than_days: Only what was not asked for within so many days.
        limit: At most so many; those never or longest not asked for come first.
        pause: Seconds between two questions to the same host.
        is_all: These are all there are: what was stored about others goes.
        tell_progress: Called before the first question and after each with how many
            were asked, and of how many.

    Returns:
        What was done. When no site answers at all, this machine is taken to be offline
        and nothing is stored; after `MOST_SILENT_HOSTS` of them nobody else is asked.
    """
    wanted = [url for url in addresses if len(url) <= LONGEST_ADDRESS]
    forgotten = 0
    if is_all:
        gone = models.LinkCheck.objects.exclude(url__in=wanted)
        forgotten = gone.delete()[0]
    chosen = _longest_unasked(wanted, older_than_days=older_than_days)[:limit]
    answers: list[Answer] = []
    is_offline = False

    def note(answer: Answer) -> None:
        answers.append(answer)
        tell_progress(len(answers), len(chosen))
        if _is_offline(answers, silent_hosts=MOST_SILENT_HOSTS):
            raise _NobodyAnswersError

    tell_progress(0, len(chosen))
    try:
        asyncio.run(_ask_all(chosen, note, timeout=timeout, pause=pause))
    except* _NobodyAnswersError:
        pass
    finally:
        # Also when somebody stops it: what is known so far counts.
        is_offline = _is_offline(answers)
        if not is_offline:
            _store(answers)
    return Summary(
        asked=len(answers),
        working=sum(answer.works for answer in answers),
        unknown=sum(answer.says_nothing for answer in answers),
        failed=sum(not (a.works or a.says_nothing) for a in answers),
        moved=sum(bool(answer.redirects_to) for answer in answers),
        forgotten=forgotten,
        is_offline=is_offline,
    )


def _longest_unasked(addresses: list[str], *, older_than_days: int) -> list[str]:
    checked_at = dict(models.LinkCheck.objects.values_list("url", "checked_at"))
    since = timezone.now() - timedelta(days=older_than_days)
    due = [url for url in addresses if url not in checked_at]
    known = [url for url in addresses if url in checked_at]
    if older_than_days:
        known = [url for url in known if checked_at[url] < since]
    return due + sorted(known, key=lambda url: checked_at[url])


class _NobodyAnswersError(Exception):
    """So many hosts do not answer that asking others is of no use."""


def _is_offline(answers: list[Answer], *, silent_hosts: int = 3) -> bool:
    """Several hosts, and not one of them answered: it is not their fault."""
    if any(answer.status is not None for answer in answers):
        return False
    hosts = {_host(answer.url) for answer in answers if answer.message != NO_ADDRESS}
    return len(hosts) >= silent_hosts


@transaction.atomic
def _store(answers: Iterable[Answer]) -> None:
    now = timezone.now()
    for answer in answers:
        if answer.message == NOT_ASKED:
            continue
        found = models.LinkCheck.objects.filter(url=answer.url).first()
        row = found or models.LinkCheck(url=answer.url)
        row.status, row.message = answer.status, answer.message
        row.redirects_to = answer.redirects_to[:LONGEST_ADDRESS]
        row.checked_at = now
        if answer.works:
            row.failures, row.worked_at = 0, now
        elif not answer.says_nothing:
            row.failures += 1
        row.save()


# Asking


async def _ask_all(
    addresses: Iterable[str],
    tell: Callable[[Answer], None],
    *,
    timeout: float,
    pause: float,
) -> None:
    """Ask hosts side by side, and each of them one question after the other."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in addresses:
        by_host[_host(url)].append(url)
    limits = httpx.Limits(max_connections=AT_ONCE)
    headers = {
        "User-Agent": f"SIM-Exit-link-check/1 (+{settings.SITE_URL})",
        "Accept": "text/html,*/*;q=0.8",
    }
    async with httpx.AsyncClient(
        headers=headers, timeout=timeout, limits=limits
    ) as client:
        asker = _Asker(client, timeout=timeout, pause=pause)
        async with asyncio.TaskGroup() as group:
            for urls in by_host.values():
                group.create_task(_ask_host(asker, urls, tell))


async def _ask_host(
    asker: "_Asker", urls: list[str], tell: Callable[[Answer], None]
) -> None:
    is_too_many = False
    for url in urls:
        if is_too_many:
            # It has asked us to stop: the rest waits for another day.
            tell(Answer(url=url, message=NOT_ASKED))
            continue
        answer = await asker.ask(url)
        is_too_many = answer.status == TOO_MANY
        tell(answer)


class _Asker:
    """Asks for pages, at most one at a time of each host, wherever redirects lead."""

    def __init__(
        self, client: httpx.AsyncClient, *, timeout: float, pause: float
    ) -> None:
        self._client = client
        self._timeout = timeout
        self._pause = pause
        self._hosts: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def ask(self, url: str) -> Answer:
        """Return what *url* leads to; never raises for what a site does."""
        here, moved_to, only_permanent = url, "", True
        for _hop in range(MOST_REDIRECTS + 1):
            try:
                status, onward = await self._one(here)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
                return Answer(url=url, message=NO_ADDRESS)
            except (httpx.HTTPError, TimeoutError) as failure:
                return Answer(url=url, message=_what_failed(failure))
            if onward is None:
                message = ""
                if status in SAYS_NOTHING:
                    message = REFUSED
                elif status >= 400:
                    message = FAILED
                return Answer(
                    url=url,
                    status=status,
                    message=message,
                    redirects_to="" if message else moved_to,
                )
            only_permanent = only_permanent and status in PERMANENT
            here = onward
            if only_permanent:
                moved_to = here
        return Answer(url=url, status=status, message=IN_CIRCLES)

    async def _one(self, url: str) -> tuple[int, str | None]:
        """Return the status of one page, and where it sends us instead."""
        status, onward = await self._request("HEAD", url)
        if status in REFUSES_HEAD:
            return await self._request("GET", url)
        return status, onward

    async def _request(self, method: str, url: str) -> tuple[int, str | None]:
        # The host first: whoever waits for a host takes no place of the others.
        async with self._hosts[_host(url)]:
            try:
                # The timeout holds for all of it, also where a site drips.
                async with (
                    self._at_once,
                    asyncio.timeout(self._timeout),
                    self._client.stream(method, url) as response,
                ):
                    following = response.next_request
                    onward = str(following.url) if following else None
                    return response.status_code, onward
            finally:
                await asyncio.sleep(self._pause)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _what_failed(failure: Exception) -> str:
    if isinstance(failure, (httpx.TimeoutException, TimeoutError)):
        return NO_TIME
    text = str(failure).lower()
    if "certificate" in text or "ssl" in text or "tls" in text:
        return NO_TRUST
    if isinstance(failure, httpx.ConnectError) and (
        "name or service" in text or "getaddrinfo" in text or "no address" in text
    ):
        return NO_HOST
    return NO_ANSWER
