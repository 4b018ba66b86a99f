"""Which fields exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from guide import models


@register(models.CardType)
class CardTypeTranslation(TranslationOptions):
    fields = ("name", "recognise")


@register(models.Operator)
class OperatorTranslation(TranslationOptions):
    fields = ("status_note",)


@register(models.Channel)
class ChannelTranslation(TranslationOptions):
    fields = ("detail",)


@register(models.OperatorFact)
class OperatorFactTranslation(TranslationOptions):
    fields = ("text",)


@register(models.Question)
class QuestionTranslation(TranslationOptions):
    fields = ("title", "help", "how")


@register(models.Choice)
class ChoiceTranslation(TranslationOptions):
    fields = ("label", "hint")


@register(models.Step)
class StepTranslation(TranslationOptions):
    fields = ("title", "body", "why", "skip", "plan_b")


@register(models.FaqEntry)
class FaqEntryTranslation(TranslationOptions):
    fields = ("question", "answer")


@register(models.Identifier)
class IdentifierTranslation(TranslationOptions):
    fields = ("name", "where", "hint")


@register(models.GlossaryEntry)
class GlossaryEntryTranslation(TranslationOptions):
    fields = ("term", "meaning")


@register(models.Letter)
class LetterTranslation(TranslationOptions):
    fields = ("title", "purpose", "subject", "body", "enclose", "send")
