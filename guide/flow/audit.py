"""The proof that a guide is sound, over conditions and not over samples."""

import re
from collections.abc import Iterable, Iterator, Set
from datetime import date
from itertools import product

import msgspec

from guide.flow.answers import RESERVED
from guide.flow.conditions import Outcomes, longest
from guide.flow.content import (
    Guide,
    Kind,
    Letter,
    Phase,
    Question,
    Role,
    Sourcing,
    Step,
    Term,
    Text,
)
from guide.flow.engine import (
    GOAL_QUESTION,
    KEEP_NUMBER,
    OPERATOR_QUESTION,
    PHASES,
    ROLE_ORDER,
    in_order,
)
from guide.flow.letters import (
    OPERATOR,
    codes_in,
    codes_of,
    differing_paragraphs,
    paragraphs,
)

MOST_QUESTIONS = 9
PLACEHOLDERS = frozenset({"{operator}"})
# Where codes of identifiers stand beside it.
FILLED_IN = frozenset({("letter", "subject"), ("letter", "body")})
LANGUAGES_COMPLETE = ("en", "zh-hans")  # these texts may not be missing
LANGUAGES_WANTED = ("nl", "fr", "de")  # these only make the guide better
LINKED_QUESTION = "linked"  # which accounts hang on the number

# What is shown only where answers lead; the rest stands on pages of its own, too.
SHOWN_BY_ANSWERS = frozenset({"question", "choice", "step"})

