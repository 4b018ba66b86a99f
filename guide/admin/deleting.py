"""What is said before a row is deleted, and when it is refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.actions import delete_selected as stock_delete_selected
from django.core.exceptions import ValidationError
from django.db import models as db
from django.db import transaction
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guide import models
from guide.admin.addresses import form_address, name_of
from guide.admin.lists import names_in_draft
from guide.compiling import CARD_QUESTION, when_of
from guide.conditions_in_words import in_words
from guide.flow.content import Guide, Kind
from guide.flow.engine import (
    GOAL_QUESTION,
    LINE_QUESTION,
    OPERATOR_QUESTION,
    OPTIONAL_TOPICS,
    PLACE_QUESTION,
)
from guide.published_codes import Key, first_published, key_of, published_since
from guide.publishing import NothingPublishedError, current_publication
from guide.retiring import ENGINE_ANSWERS
from guide.translations import texts_of
from guide.uses import answer_of, is_widened, rows_naming, sourced_models, without
from guide.wording import TOPICS

# The engine and the rows' conditions speak of these questions by their codes.
ENGINE_QUESTIONS = frozenset(
    {GOAL_QUESTION, LINE_QUESTION, OPERATOR_QUESTION, CARD_QUESTION, PLACE_QUESTION}
)


@dataclass(frozen=True, kw_only=True)
class Link:
    """One row that is spoken of, with the way to its form."""

    kind: str
    title: str
    address: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Note:
    """One thing that stands in the way of deleting, or that deleting does."""

    text: str
    advice: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What stands in the way of deleting, and what it would do."""

    refusals: tuple[Note, ...] = ()
    effects: tuple[Note, ...] = ()


def outlook(rows: Sequence[db.Model]) -> Outlook:
    """Return what must be known before *rows*, all of one model, are deleted."""
    if not rows:
        return Outlook()
    model = type(rows[0])
    refuse, tell = LOOKS.get(model, ((), ()))
    refusals = tuple(note for look in refuse for note in look(rows))
    effects = [note for look in tell for note in look(rows)]
    effects += _visible_now(rows, may_go=not refusals)
    return Outlook(refusals=refusals, effects=tuple(effects))


def link_to(row: db.Model, note: str = "") -> Link:
    """Return the way to the form of *row*."""
    return Link(
        kind=capfirst(str(row._meta.verbose_name)),
        title=name_of(row),
        address=form_address(type(row), row.pk),
        note=note,
    )


# Answers


def _published_answers(rows: Sequence[db.Model]) -> Iterator[Note]:
    held = [row for row in rows if published_since(row) is not None]
    if not held:
        return
    yield Note(
        text=_("It was published, so people’s links hold this answer."),
        advice=_(
            "Retire it instead: you choose the answer that takes its place, and old "
            "links lead there."
        ),
        links=_retire_links(held),
    )


def _retire_links(rows: Sequence[db.Model]) -> tuple[Link, ...]:
    return tuple(
        Link(
            kind="",
            title=_("Retire “%(answer)s”…") % {"answer": name_of(row)},
            address=retire_address(row),
        )
        for row in rows
    )


def retire_address(row: db.Model) -> str:
    """Return the address of the page on which *row* is retired."""
    return reverse("admin:desk-retire", args=[row._meta.model_name, row.pk])


def _engine_answers(rows: Sequence[db.Model]) -> Iterator[Note]:
    needed = [row for row in rows if answer_of(row) in ENGINE_ANSWERS]
    if needed:
        yield Note(
            text=_("The guide itself works with this answer."),
            advice=_("It can be worded differently, but it must stay."),
            links=tuple(link_to(row) for row in needed),
        )


def _codes_leading_here(rows: Sequence[db.Model]) -> Iterator[Note]:
    codes = {answer_of(row) for row in rows}
    old = models.RetiredCode.objects.select_related("question")
    found = [row for row in old if (row.question.slug, row.replacement) in codes]
    if found:
        yield Note(
            text=_("Old links lead to it, in place of an answer that was retired."),
            advice=_("Retire it, so that these links lead on to another answer."),
            links=(*_retire_links(rows), *(link_to(row) for row in found)),
        )


def _conditions_lost(rows: Sequence[db.Model]) -> Iterator[Note]:
    gone = {answer_of(row) for row in rows}
    lost = [row for row in _naming(rows) if is_widened(when_of(row), gone)]
    if lost:
        yield Note(
            text=_(
                "Some conditions name nothing else. Without it they would hold for "
                "more people, or for everybody."
            ),
            advice=_("Change these conditions first, or delete what they belong to."),
            links=_with_conditions(lost),
        )


