"""The forms of letters and of what they leave to be filled in."""

import pytest
from django.test import Client
from django.urls import reverse

from guide import models
from guide.admin.deleting import outlook
from tests.forms import opened, sent
from tests.test_editing import address, errors_at, make_client, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> Client:
    return make_client("anna", "Editors")


@pytest.fixture
def letter(db: None) -> models.Letter:
    return models.Letter.objects.get(slug="erasure")


def test_form_of_a_letter_lists_what_may_stand_in_braces(
    editor: Client, letter: models.Letter
) -> None:
    said = words(editor.get(address(letter)))

    assert "{mobile-number} mobile number" in said
    assert "Leave a blank line between paragraphs" in said


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("subject_en", "About {number}", "Nothing can fill in {number}."),
        ("purpose_en", "For {mobile-number}", "can only stand in the subject and the"),
        ("enclose_en", "For {nummer}", "Use {operator}, or write it without"),
        ("body_fr", "Un.\n\nDeux.", "It has 2 paragraphs; the English text has"),
        ("subject_nl", "Gegevens", "Paragraph 1 has nothing in braces; the English"),
        ("subject_de", "Löschung {name}", "Paragraph 1 has {name} in braces"),
    ],
    ids=["unknown", "not-there", "nowhere", "paragraphs", "missing", "another"],
)
def test_what_is_wrong_stands_next_to_the_text(
    editor: Client, letter: models.Letter, field: str, text: str, problem: str
) -> None:
    data = opened(editor, address(letter))

    response = sent(editor, address(letter), data | {field: [text]})

    assert problem in errors_at(response, field)
    letter.refresh_from_db()
    assert getattr(letter, field) != text


def test_wrong_identifiers_are_named_in_one_sentence_with_what_was_meant(
    editor: Client, letter: models.Letter
) -> None:
    data = opened(editor, address(letter))
    data |= {"subject_en": ["{ IBAN } and {mobile number} and {xyzzy}"]}

    response = sent(editor, address(letter), data)

    assert errors_at(response, "subject_en").startswith(
        "Nothing can fill in { IBAN }, {mobile number}, {xyzzy}. Did you mean {iban} "
        "or {mobile-number}? Use the code of an identifier"
    )
    at = reverse("admin:guide_identifier_changelist")
    assert f'<a href="{at}" target="_blank">' in response.content.decode()


def test_a_text_that_was_left_out_is_no_difference(
    editor: Client, letter: models.Letter
) -> None:
    data = opened(editor, address(letter))

    response = sent(editor, address(letter), data | {"body_fr": [""]})

    assert response.status_code == 302
    letter.refresh_from_db()
    assert not letter.body_fr


def test_english_can_change_before_the_translations_follow(
    editor: Client, letter: models.Letter
) -> None:
    data = opened(editor, address(letter))
    longer = data["body_en"][0] + "\n\nP.S."

    response = sent(editor, address(letter), data | {"body_en": [longer]})

    assert response.status_code == 302
    letter.refresh_from_db()
    assert "P.S." in letter.body_en
    assert set(letter.outdated["body"]) == {"zh-hans", "nl", "fr", "de"}


def test_translators_are_held_to_the_english_paragraphs(letter: models.Letter) -> None:
    translator = make_client("tina", "Translators")
    data = opened(translator, address(letter))

    response = sent(translator, address(letter), data | {"body_nl": ["Kort."]})

    assert "It has 1 paragraph;" in errors_at(response, "body_nl")


def test_an_identifier_cannot_take_the_place_of_the_operator(editor: Client) -> None:
    at = "/admin/guide/identifier/add/"
    data = opened(editor, at) | {"slug": ["operator"], "name_en": ["operator"]}

    response = sent(editor, at, data)

    assert "name of the visitor’s operator" in errors_at(response, "slug")


def test_a_new_identifier_can_be_named_in_a_letter(
    editor: Client, letter: models.Letter
) -> None:
    at = "/admin/guide/identifier/add/"
    made = sent(editor, at, opened(editor, at) | {"name_en": ["PUK code"]})
    assert made.status_code == 302
    data = opened(editor, address(letter))
    subjects = {
        name: [f"{value[0]} {{puk-code}}"]
        for name, value in data.items()
        if name.startswith("subject_")
    }

    response = sent(editor, address(letter), data | subjects)

    assert response.status_code == 302
    letter.refresh_from_db()
    assert letter.subject_fr.endswith("{puk-code}")


def test_an_identifier_that_letters_name_is_not_deleted() -> None:
    used = models.Identifier.objects.get(slug="iban")
    unused = models.Identifier.objects.create(slug="puk", name_en="PUK")

    (refusal,) = outlook([used]).refusals

    assert [link.title for link in refusal.links] == [
        "Letter to get prepaid credit back"
    ]
    assert outlook([unused]).refusals == ()


def test_deleting_a_letter_names_the_steps_that_offer_it(letter: models.Letter) -> None:
    effects = outlook([letter]).effects

    (offering,) = [note for note in effects if "steps offer it" in note.text]
    codes = {step.slug for step in models.Step.objects.filter(letters=letter)}
    assert len(codes) > 1
    assert len(offering.links) == len(codes)


def test_a_step_chooses_its_letters(editor: Client) -> None:
    step = models.Step.objects.get(slug="save-bills")
    data = opened(editor, address(step))

    response = sent(editor, address(step), data | {"letters-add": ["erasure"]})

    assert response.status_code == 302
    assert [one.slug for one in step.letters.all()] == ["erasure"]
