"""The flow map: who is asked what, and what do they get?"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guide import wording
from guide.admin.addresses import row_addresses
from guide.compiling import compile_draft
from guide.conditions_in_words import CARD_QUESTION, in_words
from guide.flow.content import Choice, Guide, Kind, Question, Term
from guide.flow.engine import GOAL_QUESTION, LINE_QUESTION, OPERATOR_QUESTION
from guide.flow.flow_drawing import (
    Card,
    Dependence,
    GroupCard,
    Mark,
    PhaseCard,
    QuestionCard,
    StepCard,
    draw,
)
from guide.flow.flow_graph import Answer, Asked, FlowGraph, Given, Meeting, flow_graph
from guide.publishing import today

NEEDED = tuple(
    f"guide.view_{model}" for model in ("question", "choice", "operator", "step")
)
FILTERS = (GOAL_QUESTION, LINE_QUESTION, OPERATOR_QUESTION, CARD_QUESTION)
# More answers than these are counted instead of named.
MOST_NAMED = 4
MOST_OPERATORS_NAMED = 12
PICTURE, LIST = "picture", "list"


@require_safe
def flow_map(request: HttpRequest) -> HttpResponse:
    """Show the draft as a picture or a list, for all visitors or for some."""
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied
    guide = compile_draft()
    chosen, unknown = chosen_answers(request, guide)
    graph = flow_graph(
        guide,
        chosen,
        folds_operators="each" not in request.GET,
        shows_rest="rest" in request.GET,
    )
    sheet = Sheet(guide, graph, chosen, row_addresses())
    view = LIST if request.GET.get("view") == LIST else PICTURE
    context = {
        **admin.site.each_context(request),
        "title": _("Flow map"),
        "is_nav_sidebar_enabled": False,  # the picture needs the room
        "guide": guide,
        "graph": graph,
        "filters": filters_of(guide, chosen),
        "chosen_words": chosen_in_words(guide, chosen),
        "unknown": unknown,
        "is_filtered": bool(chosen),
        "each": "each" in request.GET,
        "rest": "rest" in request.GET,
        "view": view,
        "tabs": tabs_of(request, view),
        "summary": summary_of(guide, graph),
        "download": address_with(request, download="svg"),
    }
    if request.GET.get("download") == "svg" and graph.is_possible:
        return picture_file(context, sheet)
    if view == LIST:
        context |= {"questions": sheet.questions(), "phases": sheet.phases()}
    else:
        context["drawing"] = sheet.drawing()
    return TemplateResponse(request, "desk/flow_map.html", context)


def picture_file(context: Mapping[str, object], sheet: "Sheet") -> HttpResponse:
    """Return the picture as a file that carries its own colours and no links."""
    style = finders.find("desk/flow-map.css")
    whole = render_to_string(
        "desk/flow_map.svg",
        {
            **context,
            "drawing": sheet.drawing(),
            "is_file": True,
            "style": Path(style).read_text(encoding="utf-8") if style else "",
            "today": today(),
        },
    )
    response = HttpResponse(whole, content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="flow-map.svg"'
    return response


# The form above the map


def chosen_answers(
    request: HttpRequest, guide: Guide
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the answers to filter by, and those in the address that do not exist."""
    chosen: dict[str, tuple[str, ...]] = {}
    unknown = []
    for slug in FILTERS:
        code = request.GET.get(slug, "").strip()
        question = guide.question(slug)
        if code and question is not None and question.choice(code) is not None:
            chosen[slug] = (code,)
        elif code:
            unknown.append(code[:80])
    return chosen, unknown


def filters_of(
    guide: Guide, chosen: Mapping[str, tuple[str, ...]]
) -> list[dict[str, object]]:
    """Return the lists to choose from, one for each question that can be filtered."""
    names = {
        GOAL_QUESTION: _("Goal"),
        LINE_QUESTION: _("Line"),
        OPERATOR_QUESTION: _("Operator"),
        CARD_QUESTION: _("Card"),
    }
    return [
        {
            "name": slug,
            "label": names[slug],
            "options": [
                (choice.slug, label_of(choice), (choice.slug,) == chosen.get(slug))
                for choice in question.choices
            ],
        }
        for slug in FILTERS
        for question in [guide.question(slug)]
        if question is not None
    ]


def chosen_in_words(guide: Guide, chosen: Mapping[str, tuple[str, ...]]) -> str:
    """Return the answers of the filter, one after the other."""
    choices = (
        question.choice(code)
        for slug, codes in chosen.items()
        for question in [guide.question(slug)]
        if question is not None
        for code in codes
    )
    return " · ".join(label_of(choice) for choice in choices if choice is not None)


def tabs_of(request: HttpRequest, view: str) -> list[dict[str, object]]:
    """Return the two ways to see the map."""
    return [
        {
            "label": label,
            "address": address_with(request, view=name),
            "is_current": name == view,
        }
        for name, label in ((PICTURE, _("As a picture")), (LIST, _("As a list")))
    ]