def _conditions_shortened(rows: Sequence[db.Model]) -> Iterator[Note]:
    gone = {answer_of(row) for row in rows}
    left = [row for row in _naming(rows) if not is_widened(when_of(row), gone)]
    if left:
        names = names_in_draft()
        yield Note(
            text=ngettext(
                "It goes from %(count)d condition, which still names others:",
                "It goes from %(count)d conditions, which still name others:",
                len(left),
            )
            % {"count": len(left)},
            links=tuple(
                link_to(row, in_words(without(when_of(row), gone), names))
                for row in left
            ),
        )


def _naming(rows: Sequence[db.Model]) -> list[models.Conditional]:
    """Return rows that stay and whose conditions speak of *rows*."""
    return [row for row in rows_naming(rows) if row not in rows]


def _with_conditions(rows: Iterable[models.Conditional]) -> tuple[Link, ...]:
    names = names_in_draft()
    return tuple(link_to(row, in_words(when_of(row), names)) for row in rows)


def _content_of_operators(rows: Sequence[db.Model]) -> Iterator[Note]:
    # Those that were published are retired, and their content goes with them.
    unpublished = [row for row in rows if published_since(row) is None]
    found = [
        row
        for model in (models.Channel, models.OperatorFact)
        for row in model.objects.filter(operator__in=unpublished).select_related(
            "operator"
        )
    ]
    if found:
        yield Note(
            text=_("Channels and facts belong to it."),
            advice=_("Delete these first."),
            links=tuple(link_to(row) for row in found),
        )


# Questions


def _engine_questions(rows: Sequence[db.Model]) -> Iterator[Note]:
    needed = [row for row in rows if row.slug in ENGINE_QUESTIONS]
    if needed:
        yield Note(
            text=_("The guide itself works with this question."),
            advice=_("It can be worded and placed differently, but it must stay."),
            links=tuple(link_to(row) for row in needed),
        )


def _conditions_on_questions(rows: Sequence[db.Model]) -> Iterator[Note]:
    answers = list(models.Choice.objects.filter(question__in=rows))
    own = [*rows, *answers]
    found = [row for row in rows_naming(answers) if row not in own]
    if found:
        yield Note(
            text=_("Conditions name answers to this question."),
            advice=_("Change these conditions first, or delete what they belong to."),
            links=_with_conditions(found),
        )


def _answers_go_too(rows: Sequence[db.Model]) -> Iterator[Note]:
    answers = models.Choice.objects.filter(question__in=rows).select_related("question")
    if answers:
        yield Note(
            text=_("Its answers are deleted with it."),
            links=tuple(link_to(row) for row in answers),
        )
    if any(published_since(row) is not None for row in rows):
        yield Note(
            text=_(
                "Links that people keep go on working: they only lose their answer to "
                "this question."
            ),
        )


# Steps, facts, sources, retired codes


def _steps_waiting(rows: Sequence[db.Model]) -> Iterator[Note]:
    waiting = models.Step.objects.filter(requires__in=rows).distinct()
    found = [row for row in waiting if row not in rows]
    if found:
        yield Note(
            text=_("These steps come only after it; they would no longer wait for it:"),
            links=tuple(link_to(row) for row in found),
        )


def _steps_offering(rows: Sequence[db.Model]) -> Iterator[Note]:
    found = models.Step.objects.filter(letters__in=rows).distinct()
    if found:
        yield Note(
            text=_("These steps offer it; they would no longer do so:"),
            links=tuple(link_to(row) for row in found),
        )


def _letters_naming(rows: Sequence[db.Model]) -> Iterator[Note]:
    marks = [f"{{{row.slug}}}" for row in rows]
    found = [
        letter
        for letter in models.Letter.objects.all()
        if any(mark in text for mark in marks for text in texts_of(letter).values())
    ]
    if found:
        yield Note(
            text=_("Letters leave a blank for it, with its code in braces."),
            advice=_("Take the code out of these letters first."),
            links=tuple(link_to(row) for row in found),
        )


def _open_reports(rows: Sequence[db.Model]) -> Iterator[Note]:
    field = "step_slug" if isinstance(rows[0], models.Step) else "fact_slug"
    codes = [row.slug for row in rows]
    found = models.Report.objects.filter(
        state=models.ReportState.OPEN, **{f"{field}__in": codes}
    )
    if found:
        yield Note(
            text=_("Open reports of visitors speak of it:"),
            links=tuple(link_to(row) for row in found),
        )


