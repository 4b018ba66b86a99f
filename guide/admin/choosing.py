"""What rows can be tied to, and the form fields with which editors choose it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db import models as db
from django.http import HttpRequest, QueryDict
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guide import models
from guide.admin.search import folded
from guide.conditions_in_words import CARD_QUESTION, in_words
from guide.flow import content
from guide.flow.content import Guide, Term, Text
from guide.flow.engine import OPERATOR_QUESTION

CONDITIONS = ("operators", "except_operators", "card_types", "answers")
CONDITION_MODELS = (
    models.Operator,
    models.Operator,
    models.CardType,
    models.Choice,
)


class Option(NamedTuple):
    """One row that can be chosen."""

    pk: int
    code: str  # an answer's is "question:answer"
    label: str
    group: str = ""
    title: str = ""  # a shorter name that may stand for it, too


class Directory:
    """All rows that forms offer, each kind read once for one request."""

    def __init__(self) -> None:
        self._options: dict[type[db.Model], dict[str, Option]] = {}
        self._codes: dict[type[db.Model], dict[str, Option]] = {}
        self._names: dict[type[db.Model], dict[str, Option | None]] = {}
        self.listed: list[type[db.Model]] = []  # kinds whose list the page must hold

    def options(self, model: type[db.Model]) -> dict[str, Option]:
        """Return the rows of a kind by their number, in the editors' order."""
        if model not in self._options:
            found = [self._option(row) for row in self._rows(model)]
            self._options[model] = {str(option.pk): option for option in found}
            self._codes[model] = {option.code: option for option in found}
            self._names[model] = self._by_name(found)
        return self._options[model]

    def find(self, model: type[db.Model], text: str) -> Option | None:
        """Return the row of that number, code or name; None if none or several."""
        by_number = self.options(model)
        found = self._codes[model].get(text) or by_number.get(text)
        return found or self._names[model].get(_as_name(text))

    def read(self, model: type[db.Model], typed: str) -> list[str]:
        """
        Cut into codes and names what somebody typed, with commas between them.

        Returns:
            What `find` takes, and as it was typed what it will not find. Names may hold
            commas themselves; blanks are enough between codes.
        """
        parts = [part.strip() for part in re.split(r"[,;\n]", typed) if part.strip()]
        found: list[str] = []
        while parts:
            lengths = range(len(parts), 0, -1)
            names = ((length, ", ".join(parts[:length])) for length in lengths)
            length, text = next(
                ((length, name) for length, name in names if self.find(model, name)),
                (1, parts[0]),
            )
            words = text.split()
            are_codes = all(self.find(model, word) for word in words)
            found += words if are_codes else [text]
            parts = parts[length:]
        return found

    def matching(self, model: type[db.Model], words: Iterable[str]) -> list[Option]:
        """Return the rows in whose name or code all of these folded *words* occur."""
        wanted = tuple(words)
        return [
            option
            for option in self.options(model).values()
            if all(
                word in folded(f"{option.group} {option.label} {option.code}")
                for word in wanted
            )
        ]

    def lists(self) -> list[tuple[str, Iterable[Option]]]:
        """Return name and rows of each list that a widget on the page points to."""
        return [
            (list_name(model), self.options(model).values()) for model in self.listed
        ]

    @staticmethod
    def _rows(model: type[db.Model]) -> Iterable[db.Model]:
        rows = model._default_manager.all()
        if model is models.Choice:
            rows = rows.select_related("question").order_by(
                "question__position", "question__slug", "position", "slug"
            )
        return rows

    @staticmethod
    def _by_name(options: Iterable[Option]) -> dict[str, Option | None]:
        """Return rows by name; a name of several rows stands for none of them."""
        names: dict[str, Option | None] = {}
        for option in options:
            for name in {_as_name(option.label), _as_name(option.title)} - {""}:
                names[name] = None if name in names else option
        return names

    @staticmethod
    def _option(row: db.Model) -> Option:
        if isinstance(row, models.Source):
            return Option(row.pk, row.slug, str(row), title=row.title)
        if isinstance(row, models.Choice):
            code = f"{row.question.slug}:{row.slug}"
            title = row.question.title or row.question.slug
            return Option(row.pk, code, row.label or row.slug, title)
        if isinstance(row, models.Step):
            return Option(row.pk, row.slug, str(row), row.get_phase_display())
        return Option(row.pk, row.slug, str(row))

    @cached_property
    def question_order(self) -> dict[str, models.Question]:
        """All questions by code, in the order in which they are asked."""
        return {row.slug: row for row in models.Question.objects.all()}

    @cached_property
    def guide(self) -> Guide:
        """Questions and answers alone: what conditions can speak of."""
        return Guide(questions=tuple(self._questions()), steps=())

    def _questions(self) -> Iterable[content.Question]:
        answers: dict[str, list[Option]] = {}
        for option in self.options(models.Choice).values():
            answers.setdefault(option.code.partition(":")[0], []).append(option)
        for slug, row in self.question_order.items():
            options = list(answers.get(slug, ()))
            if slug == OPERATOR_QUESTION:
                options += self.options(models.Operator).values()
            if slug == CARD_QUESTION:
                options += self.options(models.CardType).values()
            yield content.Question(
                slug=slug,
                kind=content.Kind(row.kind),
                title=Text({"en": row.title or slug}),
                choices=tuple(
                    content.Choice(
                        slug=option.code.rpartition(":")[2],
                        label=Text({"en": option.label}),
                    )
                    for option in options
                ),
            )

    def terms(self, listed: Mapping[str, Collection[str]]) -> tuple[Term, ...]:
        """
        Return the condition that these rows make.

        Args:
            listed: Numbers or codes of rows by the name of the condition's field.

        Returns:
            The same terms that `guide.compiling.when_of` makes of a saved row.
        """
        codes: dict[str, list[str]] = {}
        excluded: list[str] = []
        for name, model in zip(CONDITIONS, CONDITION_MODELS, strict=True):
            for text in listed.get(name, ()):
                option = self.find(model, text)
                if option is None:
                    continue
                if name == "operators":
                    codes.setdefault(OPERATOR_QUESTION, []).append(option.code)
                elif name == "except_operators":
                    excluded.append(option.code)
                elif name == "card_types":
                    codes.setdefault(CARD_QUESTION, []).append(option.code)
                else:
                    question, _colon, code = option.code.partition(":")
                    codes.setdefault(question, []).append(code)
        terms = [Term(slug, tuple(sorted(codes[slug]))) for slug in codes]
        if excluded:
            terms.append(Term(OPERATOR_QUESTION, tuple(sorted(excluded)), True))
        return tuple(terms)

    def sentence(self, listed: Mapping[str, Collection[str]]) -> str:
        """Return for whom something of this condition is shown."""
        return in_words(self.terms(listed), self.guide)


