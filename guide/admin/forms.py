"""The forms with which editors and translators change rows."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models as db
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from guide import models
from guide.admin import ordering
from guide.admin.addresses import form_address
from guide.admin.choosing import CONDITIONS, CodesField, directory_of
from guide.admin.conflicts import (
    Change,
    Conflict,
    Opened,
    deletion_in_words,
    digest,
    fingerprint,
    people_in_words,
    read_fingerprint,
    value_of,
)
from guide.admin.texts import MARKDOWN_TEXTS, columns_of, fold_problem, problems_in
from guide.compiling import when_of
from guide.flow.audit import FILLED_IN, PLACEHOLDERS
from guide.flow.engine import PHASES
from guide.flow.letters import codes_in, differing_paragraphs, paragraphs
from guide.translations import SOURCE_LANGUAGE, column, keep_track, texts_of

# What the constraints of the models speak of.
CONSTRAINT_FIELDS = {
    "guide_operator_closed_on_only_when_closed": "closed_on",
    "guide_channel_labels_have_a_language": "screen_language",
    "guide_choice_code_once_in_a_question": "slug",
    "guide_retiredcode_code_once_in_a_question": "slug",
}
LETTER_ROWS = 16  # lines of a box for the paragraphs of a letter
FIRST = "first"
NEWS = "new:"  # before the number of a row whose deletion nobody was told yet
UNREADABLE = "?"  # stands for what was typed into a field that cannot be read


class KeptField(forms.CharField):
    """Something that the form carries along and nobody types."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def has_changed(self, initial: object, data: object) -> bool:
        return False


class StillRightField(forms.MultipleChoiceField):
    """Translations that somebody compared with a new source text and left alone."""

    def __init__(self) -> None:
        super().__init__(
            required=False, label=gettext_lazy("translations that are still right")
        )

    def valid_value(self, value: str) -> bool:
        # A mark that somebody else has cleared meanwhile does no harm.
        return value.count(":") == 1


class PlaceField(forms.ChoiceField):
    """Behind which row this one stands; nothing sent means: where it is."""

    def has_changed(self, initial: object, data: object) -> bool:
        return bool(data) and super().has_changed(initial, data)