def _topics_left_empty(rows: Sequence[db.Model]) -> Iterator[Note]:
    gaps = []
    places = {(row.operator_id, row.topic): row.operator for row in rows}
    for (operator_id, topic), operator in places.items():
        others = models.OperatorFact.objects.filter(
            operator=operator_id, topic=topic
        ).exclude(pk__in=[row.pk for row in rows])
        if topic not in OPTIONAL_TOPICS and not others.exists():
            gaps.append(link_to(operator, str(TOPICS.get(topic, topic))))
    if gaps:
        yield Note(
            text=_(
                "Nothing else is known on this topic. Steps about it will say that we "
                "could not confirm it:"
            ),
            links=tuple(gaps),
        )


def _last_source(rows: Sequence[db.Model]) -> Iterator[Note]:
    found = [row for row, is_last in _resting_on(rows) if is_last]
    if found:
        yield Note(
            text=_("It is the only source of something."),
            advice=_("Give these another source first, or delete them."),
            links=tuple(link_to(row) for row in found),
        )


def _other_sources(rows: Sequence[db.Model]) -> Iterator[Note]:
    found = [row for row, is_last in _resting_on(rows) if not is_last]
    if found:
        yield Note(
            text=_("These rest on it, and on other sources too:"),
            links=tuple(link_to(row) for row in found),
        )


def _resting_on(rows: Sequence[db.Model]) -> Iterator[tuple[db.Model, bool]]:
    """Yield the rows that rest on these sources, and whether on nothing else."""
    for model in sourced_models():
        parents = [f.name for f in model._meta.fields if f.many_to_one]
        found = model.objects.filter(sources__in=rows).distinct()
        found = found.select_related(*parents) if parents else found
        for row in found.prefetch_related("sources"):
            yield row, all(source in rows for source in row.sources.all())


def _links_hold_it(rows: Sequence[db.Model]) -> Iterator[Note]:
    published = first_published()
    held = [
        row
        for row in rows
        if key_of(row) in published
        or (models.Choice._meta.label_lower, row.natural_key()) in published
        or _was_published_as_answer(row, published)
    ]
    if held:
        yield Note(
            text=_("People’s links hold this code. Without it they lose their answer."),
            advice=_(
                "You can choose another answer in its place, but the code must stay."
            ),
            links=tuple(link_to(row) for row in held),
        )


def _was_published_as_answer(
    row: models.RetiredCode, published: Mapping[Key, int]
) -> bool:
    model = {
        models.QuestionKind.OPERATOR: models.Operator,
        models.QuestionKind.CARD: models.CardType,
    }.get(row.question.kind)
    return model is not None and (model._meta.label_lower, (row.slug,)) in published


# What visitors see


def _visible_now(rows: Sequence[db.Model], *, may_go: bool) -> Iterator[Note]:
    try:
        edition = current_publication()
    except NothingPublishedError:
        yield Note(text=_("Nothing has been published yet: visitors see nothing."))
        return
    published = published_names(edition.guide)
    number = {"number": edition.number}
    if any(key_of(row) in published for row in rows):
        words = (
            _(
                "Visitors see it now, in publication %(number)d. It goes from their "
                "pages with the next publication."
            )
            if may_go
            else _("Visitors see it now, in publication %(number)d.")
        )
        yield Note(text=words % number)
    else:
        yield Note(
            text=_("It is not in publication %(number)d: visitors do not see it now.")
            % number
        )


def published_names(guide: Guide) -> set[Key]:
    """Return the names of all rows of which *guide* is made."""
    found: dict[type[db.Model], Iterable[tuple[str, ...]]] = {
        models.Source: [(one.slug,) for one in guide.sources],
        models.Step: [(one.slug,) for one in guide.steps],
        models.FaqEntry: [(one.slug,) for one in guide.faq],
        models.GlossaryEntry: [(one.slug,) for one in guide.glossary],
        models.Letter: [(one.slug,) for one in guide.letters],
        models.Identifier: [(one.slug,) for one in guide.identifiers],
        models.Operator: [(one.slug,) for one in guide.operators],
        models.Channel: [(c.slug,) for one in guide.operators for c in one.channels],
        models.OperatorFact: [(f.slug,) for one in guide.operators for f in one.facts],
        models.Question: [(one.slug,) for one in guide.questions],
        models.Choice: [
            (one.slug, c.slug) for one in guide.questions for c in one.choices
        ],
        models.CardType: [
            (c.slug,)
            for one in guide.questions
            if one.kind is Kind.CARD
            for c in one.choices
        ],
        models.RetiredCode: [
            (one.slug, old) for one in guide.questions for old, _new in one.replacements
        ],
    }
    return {(m._meta.label_lower, name) for m, names in found.items() for name in names}


