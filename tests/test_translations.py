"""Translated texts of the draft, and their pages on the desk."""

import re

import polib
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from modeltranslation.translator import translator

from guide import models
from guide.admin import translations as pages
from guide.compiling import compile_draft
from guide.exchange.exporting import export
from guide.exchange.files import version_of
from guide.translations import (
    KINDS,
    MARKDOWN_FIELDS,
    TARGET_LANGUAGES,
    State,
    column,
    counts,
    fields_of,
    find,
    keep_track,
    state_of,
    texts_of,
    tidy,
    translations,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("only_english_and_chinese"),
]

ADDRESS = "/admin/translations/"
OLD, NEW = "Call them.", "Call them today."


def make_step(**texts: str) -> models.Step:
    """Save a step of its own with a body in English and Dutch."""
    given = {"body_en": OLD, "body_nl": "Bel hen."} | texts
    return models.Step.objects.create(
        slug="a-step-of-a-test", phase="know", title_en="A test", title_nl="Een test",
        **given,
    )  # fmt: skip


def change(row: models.Step, *, still_right: tuple = (), **texts: str) -> models.Step:
    """Change texts as a form does."""
    before = texts_of(row)
    for name, text in texts.items():
        setattr(row, name, text)
    keep_track(row, before, still_right)
    row.save()
    return models.Step.objects.get(pk=row.pk)


def sign_in(client: Client, *, groups: tuple[str, ...] = (), staff: bool = True) -> str:
    user = get_user_model().objects.create_user("somebody", is_staff=staff)
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return user.username


@pytest.fixture
def translator_client(client: Client) -> Client:
    sign_in(client, groups=("Translators",))
    return client


# What is outdated


def test_a_new_row_has_nothing_outdated() -> None:
    row = models.Step(body_en=NEW, body_nl="Bel hen.")

    keep_track(row, {})

    assert row.outdated == {}


def test_a_changed_source_leaves_its_translations_behind() -> None:
    row = change(make_step(body_fr="Appelez-les."), body_en=NEW)

    assert row.outdated == {"body": {"nl": OLD, "fr": OLD}}


def test_a_changed_source_says_nothing_of_other_fields() -> None:
    row = change(make_step(), title_en="Another test")

    assert row.outdated == {"title": {"nl": "A test"}}


def test_a_changed_translation_is_up_to_date() -> None:
    row = change(change(make_step(), body_en=NEW), body_nl="Bel hen vandaag.")

    assert row.outdated == {}


def test_source_and_translation_changed_together_are_up_to_date() -> None:
    row = change(make_step(), body_en=NEW, body_nl="Bel hen vandaag.")

    assert row.outdated == {}


def test_a_source_changed_twice_keeps_what_the_translation_was_made_from() -> None:
    row = change(change(make_step(), body_en=NEW), body_en="Write to them.")

    assert row.outdated == {"body": {"nl": OLD}}


def test_a_source_changed_back_makes_its_translation_right_again() -> None:
    row = change(change(make_step(), body_en=NEW), body_en=OLD)

    assert row.outdated == {}


def test_an_emptied_translation_is_missing_and_not_outdated() -> None:
    row = change(change(make_step(), body_en=NEW), body_nl="")

    assert row.outdated == {}
    assert find(f"step/{row.slug}/body", "nl").state == State.MISSING


def test_a_translation_first_filled_in_later_is_up_to_date() -> None:
    row = change(make_step(body_nl=""), body_en=NEW)
    row = change(row, body_nl="Bel hen vandaag.")

    assert row.outdated == {}


def test_a_compared_translation_stays_and_is_up_to_date() -> None:
    row = change(make_step(body_fr="Appelez-les."), body_en=NEW)
    row = change(row, still_right=[("body", "nl")])

    assert row.outdated == {"body": {"fr": OLD}}


def test_a_translation_compared_while_its_source_changes_is_up_to_date() -> None:
    row = change(make_step(), body_en=NEW, still_right=(("body", "nl"),))

    assert row.outdated == {}


def test_a_save_without_changes_keeps_what_is_outdated() -> None:
    row = change(change(make_step(), body_en=NEW))

    assert row.outdated == {"body": {"nl": OLD}}