def address_with(request: HttpRequest, **parameters: str) -> str:
    """Return the address of this page with other parameters."""
    query = {name: value for name, value in request.GET.items() if value}
    query.pop("download", None)
    return "?" + urlencode(query | parameters)


def summary_of(guide: Guide, graph: FlowGraph) -> str:
    """Return how much of the guide is on the map."""
    asked = sum(q.meeting in {Meeting.ASKED, Meeting.PARTLY} for q in graph.questions)
    steps = sum(step.is_met for part in graph.parts for step in part.steps)
    return _(
        "They can be asked %(asked)d of %(questions)d questions and can get "
        "%(got)d of %(steps)d steps."
    ) % {
        "asked": asked,
        "questions": len(guide.questions),
        "got": steps,
        "steps": len(guide.steps),
    }


# Words on the map


def label_of(choice: Choice) -> str:
    """Return an answer as this editor reads it."""
    return choice.label.read(get_language() or "en") or choice.slug


class Sheet:
    """A map in the words of this editor's language, ready to be drawn or listed."""

    def __init__(
        self,
        guide: Guide,
        graph: FlowGraph,
        chosen: Mapping[str, tuple[str, ...]],
        addresses: Mapping[tuple[str, str], str],
    ) -> None:
        self.guide = guide
        self.graph = graph
        self.chosen = chosen
        self.addresses = addresses
        self.language = get_language() or "en"
        self.operator_name = operator_name(guide, graph)
        self.numbers = {q.slug: n for n, q in enumerate(guide.questions, start=1)}

    def drawing(self) -> object:
        """Return the picture."""
        dependences = [
            Dependence(f"q-{link.source}", f"q-{link.target}", not link.is_asking)
            for link in self.graph.links
        ]
        return draw(self.questions(), self.phases(), dependences)

    def questions(self) -> list[QuestionCard]:
        """Return the questions with their answers."""
        return [self.question(asked) for asked in self.graph.questions]

    def phases(self) -> list[PhaseCard]:
        """Return the steps by phase and by whom they are for."""
        cards = []
        for part in self.graph.parts:
            count = len(part.steps)
            steps = ngettext("%(count)d step", "%(count)d steps", count)
            title = f"{wording.PHASES[part.phase]} · {steps % {'count': count}}"
            groups = tuple(
                self.group(f"g-{part.phase}-{number}", group.when, group.steps)
                for number, group in enumerate(part.groups, start=1)
            )
            cards.append(PhaseCard(name=f"p-{part.phase}", title=title, groups=groups))
        return cards

    def question(self, asked: Asked) -> QuestionCard:
        question = asked.question
        answers = [self.answer(question, answer) for answer in asked.answers]
        if question.kind is Kind.DATE:
            answers.append(Card(name=f"a-{question.slug}", title=_("A day")))
        return QuestionCard(
            name=f"q-{question.slug}",
            number=asked.number,
            title=question.title.read(self.language) or question.slug,
            note=self.note(asked),
            answers=tuple(answers),
            is_quiet=asked.meeting in {Meeting.NEVER, Meeting.IMPLIED},
            **self.condition(asked.when, is_met=asked.meeting is not Meeting.NEVER),
            address=self.addresses.get(("question", question.slug), ""),
        )

    def note(self, asked: Asked) -> str:
        """Return how a question is asked, or why it is not."""
        if asked.meeting is Meeting.NEVER:
            if self.chosen:
                return _("These visitors are not asked this.")
            return _("Nobody is asked this.")
        labels = [
            label_of(choice)
            for answer in asked.answers
            if answer.is_met
            for choice in answer.choices
        ]
        if asked.meeting is Meeting.IMPLIED:
            return _("Not asked: only “%(answer)s” is possible, so it counts.") % {
                "answer": _(" or ").join(labels)
            }
        if asked.question.slug in self.chosen:
            return _("Chosen above.")
        if self.chosen and len(labels) == 1 and asked.question.kind is not Kind.DATE:
            return _("Asked, but only this answer goes with those chosen above.")
        kinds = {
            Kind.ONE: _("One answer."),
            Kind.OPERATOR: _("One answer."),
            Kind.CARD: _("One answer."),
            Kind.MANY: _("Several answers."),
            Kind.DATE: _("A day or an answer."),
        }
        kind = kinds[asked.question.kind]
        if asked.meeting is Meeting.PARTLY:
            partly = _("Not asked of those for whom one answer alone is possible.")
            return f"{kind} {partly}"
        return kind

    def answer(self, question: Question, answer: Answer) -> Card:
        first = answer.choices[0]
        labels = [label_of(choice) for choice in answer.choices]
        title, note = labels[0], ""
        if len(labels) > 1 and self.guide.operator(first.slug) is None:
            title = " / ".join(labels)
        elif len(labels) > 1:
            count = len(labels)
            title = ngettext("%(count)d operator", "%(count)d operators", count)
            title = title % {"count": count}
            note = named_at_most(labels, MOST_OPERATORS_NAMED, ", ")
        return Card(
            name=answer_name(question.slug, answer),
            title=title,
            note=note or self.out_of_reach(is_met=answer.is_met),
            is_quiet=not answer.is_met,
            **self.condition(answer.when, is_met=answer.is_met),
            address=self.answer_address(question, answer),
        )

    def answer_address(self, question: Question, answer: Answer) -> str:
        if len(answer.choices) == 1:
            slug = f"{question.slug}:{answer.choices[0].slug}"
            return self.addresses.get(("choice", slug), "")
        codes = ",".join(choice.slug for choice in answer.choices)
        if self.guide.operator(answer.choices[0].slug) is not None:
            address = reverse("admin:guide_operator_changelist")
        else:
            address = reverse("admin:guide_choice_changelist")
        return f"{address}?{urlencode({'slug__in': codes})}"

    def group(
        self, name: str, when: tuple[Term, ...], steps: Sequence[Given]
    ) -> GroupCard:
        is_met = steps[0].is_met
        note = "" if when else _("Everybody")
        if any(step.own for step in steps):
            note = _("Everybody, by answer") if not when else ""
        return GroupCard(
            name=name,
            title="",
            note=self.out_of_reach(is_met=is_met) or note,
            is_quiet=not is_met,
            steps=tuple(self.step(given) for given in steps),
            **self.condition(when, is_met=is_met),
        )

    def step(self, given: Given) -> StepCard:
        title = given.step.title.read(self.language) or given.step.slug
        title = title.replace("{operator}", self.operator_name)
        if not given.step.must:
            title = _("%(step)s (optional)") % {"step": title}
        return StepCard(
            name=f"s-{given.step.slug}",
            number=given.number,
            title=title,
            is_optional=not given.step.must,
            is_quiet=not given.is_met,
            address=self.addresses.get(("step", given.step.slug), ""),
            **(
                self.condition(given.when, is_met=given.is_met)
                | {"marks": self.marks(given.own, is_met=given.is_met)}
            ),
        )

    def out_of_reach(self, *, is_met: bool) -> str:
        """Return the alarm that nobody at all gets here; a filter is no alarm."""
        return "" if is_met or self.chosen else _("Nobody gets here.")

    def condition(self, when: tuple[Term, ...], *, is_met: bool) -> dict[str, object]:
        """Return what a card says and carries of its condition."""
        return {
            "marks": self.marks(when, is_met=is_met),
            "hint": in_words(when, self.guide),
            "depends_on": " ".join(sorted({f"q-{term.question}" for term in when})),
            "shown_by": " ".join(self.shown_by(when)),
        }

    def marks(self, when: Iterable[Term], *, is_met: bool) -> tuple[Mark, ...]:
        """Return a condition as marks, in the order of the questions."""
        numbers = self.numbers
        last = len(numbers) + 1
        ordered = sorted(when, key=lambda term: numbers.get(term.question, last))
        return tuple(
            Mark(
                numbers.get(term.question, 0),
                self.mark_text(self.graph.in_few_words(term, is_met=is_met)),
            )
            for term in ordered
        )

    def mark_text(self, term: Term) -> str:
        """Return what a mark says beside the number of its question."""
        if not term.codes:
            return _("any answer")
        question = self.guide.question(term.question)
        choices = question.choices if question else ()
        listed = {choice.slug: choice for choice in choices}
        # In the order of the question; what does not exist keeps its code.
        codes = sorted(term.codes, key=[*listed, *term.codes].index)
        labels = [label_of(listed[c]) if c in listed else c for c in codes]
        words = named_at_most(labels, MOST_NAMED, " / ")
        return _("not %(answers)s") % {"answers": words} if term.excluding else words

    def shown_by(self, when: Sequence[Term]) -> list[str]:
        """Return the names of the answers that a condition admits."""
        names = []
        for asked in self.graph.questions:
            terms = [term for term in when if term.question == asked.question.slug]
            names += [
                answer_name(asked.question.slug, answer)
                for answer in asked.answers
                if terms
                and all(
                    (answer.choices[0].slug in term.codes) is not term.excluding
                    for term in terms
                )
            ]
        return names


def named_at_most(labels: Sequence[str], most: int, between: str) -> str:
    """Return the labels, or the first of them and how many more there are."""
    if len(labels) <= most:
        return between.join(labels)
    more = len(labels) - most + 1
    words = ngettext(
        "%(answers)s and %(count)d more", "%(answers)s and %(count)d more", more
    )
    return words % {"answers": between.join(labels[: most - 1]), "count": more}


def operator_name(guide: Guide, graph: FlowGraph) -> str:
    """Return what stands for the operator in titles: its name if there is only one."""
    asked = graph.asked(OPERATOR_QUESTION)
    answers = [answer for answer in asked.answers if answer.is_met] if asked else []
    codes = [choice.slug for answer in answers for choice in answer.choices]
    operator = guide.operator(codes[0]) if len(codes) == 1 else None
    return operator.name if operator else _("the operator")


def answer_name(question: str, answer: Answer) -> str:
    """Return the name of an answer's box."""
    return f"a-{question}-{answer.choices[0].slug}"