def directory_of(request: HttpRequest) -> Directory:
    """Return the one directory of a request."""
    if not hasattr(request, "desk_directory"):
        request.desk_directory = Directory()
    return request.desk_directory


def _as_name(text: str) -> str:
    """Return *text* as names are compared: what cuts them counts as a blank."""
    return " ".join(re.split(r"[\s,;]+", text.casefold())).strip()


def list_name(model: type[db.Model]) -> str:
    """Return the id of the list of all rows of a kind."""
    return f"desk-list-{model._meta.model_name}"


def listed_by(row: db.Model) -> dict[str, list[str]]:
    """Return the numbers of the rows that the condition of a saved row lists."""
    if row.pk is None:
        return {}
    return {
        name: [str(other.pk) for other in getattr(row, name).all()]
        for name in CONDITIONS
    }


class DeskWidget:
    """Draws itself from the project's own templates."""

    def _render(
        self, template_name: str, context: dict, renderer: object = None
    ) -> SafeString:
        return mark_safe(get_template(template_name).render(context))  # noqa: S308


class ChoosingWidget(DeskWidget, forms.Widget):
    """Lets editors choose rows of one kind."""

    use_fieldset = True

    def __init__(self, *, directory: Directory, model: type[db.Model]) -> None:
        super().__init__()
        self.directory = directory
        self.model = model

    def value_from_datadict(
        self, data: QueryDict, files: object, name: str
    ) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in values if value]

    def value_omitted_from_data(self, data: object, files: object, name: str) -> bool:
        return False

    def _chosen(self, value: Sequence[str] | None) -> tuple[list[Option], list[str]]:
        """Return the rows of *value*, and what in it names no row."""
        found = [(text, self.directory.find(self.model, text)) for text in value or ()]
        known = {option.pk: option for _text, option in found if option}
        return list(known.values()), [text for text, option in found if not option]