@pytest.mark.parametrize("written", ["One.\r\n\r\nTwo.", " One.\n\nTwo.\n"])
def test_what_nobody_sees_is_no_change(written: str) -> None:
    """Browsers send other line ends than the fixtures have."""
    row = make_step(body_en="One.\n\nTwo.", body_nl="Een.\n\nTwee.")
    row = change(row, body_en=written)
    assert row.outdated == {}

    row = change(row, body_en=NEW)
    row = change(row, body_nl="Een.\r\n\r\nTwee.")
    assert set(row.outdated) == {"body"}


def test_a_source_written_after_its_translation_leaves_nothing_behind() -> None:
    row = change(make_step(body_en=""), body_en=NEW)

    assert row.outdated == {}


def test_a_source_emptied_and_written_anew_leaves_its_translation_behind() -> None:
    row = change(change(make_step(), body_en=""), body_en=NEW)

    assert row.outdated == {"body": {"nl": OLD}}


@pytest.mark.parametrize(
    ("text", "made_from", "state"),
    [
        ("", None, State.MISSING),
        (" \r\n", OLD, State.MISSING),
        ("Bel.", None, State.DONE),
        ("Bel.", f"{NEW}\r\n", State.DONE),
        ("Bel.", OLD, State.OUTDATED),
    ],
)
def test_state_of_a_translation(text: str, made_from: str | None, state: State) -> None:
    assert state_of(NEW, text, made_from) == state


def test_tidy_keeps_what_people_see() -> None:
    assert tidy("\ufeff a\r\nb\rc\u2028d\x00 e\u0301\tf \n") == "a\nb\nc\nd \u00e9\tf"


# Which texts there are


def test_every_translated_model_has_a_kind() -> None:
    assert set(KINDS.values()) == {
        model
        for model in translator.get_registered_models()
        if not model._meta.abstract
    }


def test_identities_are_unique_and_lead_back_to_their_texts() -> None:
    found = translations("fr")

    assert len({one.identity for one in found}) == len(found) > 800
    for kind in KINDS:
        one = next(one for one in found if one.kind == kind)
        assert find(one.identity, "fr") == one


@pytest.mark.parametrize(
    "identity",
    ["", "step", "step/", "step/none/title", "answer/goal/label", "source/a/title",
     "step/know-delete-is-not-cancel/position", "answer/a:b:c/label", "answer/:/label"],
)  # fmt: skip
def test_unknown_identities_lead_nowhere(identity: str) -> None:
    assert find(identity, "nl") is None


def test_texts_come_with_what_tells_where_they_stand() -> None:
    step = find("step/know-delete-is-not-cancel/body", "zh-hans")
    answer = find("answer/goal:stop/label", "zh-hans")
    channel = find("channel/proximus-cancel-online/detail", "zh-hans")

    assert step.name == "Deleting the eSIM does not end the contract"
    assert step.about == (("Phase", "Know this first"),)
    assert step.label == "what to do"
    assert step.is_markdown
    assert step.max_length is None
    assert answer.about == (("Answer to", "What would you like to do?"),)
    assert answer.max_length == 200
    assert not answer.is_markdown
    assert channel.name == "Proximus: Online"
    assert ("Labels on the screen", "MyProximus > My Products") in channel.about


def test_texts_without_a_source_are_not_asked_for() -> None:
    row = make_step(why_en="", why_nl="Daarom.")

    assert find(f"step/{row.slug}/why", "nl") is None


def test_markdown_fields_are_those_that_visitors_see_as_html() -> None:
    """A field that compiling turns into HTML, or no longer does, is noticed here."""
    mark = "**mark**"
    for kind, model in KINDS.items():
        for field in fields_of(model):
            text = f"{mark} {kind} {field}"
            model._default_manager.update(**{column(field, "de"): text})
    guide = compile_draft()

    seen = str(guide)
    for kind, model in KINDS.items():
        for field in fields_of(model):
            is_html = f"<p><strong>mark</strong> {kind} {field}</p>" in seen
            assert is_html == ((kind, field) in MARKDOWN_FIELDS), (kind, field)


