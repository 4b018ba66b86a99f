"""The one form that visitors send."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide import spam

LONGEST_TEXT = 2000

SEND_AGAIN = {
    spam.Stamp.TOO_SOON: gettext_lazy(
        "That was very quick. To keep machines out, we ask you to press “Send” once "
        "more. Your text is still here."
    ),
    spam.Stamp.TOO_OLD: gettext_lazy(
        "This form was open for a long time. Your text is still here: please press "
        "“Send” again."
    ),
}


class ReportField(forms.CharField):
    """A text as it was typed: browsers send two characters for the end of a line."""

    def to_python(self, value: object) -> str:
        text = "" if value is None else str(value)
        return super().to_python(text.replace("\r\n", "\n").replace("\0", ""))


class ReportForm(forms.Form):
    """What is wrong, and two fields that only machines get wrong."""

    text = ReportField(
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Please write what is wrong.")},
    )
    website = forms.CharField(required=False)
    opened = forms.CharField(required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # The stock sentence does not say what becomes of the text.
        self.fields["text"].validators = []

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if len(text) > LONGEST_TEXT:
            raise forms.ValidationError(
                _(
                    "Your text has %(length)s characters; at most %(most)s fit. It is "
                    "still here: please make it shorter."
                )
                % {"length": len(text), "most": LONGEST_TEXT}
            )
        if spam.is_only_links(text):
            raise forms.ValidationError(
                _("Please also say in words what is wrong. A link alone is not enough.")
            )
        return text

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                _(
                    "A hidden field was filled in, perhaps by your browser. We have "
                    "emptied it. Your text is still here: please press “Send” again."
                )
            )
        return ""

    def clean_opened(self) -> str:
        stamp = self.cleaned_data["opened"]
        reading = spam.read_stamp(stamp)
        if reading is not spam.Stamp.GOOD:
            raise forms.ValidationError(SEND_AGAIN[reading])
        return stamp

    def stamp(self) -> str:
        """Return the stamp for showing this form: the one it has, else a new one."""
        given = self.data.get("opened", "")
        if spam.read_stamp(given) is not spam.Stamp.TOO_OLD:
            return given
        return spam.new_stamp(has_waited=self.is_bound)

    def sentences(self) -> list[str]:
        """Return what is wrong; while the text is, only that: the rest may pass by."""
        wrong = (self.errors.get(name) for name in self.fields)
        return list(next((errors for errors in wrong if errors), ()))