Look = Callable[[Sequence[db.Model]], Iterator[Note]]
ANSWER_REFUSALS: tuple[Look, ...] = (
    _engine_answers,
    _published_answers,
    _codes_leading_here,
    _conditions_lost,
)

# For each model: what stands in the way, and what else is said.
LOOKS: dict[type[db.Model], tuple[tuple[Look, ...], tuple[Look, ...]]] = {
    models.Choice: (ANSWER_REFUSALS, (_conditions_shortened,)),
    models.CardType: (ANSWER_REFUSALS, (_conditions_shortened,)),
    models.Operator: (
        (*ANSWER_REFUSALS, _content_of_operators),
        (_conditions_shortened,),
    ),
    models.Question: (
        (_engine_questions, _conditions_on_questions),
        (_answers_go_too,),
    ),
    models.Step: ((), (_steps_waiting, _open_reports)),
    models.OperatorFact: ((), (_topics_left_empty, _open_reports)),
    models.Source: ((_last_source,), (_other_sources,)),
    models.RetiredCode: ((_links_hold_it,), ()),
    models.Letter: ((), (_steps_offering,)),
    models.Identifier: ((_letters_naming,), ()),
}


# The admin's part


class Guarded(admin.ModelAdmin):
    """Rows that are only deleted when nothing else changes without a word."""

    def get_deleted_objects(
        self, objs: Sequence[db.Model], request: HttpRequest
    ) -> tuple[list, dict, set, list]:
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        refusals = outlook(list(objs)).refusals
        if self.model is models.Question:
            # Its answers and retired codes go with it: see delete_model.
            protected = []
            for model in (models.Choice, models.RetiredCode):
                name = f"guide.delete_{model._meta.model_name}"
                if not request.user.has_perm(name):
                    lacking = {*lacking, str(model._meta.verbose_name)}
        return found, counts, lacking, [*protected, *(note.text for note in refusals)]

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        if "delete_selected" in actions:
            _stock, *rest = actions["delete_selected"]
            actions["delete_selected"] = (delete_selected, *rest)
        return actions

    def render_delete_form(
        self, request: HttpRequest, context: dict[str, object]
    ) -> HttpResponse:
        row = context["object"]
        context |= {"name": name_of(row), "outlook": outlook([row])}
        return super().render_delete_form(request, context)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: db.Model) -> None:
        self._delete_what_goes_too(request, [obj])
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: db.QuerySet) -> None:
        self._delete_what_goes_too(request, list(queryset))
        super().delete_queryset(request, queryset)

    def _delete_what_goes_too(
        self, request: HttpRequest, rows: Sequence[db.Model]
    ) -> None:
        if self.model is not models.Question:
            return
        for model in (models.RetiredCode, models.Choice):
            found = model.objects.filter(question__in=rows).select_related("question")
            if found:
                self.log_deletions(request, found)
                found.delete()


def delete_selected(
    modeladmin: admin.ModelAdmin, request: HttpRequest, queryset: db.QuerySet
) -> HttpResponse | None:
    """Delete the selected rows as Django does, after saying what that means."""
    response = stock_delete_selected(modeladmin, request, queryset)
    if response is not None:
        response.context_data["outlook"] = outlook(list(queryset))
    return response


class GuardedInline(admin.options.InlineModelAdmin):
    """Rows inside the form of another row: refused there as on their own pages."""

    def get_formset(
        self, request: HttpRequest, obj: db.Model | None = None, **kwargs: object
    ) -> type[BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        return type(formset.__name__, (GuardedFormSet, formset), {})


class GuardedFormSet(BaseInlineFormSet):
    """Rows of which some may be ticked for deletion."""

    def clean(self) -> None:
        super().clean()
        if not self.can_delete:
            return
        rows = [form.instance for form in self.deleted_forms if form.instance.pk]
        refusals = outlook(rows).refusals
        if refusals:
            raise ValidationError(
                [f"{one.text} {one.advice} {_named(one)}".strip() for one in refusals]
            )


def _named(note: Note) -> str:
    titles = [link.title for link in note.links[:3]]
    if len(note.links) > len(titles):
        titles.append("…")
    return f"({', '.join(titles)})" if titles else ""