# What may change about a problem while it stays the same one.
VARYING = frozenset({"checked_on", "count", "fields", "found", "paragraph", "wanted"})


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing that is wrong: errors stop a publication, warnings do not."""

    code: str  # stable; E…: error, W…: warning
    kind: str  # what sort of row: question, choice, step, fact, …
    slug: str  # which one; a choice is "question:choice"
    message: str
    about: tuple[tuple[str, str], ...] = ()  # what the message speaks of, by name

    @property
    def is_error(self) -> bool:
        """Tell whether this stops a publication."""
        return self.code.startswith("E")

    @property
    def identity(self) -> str:
        """What the problem is called for as long as it exists, such as in links."""
        telling = (value for name, value in self.about if name not in VARYING)
        return " ".join((self.code, self.kind, self.slug, *telling))


def _problem(code: str, kind: str, slug: str, message: str, **about: str) -> Problem:
    return Problem(code, kind, slug, message, tuple(about.items()))


def audit(guide: Guide, today: date) -> tuple[Problem, ...]:
    """
    Prove that a guide leads every visitor to a sound checklist.

    Args:
        guide: The guide, as it would be published.
        today: The day against which facts are overdue.

    Returns:
        What is wrong, errors first; empty for a sound guide. Where conditions speak of
        what does not exist, the proofs that would rest on them wait: see `is_partial`.
    """
    broken = set(_references(guide))
    unreached = set(_unanswerable(guide))
    problems = broken | set(_sourcing(guide, today))
    if not any(_breaks_questions(problem) for problem in broken):
        outcomes = Outcomes(guide)
        lost = {(p.kind, p.slug) for p in broken if p.code in {"E101", "E102"}}
        unreached.update(_reach(guide, outcomes, lost))
        problems.update(_ways_out(guide, outcomes), _length(guide))
        if not any(_breaks_steps(problem) for problem in broken):
            proofs = (_actions, _requirements, _order, _number_kept, _unlinked)
            problems.update(p for proof in proofs for p in proof(guide, outcomes))
            if not any(_breaks_letters(problem) for problem in broken):
                problems.update(_letters_of_steps(guide, outcomes))
    if not any(_breaks_letters(problem) for problem in broken):
        problems.update(_unused_identifiers(guide))
    problems |= unreached | set(_letters(guide))
    # Nobody can read what nobody gets to: its own error stands for all of it.
    hidden = {(p.kind, p.slug) for p in unreached if p.kind in SHOWN_BY_ANSWERS}
    problems.update(_texts(guide, hidden))
    return tuple(sorted(problems))


def is_partial(problems: Iterable[Problem]) -> bool:
    """
    Tell whether an audit had to leave something out.

    Args:
        problems: All that an audit has found, or all its errors.

    Returns:
        True while some of these errors take the ground from under other proofs: once
        they are mended, the audit may find more.
    """
    breaks = (_breaks_questions, _breaks_steps, _breaks_letters)
    return any(is_ground(one) for one in problems for is_ground in breaks)


def _breaks_questions(problem: Problem) -> bool:
    """Tell whether nobody can say who is asked what, nor what follows from that."""
    if problem.kind in {"question", "choice"}:
        return problem.code in {"E101", "E102", "E103", "E108", "E110"}
    return False


def _breaks_steps(problem: Problem) -> bool:
    """Tell whether nobody can say which steps make up a list, and in which order."""
    return problem.kind == "step" and problem.code.startswith("E1")


def _breaks_letters(problem: Problem) -> bool:
    """Tell whether nobody can say whom a letter is for, nor what it asks for."""
    is_of_letters = problem.kind in {"letter", "identifier"}
    return is_of_letters and problem.code.startswith("E1")


def _conditionals(guide: Guide) -> Iterator[tuple[str, str, tuple[Term, ...]]]:
    """Yield kind, slug and full condition of all that visitors reach by answers."""
    for question in guide.questions:
        yield "question", question.slug, question.when
        for choice in question.choices:
            slug = f"{question.slug}:{choice.slug}"
            yield "choice", slug, question.when + choice.when
    for step in guide.steps:
        yield "step", step.slug, step.when
    for entry in guide.faq:
        yield "faq entry", entry.slug, entry.when
    for letter in guide.letters:
        yield "letter", letter.slug, letter.when
    for operator in guide.operators:
        here = Term(OPERATOR_QUESTION, (operator.slug,))
        for channel in operator.channels:
            yield "channel", channel.slug, (here, *channel.when)
        for fact in operator.facts:
            yield "fact", fact.slug, (here, *fact.when)


def _references(guide: Guide) -> Iterator[Problem]:
    positions = {question.slug: i for i, question in enumerate(guide.questions)}
    for kind, slug, when in _conditionals(guide):
        for term in when:
            question = guide.question(term.question)
            if question is None:
                message = f"It depends on “{term.question}”: no question."
                yield _problem("E101", kind, slug, message, question=term.question)
                continue
            for code in term.codes:
                if question.choice(code) is None:
                    message = f"It depends on “{term.question}: {code}”: no answer."
                    yield _problem(
                        *("E102", kind, slug, message),
                        question=term.question,
                        choice=code,
                    )
            if kind in {"question", "choice"}:
                own = positions[slug.partition(":")[0]]
                if positions[term.question] >= own:
                    message = f"It depends on “{term.question}”, which comes later."
                    yield _problem("E103", kind, slug, message, question=term.question)
    yield from _unique(guide)
    steps = {step.slug: step for step in guide.steps}
    for step in guide.steps:
        for slug in step.requires:
            if slug not in steps:
                message = f"It requires “{slug}”: no step."
                yield _problem("E104", "step", step.slug, message, step=slug)
            elif PHASES.index(steps[slug].phase) > PHASES.index(step.phase):
                message = f"It requires “{slug}”, which stands in a later phase."
                yield _problem("E105", "step", step.slug, message, step=slug)
        for slug in step.letters:
            if guide.letter(slug) is None:
                message = f"It offers the letter “{slug}”: no letter."
                yield _problem("E111", "step", step.slug, message, letter=slug)
        if _is_in_circle(step.slug, steps):
            message = "It requires itself, by way of the steps that it requires."
            yield Problem("E106", "step", step.slug, message)


def _unique(guide: Guide) -> Iterator[Problem]:
    rows = {
        "question": [question.slug for question in guide.questions],
        "step": [step.slug for step in guide.steps],
        "operator": [operator.slug for operator in guide.operators],
        "channel": [c.slug for operator in guide.operators for c in operator.channels],
        "fact": [f.slug for operator in guide.operators for f in operator.facts],
        "faq entry": [entry.slug for entry in guide.faq],
        "glossary entry": [entry.slug for entry in guide.glossary],
        "letter": [letter.slug for letter in guide.letters],
        "identifier": [identifier.slug for identifier in guide.identifiers],
        "source": [source.slug for source in guide.sources],
    }
    for kind, slugs in rows.items():
        for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            yield Problem("E110", kind, slug, "There are two of this code.")
    for question in guide.questions:
        if question.slug in RESERVED:
            message = "This code is a parameter of our own addresses: choose another."
            yield Problem("E107", "question", question.slug, message)
        codes = [choice.slug for choice in question.choices]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            message = "Two answers to one question have the same code."
            yield Problem("E108", "choice", f"{question.slug}:{code}", message)
        for old, new in question.replacements:
            if question.choice(new) is None or question.choice(old) is not None:
                message = f"A retired code must lead to an answer in use, not “{new}”."
                yield _problem(
                    *("E109", "choice", f"{question.slug}:{old}", message), choice=new
                )


def _is_in_circle(slug: str, steps: dict[str, Step]) -> bool:
    seen: set[str] = set()
    waiting = list(steps[slug].requires)
    while waiting:
        current = waiting.pop()
        if current == slug:
            return True
        if current not in seen and current in steps:
            seen.add(current)
            waiting += steps[current].requires
    return False


def _reach(
    guide: Guide, outcomes: Outcomes, lost: Set[tuple[str, str]]
) -> Iterator[Problem]:
    """Leave out what is *lost*: its condition speaks of what does not exist."""
    codes = {"question": "E201", "choice": "E202", "step": "E203"}
    for kind, slug, when in _conditionals(guide):
        terms = frozenset(when)
        if (kind, slug) in lost:
            continue
        if terms and not any(terms <= state for state in outcomes.of(terms)):
            message = "No visitor can get here: its conditions exclude each other."
            yield Problem(codes.get(kind, "E204"), kind, slug, message)


def _unanswerable(guide: Guide) -> Iterator[Problem]:
    for question in guide.questions:
        if question.kind is not Kind.DATE and not question.choices:
            message = "It has no answers to choose from, so nobody is asked it."
            yield Problem("E205", "question", question.slug, message)


def _ways_out(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    """Whoever ticks what applies must be able to say that nothing does."""
    for question in guide.questions:
        if question.kind is not Kind.MANY:
            continue
        asked = frozenset(question.when)
        ways_out = [asked.union(c.when) for c in question.choices if c.exclusive]
        others = [asked.union(c.when) for c in question.choices if not c.exclusive]
        for state in outcomes.of(asked.union(*ways_out, *others)):
            if not any(terms <= state for terms in ways_out) and any(
                terms <= state for terms in others
            ):
                message = "Some visitors cannot say that none of its answers applies."
                yield Problem("W301", "question", question.slug, message)
                break


def _actions(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    """Every complete answer needs a step that ends the line or moves the number."""
    many = {q.slug for q in guide.questions if q.kind is Kind.MANY}
    conditions = [
        frozenset(step.when)
        for step in guide.steps
        if step.phase is Phase.CANCEL
        and step.must
        and step.role in {Role.PORT, Role.CANCEL}
    ]
    # Steps that hang on a list of ticks cannot be there for whoever ticks nothing
    # of it; leaving them out keeps the proof small and can only make it stricter.
    conditions = [
        terms for terms in conditions if all(t.question not in many for t in terms)
    ]
    every_term = frozenset[Term]().union(*conditions) | _case_terms(guide)
    cases = set()
    for state in outcomes.of(every_term):
        if not any(terms <= state for terms in conditions):
            cases.add(_case(state & _case_terms(guide)))
    for case in sorted(cases):
        message = f"These answers lead to no step that ends the line: {case}."
        yield _problem("E301", "guide", "checklist", message, case=case)


def _case_terms(guide: Guide) -> frozenset[Term]:
    """Return one term for each choice of the first two questions: to name a case."""
    return frozenset(
        Term(question.slug, (choice.slug,))
        for question in guide.questions[:2]
        for choice in question.choices
    )


def _case(state: frozenset[Term]) -> str:
    answers = sorted(f"{term.question} = {term.codes[0]}" for term in state)
    return ", ".join(answers) or "any"


def _requirements(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    for step in guide.steps:
        for slug in step.requires:
            needed = guide.step(slug)
            assert needed is not None  # E104
            mine, its = frozenset(step.when), frozenset(needed.when)
            if any(
                mine <= state and not its <= state for state in outcomes.of(mine | its)
            ):
                message = f"It requires “{slug}”, which is missing from some lists."
                yield _problem("E302", "step", step.slug, message, step=slug)
            if _is_due_before(step, needed) and _meet(step, needed, outcomes):
                message = f"It is due before “{slug}”, which it requires."
                yield _problem("E306", "step", step.slug, message, step=slug)


def _order(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    """Neither the list nor its dates may put one role before another's turn."""
    steps = in_order(guide.steps)
    place = {step.slug: number for number, step in enumerate(steps)}
    for earlier_role, later_role in ROLE_ORDER:
        earlier = [step for step in steps if step.role is earlier_role]
        later = [step for step in steps if step.role is later_role]
        for first, second in product(earlier, later):
            stands_wrong = place[first.slug] > place[second.slug]
            is_due_wrong = _is_due_before(second, first)
            if not (stands_wrong or is_due_wrong) or not _meet(first, second, outcomes):
                continue
            if stands_wrong:
                message = f"It must stand behind “{first.slug}”: {earlier_role} first."
                yield _problem(
                    *("E303", "step", second.slug, message),
                    step=first.slug,
                    role=earlier_role.value,
                )
            if is_due_wrong:
                message = f"It is due before “{first.slug}”, which must come first."
                yield _problem("E306", "step", second.slug, message, step=first.slug)