def test_counts_follow_the_texts(django_assert_num_queries) -> None:
    before = counts()
    change(make_step(body_de="Ruf an."), body_en=NEW)

    with django_assert_num_queries(len(KINDS)):
        after = counts()

    def grown(language: str) -> tuple[int, ...]:
        return tuple(b - a for a, b in zip(before[language], after[language]))  # noqa: B905

    assert set(after) == set(TARGET_LANGUAGES)
    assert grown("nl") == (0, 1, 2)
    assert grown("de") == (1, 1, 2)
    assert grown("fr") == (2, 0, 2)
    for language in TARGET_LANGUAGES:
        found = [one.state for one in translations(language)]
        assert after[language] == (
            found.count(State.MISSING),
            found.count(State.OUTDATED),
            len(found),
        )


def test_an_empty_guide_has_nothing_to_translate(client: Client) -> None:
    for model in (
        models.Choice,
        models.Channel,
        models.OperatorFact,
        models.RetiredCode,
    ):
        model.objects.all().delete()
    for model in KINDS.values():
        model._default_manager.all().delete()
    client.force_login(get_user_model().objects.get(username="editor"))

    assert counts() == dict.fromkeys(TARGET_LANGUAGES, (0, 0, 0))
    assert client.get(ADDRESS).status_code == 200
    for file_format in ("po", "xlsx"):
        assert export(
            "nl", file_format, scope="everything", exported_at=timezone.now()
        ).data


# The pages


def test_overview_lists_what_is_missing(translator_client: Client) -> None:
    response = translator_client.get(ADDRESS, {"language": "nl", "show": "missing"})

    html = response.content.decode()
    row = models.Question.objects.get(slug="goal")
    assert response.status_code == 200
    assert f'/admin/guide/question/{row.pk}/change/#id_title_nl"' in html
    assert "What would you like to do?" in html
    assert html.count("translations-state is-missing") == pages.ON_A_PAGE
    assert "Page 1 of" in html


