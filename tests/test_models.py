"""What the database can hold, tested both ways."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from guide import models

pytestmark = pytest.mark.django_db


def make_operator(**fields: object) -> models.Operator:
    values = {
        "slug": "example",
        "name": "Example",
        "kind": models.LineKind.BRAND,
        "status": models.OperatorStatus.ACTIVE,
    }
    return models.Operator(**(values | fields))


def refuses(row: object) -> bool:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    ("status", "closed_on", "is_refused"),
    [
        (models.OperatorStatus.ACTIVE, None, False),
        (models.OperatorStatus.UNKNOWN, None, False),
        (models.OperatorStatus.CLOSED, date(2018, 3, 31), False),
        (models.OperatorStatus.CLOSED, None, True),
        (models.OperatorStatus.ACTIVE, date(2018, 3, 31), True),
    ],
    ids=["active", "unknown", "closed", "closed-without-day", "active-with-day"],
)
def test_operator_has_a_closing_date_only_when_closed(
    status: str, closed_on: date | None, is_refused: bool
) -> None:
    operator = make_operator(status=status, closed_on=closed_on)

    assert refuses(operator) is is_refused
    if is_refused:
        with pytest.raises(ValidationError, match="closing date"):
            operator.full_clean()


@pytest.mark.parametrize(
    ("path", "language", "is_refused"),
    [("", "", False), ("Mijn producten", "nl", False), ("Mijn producten", "", True)],
    ids=["no-labels", "labels-and-language", "labels-alone"],
)
def test_channel_labels_have_a_language(
    path: str, language: str, is_refused: bool
) -> None:
    channel = models.Channel(
        slug="example-online",
        operator=models.Operator.objects.get(slug="base"),
        purpose=models.Purpose.CANCEL,
        kind=models.ChannelKind.ONLINE,
        detail="Sign in.",
        screen_path=path,
        screen_language=language,
    )

    assert refuses(channel) is is_refused


def test_choice_codes_are_unique_within_their_question_only() -> None:
    goal = models.Question.objects.get(slug="goal")
    place = models.Question.objects.get(slug="place")

    assert refuses(models.Choice(question=goal, slug="stop"))
    assert not refuses(models.Choice(question=place, slug="stop"))


def test_retired_codes_are_unique_within_their_question() -> None:
    goal = models.Question.objects.get(slug="goal")
    models.RetiredCode.objects.create(question=goal, slug="old", replacement="stop")

    assert refuses(models.RetiredCode(question=goal, slug="old", replacement="lost"))


def test_publications_are_numbered_from_one() -> None:
    assert refuses(models.Publication(number=0, document="{}", sha256=""))


def test_operator_with_facts_cannot_be_deleted() -> None:
    with pytest.raises(ProtectedError):
        models.Operator.objects.get(slug="base").delete()


def test_operator_active_leaves_out_closed_and_unconfirmed_ones() -> None:
    slugs = set(models.Operator.objects.active().values_list("slug", flat=True))

    assert "proximus" in slugs
    assert slugs.isdisjoint({"ortel-mobile", "colruyt-mobile", "jim-mobile"})


@pytest.mark.parametrize(
    ("model", "key"),
    [
        (models.Step, ("cancel-line",)),
        (models.Choice, ("goal", "stop")),
        (models.Source, ("law-s1",)),
    ],
    ids=["step", "choice", "source"],
)
def test_natural_keys_lead_back_to_their_row(model: type, key: tuple) -> None:
    assert model.objects.get_by_natural_key(*key).natural_key() == key


@pytest.mark.parametrize(
    ("kind", "value", "is_right"),
    [
        ("online", "https://operator.example/stop", True),
        ("online", "javascript:alert(1)", False),
        ("phone", "+32 800 55 800", True),
        ("phone", "1976", True),
        ("phone", "call me maybe", False),
        ("email", "help@operator.example", True),
        ("email", "nobody", False),
        ("post", "Boulevard 27, 1030 Brussels", True),
        ("app", "", True),
    ],
)
def test_channels_lead_somewhere(kind: str, value: str, is_right: bool) -> None:
    assert (models.problem_with_value(kind, value) == "") is is_right