class RowForm(forms.ModelForm):
    """
    A row, and what happened to it while its form was open.

    The admin sets `request`, and `parent_field` for rows inside another one, on the
    class that it makes for each request.
    """

    request: HttpRequest
    parent_field: db.ForeignKey | None = None
    fingerprint = KeptField()
    gone = KeptField()  # of a row inside another: it was deleted meanwhile
    make_anew = forms.BooleanField(required=False, label=gettext_lazy("Make it anew"))
    still_right = StillRightField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: Conflict | None = None
        self.columns = columns_of(self._meta.model)
        self.texts_before = texts_of(self.instance) if self.columns else {}
        for name, field in self.fields.items():
            if isinstance(field, CodesField):
                field.offer_also(field.prepare_value(self.initial.get(name)))
        if "position" in self.fields and not self.instance.pk:
            # Saving puts it behind the others, unless somebody gives it a place.
            self.instance.position = self.initial["position"] = None
        self.now = self._digests() if self.instance.pk else {}
        if not self.is_bound and self.instance.pk:
            self.initial["fingerprint"] = self._fingerprint()

    # What others did meanwhile

    def _fingerprint(self) -> str:
        code = getattr(self.instance, "slug", "")
        return fingerprint(Opened(at=timezone.now(), digests=self.now, code=code))

    def _digests(self) -> dict[str, str]:
        """Return what the row holds: the fields of the form, and all its texts."""
        row = self.instance
        names = {*self.columns, *self._row_fields()}
        return {name: digest(self._plain(row, name)) for name in sorted(names)}

    def _plain(self, row: db.Model, name: str) -> object:
        value, field = value_of(row, name), self.fields.get(name)
        return field.prepare_value(value) if isinstance(field, CodesField) else value

    def _row_fields(self) -> Iterator[str]:
        meta = self._meta.model._meta
        own = {field.name for field in (*meta.concrete_fields, *meta.many_to_many)}
        own -= {meta.pk.name, getattr(self.parent_field, "name", "")}
        return (name for name in self.fields if name in own)

    @cached_property
    def _opened(self) -> Opened:
        text = (
            self.data.get(self.add_prefix("fingerprint"), "") if self.is_bound else ""
        )
        return read_fingerprint(text)

    @cached_property
    def changed_by_others(self) -> frozenset[str]:
        """Fields that somebody else changed after this form was opened."""
        opened = self._opened.digests
        return frozenset(
            name for name, now in self.now.items() if opened.get(name, now) != now
        )

    @cached_property
    def changed_by_me(self) -> frozenset[str]:
        """Fields in which something else was sent than the form had shown."""
        opened = self._opened.digests
        return frozenset(
            name
            for name in self._row_fields()
            if name in opened
            and not self.fields[name].disabled
            and opened[name] != digest(self._sent(name))
        )

    def _sent(self, name: str) -> object:
        field = self.fields[name]
        raw = field.widget.value_from_datadict(
            self.data, self.files, self.add_prefix(name)
        )
        try:
            return field.clean(raw)
        except ValidationError:
            return UNREADABLE

    @cached_property
    def changed_data(self) -> list[str]:
        # Where only somebody else changed something, nobody here did.
        theirs = self.changed_by_others
        return [
            name
            for name in super().changed_data
            if name not in theirs or name in self.changed_by_me
        ]

    def has_changed(self) -> bool:
        if self._is_gone() and not self._kept("make_anew"):
            return False
        if self.instance.pk is None and self._kept("left_out"):
            return False
        changed = set(self.changed_data) - {"make_anew"}
        if self.instance.pk is None:
            changed -= {"position"}
        return bool(changed)

    @property
    def is_sent(self) -> bool:
        """Whether the browser has sent something in it: it must be shown again."""
        return self.is_bound and self.has_changed()

    def _is_gone(self) -> bool:
        return bool(self._kept("gone"))

    def _kept(self, name: str) -> str:
        return self.data.get(self.add_prefix(name), "") if self.is_bound else ""

    def _clean_form(self) -> None:
        super()._clean_form()
        self._keep_what_is_stored()
        self._check_texts()
        self._check_folds()
        self._take_over()
        if self._opened.digests and self.instance.pk is None and not self._is_gone():
            self._tell_of_deletion()

    def _keep_what_is_stored(self) -> None:
        """Leave stored values of another spelling alone where nothing changed."""
        for name, value in self.cleaned_data.items():
            before = self.initial.get(name)
            if isinstance(self.fields[name], CodesField):
                self.cleaned_data[name] = self.fields[name].stored(value, before)
            elif value == "" and name in self.columns and before is None:
                self.cleaned_data[name] = None

    def _check_texts(self) -> None:
        kind = self._meta.model._meta.model_name
        for name, (field, _language) in self.columns.items():
            text = self.cleaned_data.get(name)
            if text:
                problems = problems_in(
                    text,
                    is_markdown=(kind, field) in MARKDOWN_TEXTS,
                    known=self.placeholders_for(field),
                    elsewhere=self.placeholders_elsewhere(field),
                )
                for problem in problems:
                    self.add_error(name, problem)

    def placeholders_for(self, field: str) -> frozenset[str]:
        """Return what may stand in braces in a text."""
        return PLACEHOLDERS

    def placeholders_elsewhere(self, field: str) -> frozenset[str]:
        """Return what may stand in braces in other texts of the row only."""
        return frozenset()

    def _check_folds(self) -> None:
        """Put next to a translation that it folds elsewhere than the English text."""
        kind = self._meta.model._meta.model_name
        marks = self.cleaned_data.get("still_right") or ()
        for name, (field, language) in self.columns.items():
            if language == SOURCE_LANGUAGE or (kind, field) not in MARKDOWN_TEXTS:
                continue
            if name not in self.changed_data and f"{field}:{language}" not in marks:
                continue
            text = self._text_now(name)
            source = self._text_now(column(field, SOURCE_LANGUAGE))
            problem = fold_problem(source, text) if source and text else ""
            if problem:
                self.add_error(name if name in self.fields else None, problem)

    def _text_now(self, name: str) -> str:
        """Return a text as the form leaves it, whether or not it can change it."""
        if name in self.cleaned_data:
            return self.cleaned_data[name] or ""
        return getattr(self.instance, name) or ""

    def _take_over(self) -> None:
        """Let stand what others changed; stop when both changed the row."""
        theirs = self.changed_by_others
        if not theirs:
            return
        kept = self.data.copy()
        for name in theirs & set(self.fields) - self.changed_by_me:
            self._errors.pop(name, None)
            self.cleaned_data[name] = value_of(self.instance, name)
            if self.instance._meta.get_field(name).is_relation and not (
                self.instance._meta.get_field(name).many_to_many
            ):
                self.cleaned_data[name] = getattr(self.instance, name)
            self._put_into(kept, name)
        loud = theirs - {"position"}
        if loud and set(self.changed_data) - {"position"}:
            since = self._opened.at
            self.conflict = Conflict(
                row=str(self.instance),
                people=people_in_words(
                    self.instance,
                    since=since,
                    reader=self.request.user,
                    parent=self._parent(),
                ),
                changes=tuple(self._changes(loud)),
            )
            self.add_error(
                None,
                _(
                    "Somebody changed this while your form was open, so nothing has "
                    "been saved yet. What you typed is still here. Compare, then save "
                    "again."
                ),
            )
        if loud or self._errors:
            kept[self.add_prefix("fingerprint")] = self._fingerprint()
        self.data = kept

    def _parent(self) -> db.Model | None:
        field = self.parent_field
        return getattr(self.instance, field.name, None) if field else None

    def _put_into(self, data: QueryDict, name: str) -> None:
        """Write the stored value of a field into what the browser sent."""
        field, key = self.fields[name], self.add_prefix(name)
        value = field.prepare_value(self.initial.get(name))
        data.pop(key, None)
        data.pop(f"{key}-add", None)
        if isinstance(field.widget, forms.CheckboxInput):
            if value:
                data[key] = "on"
            return
        shown = value if isinstance(value, list) else field.widget.format_value(value)
        if isinstance(shown, list | tuple):
            data.setlist(key, [str(item) for item in shown])
        elif shown is not None:
            data[key] = str(shown)

    def _changes(self, names: frozenset[str]) -> Iterator[Change]:
        order = [*self.fields, *self.columns]
        for name in sorted(names, key=order.index):
            yield Change(
                label=field_label(self, name),
                now=self._stored_in_words(name),
                is_mine_too=name in self.changed_by_me,
                is_shown=name in self.fields,
            )

    def _stored_in_words(self, name: str) -> str:
        row, model_field = self.instance, self._meta.model._meta.get_field(name)
        if model_field.many_to_many:
            return ", ".join(str(other) for other in getattr(row, name).all())
        value = model_field.value_from_object(row)
        field = self.fields.get(name)
        if isinstance(field, CodesField):
            words = dict(field.choices)
            return ", ".join(str(words[code]) for code in field.prepare_value(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if model_field.is_relation:
            return str(getattr(row, name))
        if model_field.choices:
            return str(dict(model_field.flatchoices).get(value, value))
        return "" if value is None else str(value)

    def _tell_of_deletion(self) -> None:
        match = self.request.resolver_match
        pk = match.kwargs.get("object_id") if match else None
        self.conflict = Conflict(
            row=self._opened.code,
            people=deletion_in_words(self._meta.model, pk, self.request.user),
            is_deleted=True,
        )
        self.add_error(
            None,
            _(
                "Somebody deleted this while your form was open, so nothing has been "
                "saved. What you typed is still here. Save again to make it anew."
            ),
        )
        kept = self.data.copy()
        kept[self.add_prefix("fingerprint")] = ""
        kept[self.add_prefix("slug")] = self._kept("slug") or self._opened.code
        self.data = kept

    # What the database says

    def _update_errors(self, errors: ValidationError) -> None:
        """Put what a constraint says next to the field it is about."""
        if hasattr(errors, "error_dict"):
            general = errors.error_dict.pop(NON_FIELD_ERRORS, [])
            for error in general:
                name = self._field_of(error)
                errors.error_dict.setdefault(name, []).append(error)
        super()._update_errors(errors)

    def _field_of(self, error: ValidationError) -> str:
        said = " ".join(error.messages)
        for constraint in self._meta.model._meta.constraints:
            name = CONSTRAINT_FIELDS.get(constraint.name)
            if name in self.fields and said == constraint.get_violation_error_message():
                return name
        return NON_FIELD_ERRORS

    def clean_checked_on(self) -> object:
        day = self.cleaned_data["checked_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(
                _("This day is still to come. Give the date that the source carries.")
            )
        return day

    def save(self, commit: bool = True) -> db.Model:
        if self.columns:
            chosen = self.cleaned_data.get("still_right", ())
            still_right = tuple(tuple(mark.split(":", 1)) for mark in chosen)
            keep_track(self.instance, self.texts_before, still_right)
        return super().save(commit=commit)


def field_label(form: RowForm, name: str) -> str:
    """Return what a field is called on screen, with the language of a text."""
    if name in form.columns:
        field, language = form.columns[name]
        label = form._meta.model._meta.get_field(field).verbose_name
        return f"{capfirst(label)} ({language_name(language)})"
    label = form.fields[name].label if name in form.fields else ""
    return str(capfirst(label or form._meta.model._meta.get_field(name).verbose_name))


def language_name(code: str) -> str:
    """Return what a language calls itself."""
    return capfirst(get_language_info(code)["name_local"])


class OrderedForm(RowForm):
    """A row of which the form says where it stands."""

    place = PlaceField(
        required=False,
        label=gettext_lazy("Stands after"),
        help_text=gettext_lazy(
            "You can also move it in the list: by dragging, or with its arrows."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "place" in self.fields:
            self._offer_places()

    def _offer_places(self) -> None:
        row = self.instance
        others = list(self._others())
        choices: list[tuple] = [(FIRST, _("— the very first —"))]
        groups: dict[str, list[tuple[str, str]]] = {}
        names = Counter(ordering.called(other) for other in others)
        for other in others:
            group = other.get_phase_display() if isinstance(other, models.Step) else ""
            name = ordering.called(other)
            if names[name] > 1:
                name = f"{name} ({other.slug})"
            groups.setdefault(group, []).append((str(other.pk), name))
        for group, options in groups.items():
            choices += [(group, options)] if group else options
        if row.pk is None:
            choices = [("", _("— the last —")), *choices]
            self.initial.setdefault("place", "")
        else:
            before = ordering.neighbour_before(row)
            self.initial["place"] = str(before.pk) if before else FIRST
        self.fields["place"].choices = choices

    def _others(self) -> db.QuerySet:
        rows = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        if self._meta.model is models.Step:
            rows = rows.order_by(ordering.BY_PHASE, "position", "slug")
        return rows

    @property
    def is_to_move(self) -> bool:
        """Whether the row goes to another place when it is saved."""
        return bool({"place", "phase"} & set(self.changed_data))

    def neighbour(self) -> db.Model | None:
        """Return the row behind which this one goes, None for the first place."""
        chosen = self.cleaned_data.get("place")
        if chosen in {"", FIRST, None}:
            return None
        return self._meta.model._default_manager.filter(pk=chosen).first()


class QuestionForm(OrderedForm):
    """A question; its condition may only speak of earlier questions."""

    def clean(self) -> None:
        super().clean()
        order = [*directory_of(self.request).question_order.values()]
        order = [row for row in order if row.pk != self.instance.pk]
        place = self.cleaned_data.get("place")
        numbers = [str(row.pk) for row in order]
        if place == FIRST:
            earlier = order[:0]
        elif place in numbers:
            earlier = order[: numbers.index(place) + 1]
        else:
            earlier = order
        refuse_later_questions(self, earlier)
        self._refuse_to_stand_behind_who_needs_it(earlier)

    def _refuse_to_stand_behind_who_needs_it(
        self, earlier: list[models.Question]
    ) -> None:
        if "place" not in self.changed_data or self.instance.pk is None:
            return
        rows = models.Question.objects.for_guide().filter(
            pk__in=[q.pk for q in earlier]
        )
        for row in rows:
            terms = {
                term.question
                for one in (row, *row.choices.all())
                for term in when_of(one)
            }
            if self.instance.slug in terms:
                self.add_error(
                    "place",
                    _(
                        "“%(question)s” depends on this question, so it must stand "
                        "behind it. Choose an earlier place, or move that one first."
                    )
                    % {"question": ordering.called(row)},
                )


class ChoiceForm(RowForm):
    """An answer; its condition may only speak of questions before its own."""

    def clean(self) -> None:
        super().clean()
        question = self.cleaned_data.get("question") or self._parent()
        order = [*directory_of(self.request).question_order.values()]
        pk = getattr(question, "pk", None)
        numbers = [row.pk for row in order]
        refuse_later_questions(self, order[: numbers.index(pk)] if pk else order)


class OperatorForm(OrderedForm):
    """An operator: an answer to its question, so only earlier questions count."""

    def clean(self) -> None:
        super().clean()
        order = [*directory_of(self.request).question_order.values()]
        kinds = [row.kind for row in order]
        if models.QuestionKind.OPERATOR in kinds:
            number = kinds.index(models.QuestionKind.OPERATOR)
            refuse_later_questions(self, order[:number])


def refuse_later_questions(form: RowForm, earlier: list[models.Question]) -> None:
    """Refuse a condition on a question that is not asked yet at that place."""
    directory = directory_of(form.request)
    allowed = {question.slug for question in earlier}
    for name in CONDITIONS:
        listed = {name: [str(pk) for pk in form.cleaned_data.get(name) or ()]}
        for term in directory.terms(listed):
            if term.question in allowed or term.question not in (
                directory.question_order
            ):
                continue
            later = ordering.called(directory.question_order[term.question])
            form.add_error(
                name,
                _(
                    "“%(question)s” is not asked before this one, so its answer is "
                    "not known yet. Take it out here, or move that question up."
                )
                % {"question": later},
            )


class StepForm(OrderedForm):
    """A step; what it requires stands before it and does not require it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        source = column("body", SOURCE_LANGUAGE)
        if source in self.fields:
            self.fields[source].help_text = _(
                "A line with only --- in it, an empty line before and after, marks "
                "where a long text folds: visitors unfold what stands behind it."
            )

    def clean(self) -> None:
        super().clean()
        phase = self.cleaned_data.get("phase")
        if phase:
            self._check_requirements(phase)
            self._check_place(phase)

    def _check_requirements(self, phase: str) -> None:
        steps = {row.pk: row for row in models.Step.objects.for_guide()}
        needed = self.cleaned_data.get("requires") or ()
        for pk in needed:
            if PHASES.index(steps[pk].phase) > PHASES.index(phase):
                self.add_error(
                    "requires",
                    _(
                        "“%(step)s” stands in a later phase (%(phase)s). Take it out, "
                        "or change the phase of one of the two."
                    )
                    % {"step": steps[pk], "phase": steps[pk].get_phase_display()},
                )
            if self._leads_back(pk, steps):
                self.add_error(
                    "requires",
                    _(
                        "“%(step)s” itself comes only after this step, so neither "
                        "could begin. Take it out here or there."
                    )
                    % {"step": steps[pk]},
                )
        for row in steps.values():
            if self.instance.pk in {needs.pk for needs in row.requires.all()} and (
                PHASES.index(row.phase) < PHASES.index(phase)
            ):
                self.add_error(
                    "phase",
                    _(
                        "“%(step)s” comes only after this step, but stands in an "
                        "earlier phase (%(phase)s). Change its phase first."
                    )
                    % {"step": row, "phase": row.get_phase_display()},
                )

    def _leads_back(self, pk: int, steps: dict[int, models.Step]) -> bool:
        seen, waiting = set(), [pk]
        while waiting:
            current = waiting.pop()
            if current == self.instance.pk:
                return True
            if current not in seen and current in steps:
                seen.add(current)
                waiting += [needs.pk for needs in steps[current].requires.all()]
        return False

    def _check_place(self, phase: str) -> None:
        if "place" not in self.changed_data:
            return
        before = self.neighbour()
        if before and before.phase != phase:
            self.add_error(
                "place",
                _(
                    "“%(step)s” stands in the phase “%(phase)s”. Choose a step of the "
                    "phase that you have chosen above."
                )
                % {"step": before, "phase": before.get_phase_display()},
            )

    def neighbour(self) -> db.Model | None:
        if "place" in self.changed_data:
            return super().neighbour()
        # Only the phase changed: the old neighbour stays behind.
        return ordering.siblings(self.instance).exclude(pk=self.instance.pk).last()


class GlossaryForm(OrderedForm):
    """An entry of the glossary; each word has one."""

    def clean_term_en(self) -> str:
        term = self.cleaned_data["term_en"]
        others = models.GlossaryEntry.objects.filter(term_en__iexact=term.strip())
        other = others.exclude(pk=self.instance.pk).first()
        if other is not None:
            raise ValidationError(
                format_html(
                    '{} <a href="{}" target="_blank">{}</a>',
                    _("There is already an entry for this word. Change that one."),
                    form_address(models.GlossaryEntry, other.pk),
                    _("Entry “%(term)s” (opens a new window)") % {"term": other},
                )
            )
        return term


class LetterForm(OrderedForm):
    """A letter; its paragraphs say the same in every language."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, (field, _language) in self.columns.items():
            if field == "body" and name in self.fields:
                self.fields[name].widget.attrs["rows"] = LETTER_ROWS

    @cached_property
    def _codes(self) -> frozenset[str]:
        found = models.Identifier.objects.values_list("slug", flat=True)
        return frozenset(f"{{{code}}}" for code in found)

    def placeholders_for(self, field: str) -> frozenset[str]:
        known = super().placeholders_for(field)
        return known | self._codes if ("letter", field) in FILLED_IN else known

    def placeholders_elsewhere(self, field: str) -> frozenset[str]:
        return frozenset() if ("letter", field) in FILLED_IN else self._codes

    def clean(self) -> None:
        super().clean()
        for name, (field, language) in self.columns.items():
            # Whoever changes the English text leaves the others to translators; until
            # they have followed, the audit stops a publication.
            is_mine = name in self.changed_data and language != SOURCE_LANGUAGE
            if is_mine and ("letter", field) in FILLED_IN:
                self._compare(name, column(field, SOURCE_LANGUAGE))

    def _compare(self, name: str, with_name: str) -> None:
        """Put what differs from the English text next to a translation."""
        text = self.cleaned_data.get(name) or ""
        source = self.cleaned_data.get(with_name)
        if source is None:
            source = getattr(self.instance, with_name) or ""
        found, wanted = len(paragraphs(text)), len(paragraphs(source))
        if not found or not wanted:
            return
        if found != wanted:
            said = ngettext(
                "It has %(found)s paragraph; the English text has %(wanted)s. Visitors "
                "read them side by side: leave a blank line between paragraphs, and "
                "make as many.",
                "It has %(found)s paragraphs; the English text has %(wanted)s. "
                "Visitors read them side by side: leave a blank line between "
                "paragraphs, and make as many.",
                found,
            )
            self.add_error(name, said % {"found": found, "wanted": wanted})
            return
        for number, theirs, mine in differing_paragraphs(source, text):
            self.add_error(
                name,
                _(
                    "Paragraph %(number)s has %(found)s in braces; the English one "
                    "has %(wanted)s. Write the same codes in both."
                )
                % {
                    "number": number,
                    "found": _codes_in_words(mine),
                    "wanted": _codes_in_words(theirs),
                },
            )


def _codes_in_words(words: str) -> str:
    codes = sorted(codes_in(words))
    return ", ".join(f"{{{code}}}" for code in codes) or _("nothing")


class RowFormSet(BaseInlineFormSet):
    """Rows inside another row; those deleted meanwhile are offered anew."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self._set_gone_rows_aside()

    def _set_gone_rows_aside(self) -> None:
        """
        Number the forms anew, so that those of deleted rows count as new ones.

        Django expects the forms of existing rows first and drops what was typed into
        others.
        """
        try:
            initial = int(self.data.get(f"{self.prefix}-INITIAL_FORMS", "0"))
            total = int(self.data.get(f"{self.prefix}-TOTAL_FORMS", "0"))
        except ValueError:
            return
        known = {str(row.pk) for row in self.get_queryset()}
        key = f"{self.prefix}-%d-{self.model._meta.pk.name}"
        if not 0 <= initial <= total <= self.absolute_max:
            return
        numbers = range(initial)
        gone = [n for n in numbers if self.data.get(key % n, "") not in known]
        if not gone:
            return

        there = [n for n in range(total) if n not in gone]
        kept = QueryDict(mutable=True)
        order = {old: new for new, old in enumerate([*there, *gone])}
        start = f"{self.prefix}-"
        for name, values in self.data.lists():
            number, _dash, rest = name.removeprefix(start).partition("-")
            if name.startswith(start) and number.isdecimal() and int(number) in order:
                kept.setlist(f"{start}{order[int(number)]}-{rest}", values)
            else:
                kept.setlist(name, values)
        for old in gone:
            pk = kept.get(key % order[old], "")
            kept[key % order[old]] = ""
            kept[f"{start}{order[old]}-gone"] = f"{NEWS}{pk}"
            opened = read_fingerprint(kept.get(f"{start}{order[old]}-fingerprint", ""))
            kept.setdefault(f"{start}{order[old]}-slug", opened.code)
            if self.instance.pk is None:
                kept[f"{start}{order[old]}-make_anew"] = "on"
        if self.instance.pk is None:
            for number in range(total):
                kept[f"{start}{number}-{self.fk.name}"] = ""
        kept[f"{start}INITIAL_FORMS"] = str(initial - len(gone))
        self.data = kept

    def clean(self) -> None:
        super().clean()
        is_loss = False
        for form in self.forms:
            gone = form.data.get(form.add_prefix("gone"), "")
            if not gone.startswith(NEWS):
                continue
            # What was deleted and not touched here is no loss to anybody.
            if form.changed_by_me:
                is_loss = True
                pk = gone.removeprefix(NEWS)
                form.conflict = Conflict(
                    row=form.data.get(form.add_prefix("slug"), ""),
                    people=deletion_in_words(self.model, pk, form.request.user),
                    is_deleted=True,
                )
            kept = form.data.copy()
            kept[form.add_prefix("gone")] = "told"
            kept[form.add_prefix("fingerprint")] = ""
            form.data = kept
        if is_loss and self.instance.pk is not None:
            raise ValidationError(
                _(
                    "Something that you changed here was deleted while your form was "
                    "open, so nothing has been saved yet. What you typed is still "
                    "here: say whether to make it anew, then save again."
                )
            )