def test_overview_asks_few_questions_of_the_database(
    translator_client: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(2 * len(KINDS) + 6):
        translator_client.get(ADDRESS, {"language": "nl"})


def test_overview_pages_through_everything(translator_client: Client) -> None:
    asked = {"language": "nl", "show": "missing", "kind": "fact"}
    expected = sum(one.kind == "fact" for one in translations("nl"))
    found = 0
    number = 0
    while True:
        number += 1
        page = translator_client.get(ADDRESS, asked | {"page": number})
        found += page.content.decode().count("translations-state is-missing")
        if "Next page" not in page.content.decode():
            break

    assert found == expected
    assert number > 1


def test_overview_shows_what_changed_in_the_source(translator_client: Client) -> None:
    change(make_step(), body_en=NEW)

    html = translator_client.get(
        ADDRESS, {"language": "nl", "show": "outdated"}
    ).content.decode()

    assert "Call them<ins> today</ins>." in html
    assert "Bel hen." in html
    assert "The translation is still right" in html


@pytest.mark.parametrize(
    "asked",
    [
        {"language": "xx"},
        {"language": "en"},
        {"language": "nl", "show": "none", "kind": "none", "page": "none"},
        {"language": "nl", "page": "999999"},
    ],
    ids=lambda asked: "&".join(f"{k}={v}" for k, v in asked.items()),
)
def test_overview_does_without_what_it_does_not_understand(
    translator_client: Client, asked: dict[str, str]
) -> None:
    assert translator_client.get(ADDRESS, asked).status_code == 200


@pytest.mark.parametrize("show", ["done", "all"])
def test_overview_shows_what_is_done(translator_client: Client, show: str) -> None:
    page = translator_client.get(ADDRESS, {"language": "zh-hans", "show": show})

    assert "translations-state is-done" in page.content.decode()


def confirmation(row: models.Step) -> dict[str, str]:
    return {
        "text": f"step/{row.slug}/body",
        "language": "nl",
        "version": f"{version_of(row.body_en)}-{version_of(row.body_nl)}",
        "show": "outdated",
        "kind": "step",
    }


def test_still_right_takes_the_mark_away_and_is_logged(
    translator_client: Client,
) -> None:
    row = change(make_step(body_fr="Appelez-les."), body_en=NEW)

    response = translator_client.post(f"{ADDRESS}still-right/", confirmation(row))

    assert response.url == f"{ADDRESS}?language=nl&show=outdated&kind=step"
    row.refresh_from_db()
    assert row.outdated == {"body": {"fr": OLD}}
    assert row.body_nl == "Bel hen."
    entry = LogEntry.objects.get(object_id=str(row.pk), user__username="somebody")
    assert "nl" in entry.get_change_message()


def test_still_right_does_not_hold_for_a_source_nobody_has_seen(
    translator_client: Client,
) -> None:
    row = change(make_step(), body_en=NEW)
    seen = confirmation(row)
    change(row, body_en="Write to them.")

    response = translator_client.post(f"{ADDRESS}still-right/", seen, follow=True)

    assert "compare once more" in response.content.decode()
    row.refresh_from_db()
    assert row.outdated == {"body": {"nl": OLD}}


def test_still_right_does_not_hold_for_a_text_that_folds_elsewhere(
    translator_client: Client,
) -> None:
    row = change(make_step(), body_en="Write to them.\n\n---\n\nIt is safer.")

    response = translator_client.post(
        f"{ADDRESS}still-right/", confirmation(row), follow=True
    )

    assert "this translation has none there" in response.content.decode()
    row.refresh_from_db()
    assert row.outdated == {"body": {"nl": OLD}}


def upload(
    client: Client, name: str, data: bytes, language: str = "nl", **ticked: str
) -> HttpResponse:
    file = SimpleUploadedFile(name, data)
    return client.post(
        f"{ADDRESS}import/", {"language": language, "file": file} | ticked
    )


def filled(identity: str, text: str, language: str = "nl") -> bytes:
    """Export everything as PO, and fill in one text."""
    data = export(language, "po", scope="everything", exported_at=timezone.now()).data
    catalogue = polib.pofile(data.decode())
    entry = next(one for one in catalogue if one.msgctxt == identity)
    entry.msgstr = text
    return str(catalogue).encode()


def carried_in(response: HttpResponse) -> str:
    return re.search(r'name="carried" value="([^"]+)"', response.content.decode())[1]


GOAL = "question/goal/title"


def test_import_shows_first_and_saves_on_the_second_step(
    translator_client: Client,
) -> None:
    shown = upload(translator_client, "a.po", filled(GOAL, "Wat wilt u doen?"))

    html = shown.content.decode()
    assert "<ins>Wat wilt u doen?</ins>" in html
    assert "Dutch: 1 translation changes." in html
    row = models.Question.objects.get(slug="goal")
    assert not row.title_nl

    saved = translator_client.post(
        f"{ADDRESS}import/confirm/",
        {"language": "nl", "carried": carried_in(shown)},
        follow=True,
    )

    assert "1 translation is saved." in saved.content.decode()
    row.refresh_from_db()
    assert row.title_nl == "Wat wilt u doen?"
    entry = LogEntry.objects.get(user__username="somebody")
    assert entry.object_id == str(row.pk)
    assert entry.get_change_message() == "Changed question [nl]."


def test_import_leaves_alone_what_somebody_changed_between_the_steps(
    translator_client: Client,
) -> None:
    shown = upload(translator_client, "a.po", filled(GOAL, "Wat wilt u doen?"))
    models.Question.objects.filter(slug="goal").update(title_nl="Wat wil je?")

    saved = translator_client.post(
        f"{ADDRESS}import/confirm/",
        {"language": "nl", "carried": carried_in(shown)},
    )

    html = saved.content.decode()
    assert "Somebody has changed this translation" in html
    assert "Wat wilt u doen?" in html
    assert models.Question.objects.get(slug="goal").title_nl == "Wat wil je?"


def test_import_marks_outdated_when_the_source_changed_between_the_steps(
    translator_client: Client,
) -> None:
    shown = upload(translator_client, "a.po", filled(GOAL, "Wat wilt u doen?"))
    old = models.Question.objects.get(slug="goal").title_en
    models.Question.objects.filter(slug="goal").update(title_en="What is it?")

    translator_client.post(
        f"{ADDRESS}import/confirm/",
        {"language": "nl", "carried": carried_in(shown)},
    )

    row = models.Question.objects.get(slug="goal")
    assert row.title_nl == "Wat wilt u doen?"
    assert row.outdated == {"title": {"nl": old}}


def test_import_confirmed_twice_changes_nothing_more(
    translator_client: Client,
) -> None:
    shown = upload(translator_client, "a.po", filled(GOAL, "Wat wilt u doen?"))
    confirmed = {"language": "nl", "carried": carried_in(shown)}

    translator_client.post(f"{ADDRESS}import/confirm/", confirmed)
    again = translator_client.post(f"{ADDRESS}import/confirm/", confirmed, follow=True)

    assert "0 translations are saved." in again.content.decode()
    assert LogEntry.objects.filter(user__username="somebody").count() == 1


def test_import_replaces_newer_translations_when_asked(
    translator_client: Client,
) -> None:
    data = filled(GOAL, "Wat wilt u doen?")
    models.Question.objects.filter(slug="goal").update(title_nl="Wat wil je?")

    kept = upload(translator_client, "a.po", data)
    replaced = upload(translator_client, "a.po", data, replace_newer="on")

    assert "choose to replace newer translations" in kept.content.decode()
    assert "carried" not in kept.content.decode()
    assert carried_in(replaced)
    assert "<del>" in replaced.content.decode()


@pytest.mark.parametrize("spoiled", ["", "nonsense", "x:y:z"])
def test_import_refuses_a_spoiled_second_step(
    translator_client: Client, spoiled: str
) -> None:
    response = translator_client.post(
        f"{ADDRESS}import/confirm/",
        {"language": "nl", "carried": spoiled},
        follow=True,
    )

    assert "Nothing was changed" in response.content.decode()


def test_import_refuses_the_second_step_of_another_person_or_language(
    translator_client: Client, client: Client
) -> None:
    shown = upload(translator_client, "a.po", filled(GOAL, "Wat wilt u doen?"))
    carried = carried_in(shown)

    as_french = translator_client.post(
        f"{ADDRESS}import/confirm/", {"language": "fr", "carried": carried}
    )
    client.force_login(get_user_model().objects.get(username="editor"))
    as_another = client.post(
        f"{ADDRESS}import/confirm/", {"language": "nl", "carried": carried}
    )

    assert as_french.status_code == as_another.status_code == 302
    assert not models.Question.objects.get(slug="goal").title_nl


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.po", b"", "The file is empty."),
        ("a.txt", b"Hello", "neither a PO file nor an Excel workbook"),
        ("a.po", b'msgid "a\nmsgstr', "The PO file is broken"),
        ("a.xlsx", b"PK\x03\x04 broken", "The spreadsheet is broken"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "Save it as .xlsx"),
        ("a.po", b"/etc/passwd\nmsgid", "The PO file is broken"),
    ],
    ids=["empty", "text", "broken PO", "broken XLSX", "old Excel", "a path"],
)
def test_import_says_what_is_wrong_with_a_file(
    translator_client: Client, name: str, data: bytes, message: str
) -> None:
    response = upload(translator_client, name, data)

    html = response.content.decode()
    assert response.status_code == 200
    assert message in html
    assert 'id="file-error" role="alert"' in html


