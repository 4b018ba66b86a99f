"""Codes: chosen once, suggested from the English words, kept for good."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models as db
from django.forms.models import InlineForeignKeyField
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide import models
from guide.admin.addresses import name_of
from guide.admin.deleting import retire_address
from guide.flow.answers import RESERVED
from guide.flow.letters import OPERATOR
from guide.published_codes import Key, first_published, key_of
from guide.retiring import RETIRABLE, answers_to

# From which fields the code of a new row is suggested.
SUGGESTED_FROM: dict[type[db.Model], tuple[str, ...]] = {
    models.Source: ("title",),
    models.CardType: ("name_en",),
    models.Operator: ("name",),
    models.Channel: ("operator", "purpose", "kind"),
    models.OperatorFact: ("operator", "topic"),
    models.Question: ("title_en",),
    models.Choice: ("label_en",),
    models.Step: ("title_en",),
    models.FaqEntry: ("question_en",),
    models.Letter: ("title_en",),
    models.Identifier: ("name_en",),
    models.GlossaryEntry: ("term_en",),
}

LONGEST_SUGGESTION = 60  # characters; room for "-2" and for reading it out


class Coded(admin.ModelAdmin):
    """Rows with a code that is settled once they are published."""

    def get_form(
        self, request: HttpRequest, obj: db.Model | None = None, **kwargs: Any
    ) -> type[forms.ModelForm]:
        return with_code_rules(super().get_form(request, obj, **kwargs))

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: db.Model | None = None
    ) -> dict[str, tuple[str, ...]]:
        fields = SUGGESTED_FROM.get(self.model, ())
        # While the English words are typed; lists to choose from are left to `clean`.
        if obj is not None or len(fields) != 1:
            return {}
        return {"slug": fields}

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        if isinstance(form, CodeRules):
            form.forget_code_made_of_words()
        return super().render_change_form(request, context, *args, **kwargs)


class CodedInline(admin.options.InlineModelAdmin):
    """Rows with codes inside the form of another row."""

    def get_formset(
        self, request: HttpRequest, obj: db.Model | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = with_code_rules(formset.form)
        return formset


def with_code_rules(form: type[forms.ModelForm]) -> type[forms.ModelForm]:
    """Return *form* with the rules for codes; forms without a code stay as they are."""
    if issubclass(form, CodeRules) or "slug" not in form.base_fields:
        return form
    return type(form)(form.__name__, (CodeRules, form), {"published": None})


class RetiredCodeForm(forms.ModelForm):
    """A code that is still in people's links, and the answer that takes its place."""

    class Meta:
        model = models.RetiredCode
        fields = ("question", "slug", "replacement")

    replacement = forms.ChoiceField(
        label=gettext_lazy("Answer in its place"),
        help_text=gettext_lazy("Old links with the retired code lead to this answer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        questions = models.Question.objects.all()
        if self.instance.pk:
            # Another question or code would be another row.
            self.fields["question"].disabled = True
            self.fields["slug"].disabled = True
            questions = questions.filter(pk=self.instance.question_id)
            question = self.instance.question.slug
            self.initial["replacement"] = f"{question}:{self.instance.replacement}"
        # In groups by question: without a script the form cannot know which one is
        # chosen above.
        self.fields["replacement"].choices = [
            ("", "---------"),
            *((name_of(question), _answers(question)) for question in questions),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        question, slug = cleaned.get("question"), cleaned.get("slug")
        if question is None:
            return cleaned
        if slug in {answer.slug for answer in answers_to(question)}:
            self.add_error(
                "slug",
                _(
                    "An answer in use has this code. To retire it, open that answer "
                    "and choose “Retire this answer…”."
                ),
            )
        asked, _colon, code = cleaned.get("replacement", "").partition(":")
        if asked and asked != question.slug:
            self.add_error(
                "replacement",
                _(
                    "This is an answer to another question. Choose one from the group "
                    "“%(question)s”."
                )
                % {"question": name_of(question)},
            )
        cleaned["replacement"] = code
        return cleaned


def _answers(question: models.Question) -> list[tuple[str, str]]:
    """Return what can be chosen among the answers to one question."""
    return [
        (
            f"{question.slug}:{answer.slug}",
            _("%(answer)s (code: %(code)s)")
            % {
                "answer": answer.label
                if isinstance(answer, models.Choice)
                else answer.name,
                "code": answer.slug,
            },
        )
        for answer in answers_to(question)
    ]


class CodeRules:
    """What holds for the code in a form, whatever else the form does."""

    # Asked once for all forms of a page: Django makes their class for each request.
    published: Mapping[Key, int] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" not in self.fields:
            return
        row, code = self.instance, self.fields["slug"]
        since = self._first_published().get(key_of(row)) if row.pk else None
        if since is not None:
            code.disabled = True
            code.help_text = why_settled(row, since)
            question = self.fields.get("question")
            if isinstance(row, models.Choice) and not isinstance(
                question, InlineForeignKeyField | None
            ):
                question.disabled = True
        elif not row.pk:
            code.required = False
            code.help_text = _(
                "Lower case letters, digits and hyphens. Leave it empty, and one is "
                "made from the words. Once it is published it stays as it is."
            )
        else:
            code.help_text = _(
                "Lower case letters, digits and hyphens. It was never published, so it "
                "can still be changed."
            )

    def _first_published(self) -> Mapping[Key, int]:
        if self.published is None:
            type(self).published = first_published()
        return self.published

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        field = self.fields.get("slug")
        if field is None or field.disabled or "slug" in self.errors:
            return cleaned
        parent = self._question_of_choice(cleaned)
        code = cleaned.get("slug")
        if not code:
            cleaned["slug"] = self._suggestion(cleaned, parent)
            # Where the words themselves are missing or wrong, they are told first.
            if not cleaned["slug"] and not self._made_from & self.errors.keys():
                self.add_error(
                    "slug",
                    _(
                        "No code can be made from these words, since a code has only "
                        "letters from a to z, digits and hyphens. Write one here, such "
                        "as “mobile-vikings”."
                    ),
                )
            return cleaned
        problem = problem_with(self.instance, code, parent)
        if problem:
            self.add_error("slug", problem)
        elif self._is_made_of_words(code) and code in codes_beside(
            self.instance, parent
        ):
            # Nobody typed it: the script of the form made it, and knows of no others.
            cleaned["slug"] = self._suggestion(cleaned, parent)
        return cleaned

    @property
    def _made_from(self) -> set[str]:
        return set(SUGGESTED_FROM[type(self.instance)])

    def _is_made_of_words(self, code: str) -> bool:
        """Tell whether the code of a new row is what its words make."""
        fields = SUGGESTED_FROM.get(type(self.instance), ())
        # Else there is no script that makes it.
        if self.instance.pk or len(fields) != 1:
            return False
        words = slugify(self.data.get(self.add_prefix(fields[0]), ""))
        longest = self.fields["slug"].max_length
        return code in {words[:longest].rstrip("-"), shortened(words)} - {""}

    def forget_code_made_of_words(self) -> None:
        """
        Empty the code of a refused new row, unless somebody typed it.

        Else it would stay as the first words made it, whatever becomes of them.
        """
        if not self.is_bound or "slug" not in self.fields or "slug" in self.errors:
            return
        if getattr(self, "conflict", None):
            return  # a row deleted meanwhile comes back under its own code
        key = self.add_prefix("slug")
        if self._is_made_of_words(self.data.get(key, "")):
            self.data = self.data.copy()
            self.data[key] = ""

    def _question_of_choice(self, cleaned: dict[str, Any]) -> models.Question | None:
        if not isinstance(self.instance, models.Choice):
            return None
        question = cleaned.get("question")
        if question is None and self.instance.question_id:
            question = self.instance.question
        return question

    def _suggestion(
        self, cleaned: dict[str, Any], parent: models.Question | None
    ) -> str:
        words = []
        for field in SUGGESTED_FROM[type(self.instance)]:
            value = cleaned.get(field, "")
            if field == "operator" and not value and self.instance.operator_id:
                value = self.instance.operator
            words.append(value.slug if isinstance(value, db.Model) else str(value))
        return free_code(self.instance, " ".join(words), parent)


def why_settled(row: db.Model, since: int) -> str:
    """Return why the code of a published row cannot be changed, and what to do."""
    if isinstance(row, RETIRABLE):
        return format_html(
            '{} <a href="{}">{}</a>',
            _("Published since publication %(number)d: people’s links hold this code.")
            % {"number": since},
            retire_address(row),
            _("Retire this answer…"),
        )
    if isinstance(row, models.Question):
        words = _(
            "Published since publication %(number)d: people’s links hold this code, so "
            "it stays as it is."
        )
    elif isinstance(row, models.Step | models.OperatorFact):
        words = _(
            "Published since publication %(number)d: people’s ticks and reports hold "
            "this code, so it stays as it is."
        )
    else:
        words = _(
            "Published since publication %(number)d: earlier publications know it by "
            "this code, so it stays as it is."
        )
    return words % {"number": since}


def problem_with(
    row: db.Model, code: str, question: models.Question | None = None
) -> str | None:
    """
    Return why *row* cannot have *code*, as a sentence; None when it can.

    Args:
        row: The row, perhaps not yet saved. That its code is the only one of its model
            is not looked at: the form does that.
        code: The code wished for.
        question: The question of a choice.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
        return _(
            "“%(code)s” is no code. Use lower case letters, digits and single hyphens "
            "between them, such as “mobile-vikings”."
        ) % {"code": code}
    if isinstance(row, models.Question) and code in RESERVED:
        return _(
            "“%(code)s” has a meaning of its own in the guide’s addresses. Choose "
            "another code."
        ) % {"code": code}
    if isinstance(row, models.Identifier) and code == OPERATOR:
        return _(
            "“{%(code)s}” stands for the name of the visitor’s operator. Choose "
            "another code."
        ) % {"code": code}
    return _taken_as_answer(row, code, question) or _gone(row, code)


def _taken_as_answer(
    row: db.Model, code: str, question: models.Question | None
) -> str | None:
    """Return why *code* cannot be an answer to the questions that *row* answers."""
    if isinstance(row, models.Operator):
        questions = models.Question.objects.filter(kind=models.QuestionKind.OPERATOR)
    elif isinstance(row, models.CardType):
        questions = models.Question.objects.filter(kind=models.QuestionKind.CARD)
    elif isinstance(row, models.Choice) and question is not None and question.pk:
        questions = models.Question.objects.filter(pk=question.pk)
    else:
        return None
    retired = models.RetiredCode.objects.filter(question__in=questions, slug=code)
    for old in retired.select_related("question"):
        return _(
            "“%(code)s” is the code of a retired answer: old links with it lead to "
            "“%(replacement)s”. Choose another code."
        ) % {"code": code, "replacement": old.replacement}
    taken = [models.Choice.objects.filter(question__in=questions, slug=code)]
    kinds = {question.kind for question in questions}
    if models.QuestionKind.OPERATOR in kinds:
        taken.append(models.Operator.objects.filter(slug=code))
    if models.QuestionKind.CARD in kinds:
        taken.append(models.CardType.objects.filter(slug=code))
    for others in taken:
        # Two rows of one model are told apart by the form itself.
        if others.model is not type(row) and others.exists():
            return _(
                "Another answer to the same question has the code “%(code)s”: "
                "“%(name)s”. Choose another code."
            ) % {"code": code, "name": others.first()}
    return None


def _gone(row: db.Model, code: str) -> str | None:
    """Return why *code* cannot be used again, if something that is gone had it."""
    # Answers of a question are kept by RetiredCode; what is no answer and no question
    # stands in nobody's link, and a deleted row may be made anew under its code.
    if not isinstance(row, models.Question | models.Operator | models.CardType):
        return None
    since = first_published().get((row._meta.label_lower, (code,)))
    if since is None or type(row).objects.filter(slug=code).exists():
        return None
    return _(
        "In publication %(number)d “%(code)s” was the code of something that has been "
        "deleted since. People’s links may still mean that: choose another code."
    ) % {"number": since, "code": code}


def free_code(
    row: db.Model, words: str, question: models.Question | None = None
) -> str:
    """Return a code made of *words* that *row* can have; "" when they make none."""
    base = shortened(slugify(words))
    if not base:
        return ""
    taken = codes_beside(row, question)
    code, number = base, 1
    while code in taken or problem_with(row, code, question):
        number += 1
        code = f"{base}-{number}"
    return code


def shortened(code: str) -> str:
    """Return a suggested code with as many of its words as can be read out."""
    if len(code) <= LONGEST_SUGGESTION:
        return code
    return code[:LONGEST_SUGGESTION].rpartition("-")[0] or code[:LONGEST_SUGGESTION]


def codes_beside(row: db.Model, question: models.Question | None = None) -> set[str]:
    """Return the codes of the other rows from which that of *row* must differ."""
    others = type(row).objects.exclude(pk=row.pk)
    if isinstance(row, models.Choice):
        others = (
            others.filter(question=question)
            if question and question.pk
            else others.none()
        )
    return set(others.values_list("slug", flat=True))