def _is_due_before(step: Step, other: Step) -> bool:
    return (
        step.due_days is not None
        and other.due_days is not None
        and step.due_days < other.due_days
    )


def _meet(step: Step, other: Step, outcomes: Outcomes) -> bool:
    """Tell whether both stand on one list for some answers."""
    both = frozenset(step.when) | frozenset(other.when)
    return any(both <= state for state in outcomes.of(both))


def _number_kept(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    """
    Who keeps the number must move it; with the order this keeps it from being ended.

    A step that may be left out, or that is only for reading or for trouble, moves
    nothing.
    """
    keeps = Term(GOAL_QUESTION, (KEEP_NUMBER,))
    goal = guide.question(GOAL_QUESTION)
    if goal is None or goal.choice(KEEP_NUMBER) is None:
        return
    ports = [
        frozenset(step.when)
        for step in guide.steps
        if step.role is Role.PORT and step.must and step.phase is Phase.CANCEL
    ]
    wanted = frozenset({keeps}).union(*ports)
    for state in outcomes.of(wanted):
        if keeps in state and not any(terms <= state for terms in ports):
            message = "Somebody who keeps the number gets no step that moves it."
            yield Problem("E304", "guide", "checklist", message)


def _unlinked(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    """Each account that hangs on the number needs a step that takes it off."""
    question = guide.question(LINKED_QUESTION)
    for choice in question.choices if question else ():
        if choice.exclusive:
            continue
        ticked = Term(LINKED_QUESTION, (choice.slug,))
        # Of a step's demands on the ticks only those count that this tick meets: the
        # proof does not lean on what else is ticked.
        steps = [
            frozenset(t for t in step.when if t.question != LINKED_QUESTION)
            for step in guide.steps
            if step.role is Role.UNLINK
            and all(
                choice.slug in term.codes and not term.excluding
                for term in step.when
                if term.question == LINKED_QUESTION
            )
        ]
        wanted = frozenset({ticked}).union(*steps)
        if any(
            ticked in state and not any(terms <= state for terms in steps)
            for state in outcomes.of(wanted)
        ):
            slug = f"{LINKED_QUESTION}:{choice.slug}"
            message = "Some who choose it get no step that takes it off the number."
            yield Problem("E307", "choice", slug, message)


def _letters_of_steps(guide: Guide, outcomes: Outcomes) -> Iterator[Problem]:
    """A step that offers a letter must meet it on some list."""
    for step in guide.steps:
        for letter in guide.letters:
            both = frozenset((*step.when, *letter.when))
            if letter.slug in step.letters and not any(
                both <= state for state in outcomes.of(both)
            ):
                message = f"It never offers “{letter.slug}”: they do not meet."
                yield _problem("W602", "step", step.slug, message, letter=letter.slug)


def _letters(guide: Guide) -> Iterator[Problem]:
    """Letters must say the same in all languages and name only what there is."""
    known = {identifier.slug for identifier in guide.identifiers} | {OPERATOR}
    for letter in guide.letters:
        for field, text in (("subject", letter.subject), ("body", letter.body)):
            yield from _unknown_identifiers(letter, field, text, known)
            yield from _aligned(letter, field, text)


def _unknown_identifiers(
    letter: Letter, field: str, text: Text, known: Set[str]
) -> Iterator[Problem]:
    for language, words in sorted(text.by_language.items()):
        for code in codes_in(words):
            if code not in known:
                message = f"{{{code}}} is no identifier ({field}, {language})."
                yield _problem(
                    *("E601", "letter", letter.slug, message),
                    field=field,
                    language=language,
                    placeholder=f"{{{code}}}",
                )


def _aligned(letter: Letter, field: str, text: Text) -> Iterator[Problem]:
    """Compare the paragraphs of all languages with those of the first one."""
    said = {lang: words for lang, words in text.by_language.items() if _says(words)}
    first = Text(said).language_for("en")
    wanted = paragraphs(text.read(first))
    for language, words in sorted(said.items()):
        found = paragraphs(words)
        about = {"field": field, "language": language, "other": first}
        if len(found) != len(wanted):
            message = (
                f"{len(found)} paragraphs in {language}, {len(wanted)} in {first}."
            )
            yield _problem(
                *("E602", "letter", letter.slug, message),
                **about,
                found=str(len(found)),
                wanted=str(len(wanted)),
            )
            continue
        first_one = next(differing_paragraphs(text.read(first), words), None)
        if first_one:
            number, theirs, mine = first_one
            message = f"Paragraph {number} of its {field} differs in {language}."
            yield _problem(
                *("E603", "letter", letter.slug, message),
                **about,
                paragraph=str(number),
                found=_in_braces(mine),
                wanted=_in_braces(theirs),
            )


def _in_braces(words: str) -> str:
    return ", ".join(f"{{{code}}}" for code in codes_in(words))


def _unused_identifiers(guide: Guide) -> Iterator[Problem]:
    used = frozenset[str]().union(*(codes_of(letter) for letter in guide.letters))
    for identifier in guide.identifiers:
        if identifier.slug not in used:
            message = "No letter names it."
            yield _problem(
                *("W601", "identifier", identifier.slug, message),
                identifier=identifier.slug,
            )


def _length(guide: Guide) -> Iterator[Problem]:
    length = longest(guide, {}, 0)
    if length > MOST_QUESTIONS:
        message = f"Some visitors are asked {length} questions, more than nine."
        yield _problem("E305", "guide", "questions", message, count=str(length))


def _sourcing(guide: Guide, today: date) -> Iterator[Problem]:
    known = {source.slug for source in guide.sources}
    for kind, slug, sourcing in sourced(guide):
        if not sourcing.sources:
            yield Problem("E401", kind, slug, "It has no source.")
        for source in sourcing.sources:
            if source not in known:
                message = f"Its source “{source}” is not there."
                yield _problem("E402", kind, slug, message, source=source)
        if sourcing.checked_on is None:
            message = "Nobody knows when it was last true: its source has no date."
            yield Problem("W401", kind, slug, message)
        elif sourcing.is_overdue(today):
            day = sourcing.checked_on.isoformat()
            message = f"It was checked on {day} and is overdue."
            yield _problem("W402", kind, slug, message, checked_on=day)


def sourced(guide: Guide) -> Iterator[tuple[str, str, Sourcing]]:
    """Yield kind, slug and sources of all that rests on sources."""
    for step in guide.steps:
        yield "step", step.slug, step.sourcing
    for entry in guide.faq:
        yield "faq entry", entry.slug, entry.sourcing
    for word in guide.glossary:
        yield "glossary entry", word.slug, word.sourcing
    for letter in guide.letters:
        yield "letter", letter.slug, letter.sourcing
    for identifier in guide.identifiers:
        # Where one finds one's own name needs no source.
        if identifier.sourcing.sources:
            yield "identifier", identifier.slug, identifier.sourcing
    for operator in guide.operators:
        yield "operator", operator.slug, operator.sourcing
        for channel in operator.channels:
            yield "channel", channel.slug, channel.sourcing
        for fact in operator.facts:
            yield "fact", fact.slug, fact.sourcing


def _texts(guide: Guide, hidden: Set[tuple[str, str]]) -> Iterator[Problem]:
    wanting: dict[tuple[str, str, str], list[str]] = {}
    for kind, slug, field, text, is_needed in all_texts(guide):
        if (kind, slug) in hidden:
            continue
        languages = {lang for lang, words in text.by_language.items() if _says(words)}
        if is_needed and not languages:
            message = f"It has no {field} at all."
            yield _problem("E501", kind, slug, message, field=field)
        elif languages:
            for language in LANGUAGES_COMPLETE:
                if language not in languages:
                    message = f"Its {field} is not translated into {language}."
                    yield _problem(
                        "E502", kind, slug, message, field=field, language=language
                    )
            for language in LANGUAGES_WANTED:
                if language not in languages:
                    wanting.setdefault((kind, slug, language), []).append(field)
        for language, words in sorted(text.by_language.items()):
            for placeholder in _unfilled(words, is_filled=(kind, field) in FILLED_IN):
                message = f"Nothing can fill {placeholder} ({field}, {language})."
                yield _problem(
                    *("E503", kind, slug, message),
                    field=field,
                    language=language,
                    placeholder=placeholder,
                )
    # One for all texts of a row: they are many, and translated together.
    for (kind, slug, language), fields in wanting.items():
        listed = ", ".join(fields)
        message = f"It is not translated into {language}: {listed}."
        yield _problem("W501", kind, slug, message, language=language, fields=listed)
    for operator in guide.operators:
        if not operator.name.strip():
            message = "It has no name, which other texts speak of."
            yield _problem("E501", "operator", operator.slug, message, field="name")


def _says(words: str) -> bool:
    """Tell whether anything of *words* is left on a page, tags apart."""
    return bool(re.sub(r"<[^>]*>", "", words).strip())


def _unfilled(words: str, *, is_filled: bool) -> list[str]:
    """Return what looks like a placeholder and stays as it is on the page."""
    found = set(re.findall(r"\{[^}]*\}?", words)) - PLACEHOLDERS
    if is_filled:
        # Codes of identifiers, known or unknown: E601.
        found -= {f"{{{code}}}" for code in codes_in(words)}
    # Markdown escapes braces in an address, and then nothing fills them.
    escaped = {f"%7B{name.strip('{}')}%7D" for name in PLACEHOLDERS}
    return sorted(found | {name for name in escaped if name in words})


def all_texts(guide: Guide) -> Iterator[tuple[str, str, str, Text, bool]]:
    """Yield kind, slug, field, text, and whether it may not be empty."""
    for question in guide.questions:
        yield from _question_texts(question)
    for step in guide.steps:
        yield "step", step.slug, "title", step.title, True
        yield "step", step.slug, "body", step.body, True
        yield "step", step.slug, "why", step.why, False
        yield "step", step.slug, "skip", step.skip, False
        yield "step", step.slug, "plan_b", step.plan_b, False
    for entry in guide.faq:
        yield "faq entry", entry.slug, "question", entry.question, True
        yield "faq entry", entry.slug, "answer", entry.answer, True
    for word in guide.glossary:
        yield "glossary entry", word.slug, "term", word.term, True
        yield "glossary entry", word.slug, "meaning", word.meaning, True
    for letter in guide.letters:
        yield "letter", letter.slug, "title", letter.title, True
        yield "letter", letter.slug, "purpose", letter.purpose, True
        yield "letter", letter.slug, "subject", letter.subject, True
        yield "letter", letter.slug, "body", letter.body, True
        yield "letter", letter.slug, "enclose", letter.enclose, False
        yield "letter", letter.slug, "send", letter.send, False
    for identifier in guide.identifiers:
        yield "identifier", identifier.slug, "name", identifier.name, True
        yield "identifier", identifier.slug, "where", identifier.where, False
        yield "identifier", identifier.slug, "hint", identifier.hint, False
    for operator in guide.operators:
        yield "operator", operator.slug, "status_note", operator.status_note, False
        for channel in operator.channels:
            yield "channel", channel.slug, "detail", channel.detail, True
        for fact in operator.facts:
            yield "fact", fact.slug, "text", fact.text, True


def _question_texts(
    question: Question,
) -> Iterator[tuple[str, str, str, Text, bool]]:
    yield "question", question.slug, "title", question.title, True
    yield "question", question.slug, "help", question.help, False
    yield "question", question.slug, "how", question.how, False
    for choice in question.choices:
        slug = f"{question.slug}:{choice.slug}"
        yield "choice", slug, "label", choice.label, True
        yield "choice", slug, "hint", choice.hint, False
