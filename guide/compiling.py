"""From rows to a guide: the draft, as it would be published."""

from collections.abc import Iterable
from functools import lru_cache

import nh3
from django.conf import settings
from django.db import models as db
from markdown_it import MarkdownIt

from guide import models
from guide.explaining import with_words_explained
from guide.flow import content
from guide.flow.content import Guide, Sourcing, Term, Text
from guide.flow.engine import OPERATOR_QUESTION

CARD_QUESTION = "card"
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
MARKDOWN = MarkdownIt("commonmark", {"html": False})
ALLOWED_TAGS = {
    *("p", "strong", "em", "ul", "ol", "li", "a", "br", "code", "blockquote"),
    "hr",  # marks where the text of a step folds
}


def compile_draft() -> Guide:
    """Return the draft rows as a guide, sound or not."""
    operators = list(models.Operator.objects.for_guide())
    card_types = list(models.CardType.objects.for_guide())
    guide = Guide(
        questions=tuple(
            _question(row, operators, card_types)
            for row in models.Question.objects.for_guide()
        ),
        steps=tuple(_step(row) for row in models.Step.objects.for_guide()),
        operators=tuple(_operator(row) for row in operators),
        sources=tuple(_source(row) for row in models.Source.objects.all()),
        faq=tuple(_faq_entry(row) for row in models.FaqEntry.objects.for_guide()),
        letters=tuple(_letter(row) for row in models.Letter.objects.for_guide()),
        identifiers=tuple(
            _identifier(row) for row in models.Identifier.objects.for_guide()
        ),
        glossary=tuple(
            _glossary_entry(row) for row in models.GlossaryEntry.objects.for_guide()
        ),
    )
    return with_words_explained(guide)


# The desk compiles the draft again and again, and hardly a text differs.
@lru_cache(maxsize=16_384)
def to_html(markdown: str) -> str:
    """Return *markdown* as clean HTML: paragraphs, lists, emphasis and links."""
    return nh3.clean(
        MARKDOWN.render(markdown),
        tags=ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer external",
    ).strip()


def _text(row: db.Model, field: str) -> Text:
    """Return the languages in which *field* is filled in; nothing stands in for it."""
    values = {lang: _in_language(row, field, lang).strip() for lang in LANGUAGES}
    return Text({lang: value for lang, value in values.items() if value})


def _html(row: db.Model, field: str) -> Text:
    text = _text(row, field)
    return Text({lang: to_html(value) for lang, value in text.by_language.items()})


def _in_language(row: db.Model, field: str, language: str) -> str:
    text = getattr(row, f"{field}_{language.replace('-', '_')}") or ""
    # Browsers send forms with line ends of two characters.
    return text.replace("\r\n", "\n")


def when_of(row: models.Conditional) -> tuple[Term, ...]:
    """Return the row's condition: one term a question, and one for exceptions."""
    codes: dict[str, list[str]] = {}
    for operator in row.operators.all():
        codes.setdefault(OPERATOR_QUESTION, []).append(operator.slug)
    for card_type in row.card_types.all():
        codes.setdefault(CARD_QUESTION, []).append(card_type.slug)
    for choice in row.answers.all():
        codes.setdefault(choice.question.slug, []).append(choice.slug)
    terms = [
        Term(question, tuple(sorted(listed))) for question, listed in codes.items()
    ]
    excluded = sorted(operator.slug for operator in row.except_operators.all())
    if excluded:
        terms.append(Term(OPERATOR_QUESTION, tuple(excluded), excluding=True))
    return tuple(terms)


def _sourcing(row: models.Sourced) -> Sourcing:
    return Sourcing(
        sources=tuple(source.slug for source in row.sources.all()),
        checked_on=row.checked_on,
        review_days=row.review_days,
    )


def _source(row: models.Source) -> content.Source:
    return content.Source(
        slug=row.slug,
        title=row.title,
        publisher=row.publisher,
        url=row.url,
        confidence=content.Confidence(row.confidence),
        dated_on=row.dated_on,
        date_note=row.date_note,
    )


def _question(
    row: models.Question,
    operators: list[models.Operator],
    card_types: list[models.CardType],
) -> content.Question:
    choices: list[content.Choice] = []
    if row.kind == models.QuestionKind.OPERATOR:
        choices += [_operator_choice(operator) for operator in operators]
    if row.kind == models.QuestionKind.CARD:
        choices += [_card_choice(card_type) for card_type in card_types]
    choices += [_choice(choice) for choice in row.choices.all()]
    return content.Question(
        slug=row.slug,
        kind=content.Kind(row.kind),
        title=_text(row, "title"),
        help=_html(row, "help"),
        how=_html(row, "how"),
        choices=tuple(choices),
        replacements=tuple((old.slug, old.replacement) for old in _retired(row)),
        when=when_of(row),
    )


