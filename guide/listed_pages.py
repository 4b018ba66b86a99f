"""Which pages search engines may list. All others ask to be left out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import ResolverMatch, get_script_prefix, reverse
from django.utils import translation

from guide.flow.content import Guide


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Pages that share an address name: one page, or one for each of some codes."""

    name: str  # in guide.urls
    codes: Callable[[Guide], Iterable[str]] | None = None


# A new page that is to be found is added here, and nowhere else. The tests then
# demand a title, a description and all the rest of it.
KINDS = (
    Kind(name="start"),
    Kind(name="operator-list"),
    Kind(
        name="operator-detail",
        codes=lambda guide: (operator.slug for operator in guide.operators),
    ),
    Kind(name="faq"),
    Kind(name="faq-entry", codes=lambda guide: (entry.slug for entry in guide.faq)),
    Kind(name="letter-list"),
    Kind(
        name="letter-detail",
        codes=lambda guide: (letter.slug for letter in guide.letters),
    ),
    Kind(name="sources"),
    Kind(name="about"),
    Kind(name="accessibility"),
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page, in whichever language."""

    name: str
    args: tuple[str, ...] = ()

    def address(self, language: str) -> str:
        """Return the path of the page in one language."""
        with translation.override(language):
            return reverse(f"guide:{self.name}", args=self.args)

    def addresses(self) -> list[tuple[str, str]]:
        """Return the code of each language with the path of the page in it."""
        return [(code, self.address(code)) for code, name in settings.LANGUAGES]

    def neutral_address(self) -> str:
        """Return the path that leads each visitor to the page in their language."""
        root = get_script_prefix()
        return root + self.address("en").removeprefix(f"{root}en/")


def pages_of(guide: Guide) -> Iterator[Page]:
    """Yield every page that may be listed."""
    for kind in KINDS:
        if kind.codes is None:
            yield Page(name=kind.name)
        else:
            for code in kind.codes(guide):
                yield Page(name=kind.name, args=(code,))


def page_at(match: ResolverMatch | None) -> Page | None:
    """Return the page that answers at an address, None if it may not be listed."""
    if match is None or match.view_name not in NAMES:
        return None
    return Page(name=match.url_name, args=tuple(match.kwargs.values()))


NAMES = frozenset(f"guide:{kind.name}" for kind in KINDS)
