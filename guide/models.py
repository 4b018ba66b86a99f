"""The draft: what editors write and visitors read once it is published."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guide.flow import content

MOST_LINES = 12  # that an identifier gets in a printed letter


class LineKind(models.TextChoices):
    NETWORK = "network", _("Network")
    BRAND = "brand", _("Brand of a network")
    MVNO = "mvno", _("Operator without a network")
    TRAVEL_ESIM = "travel-esim", _("Travel eSIM")
    ROAMING_PACK = "roaming-pack", _("Roaming pack on a foreign number")


class OperatorStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    CLOSED = "closed", _("Closed")
    UNKNOWN = "unknown", _("Not confirmed")


class Confidence(models.TextChoices):
    OFFICIAL = "official", _("Official")
    REGULATOR = "regulator", _("Regulator")
    THIRD_PARTY = "third-party", _("Third party")


class Purpose(models.TextChoices):
    CANCEL = "cancel", _("Ending the line")
    WITHDRAW = "withdraw", _("Withdrawing within 14 days")
    REFUND = "refund", _("Refund")
    LOST = "lost", _("Blocking a lost card")
    RENEWAL = "renewal", _("Switching off the renewal")
    PRIVACY = "privacy", _("Personal data")
    CONTACT = "contact", _("General contact")


class ChannelKind(models.TextChoices):
    ONLINE = "online", _("Online")
    APP = "app", _("App")
    PHONE = "phone", _("Phone")
    SHOP = "shop", _("Shop")
    POST = "post", _("Post")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    FORM = "form", _("Form")


class Topic(models.TextChoices):
    NOTICE = "notice", _("Notice")
    EFFECTIVE = "effective", _("When it ends")
    IDENTITY = "identity", _("What to show")
    COSTS = "costs", _("Costs")
    CONFIRMATION = "confirmation", _("Confirmation")
    WITHDRAWAL = "withdrawal", _("Withdrawal within 14 days")
    PREPAID_EXPIRY = "prepaid-expiry", _("When a prepaid card lapses")
    PREPAID_CREDIT = "prepaid-credit", _("Leftover credit")
    PREPAID_STOP = "prepaid-stop", _("Ending a prepaid card")
    PORTING = "porting", _("Taking the number along")
    REACTIVATION = "reactivation", _("Bringing the line back")
    ESIM = "esim", _("The eSIM")
    EQUIPMENT = "equipment", _("Rented equipment")
    LOST = "lost", _("Lost or stolen")
    DECEASED = "deceased", _("After a death")
    ACCOUNT = "account", _("Customer account and data")
    RENEWAL = "renewal", _("Automatic renewal")
    REFUND = "refund", _("Refund")
    SURPRISE = "surprise", _("Good to know")


class QuestionKind(models.TextChoices):
    ONE = "one", _("One answer")
    MANY = "many", _("Several answers")
    OPERATOR = "operator", _("Operator")
    CARD = "card", _("Card type")
    DATE = "date", _("Date")


class Phase(models.TextChoices):
    KNOW = "know", _("Know this first")
    BEFORE = "before", _("Before")
    CANCEL = "cancel", _("End the line")
    AFTER = "after", _("After")
    WRONG = "wrong", _("If it goes wrong")


class Role(models.TextChoices):
    UNLINK = "unlink", _("Moves an account off the number")
    PORT = "port", _("Moves the number")
    CANCEL = "cancel", _("Ends the line")
    CONFIRM = "confirm", _("Makes sure that the line has ended")
    ERASE = "erase", _("Destroys the card or deletes the eSIM")


class ReportState(models.TextChoices):
    OPEN = "open", _("Open")
    HANDLED = "handled", _("Handled")


class SlugManager(models.Manager):
    """Find rows by their code, as fixtures name them."""

    def get_by_natural_key(self, slug: str) -> models.Model:
        return self.get(slug=slug)


class Coded(models.Model):
    """Something with a code of its own, which fixtures and links use as its name."""

    slug = models.SlugField(
        _("code"),
        max_length=80,
        unique=True,
        help_text=_("Lower case and hyphens. Part of people's links: never rename it."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Conditional(models.Model):
    """
    Shown only to some visitors.

    Within one question any listed answer is enough; across questions all must hold.
    Nothing listed: shown to everybody.
    """

    operators = models.ManyToManyField(
        "guide.Operator",
        verbose_name=_("only for operators"),
        related_name="+",
        blank=True,
    )
    except_operators = models.ManyToManyField(
        "guide.Operator",
        verbose_name=_("not for operators"),
        related_name="+",
        blank=True,
    )
    card_types = models.ManyToManyField(
        "guide.CardType",
        verbose_name=_("only for card types"),
        related_name="+",
        blank=True,
    )
    answers = models.ManyToManyField(
        "guide.Choice", verbose_name=_("only for answers"), related_name="+", blank=True
    )

    class Meta:
        abstract = True


class Translated(models.Model):
    """
    Has texts in several languages, written first in the source language.

    `outdated` names translations that are older than their source: for each field and
    language the source text from which the translation was made. What is not named is
    up to date. `guide.translations` keeps it.
    """

    outdated = models.JSONField(
        _("translations older than their source"),
        default=dict,
        blank=True,
        editable=False,
    )

    class Meta:
        abstract = True


class Sourced(models.Model):
    """Rests on sources and was true on a day."""

    sources = models.ManyToManyField(
        "guide.Source", verbose_name=_("sources"), related_name="+", blank=True
    )
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("The date of the source. Empty: no date known, so overdue."),
    )
    review_days = models.PositiveSmallIntegerField(
        _("check again after (days)"), default=365
    )

    class Meta:
        abstract = True


class Source(Coded):
    """A page or document in which something was read."""

    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200)
    url = models.URLField(_("address"), max_length=700, blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=12, choices=Confidence.choices
    )
    dated_on = models.DateField(_("date of the source"), null=True, blank=True)
    date_note = models.CharField(_("note on its date"), max_length=300, blank=True)

    objects = SlugManager()

    class Meta:
        ordering = ["publisher", "title", "slug"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"


class CardTypeQuerySet(models.QuerySet):
    def for_guide(self) -> "CardTypeQuerySet":
        """Return card types with all that publishing reads."""
        return self.prefetch_related(*CONDITION_FIELDS)


class CardType(Coded, Conditional, Translated):
    """A kind of SIM: what may answer the question about the card."""

    # Translated: see translation.py.
    name = models.CharField(_("name"), max_length=80)
    recognise = models.TextField(_("how to recognise it"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(CardTypeQuerySet)()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("card type")
        verbose_name_plural = _("card types")

    def __str__(self) -> str:
        return self.name or self.slug


class OperatorQuerySet(models.QuerySet):
    def active(self) -> "OperatorQuerySet":
        return self.filter(status=OperatorStatus.ACTIVE)

    def for_guide(self) -> "OperatorQuerySet":
        """Return operators with all that publishing reads."""
        return self.prefetch_related(
            *CONDITION_FIELDS,
            "sources",
            models.Prefetch("channels", Channel.objects.for_guide()),
            models.Prefetch("facts", OperatorFact.objects.for_guide()),
        )


class Operator(Coded, Conditional, Sourced, Translated):
    """A company or brand that sells mobile lines, open or closed."""

    name = models.CharField(_("name"), max_length=80)
    aliases = models.TextField(
        _("other names"),
        blank=True,
        help_text=_("One a line: old names, companies, spellings that people type."),
    )
    company = models.CharField(_("company"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=14, choices=LineKind.choices)
    network = models.CharField(_("network"), max_length=80, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=OperatorStatus.choices
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    # Translated: see translation.py.
    status_note = models.TextField(_("what became of it"), blank=True)
    esim = models.BooleanField(_("sells eSIMs"), null=True, blank=True)
    letter_languages = models.CharField(
        _("languages of its letters"),
        max_length=40,
        blank=True,
        help_text=_("Codes with commas, such as nl, fr."),
    )
    website = models.URLField(_("website"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(OperatorQuerySet)()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_closed_on_only_when_closed",
                condition=(
                    models.Q(status=OperatorStatus.CLOSED, closed_on__isnull=False)
                    | (
                        ~models.Q(status=OperatorStatus.CLOSED)
                        & models.Q(closed_on__isnull=True)
                    )
                ),
                violation_error_message=_(
                    "Give the closing date of a closed operator, and of no other."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("guide:operator-detail", args=[self.slug])


class SourcedQuerySet(models.QuerySet):
    def for_guide(self) -> "SourcedQuerySet":
        """Return rows with their conditions and sources."""
        return self.prefetch_related(*CONDITION_FIELDS, "sources")


def problem_with_value(kind: str, value: str) -> str:
    """Return why *value* is no address for a channel of that kind, "" if it is one."""
    if not value:
        return ""
    if kind in {
        ChannelKind.ONLINE,
        ChannelKind.FORM,
        ChannelKind.CHAT,
        ChannelKind.APP,
    }:
        if not value.startswith(("https://", "http://")):
            return gettext("Write a web address that begins with https://.")
    elif kind == ChannelKind.PHONE and not re.fullmatch(r"\+?[\d ./()-]{3,}", value):
        return gettext("Write a phone number: digits, spaces and a + in front.")
    elif kind == ChannelKind.EMAIL and not re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", value):
        return gettext("Write an e-mail address, such as help@operator.be.")
    return ""


class Channel(Coded, Conditional, Sourced, Translated):
    """One way to reach an operator for one purpose."""

    operator = models.ForeignKey(
        Operator,
        verbose_name=_("operator"),
        related_name="channels",
        on_delete=models.PROTECT,
    )
    purpose = models.CharField(
        _("what it is for"), max_length=10, choices=Purpose.choices
    )
    kind = models.CharField(_("kind"), max_length=8, choices=ChannelKind.choices)
    value = models.CharField(
        _("address or number"),
        max_length=500,
        blank=True,
        help_text=_("A link, a phone number, an e-mail or postal address."),
    )
    screen_path = models.CharField(
        _("labels on the screen"),
        max_length=200,
        blank=True,
        help_text=_("As the operator writes them, in order, with > between."),
    )
    screen_language = models.CharField(
        _("language of these labels"), max_length=8, blank=True
    )
    # Translated: see translation.py.
    detail = models.TextField(_("what to do"))
    works_abroad = models.BooleanField(_("works from abroad"), null=True, blank=True)
    works_without_sim = models.BooleanField(
        _("works without the SIM"), null=True, blank=True
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(SourcedQuerySet)()

    class Meta:
        ordering = ["operator", "position", "slug"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_labels_have_a_language",
                condition=models.Q(screen_path="") | ~models.Q(screen_language=""),
                violation_error_message=_(
                    "Say in which language the labels on the screen are."
                ),
            ),
        ]

    def clean(self) -> None:
        """Refuse an address that leads nowhere; none at all is allowed."""
        problem = problem_with_value(self.kind, self.value)
        if problem:
            raise ValidationError({"value": problem})


class OperatorFact(Coded, Conditional, Sourced, Translated):
    """One sourced fact about one operator."""

    operator = models.ForeignKey(
        Operator,
        verbose_name=_("operator"),
        related_name="facts",
        on_delete=models.PROTECT,
    )
    topic = models.CharField(_("topic"), max_length=16, choices=Topic.choices)
    # Translated: see translation.py.
    text = models.TextField(_("text"))
    days = models.PositiveSmallIntegerField(
        _("last day to act (days after the end)"),
        null=True,
        blank=True,
        help_text=_(
            "A limit that this operator sets, such as 31 for asking credit back. Steps "
            "that show this fact then name the day."
        ),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(SourcedQuerySet)()

    class Meta:
        ordering = ["operator", "position", "slug"]
        verbose_name = _("fact about an operator")
        verbose_name_plural = _("facts about operators")


class QuestionQuerySet(models.QuerySet):
    def for_guide(self) -> "QuestionQuerySet":
        """Return questions with all that publishing reads."""
        return self.prefetch_related(
            *CONDITION_FIELDS,
            "retired_codes",
            models.Prefetch(
                "choices", Choice.objects.prefetch_related(*CONDITION_FIELDS)
            ),
        )


class Question(Coded, Conditional, Translated):
    """One question to visitors."""

    kind = models.CharField(_("kind"), max_length=8, choices=QuestionKind.choices)
    # Translated: see translation.py.
    title = models.CharField(_("question"), max_length=200)
    help = models.TextField(_("help"), blank=True)
    how = models.TextField(_("how to find out"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(QuestionQuerySet)()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.title or self.slug


class ChoiceManager(models.Manager):
    """Find choices by question and code, as fixtures name them."""

    def get_by_natural_key(self, question: str, slug: str) -> "Choice":
        return self.get(question__slug=question, slug=slug)


class Choice(Conditional, Translated):
    """One possible answer to a question."""

    question = models.ForeignKey(
        Question,
        verbose_name=_("question"),
        related_name="choices",
        on_delete=models.PROTECT,
    )
    slug = models.SlugField(_("code"), max_length=80)
    # Translated: see translation.py.
    label = models.CharField(_("answer"), max_length=200)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    exclusive = models.BooleanField(
        _("excludes the others"),
        default=False,
        help_text=_("For “none of these”."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = ChoiceManager()

    class Meta:
        ordering = ["question", "position", "slug"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "slug"],
                name="%(app_label)s_%(class)s_code_once_in_a_question",
                violation_error_message=_("This question has an answer of that code."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question.slug}: {self.label or self.slug}"

    def natural_key(self) -> tuple[str, str]:
        return (self.question.slug, self.slug)

    natural_key.dependencies = ["guide.question"]


class RetiredCodeManager(models.Manager):
    """Find retired codes by question and code."""

    def get_by_natural_key(self, question: str, slug: str) -> "RetiredCode":
        return self.get(question__slug=question, slug=slug)


class RetiredCode(models.Model):
    """An answer's code that is still in people's links, and the one in its place."""

    question = models.ForeignKey(
        Question,
        verbose_name=_("question"),
        related_name="retired_codes",
        on_delete=models.PROTECT,
    )
    slug = models.SlugField(_("retired code"), max_length=80)
    replacement = models.SlugField(_("code in its place"), max_length=80)

    objects = RetiredCodeManager()

    class Meta:
        ordering = ["question", "slug"]
        verbose_name = _("retired code")
        verbose_name_plural = _("retired codes")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "slug"],
                name="%(app_label)s_%(class)s_code_once_in_a_question",
                violation_error_message=_("This code has been retired already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question.slug}: {self.slug} → {self.replacement}"

    def natural_key(self) -> tuple[str, str]:
        return (self.question.slug, self.slug)

    natural_key.dependencies = ["guide.question"]


class StepQuerySet(models.QuerySet):
    def for_guide(self) -> "StepQuerySet":
        """Return steps with all that publishing reads."""
        return self.prefetch_related(
            *CONDITION_FIELDS, "sources", "requires", "letters"
        )


class Step(Coded, Conditional, Sourced, Translated):
    """One thing to do; it fills itself in for the visitor's operator."""

    phase = models.CharField(_("phase"), max_length=6, choices=Phase.choices)
    role = models.CharField(
        _("what it does to the line"),
        max_length=7,
        choices=Role.choices,
        blank=True,
        help_text=_("The audit proves the order of these."),
    )
    # Translated: see translation.py.
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("what to do"))
    why = models.TextField(_("why"), blank=True)
    skip = models.TextField(_("what happens if you skip it"), blank=True)
    plan_b = models.TextField(
        _("when it is too late, or from abroad"),
        blank=True,
        help_text=_(
            "What to do instead when its day has passed, or when the visitor has left "
            "Belgium. Shown only then."
        ),
    )
    must = models.BooleanField(_("must be done"), default=True)
    due_days = models.SmallIntegerField(
        _("due (days from the end)"),
        null=True,
        blank=True,
        help_text=_(
            "Negative: before the line ends, and then the latest day. After the end: "
            "the first day on which it makes sense."
        ),
    )
    lead_days = models.PositiveSmallIntegerField(
        _("how long it takes (days)"),
        default=0,
        help_text=_(
            "From doing it to its result, such as a letter that must arrive. Before "
            "the end it is due so much earlier; what comes after it waits so long."
        ),
    )
    needs_working_day = models.BooleanField(
        _("needs a working day"),
        default=False,
        help_text=_(
            "For a counter, a bank, the post or somebody in an office: its day then "
            "falls on no weekend and no public holiday. A step that shows only shops, "
            "phone numbers and postal addresses needs one by itself."
        ),
    )
    requires = models.ManyToManyField(
        "self",
        verbose_name=_("only after these steps"),
        symmetrical=False,
        related_name="required_by",
        blank=True,
    )
    topics = models.JSONField(
        _("facts shown inside"),
        default=list,
        blank=True,
        help_text=_("A list of topics."),
    )
    shows_channels = models.CharField(
        _("channels shown inside"), max_length=10, choices=Purpose.choices, blank=True
    )
    letters = models.ManyToManyField(
        "guide.Letter",
        verbose_name=_("letters for this step"),
        related_name="steps",
        blank=True,
        help_text=_("The step offers those of them that fit the visitor’s case."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(StepQuerySet)()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return self.title or self.slug


class FaqEntry(Coded, Conditional, Sourced, Translated):
    """A question people ask, with its answer."""

    # Translated: see translation.py.
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"))
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(SourcedQuerySet)()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("FAQ entry")
        verbose_name_plural = _("FAQ entries")

    def __str__(self) -> str:
        return self.question or self.slug


class IdentifierKind(models.TextChoices):
    TEXT = "text", _("words or a number")
    DATE = "date", _("a day")
    PHONE = "phone", _("a phone number")
    IBAN = "iban", _("a bank account (IBAN)")


class IdentifierQuerySet(models.QuerySet):
    def for_guide(self) -> "IdentifierQuerySet":
        """Return identifiers with all that publishing reads."""
        return self.prefetch_related("sources")


class Identifier(Coded, Sourced, Translated):
    """
    Something that letters leave to be filled in, such as the mobile number.

    Letters name it by its code in braces, the same one in every language. It needs a
    source only where it says more than anybody knows.
    """

    # Translated: see translation.py.
    name = models.CharField(_("name"), max_length=80)
    where = models.TextField(_("where to find it"), blank=True)
    hint = models.CharField(_("example or form"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=IdentifierKind.choices,
        default=IdentifierKind.TEXT,
        help_text=_(
            "A day is chosen from a calendar and written as the letter’s language "
            "writes it. A bank account is checked for typing mistakes."
        ),
    )
    lines = models.PositiveSmallIntegerField(
        _("lines to write on"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_LINES)],
        help_text=_("How much room a printed letter leaves for it."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(IdentifierQuerySet)()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("identifier in letters")
        verbose_name_plural = _("identifiers in letters")

    def __str__(self) -> str:
        return self.name or self.slug


class GlossaryQuerySet(models.QuerySet):
    def for_guide(self) -> "GlossaryQuerySet":
        """Return words with all that publishing reads."""
        return self.prefetch_related("sources")


class GlossaryEntry(Coded, Sourced, Translated):
    """A word that visitors meet on Belgian bills and screens, and what it means."""

    # As they stand there, whatever the reader's language is.
    dutch = models.CharField(
        _("in Dutch"),
        max_length=120,
        blank=True,
        help_text=_("As it stands on bills and screens; several with commas."),
    )
    french = models.CharField(_("in French"), max_length=120, blank=True)
    german = models.CharField(
        _("in German"),
        max_length=120,
        blank=True,
        help_text=_("Leave all three empty for a name that is the same everywhere."),
    )
    # Translated: see translation.py.
    term = models.CharField(_("word"), max_length=120)
    meaning = models.TextField(_("what it means"))
    is_linked = models.BooleanField(
        _("explain it where it occurs in other texts"),
        default=True,
        help_text=_("Leave it out for words that nearly every text holds."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(GlossaryQuerySet)()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("glossary entry")
        verbose_name_plural = _("glossary entries")

    def __str__(self) -> str:
        return self.term or self.slug


class Letter(Coded, Conditional, Sourced, Translated):
    """
    A letter to be sent; paragraphs are divided by a blank line.

    What is filled in stands in braces in subject and paragraphs: {operator}, and the
    codes of identifiers.
    """

    # Translated: see translation.py.
    title = models.CharField(_("title"), max_length=200)
    purpose = models.CharField(_("what it is for"), max_length=200)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("paragraphs"))
    enclose = models.TextField(_("what to enclose"), blank=True)
    send = models.TextField(_("how to send it, and what to keep"), blank=True)
    shows_channels = models.CharField(
        _("channels of the operator shown below"),
        max_length=10,
        choices=Purpose.choices,
        blank=True,
        help_text=_("Only those in writing: post, e-mail and forms."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = SlugManager.from_queryset(SourcedQuerySet)()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return self.title or self.slug


class PublicationQuerySet(models.QuerySet):
    def newest_number(self) -> int | None:
        """Return the number in force, None before the first publication."""
        return self.order_by("-number").values_list("number", flat=True).first()


class Publication(models.Model):
    """One frozen guide; the one of the highest number is in force."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    published_at = models.DateTimeField(_("published at"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    note = models.TextField(_("note"), blank=True)
    document = models.TextField(_("the guide as JSON"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        permissions = [
            ("publish_guide", "Can publish the draft and bring back publications"),
            ("translate_guide", "Can change translations, and nothing else"),
        ]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_number_from_one",
                condition=models.Q(number__gte=1),
                violation_error_message=_("Publications are numbered from 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Proposal(models.Model):
    """A draft that one person asks another one to publish."""

    note = models.TextField(_("note"))
    sha256 = models.CharField(_("SHA-256 of the draft"), max_length=64)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        related_name="+",
        on_delete=models.CASCADE,
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)

    class Meta:
        ordering = ["-proposed_at"]
        verbose_name = _("proposal to publish")
        verbose_name_plural = _("proposals to publish")

    def __str__(self) -> str:
        return self.note[:60]


class Report(models.Model):
    """What a visitor says is wrong. No name, no address."""

    step_slug = models.CharField(_("step"), max_length=80, blank=True)
    fact_slug = models.CharField(_("fact"), max_length=80, blank=True)
    publication_number = models.PositiveIntegerField(_("publication"))
    language = models.CharField(_("language"), max_length=8)
    text = models.TextField(_("text"), max_length=2000)
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=ReportState.choices,
        default=ReportState.OPEN,
    )
    reported_at = models.DateTimeField(_("reported at"), auto_now_add=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handled by"),
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)

    class Meta:
        ordering = ["-reported_at"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return self.text[:60]


class LinkCheckQuerySet(models.QuerySet):
    def broken(self) -> "LinkCheckQuerySet":
        """Return links that failed at least twice in a row."""
        return self.filter(failures__gte=2)


class LinkCheck(models.Model):
    """What the last look at an address in the guide found."""

    url = models.URLField(_("address"), max_length=700, unique=True)
    status = models.PositiveSmallIntegerField(
        _("HTTP status"), null=True, blank=True, help_text=_("Empty: no answer.")
    )
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    message = models.CharField(_("what happened"), max_length=300, blank=True)
    redirects_to = models.URLField(_("leads on to"), max_length=700, blank=True)
    checked_at = models.DateTimeField(_("checked at"))
    worked_at = models.DateTimeField(_("last worked at"), null=True, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-failures", "url"]
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.url


CONDITION_FIELDS = (
    "operators",
    "except_operators",
    "card_types",
    "answers__question",
)

# The engine's words and the editors' words are the same ones.
assert set(Phase.values) == {phase.value for phase in content.Phase}
assert set(Role.values) == {role.value for role in content.Role} - {""}
assert set(QuestionKind.values) == {kind.value for kind in content.Kind}
assert set(Confidence.values) == {c.value for c in content.Confidence}