def _retired(row: models.Question) -> Iterable[models.RetiredCode]:
    return row.retired_codes.all()


def _operator_choice(row: models.Operator) -> content.Choice:
    return content.Choice(
        slug=row.slug,
        label=Text(dict.fromkeys(LANGUAGES, row.name)),
        when=when_of(row),
    )


def _card_choice(row: models.CardType) -> content.Choice:
    return content.Choice(
        slug=row.slug,
        label=_text(row, "name"),
        hint=_text(row, "recognise"),
        when=when_of(row),
    )


def _choice(row: models.Choice) -> content.Choice:
    return content.Choice(
        slug=row.slug,
        label=_text(row, "label"),
        hint=_text(row, "hint"),
        exclusive=row.exclusive,
        when=when_of(row),
    )


def _step(row: models.Step) -> content.Step:
    return content.Step(
        slug=row.slug,
        phase=content.Phase(row.phase),
        role=content.Role(row.role),
        title=_text(row, "title"),
        body=_html(row, "body"),
        why=_text(row, "why"),
        skip=_text(row, "skip"),
        plan_b=_html(row, "plan_b"),
        must=row.must,
        due_days=row.due_days,
        lead_days=row.lead_days,
        needs_working_day=row.needs_working_day,
        requires=tuple(step.slug for step in row.requires.all()),
        topics=tuple(row.topics),
        shows_channels=row.shows_channels,
        letters=tuple(letter.slug for letter in row.letters.all()),
        sourcing=_sourcing(row),
        when=when_of(row),
    )


def _operator(row: models.Operator) -> content.Operator:
    return content.Operator(
        slug=row.slug,
        name=row.name,
        aliases=tuple(line.strip() for line in row.aliases.splitlines() if line),
        company=row.company,
        kind=row.kind,
        network=row.network,
        status=row.status,
        status_note=_html(row, "status_note"),
        closed_on=row.closed_on,
        website=row.website,
        esim=row.esim,
        letter_languages=tuple(
            code.strip() for code in row.letter_languages.split(",") if code.strip()
        ),
        channels=tuple(_channel(channel) for channel in row.channels.all()),
        facts=tuple(_fact(fact) for fact in row.facts.all()),
        sourcing=_sourcing(row),
    )


def _channel(row: models.Channel) -> content.Channel:
    return content.Channel(
        slug=row.slug,
        purpose=row.purpose,
        kind=row.kind,
        value=row.value,
        screen_path=row.screen_path,
        screen_language=row.screen_language,
        detail=_html(row, "detail"),
        works_abroad=row.works_abroad,
        works_without_sim=row.works_without_sim,
        sourcing=_sourcing(row),
        when=when_of(row),
    )


def _fact(row: models.OperatorFact) -> content.OperatorFact:
    return content.OperatorFact(
        slug=row.slug,
        topic=row.topic,
        text=_html(row, "text"),
        days=row.days,
        sourcing=_sourcing(row),
        when=when_of(row),
    )


def _faq_entry(row: models.FaqEntry) -> content.FaqEntry:
    return content.FaqEntry(
        slug=row.slug,
        question=_text(row, "question"),
        answer=_html(row, "answer"),
        sourcing=_sourcing(row),
        when=when_of(row),
    )


def _glossary_entry(row: models.GlossaryEntry) -> content.GlossaryEntry:
    return content.GlossaryEntry(
        slug=row.slug,
        term=_text(row, "term"),
        meaning=_html(row, "meaning"),
        sourcing=_sourcing(row),
        dutch=row.dutch,
        french=row.french,
        german=row.german,
        is_linked=row.is_linked,
    )


def _letter(row: models.Letter) -> content.Letter:
    return content.Letter(
        slug=row.slug,
        title=_text(row, "title"),
        purpose=_text(row, "purpose"),
        subject=_text(row, "subject"),
        body=_text(row, "body"),
        enclose=_html(row, "enclose"),
        send=_html(row, "send"),
        shows_channels=row.shows_channels,
        sourcing=_sourcing(row),
        when=when_of(row),
    )


def _identifier(row: models.Identifier) -> content.Identifier:
    return content.Identifier(
        slug=row.slug,
        name=_text(row, "name"),
        where=_html(row, "where"),
        hint=_text(row, "hint"),
        kind=row.kind,
        lines=row.lines,
        sourcing=_sourcing(row),
    )
