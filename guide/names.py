"""What editors call the rows of a guide, where codes would tell them little."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guide.flow.content import Guide, Text
from guide.wording import CHANNEL_KINDS, PURPOSES, TOPICS


def names_in(guide: Guide) -> dict[tuple[str, str], str]:
    """Return what editors call the rows of *guide*, by kind and code."""
    language = get_language() or "en"

    def said(text: Text, slug: str) -> str:
        words = text.read(language).replace("{operator}", _("the operator"))
        return words[:1].upper() + words[1:] or slug

    names: dict[tuple[str, str], str] = {}
    for question in guide.questions:
        names["question", question.slug] = said(question.title, question.slug)
        for choice in question.choices:
            names["choice", f"{question.slug}:{choice.slug}"] = said(
                choice.label, choice.slug
            )
    for step in guide.steps:
        names["step", step.slug] = said(step.title, step.slug)
    for entry in guide.faq:
        names["faq entry", entry.slug] = said(entry.question, entry.slug)
    for letter in guide.letters:
        names["letter", letter.slug] = said(letter.name, letter.slug)
    for identifier in guide.identifiers:
        names["identifier", identifier.slug] = said(identifier.name, identifier.slug)
    for source in guide.sources:
        names["source", source.slug] = f"{source.publisher}: {source.title}"
    for operator in guide.operators:
        names["operator", operator.slug] = operator.name or operator.slug
        for channel in operator.channels:
            names["channel", channel.slug] = _(
                "%(operator)s, %(purpose)s: %(kind)s"
            ) % {
                "operator": operator.name,
                "purpose": PURPOSES.get(channel.purpose, channel.purpose),
                "kind": CHANNEL_KINDS.get(channel.kind, channel.kind),
            }
        for fact in operator.facts:
            names["fact", fact.slug] = _("%(operator)s, %(topic)s") % {
                "operator": operator.name,
                "topic": TOPICS.get(fact.topic, fact.topic),
            }
    return names
