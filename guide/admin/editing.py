"""What the forms and lists of all rows have in common."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import flatten_fieldsets
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models as db
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from guide import models
from guide.admin import ordering
from guide.admin.addresses import name_of
from guide.admin.choosing import (
    CONDITION_MODELS,
    CONDITIONS,
    Checklists,
    CodesField,
    Picker,
    RowsField,
    directory_of,
)
from guide.admin.conditions import questions_out_of_order
from guide.admin.conflicts import deletion_in_words
from guide.admin.forms import OrderedForm, RowForm, RowFormSet, language_name
from guide.admin.texts import columns_of
from guide.models import CONDITION_FIELDS
from guide.translations import SOURCE_LANGUAGE, TARGET_LANGUAGES, column

TRANSLATE = "guide.translate_guide"
LANGUAGE_CHOICES = tuple(
    (code, capfirst(get_language_info(code)["name_local"]))
    for code in ("nl", "fr", "de", "en")
)
# Fields that hold some of a few codes: what is offered, and whether as text.
CODES = {
    "topics": (models.Topic.choices, False),
    "letter_languages": (LANGUAGE_CHOICES, True),
}
# What a form shows in words, or not at all, to people who may not change it.
ONLY_FOR_CHANGES = frozenset({*CONDITIONS, "place", "position"})


class Part(NamedTuple):
    """A part of a form under one heading."""

    title: object
    fields: Sequence[str]
    explanation: object = ""
    classes: Sequence[str] = ()


class TextBox(forms.Textarea):
    """Several lines of text; line ends as they are stored."""

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__({"class": "vLargeTextField", "rows": 4} | (attrs or {}))

    def value_from_datadict(self, data: dict, files: object, name: str) -> str | None:
        value = super().value_from_datadict(data, files, name)
        return value if value is None else value.replace("\r\n", "\n")


class DayInput(forms.DateInput):
    """The browser's own calendar: it needs no script and works with the keyboard."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class RowEditing:
    """Fields, parts and rights that forms and forms inside forms share."""

    parts: Sequence[Part] = ()
    condition_widget: type = Checklists
    formfield_overrides = {
        db.TextField: {"widget": TextBox},
        db.DateField: {"widget": DayInput},
        # Whoever types an address without a scheme means https.
        db.URLField: {"assume_scheme": "https"},
    }

    class Media:
        css = {"all": ["desk/editing.css"]}
        js = ["desk/editing.js"]

    # Rights

    def may_only_translate(self, request: HttpRequest) -> bool:
        """Tell whether this form is open to change its translations and no more."""
        return (
            getattr(request, "is_form_of_a_row", False)
            and bool(columns_of(self.model))
            and not super().has_change_permission(request)
            and request.user.has_perm(TRANSLATE)
        )

    def has_change_permission(
        self, request: HttpRequest, obj: db.Model | None = None
    ) -> bool:
        # Only in the form of one row: lists, moving and the rest stay closed.
        return super().has_change_permission(request, obj) or (
            self.may_only_translate(request)
        )

    def may_write(self, request: HttpRequest, obj: db.Model | None) -> bool:
        """Tell whether the whole form is open for changes."""
        if getattr(request, "is_form_of_a_row", False):
            return super().has_change_permission(request, obj)
        return self.has_add_permission(request, *self._parents(obj))

    def _parents(self, obj: db.Model | None) -> tuple:
        return (obj,) if isinstance(self, admin.options.InlineModelAdmin) else ()

    def get_readonly_fields(
        self, request: HttpRequest, obj: db.Model | None = None
    ) -> Sequence[str]:
        if not self.may_only_translate(request):
            return super().get_readonly_fields(request, obj)
        columns = columns_of(self.model)
        names = flatten_fieldsets(self.get_fieldsets(request, obj))
        return [
            *(n for n in names if columns.get(n, ("", ""))[1] not in TARGET_LANGUAGES),
            "place",
        ]

    # Fields

    def get_fieldsets(
        self, request: HttpRequest, obj: db.Model | None = None
    ) -> list[tuple]:
        is_open = self.may_write(request, obj)
        return [
            (
                part.title,
                {
                    "fields": [
                        self._columns(name)
                        for name in part.fields
                        if is_open or name not in ONLY_FOR_CHANGES
                    ],
                    "classes": part.classes,
                    "description": part.explanation if is_open else "",
                },
            )
            for part in self.parts
            if is_open or set(part.fields) - {"place", "position"}
        ]

    def _columns(self, name: str) -> str | tuple[str, ...]:
        if name not in {field for field, _language in columns_of(self.model).values()}:
            return name
        languages = (SOURCE_LANGUAGE, *TARGET_LANGUAGES)
        return tuple(column(name, language) for language in languages)

    def formfield_for_dbfield(
        self, db_field: db.Field, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        name = db_field.name
        if db_field.many_to_many:
            return RowsField(
                directory=directory_of(request),
                model=db_field.related_model,
                widget=self.condition_widget if name in CONDITIONS else Picker,
                label=capfirst(db_field.verbose_name),
                required=not db_field.blank,
                help_text=db_field.help_text,
            )
        if name in CODES:
            choices, as_text = CODES[name]
            return CodesField(
                choices=choices,
                as_text=as_text,
                label=capfirst(db_field.verbose_name),
                required=not db_field.blank,
            )
        if name == "screen_language":
            kwargs["widget"] = forms.Select(choices=[("", "—"), *LANGUAGE_CHOICES])
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if name == "position":
            field.required = False
            field.widget = forms.NumberInput(attrs={"class": "position", "min": 0})
        if name in columns_of(self.model):
            original, language = columns_of(self.model)[name]
            label = capfirst(self.model._meta.get_field(original).verbose_name)
            field.label = f"{label} ({language_name(language)})"
            field.widget.attrs["lang"] = language
        return field


class RowInline(RowEditing, TranslationStackedInline):
    """Rows inside the form of another row, each folded."""

    template = "admin/guide/inline.html"
    form = RowForm
    formset = RowFormSet
    condition_widget = Picker
    extra = 1
    # Deleting goes by the row's own page, which shows what it is used by.
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> db.QuerySet:
        names = [field.name for field in self.model._meta.many_to_many]
        names = [name for name in names if name != "answers"]
        parents = [f.name for f in self.model._meta.fields if f.many_to_one]
        return (
            super()
            .get_queryset(request)
            .select_related(*parents)
            .prefetch_related(*{*CONDITION_FIELDS, *names})
        )

    def get_formset(
        self, request: HttpRequest, obj: db.Model | None = None, **kwargs: object
    ) -> type:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.request = request
        formset.form.parent_field = formset.fk
        return formset


class Called:
    """A row under the name that editors know, for what Django says of it."""

    def __init__(self, row: db.Model) -> None:
        self._row = row

    def __str__(self) -> str:
        return name_of(self._row)

    def __getattr__(self, name: str) -> object:
        return getattr(self._row, name)


class RowAdminBase(RowEditing):
    """The form of a row, with or without translated texts."""

    change_form_template = "admin/guide/change_form.html"
    form = RowForm

    def get_urls(self) -> list[URLPattern]:
        page, meta = self.admin_site.admin_view, self.opts
        return [
            path(
                "in-words/",
                page(self.condition_in_words),
                name=f"guide_{meta.model_name}_in_words",
            ),
            *super().get_urls(),
        ]

    def condition_in_words(self, request: HttpRequest) -> HttpResponse:
        """Answer with the sentence of the condition that a form is about to save."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return condition_in_words(request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        request.is_form_of_a_row = object_id is not None
        if "_move" in request.POST:
            # Moving saves the form as it stands and comes back to it.
            request.POST = request.POST.copy()
            request.POST["_continue"] = "1"
        if (
            request.method == "POST"
            and object_id is not None
            and request.POST.get("fingerprint")
            and not self.model._default_manager.filter(pk=unquote(object_id)).exists()
        ):
            return self._keep_what_was_typed(request, object_id, extra_context)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _keep_what_was_typed(
        self, request: HttpRequest, object_id: str, extra_context: dict | None
    ) -> HttpResponse:
        """Show the form of a row that was deleted meanwhile, as it was sent."""
        if self.has_add_permission(request):
            request.is_form_of_a_row = False
            address = reverse(f"admin:guide_{self.opts.model_name}_add")
            return super().changeform_view(request, None, address, extra_context)
        if not self.has_change_permission(request):
            raise PermissionDenied
        typed = [
            (self.model._meta.get_field(field).verbose_name, language_name(code), text)
            for name, (field, code) in columns_of(self.model).items()
            if (text := request.POST.get(name, "").strip())
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("This was deleted meanwhile"),
            "people": deletion_in_words(self.model, unquote(object_id), request.user),
            "typed": typed,
        }
        return TemplateResponse(request, "admin/guide/deleted.html", context)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> db.Model | None:
        if request.method == "POST" and getattr(request, "is_form_of_a_row", False):
            self._lock(object_id)
        return super().get_object(request, object_id, from_field)

    def _lock(self, object_id: str) -> None:
        """Let nobody else save this row until this request is done."""
        rows = self.model._base_manager.select_for_update()
        try:
            list(rows.filter(pk=object_id).values_list("pk"))
        except ValueError:
            return
        for inline in self.inlines:
            field = ordering.SCOPES.get(inline.model)
            if field is None:
                continue
            inside = inline.model._base_manager.select_for_update()
            list(inside.filter(**{field: object_id}).values_list("pk"))

    def get_form(
        self,
        request: HttpRequest,
        obj: db.Model | None = None,
        change: bool = False,
        **kwargs: object,
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.request = request
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: object, **kwargs: object
    ) -> HttpResponse:
        context |= {
            "directory": directory_of(request),
            "languages": [(code, language_name(code)) for code in TARGET_LANGUAGES]
            if columns_of(self.model)
            else [],
            "in_words_address": reverse(f"admin:guide_{self.opts.model_name}_in_words"),
            "only_translations": self.may_only_translate(request),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: db.Model, post_url_continue: str | None = None
    ) -> HttpResponse:
        return super().response_add(request, Called(obj), post_url_continue)

    def response_change(self, request: HttpRequest, obj: db.Model) -> HttpResponse:
        return super().response_change(request, Called(obj))

    # Saving

    def save_model(
        self,
        request: HttpRequest,
        obj: db.Model,
        form: RowForm,
        change: bool,
    ) -> None:
        scope = ordering.SCOPES.get(self.model)
        if hasattr(obj, "position") and not isinstance(form, OrderedForm):
            if not change or scope in form.changed_data:
                obj.position = ordering.position_at_end(obj)
        elif hasattr(obj, "position") and not change:
            obj.position = ordering.position_at_end(obj)
        super().save_model(request, obj, form, change)
        if isinstance(form, OrderedForm) and form.is_to_move:
            ordering.put(obj, after=form.neighbour())

    def save_formset(
        self,
        request: HttpRequest,
        form: RowForm,
        formset: forms.BaseModelFormSet,
        change: bool,
    ) -> None:
        is_ordered = formset.model in ordering.SCOPES
        rows = [one.instance for one in formset.forms] if is_ordered else []
        last = max((r.position for r in rows if r.pk and r.position), default=0)
        for row in rows:
            if row.position is None:
                last += ordering.GAP
                row.position = last
        super().save_formset(request, form, formset, change)

    def save_related(
        self,
        request: HttpRequest,
        form: RowForm,
        formsets: Iterable[forms.BaseModelFormSet],
        change: bool,
    ) -> None:
        super().save_related(request, form, formsets, change)
        wanted, _colon, direction = request.POST.get("_move", "").partition(":")
        for formset in formsets:
            for one in formset.initial_forms:
                if one.prefix == wanted and "position" in one.fields:
                    ordering.shift(one.instance, up=direction == "up")
                    self.message_user(
                        request,
                        ordering.standing_in_words(one.instance),
                        messages.SUCCESS,
                    )


class RowAdmin(RowAdminBase, TranslationAdmin):
    """Rows with translated texts."""


class PlainRowAdmin(RowAdminBase, admin.ModelAdmin):
    """Rows without translated texts."""


class Movable:
    """A list whose rows editors put in order: by dragging, or with two buttons."""

    change_list_template = "admin/guide/change_list.html"
    list_per_page = 500
    form = OrderedForm

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:pk>/move/",
                self.admin_site.admin_view(require_POST(self.move_view)),
                name=f"guide_{self.opts.model_name}_move",
            ),
            *super().get_urls(),
        ]

    def get_list_display(self, request: HttpRequest) -> Sequence[str]:
        names = super().get_list_display(request)
        if not self.has_change_permission(request) or ORDER_VAR in request.GET:
            return names
        return ["move_buttons", *names]

    def get_list_display_links(
        self, request: HttpRequest, list_display: Sequence[str]
    ) -> Sequence[str] | None:
        names = [name for name in list_display if name != "move_buttons"]
        return super().get_list_display_links(request, names)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changes = super().get_changelist_instance(request)
        changes.may_move = self.has_change_permission(request)
        changes.is_sorted_otherwise = ORDER_VAR in request.GET
        changes.is_partial = changes.result_count != changes.full_result_count
        changes.own_order_address = changes.get_query_string(remove=[ORDER_VAR])
        rows = list(changes.result_list)  # the query set keeps these very objects
        for row, before, after in zip(
            rows, [None, *rows], [*rows[1:], None], strict=False
        ):
            row.shown_before = before
            row.shown_after = after
            row.kept_filters = self.get_preserved_filters(request)
        return changes

    @admin.display(description=gettext_lazy("Move"))
    def move_buttons(self, row: db.Model) -> SafeString:
        """Show one button up and one down; they work without a script."""
        address = reverse(f"admin:guide_{self.opts.model_name}_move", args=[row.pk])
        if row.kept_filters:
            address = f"{address}?{row.kept_filters}"
        name = ordering.called(row)
        return format_html(
            '<span class="move-buttons" data-move="{}" data-pk="{}" data-scope="{}">'
            "{}{}</span>",
            address,
            row.pk,
            ordering.scope_of(row),
            self._button(
                "▲",
                _("Move “%(row)s” up") % {"row": name},
                address,
                "before",
                self._neighbour(row, row.shown_before),
            ),
            self._button(
                "▼",
                _("Move “%(row)s” down") % {"row": name},
                address,
                "after",
                self._neighbour(row, row.shown_after),
            ),
        )

    @staticmethod
    def _neighbour(row: db.Model, other: db.Model | None) -> db.Model | None:
        if other is None or ordering.scope_of(other) != ordering.scope_of(row):
            return None
        return other

    @staticmethod
    def _button(
        sign: str, label: str, address: str, side: str, other: db.Model | None
    ) -> SafeString:
        return format_html(
            '<button type="submit" name="place" value="{}" formaction="{}" '
            'data-side="{}" aria-label="{}" title="{}"{}>{}</button>',
            f"{side}:{other.pk}" if other else "",
            address,
            side,
            label,
            label,
            "" if other else SafeString(" disabled"),
            sign,
        )

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put one row right before or behind another one."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        row = get_object_or_404(self.model, pk=pk)
        side, _colon, number = request.POST.get("place", "").partition(":")
        other = (
            self.model._default_manager.filter(pk=number).first()
            if number.isdecimal() and number != str(pk)
            else None
        )
        problem = self._why_not(row, other, side)
        if not problem:
            ordering.put(row, **{side: other})
            self.log_change(request, row, _("Moved."))
        said = problem or " ".join(
            [
                ordering.standing_in_words(row),
                *(questions_out_of_order() if self.model is models.Question else ()),
            ]
        )
        if request.headers.get("Accept") == "application/json":
            places = ordering.siblings(row).values_list("pk", "position")
            answer = {"message": said, "positions": dict(places)}
            return JsonResponse(answer, status=400 if problem else 200)
        level = messages.ERROR if problem else messages.SUCCESS
        self.message_user(request, said, level)
        address = reverse(f"admin:guide_{self.opts.model_name}_changelist")
        filters = request.GET.get("_changelist_filters", "")
        return redirect(f"{address}?{filters}" if filters else address)

    @staticmethod
    def _why_not(row: db.Model, other: db.Model | None, side: str) -> str:
        if side not in {"before", "after"} or other is None:
            return _(
                "Nothing was moved: the other row is not there any more. Load the "
                "page again."
            )
        if ordering.scope_of(row) != ordering.scope_of(other):
            return _(
                "Nothing was moved: a step moves within its phase. To move it to "
                "another phase, open it and change its phase."
            )
        return ""


@require_GET
def condition_in_words(request: HttpRequest) -> HttpResponse:
    """Answer with the sentence that the conditions in the address make."""
    directory = directory_of(request)
    listed = {
        name: [
            text
            for typed in request.GET.getlist(name)
            for text in directory.read(model, typed)
        ]
        for name, model in zip(CONDITIONS, CONDITION_MODELS, strict=True)
    }
    sentence = directory.sentence(listed)
    return HttpResponse(sentence, content_type="text/plain; charset=utf-8")
