"""What keeps machines out of the reports, without noting who sends them."""

import ipaddress
import re
import secrets
import time
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# Nobody reads the form and writes a sentence faster than this.
SHORTEST_SECONDS = 3
# A form that was open for longer was perhaps copied by a machine.
LONGEST_SECONDS = 24 * 60 * 60

LIMIT = 5  # reports an hour from one address
WINDOW_SECONDS = 60 * 60
DAY_SECONDS = 24 * 60 * 60

SIGNER = Signer(salt="guide.spam.stamp")
LINK = re.compile(r"(?:https?:|www\.)\S+|\S+@\S+\.\S+", re.IGNORECASE)


class Stamp(StrEnum):
    """What the stamp of a form says about how long it was open."""

    GOOD = "good"
    TOO_SOON = "too soon"
    TOO_OLD = "too old"  # or none of ours


# Time


def new_stamp(*, has_waited: bool = False) -> str:
    """
    Return a signed note of the moment at which a form was opened.

    Args:
        has_waited: Whether the visitor had a form before and shall not wait again.
    """
    opened_at = int(time.time()) - (SHORTEST_SECONDS if has_waited else 0)
    return SIGNER.sign(str(opened_at))


def read_stamp(stamp: str) -> Stamp:
    """Tell whether the form with this stamp was open for a likely time."""
    try:
        age = time.time() - int(SIGNER.unsign(stamp))
    except (BadSignature, ValueError):
        return Stamp.TOO_OLD
    if age > LONGEST_SECONDS:
        return Stamp.TOO_OLD
    return Stamp.GOOD if age >= SHORTEST_SECONDS else Stamp.TOO_SOON


# What is written


def is_only_links(text: str) -> bool:
    """Tell whether nothing is left of a text without its links."""
    return LINK.search(text) is not None and not re.search(
        r"\w{2}", LINK.sub(" ", text)
    )


# Who sends


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Tell whether the browser says that another site has sent this form."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.get_host()


def seconds_to_wait(request: HttpRequest) -> int:
    """
    Count one more report from where the request comes from.

    Returns:
        0, or the seconds after which a report from there is taken again.
    """
    window, passed = divmod(int(time.time()), WINDOW_SECONDS)
    key = f"reports:{window}:{_mark_of(sender_of(request))}"
    cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
    return 0 if cache.incr(key) <= LIMIT else WINDOW_SECONDS - passed


def sender_of(request: HttpRequest) -> str:
    """
    Return the address from which a request comes, as far as it can be believed.

    Each proxy adds the address it saw at the end of X-Forwarded-For: only as many
    entries from the end as there are proxies of ours are true.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.TRUSTED_PROXIES <= len(forwarded):
        found = forwarded[-settings.TRUSTED_PROXIES].strip()
        if found:
            return found
    return request.META.get("REMOTE_ADDR", "")


def _mark_of(address: str) -> str:
    """
    Return what stands for an address for the rest of the day.

    The key is random, is kept only in memory and is gone after a day: nobody, the host
    included, can find the address again.
    """
    today = int(time.time()) // DAY_SECONDS
    name = f"reports:key:{today}"
    cache.add(name, secrets.token_hex(32), timeout=2 * DAY_SECONDS)
    return salted_hmac(
        "guide.spam.sender", _household(address), secret=cache.get(name)
    ).hexdigest()


def _household(address: str) -> str:
    """Return the part of an address that one person cannot change at will."""
    bare = re.sub(r"^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$", r"\1\2", address)
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return bare
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)