class Checklists(ChoosingWidget):
    """All rows of a kind with a box before each, grouped, folded where unused."""

    template_name = "admin/guide/widgets/checklists.html"

    def get_context(self, name: str, value: list[str], attrs: dict) -> dict:
        context = super().get_context(name, value, attrs)
        chosen = {option.pk for option in self._chosen(value)[0]}
        groups: dict[str, list[Option]] = {}
        for option in self.directory.options(self.model).values():
            groups.setdefault(option.group, []).append(option)
        context["groups"] = [
            {
                "title": title,
                "options": options,
                "chosen": [option for option in options if option.pk in chosen],
            }
            for title, options in groups.items()
        ]
        context["chosen"] = chosen
        context["is_long"] = len(self.directory.options(self.model)) > 10
        return context


class Picker(ChoosingWidget):
    """The chosen rows alone, and a box that completes the name of one more."""

    template_name = "admin/guide/widgets/picker.html"

    def get_context(self, name: str, value: list[str], attrs: dict) -> dict:
        if self.model not in self.directory.listed:
            self.directory.listed.append(self.model)
        context = super().get_context(name, value, attrs)
        chosen, unknown = self._chosen(value)
        kind = self.model._meta.model_name
        context |= {
            "chosen": chosen,
            "typed": ", ".join(unknown),
            "list": list_name(self.model),
            "what": self.model._meta.verbose_name,
            "what_plural": capfirst(self.model._meta.verbose_name_plural),
            "pick_address": reverse(
                "admin:desk-pick", args=[self.model._meta.model_name]
            ),
            "add_address": reverse(f"admin:guide_{kind}_add"),
        }
        return context

    def value_from_datadict(
        self, data: QueryDict, files: object, name: str
    ) -> list[str]:
        typed = self.directory.read(self.model, str(data.get(f"{name}-add", "")))
        return [*super().value_from_datadict(data, files, name), *typed]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-add" if id_ else id_


class RowsField(forms.Field):
    """Rows of one kind, chosen with one of the widgets above; cleans to numbers."""

    def __init__(
        self,
        *,
        directory: Directory,
        model: type[db.Model],
        widget: type[ChoosingWidget],
        **kwargs: object,
    ) -> None:
        self.directory = directory
        self.model = model
        super().__init__(widget=widget(directory=directory, model=model), **kwargs)

    def prepare_value(self, value: Iterable[object] | None) -> list[str]:
        return [str(getattr(item, "pk", item)) for item in value or ()]

    def clean(self, value: Sequence[str]) -> list[int]:
        found = [(text, self.directory.find(self.model, text)) for text in value or ()]
        wrong = [
            _(
                "Nothing here, or more than one, has the name or code “%(text)s”. "
                "Type a few words of it and choose from the list."
            )
            % {"text": text}
            for text, option in found
            if option is None
        ]
        if wrong:
            raise ValidationError(wrong)
        if self.required and not found:
            raise ValidationError(self.error_messages["required"])
        return list(dict.fromkeys(option.pk for _text, option in found if option))

    def has_changed(self, initial: Iterable[object], data: Sequence[str]) -> bool:
        found = [(text, self.directory.find(self.model, text)) for text in data or ()]
        after = {str(option.pk) if option else text for text, option in found}
        return set(self.prepare_value(initial)) != after


class Checkboxes(DeskWidget, forms.CheckboxSelectMultiple):
    """A few boxes beside each other."""

    template_name = "admin/guide/widgets/checkboxes.html"


class CodesField(forms.MultipleChoiceField):
    """Some of a few codes, stored as a list or as a text with commas."""

    widget = Checkboxes

    def __init__(self, *, as_text: bool = False, **kwargs: object) -> None:
        self.as_text = as_text
        super().__init__(**kwargs)

    def prepare_value(self, value: object) -> list[str]:
        if isinstance(value, str):
            return [code.strip() for code in value.split(",") if code.strip()]
        return [str(code) for code in value or ()]

    def offer_also(self, codes: Iterable[str]) -> None:
        """Offer codes that are stored already, so that saving does not drop them."""
        known = {code for code, _label in self.choices}
        self.choices = [*self.choices, *((c, c) for c in codes if c not in known)]

    def stored(self, chosen: Sequence[str], before: object) -> object:
        """Return what to store: codes that stay keep their order, new ones follow."""
        old = self.prepare_value(before)
        if before is not None and set(old) == set(chosen):
            return before
        codes = [code for code in old if code in chosen]
        codes += [code for code, _label in self.choices if code in set(chosen) - {*old}]
        return ", ".join(codes) if self.as_text else codes

    def has_changed(self, initial: object, data: Sequence[str] | None) -> bool:
        return set(self.prepare_value(initial)) != set(data or ())