def test_import_without_a_file_says_so(translator_client: Client) -> None:
    response = translator_client.post(f"{ADDRESS}import/", {"language": "nl"})

    assert "Choose a file first." in response.content.decode()


def test_import_refuses_a_file_that_is_too_large(translator_client: Client) -> None:
    response = upload(translator_client, "a.po", b'msgid ""' * 800_000)

    assert "larger than 5 MB" in response.content.decode()


def test_import_refuses_a_file_of_another_language(translator_client: Client) -> None:
    data = export("fr", "xlsx", scope="to-do", exported_at=timezone.now()).data

    response = upload(translator_client, "a.xlsx", data, language="nl")

    assert "This file is for French." in response.content.decode()


def test_import_of_everything_at_once_fits_the_second_step(
    translator_client: Client,
) -> None:
    """All texts of a language, as the first translation of the guide brings them."""
    data = export("nl", "po", scope="to-do", exported_at=timezone.now()).data
    catalogue = polib.pofile(data.decode())
    for entry in catalogue:
        entry.msgstr = entry.msgid

    shown = upload(translator_client, "a.po", str(catalogue).encode())
    saved = translator_client.post(
        f"{ADDRESS}import/confirm/",
        {"language": "nl", "carried": carried_in(shown)},
        follow=True,
    )

    assert f"{len(catalogue)} translations are saved." in saved.content.decode()
    missing, outdated, _total = counts()["nl"]
    assert (missing, outdated) == (0, 0)


