"""What a published guide is: frozen values that can be compared and stored."""

import unicodedata
from datetime import date
from enum import StrEnum

import msgspec

DOCUMENT_VERSION = 1  # raised when the shape of the document changes


class Kind(StrEnum):
    """How a question is asked."""

    ONE = "one"
    MANY = "many"
    OPERATOR = "operator"
    CARD = "card"
    DATE = "date"


class Phase(StrEnum):
    """The parts of a checklist, in the order in which they are read."""

    KNOW = "know"
    BEFORE = "before"
    CANCEL = "cancel"
    AFTER = "after"
    WRONG = "wrong"


class Role(StrEnum):
    """What a step does to the line: what the order rules speak about."""

    NONE = ""
    UNLINK = "unlink"
    PORT = "port"
    CANCEL = "cancel"
    CONFIRM = "confirm"
    ERASE = "erase"


class Confidence(StrEnum):
    """Who stands behind a source."""

    OFFICIAL = "official"
    REGULATOR = "regulator"
    THIRD_PARTY = "third-party"


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in the languages in which it exists, keyed by language code."""

    by_language: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.by_language)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.by_language.items())))

    def language_for(self, language: str) -> str:
        """
        Return the language in which a reader of *language* gets this text.

        Args:
            language: The code of the reader's language, such as "zh-hans".

        Returns:
            *language* if the text has it, else "en", else any it has, else "".
        """
        if language in self.by_language:
            return language
        if "en" in self.by_language:
            return "en"
        return next(iter(self.by_language), "")

    def read(self, language: str) -> str:
        """Return the text for a reader of *language*, "" if there is none."""
        return self.by_language.get(self.language_for(language), "")


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    One demand on the answer to one question.

    It holds when any of the chosen codes is listed; when `excluding`, it holds when
    the question was answered and none of the chosen codes is listed.
    """

    question: str
    codes: tuple[str, ...]
    excluding: bool = False


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a fact was read."""

    slug: str
    title: str
    publisher: str
    url: str
    confidence: Confidence
    dated_on: date | None = None
    date_note: str = ""


class Sourcing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a fact rests on and until when it may be trusted without a look."""

    sources: tuple[str, ...] = ()  # slugs
    checked_on: date | None = None  # None: no source carries a date
    review_days: int = 365

    def is_overdue(self, today: date) -> bool:
        """
        Tell whether the fact must be checked again.

        Args:
            today: The day on which it is read.

        Returns:
            True when `checked_on` + `review_days` lies before *today*, or when no
            source carries a date.
        """
        if self.checked_on is None:
            return True
        return (today - self.checked_on).days > self.review_days


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One possible answer."""

    slug: str
    label: Text
    hint: Text = Text({})
    exclusive: bool = False
    when: tuple[Term, ...] = ()


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question; its choices include operators and card types."""

    slug: str
    kind: Kind
    title: Text
    help: Text = Text({})
    how: Text = Text({})
    choices: tuple[Choice, ...] = ()
    replacements: tuple[tuple[str, str], ...] = ()  # retired code, code in its place
    when: tuple[Term, ...] = ()

    def choice(self, slug: str) -> Choice | None:
        """Return the choice of that code, or None."""
        return next((choice for choice in self.choices if choice.slug == slug), None)


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do (or, in the first phase, to know)."""

    slug: str
    phase: Phase
    title: Text
    body: Text
    sourcing: Sourcing
    why: Text = Text({})
    skip: Text = Text({})
    plan_b: Text = Text({})  # what to do when it is too late, or from abroad
    must: bool = True
    role: Role = Role.NONE
    due_days: int | None = None  # from the end date; negative: before it
    lead_days: int = 0  # from doing it to its result
    needs_working_day: bool = False
    requires: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    shows_channels: str = ""
    letters: tuple[str, ...] = ()
    when: tuple[Term, ...] = ()


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to reach an operator for one purpose."""

    slug: str
    purpose: str
    kind: str
    detail: Text
    sourcing: Sourcing
    value: str = ""
    screen_path: str = ""
    screen_language: str = ""
    works_abroad: bool | None = None
    works_without_sim: bool | None = None
    when: tuple[Term, ...] = ()


class OperatorFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sourced fact about one operator."""

    slug: str
    topic: str
    text: Text
    sourcing: Sourcing
    days: int | None = None  # the last day on which one may act, from the end
    when: tuple[Term, ...] = ()


class Operator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A company or brand that sells lines, open or closed."""

    slug: str
    name: str
    kind: str
    status: str
    sourcing: Sourcing
    aliases: tuple[str, ...] = ()
    company: str = ""
    network: str = ""
    status_note: Text = Text({})
    closed_on: date | None = None
    website: str = ""
    esim: bool | None = None
    letter_languages: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    facts: tuple[OperatorFact, ...] = ()


class FaqEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question people ask, with its answer."""

    slug: str
    question: Text
    answer: Text
    sourcing: Sourcing
    when: tuple[Term, ...] = ()


class Identifier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that letters leave to be filled in, named there by its code."""

    slug: str
    name: Text
    where: Text = Text({})
    hint: Text = Text({})
    kind: str = "text"  # or "date", "phone", "iban": how it is typed
    lines: int = 1  # to write on
    sourcing: Sourcing = Sourcing()


class GlossaryEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word on Belgian bills and screens, and what it means."""

    slug: str
    term: Text
    meaning: Text
    sourcing: Sourcing
    dutch: str = ""  # as bills and screens have it; several with commas
    french: str = ""
    german: str = ""
    is_linked: bool = True  # from the texts in which the word occurs

    @property
    def on_bills(self) -> tuple[tuple[str, str], ...]:
        """The words of bills and screens with the codes of their languages."""
        words = (("nl", self.dutch), ("fr", self.french), ("de", self.german))
        return tuple((language, word) for language, word in words if word)


class Letter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of one letter; `guide.flow.letters` takes it apart."""

    slug: str
    purpose: Text
    subject: Text
    body: Text
    sourcing: Sourcing
    title: Text = Text({})
    enclose: Text = Text({})
    send: Text = Text({})
    shows_channels: str = ""
    # Only in publications of earlier days: now the texts themselves say it.
    identifiers: tuple[str, ...] = ()
    when: tuple[Term, ...] = ()

    @property
    def name(self) -> Text:
        """What the letter is called; publications of earlier days have no titles."""
        return self.title or self.purpose


class Guide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    A whole guide, as visitors read it.

    Questions, steps (within a phase), operators, facts and channels stand in the order
    in which editors put them.
    """

    questions: tuple[Question, ...]
    steps: tuple[Step, ...]
    operators: tuple[Operator, ...] = ()
    sources: tuple[Source, ...] = ()
    faq: tuple[FaqEntry, ...] = ()
    letters: tuple[Letter, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    version: int = DOCUMENT_VERSION

    def question(self, slug: str) -> Question | None:
        """Return the question of that code, or None."""
        return next((q for q in self.questions if q.slug == slug), None)

    def step(self, slug: str) -> Step | None:
        """Return the step of that code, or None."""
        return next((s for s in self.steps if s.slug == slug), None)

    def operator(self, slug: str) -> Operator | None:
        """Return the operator of that code, or None."""
        return next((o for o in self.operators if o.slug == slug), None)

    def source(self, slug: str) -> Source | None:
        """Return the source of that code, or None."""
        return next((s for s in self.sources if s.slug == slug), None)

    def letter(self, slug: str) -> Letter | None:
        """Return the letter of that code, or None."""
        return next((one for one in self.letters if one.slug == slug), None)

    def identifier(self, slug: str) -> Identifier | None:
        """Return the identifier of that code, or None."""
        return next((one for one in self.identifiers if one.slug == slug), None)

    def operators_named_like(self, text: str) -> tuple[Operator, ...]:
        """
        Return the operators whose name, company or alias holds *text*.

        Args:
            text: What somebody typed; case, accents, spaces and signs do not count.

        Returns:
            Operators in the guide's order; all of them when *text* is blank.
        """
        return tuple(
            one
            for one in self.operators
            if _is_like(text, (one.name, one.slug, one.company, *one.aliases))
        )

    def words_like(self, text: str) -> tuple[GlossaryEntry, ...]:
        """
        Return the entries of the glossary whose word holds *text*, in any language.

        Args:
            text: What somebody typed; case, accents, spaces and signs do not count.

        Returns:
            Entries in the guide's order; all of them when *text* is blank.
        """
        return tuple(
            entry
            for entry in self.glossary
            if _is_like(
                text,
                (
                    entry.slug,
                    *entry.term.by_language.values(),
                    *(word for _language, word in entry.on_bills),
                ),
            )
        )


def in_reading_order(
    entries: tuple[GlossaryEntry, ...], language: str
) -> tuple[GlossaryEntry, ...]:
    """
    Return *entries* as readers of a language look words up.

    Accents and signs do not count. Chinese words stand behind Latin ones, by their
    sound: GB 18030 keeps the old standard's order of common characters, by pinyin.
    """

    def place(entry: GlossaryEntry) -> tuple[bytes, str]:
        return _folded(entry.term.read(language)).encode("gb18030"), entry.slug

    return tuple(sorted(entries, key=place))


def _is_like(text: str, names: tuple[str, ...]) -> bool:
    """Tell whether a name holds *text*: all hold a blank one, none holds bare signs."""
    wanted = _folded(text)
    if text.strip() and not wanted:
        return False
    return any(wanted in _folded(name) for name in names)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def encode(guide: Guide) -> str:
    """Return the guide as a JSON document."""
    return msgspec.json.encode(guide).decode()


def decode(document: str) -> Guide:
    """
    Read a guide from a JSON document.

    Raises:
        msgspec.ValidationError: If the document is not a guide of this version.
    """
    guide = msgspec.json.decode(document, type=Guide)
    if guide.version != DOCUMENT_VERSION:
        msg = f"This is a guide of version {guide.version}, not {DOCUMENT_VERSION}."
        raise msgspec.ValidationError(msg)
    return guide