@pytest.mark.parametrize("file_format", ["po", "xlsx"])
@pytest.mark.parametrize("scope", ["to-do", "everything"])
def test_export_hands_out_a_file_with_a_telling_name(
    translator_client: Client, file_format: str, scope: str
) -> None:
    response = translator_client.get(
        f"{ADDRESS}export/", {"language": "fr", "scope": scope, "format": file_format}
    )

    name = re.search(r'filename="(.+)"', response["Content-Disposition"])[1]
    assert response.status_code == 200
    assert re.fullmatch(rf"sim-exit-fr-{scope}-\d{{4}}-\d\d-\d\d\.{file_format}", name)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "asked",
    [
        {"language": "en", "scope": "to-do", "format": "po"},
        {"language": "fr", "scope": "to-do", "format": "pdf"},
        {"language": "fr", "scope": "some", "format": "po"},
        {},
    ],
)
def test_export_of_what_there_is_not_is_not_found(
    translator_client: Client, asked: dict[str, str]
) -> None:
    response = translator_client.get(f"{ADDRESS}export/", asked, follow=True)

    assert response.status_code == 404


# Who may


READS = [ADDRESS, f"{ADDRESS}export/?language=nl&scope=to-do&format=po"]
WRITES = ["import/", "import/confirm/", "still-right/"]


@pytest.mark.parametrize("group", ["Editors", "Translators", "Publishers"])
@pytest.mark.parametrize("address", READS)
def test_all_groups_may_read(client: Client, group: str, address: str) -> None:
    sign_in(client, groups=(group,))

    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", READS)
def test_staff_without_rights_may_not_read(client: Client, address: str) -> None:
    sign_in(client)

    assert client.get(address).status_code == 403


@pytest.mark.parametrize("groups", [(), ("Publishers",)])
@pytest.mark.parametrize("action", WRITES)
def test_others_may_not_write(
    client: Client, groups: tuple[str, ...], action: str
) -> None:
    sign_in(client, groups=groups)
    row = change(make_step(), body_en=NEW)

    response = client.post(f"{ADDRESS}{action}", confirmation(row))

    assert response.status_code == 403
    row.refresh_from_db()
    assert row.outdated == {"body": {"nl": OLD}}


@pytest.mark.parametrize("action", WRITES)
def test_visitors_are_asked_to_sign_in(client: Client, action: str) -> None:
    response = client.post(f"{ADDRESS}{action}", {"language": "nl"})

    assert response.status_code == 302
    assert "/login/" in response.url


@pytest.mark.parametrize("action", ["import/confirm/", "still-right/"])
def test_reading_an_address_changes_nothing(
    translator_client: Client, action: str
) -> None:
    assert translator_client.get(f"{ADDRESS}{action}").status_code == 405


def test_writing_needs_the_token_of_the_form() -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, groups=("Translators",))

    for action in WRITES:
        assert client.post(f"{ADDRESS}{action}", {"language": "nl"}).status_code == 403


def test_import_leaves_alone_what_somebody_may_not_change(client: Client) -> None:
    """Who may change steps only gets everything else skipped, with the reason."""
    sign_in(client, groups=("Publishers",))
    user = get_user_model().objects.get(username="somebody")
    user.user_permissions.add(Permission.objects.get(codename="change_step"))

    response = upload(client, "a.po", filled(GOAL, "Wat wilt u doen?"))

    assert "You may not change texts of this kind." in response.content.decode()
    assert "carried" not in response.content.decode()


def test_publishers_see_no_form_to_import(client: Client) -> None:
    sign_in(client, groups=("Publishers",))

    html = client.get(ADDRESS, {"language": "nl"}).content.decode()

    assert "Translated file" not in html
    assert "Download" in html
