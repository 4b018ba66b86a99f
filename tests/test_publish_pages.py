"""Publishing and rolling back from the desk: what works, and what is refused."""

import re
from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from guide import models, publishing
from guide.rows import dump_rows
from tests.forms import opened, sent

pytestmark = pytest.mark.django_db

PAGE = "/admin/publish/"


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Sign somebody in who is in the groups named."""

    def sign_in(name: str, *groups: str, is_staff: bool = True) -> Client:
        user = get_user_model().objects.create_user(name, is_staff=is_staff)
        user.groups.set(Group.objects.filter(name__in=groups))
        assert user.groups.count() == len(groups)
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def publisher(sign_in: Callable[..., Client]) -> Client:
    return sign_in("paula", "Publishers")


def change_draft(text: str = "Another title") -> None:
    models.Step.objects.filter(slug="cancel-line").update(title_en=text)


def publish_as_is(note: str = "As it is.") -> models.Publication:
    return publishing.publish(note=note)[0]


def hidden(html: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", html):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        found.setdefault(name[1], value[1] if value else "")
    return found


def page(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def numbers() -> list[int]:
    return list(models.Publication.objects.values_list("number", flat=True))


# Publish


def test_publisher_sees_the_difference_and_publishes_with_a_note(
    publisher: Client,
) -> None:
    change_draft()
    before = numbers()

    html = page(publisher)
    response = publisher.post(PAGE, {**hidden(html), "note": "Better title."})

    assert "Another title" in html
    assert "<del>" in html
    newest = models.Publication.objects.first()
    assert response["Location"] == reverse(
        "admin:guide_publication_change", args=[newest.pk]
    )
    assert (newest.note, newest.published_by.username) == ("Better title.", "paula")
    assert newest.number == before[0] + 1
    assert LogEntry.objects.filter(object_id=newest.pk, user__username="paula").exists()
    assert "in force" in publisher.get(response["Location"]).content.decode()


def test_nothing_to_publish_says_so(publisher: Client) -> None:
    publish_as_is()

    html = page(publisher)

    assert "There is nothing to publish." in html
    assert 'value="publish"' not in html


def test_a_note_is_required_and_what_was_seen_is_kept(publisher: Client) -> None:
    change_draft()
    before = numbers()

    response = publisher.post(PAGE, {**hidden(page(publisher)), "note": "  "})

    html = response.content.decode()
    assert "Say in a sentence what has changed and why." in html
    assert numbers() == before
    assert hidden(html)["sha256"] == publishing.read_draft().sha256


def test_errors_stop_the_publication_and_lead_to_their_row(publisher: Client) -> None:
    change_draft()
    fields = hidden(page(publisher))
    step = models.Step.objects.get(slug="port")
    step.sources.clear()
    before = numbers()

    html = page(publisher)
    sent = publisher.post(PAGE, {**fields, "note": "My long note."})

    assert f"/admin/guide/step/{step.pk}/change/" in html
    assert "1 error stops the publication" in html
    assert 'value="publish"' not in html
    assert sent.status_code == 409
    assert "My long note." in sent.content.decode()
    assert numbers() == before


def test_a_list_of_errors_that_is_not_complete_says_so(publisher: Client) -> None:
    step = models.Step.objects.get(slug="port")
    step.sources.clear()
    complete = page(publisher)
    step.requires.add(step)

    partial = page(publisher)

    assert "This list is not complete." not in complete
    assert "This list is not complete." in partial
    assert "It has no source." in partial


def test_a_draft_changed_meanwhile_is_not_published_and_the_note_is_kept(
    publisher: Client, sign_in: Callable[..., Client]
) -> None:
    change_draft()
    fields = hidden(page(publisher))
    editor = sign_in("emil", "Editors")
    source = models.Source.objects.get(slug="law-s1")
    sent = editor.post(
        f"/admin/guide/source/{source.pk}/change/",
        {
            "slug": source.slug,
            "title": "Emil's title",
            "url": source.url,
            "publisher": source.publisher,
            "confidence": source.confidence,
            "date_note": source.date_note,
            "dated_on": "",
        },
    )
    assert sent.status_code == 302
    before = numbers()

    response = publisher.post(PAGE, {**fields, "note": "My long note."})

    html = response.content.decode()
    assert response.status_code == 409
    assert numbers() == before
    assert "emil" in html
    assert "Emil&#x27;s title" in html
    assert "My long note." in html
    again = publisher.post(PAGE, {**hidden(html), "note": "My long note."})
    assert again.status_code == 302
    assert numbers()[0] == before[0] + 1


def test_whoever_comes_second_sees_who_has_published(
    publisher: Client, sign_in: Callable[..., Client]
) -> None:
    change_draft()
    other = sign_in("otto", "Publishers")
    mine, theirs = hidden(page(publisher)), hidden(page(other))
    other.post(PAGE, {**theirs, "note": "Otto's note."})
    before = numbers()

    response = publisher.post(PAGE, {**mine, "note": "My note."})

    html = response.content.decode()
    assert response.status_code == 409
    assert "otto" in html
    assert "Otto&#x27;s note." in html
    assert "My note." not in numbers()
    assert "There is nothing to publish." in html
    assert numbers() == before


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"number": "abc", "sha256": "x", "seen_at": "yesterday"},
        {"number": "-1", "sha256": "x" * 500, "seen_at": "2026-01-01T00:00:00Z"},
    ],
    ids=["none", "nonsense", "too-long"],
)
def test_forged_fields_publish_nothing(
    publisher: Client, fields: dict[str, str]
) -> None:
    change_draft()
    before = numbers()

    response = publisher.post(PAGE, {**fields, "note": "A note."})

    assert response.status_code in {200, 409}
    assert numbers() == before


def test_the_first_publication_has_nothing_to_compare_with(publisher: Client) -> None:
    models.Publication.objects.all().delete()

    html = page(publisher)
    publisher.post(PAGE, {**hidden(html), "note": "The first."})

    assert "this will be the first publication" in html
    assert numbers() == [1]


def test_an_unreadable_publication_can_be_replaced(publisher: Client) -> None:
    models.Publication.objects.update(document="{}")

    html = page(publisher)
    publisher.post(PAGE, {**hidden(html), "note": "A sound one."})

    assert "cannot be read" in html
    assert models.Publication.objects.first().note == "A sound one."


def test_an_update_of_the_program_can_be_published_alone(publisher: Client) -> None:
    publication = publish_as_is()
    document = publication.document.replace("<strong>", "<b>")
    models.Publication.objects.filter(pk=publication.pk).update(
        document=document, sha256=publishing.sha256_of(document)
    )

    html = page(publisher)

    assert "the program has been updated" in html
    assert 'value="publish"' in html


# Rights


@pytest.mark.parametrize("group", ["Editors", "Translators"])
def test_who_may_not_publish_may_look_and_learns_whom_to_ask(
    sign_in: Callable[..., Client], publisher: Client, group: str
) -> None:
    change_draft()
    client = sign_in("emil", group)
    before = numbers()

    html = page(client)
    refused = client.post(PAGE, {**hidden(page(publisher)), "note": "No."})

    assert "To publish, ask one of these people: " in html
    assert "paula" in html
    assert '<h2 id="decide">What you can do</h2>' in html
    assert '<h2 id="decide">Publish</h2>' in page(publisher)
    assert 'value="publish"' not in html
    assert refused.status_code == 403
    assert numbers() == before


PAGES = (PAGE, "/admin/publications/1/restore/", "/admin/publications/1/again/")
DOWNLOADS = ("/admin/publications/1/download/", "/admin/draft/download/")


@pytest.mark.parametrize("address", [*PAGES[1:], *DOWNLOADS])
@pytest.mark.parametrize("group", ["Editors", "Translators"])
def test_only_publishers_bring_back_and_take_along(
    sign_in: Callable[..., Client], group: str, address: str
) -> None:
    client = sign_in("emil", group)
    before = numbers()

    assert client.get(address).status_code == 403
    assert client.post(address, {"note": "x", "lose": "on"}).status_code in {403, 405}
    assert numbers() == before


@pytest.mark.parametrize("address", [*PAGES, *DOWNLOADS, "/admin/guide/publication/"])
def test_nobody_comes_in_without_staff_status(
    sign_in: Callable[..., Client], client: Client, address: str
) -> None:
    signed_in = sign_in("visitor", "Publishers", is_staff=False)

    for each in (client, signed_in):
        for response in (each.get(address), each.post(address)):
            assert response.status_code == 302
            assert "/admin/login/" in response["Location"]


@pytest.mark.parametrize("address", [*PAGES, "/admin/guide/publication/"])
def test_staff_without_a_group_sees_nothing(
    sign_in: Callable[..., Client], address: str
) -> None:
    client = sign_in("newcomer")

    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403


@pytest.mark.parametrize(
    ("group", "may"),
    [("Editors", True), ("Translators", False), ("Publishers", False)],
)
def test_only_editors_change_content_by_its_forms(
    sign_in: Callable[..., Client], group: str, *, may: bool
) -> None:
    client = sign_in("somebody", group)
    step = models.Step.objects.get(slug="cancel-line")

    assert client.get("/admin/guide/step/").status_code == 200
    assert (client.get("/admin/guide/step/add/").status_code == 200) is may
    at = f"/admin/guide/step/{step.pk}/change/"
    if group == "Editors":
        sent(client, at, opened(client, at) | {"title_en": ["By somebody"]})
    else:
        # What a translator may save in it is told in test_editing.
        everything = opened(sign_in("ed", "Editors"), at)
        sent(client, at, everything | {"title_en": ["By somebody"]})
    step.refresh_from_db()
    assert (step.title_en == "By somebody") is may
    delete = client.post(f"/admin/guide/step/{step.pk}/delete/", {"post": "yes"})
    assert (delete.status_code == 302) is may
    assert models.Step.objects.filter(slug="cancel-line").exists() is not may


@pytest.mark.parametrize("group", ["Editors", "Translators", "Publishers"])
def test_no_group_changes_people_or_history(
    sign_in: Callable[..., Client], group: str
) -> None:
    client = sign_in("somebody", group)
    publication = models.Publication.objects.first()
    base = f"/admin/guide/publication/{publication.pk}"

    assert client.get("/admin/auth/user/").status_code == 403
    assert client.get("/admin/auth/group/").status_code == 403
    assert client.get(f"{base}/change/").status_code == 200
    assert client.post(f"{base}/change/", {"note": "x"}).status_code in {403, 405}
    assert client.post(f"{base}/delete/", {"post": "yes"}).status_code == 403
    assert models.Publication.objects.filter(pk=publication.pk).exists()


@pytest.mark.parametrize(
    ("group", "wanted", "missing"),
    [
        ("Editors", {"change_step", "delete_glossaryentry"}, {"publish_guide"}),
        ("Translators", {"translate_guide", "view_glossaryentry"}, {"change_step"}),
        ("Publishers", {"publish_guide", "add_proposal"}, {"change_step"}),
    ],
)
def test_groups_have_just_the_rights_they_need(
    group: str, wanted: set[str], missing: set[str]
) -> None:
    found = set(
        Group.objects.get(name=group).permissions.values_list("codename", flat=True)
    )

    assert wanted <= found
    assert not missing & found
    assert not {name for name in found if name.endswith(("_user", "_group"))}
    assert not found & {f"{verb}_publication" for verb in ("add", "change", "delete")}


# History


def test_history_lists_publications_with_their_size(publisher: Client) -> None:
    change_draft()
    publication = publish_as_is("A better title.")

    html = page(publisher, "/admin/guide/publication/")

    assert "A better title." in html
    assert "1 changed" in html
    assert "The first publication" in html
    assert f"/admin/guide/publication/{publication.pk}/change/" in html


def test_a_publication_is_compared_with_any_other(publisher: Client) -> None:
    change_draft("Alpha")
    publish_as_is()
    change_draft("Omega")
    third = publish_as_is()
    address = f"/admin/guide/publication/{third.pk}/change/"

    assert "Alpha" in page(publisher, address)
    with_first = page(publisher, f"{address}?with=1")
    assert "Alpha" not in with_first
    assert "From publication 1 to publication 3" in with_first
    assert "Omega" in page(publisher, f"{address}?with=abc")
    assert "none before it" in page(publisher, f"{address}?with=999")


def test_a_damaged_publication_says_so_and_cannot_come_back(publisher: Client) -> None:
    # Text of its own: the list remembers the differences of what it has compared.
    change_draft("Only in the publication that will be damaged")
    damaged = publish_as_is()
    change_draft()
    publish_as_is()
    models.Publication.objects.filter(pk=damaged.pk).update(
        document=damaged.document.replace("Stop the line", "Keep the line")
    )
    before, rows = numbers(), dump_rows()

    shown = page(publisher, f"/admin/guide/publication/{damaged.pk}/change/")
    listed = page(publisher, "/admin/guide/publication/")
    restore = page(publisher, f"/admin/publications/{damaged.number}/restore/")
    posted = [
        publisher.post(
            f"/admin/publications/{damaged.number}/restore/",
            {"sha256": publishing.read_draft().sha256, "lose": "on"},
        ),
        publisher.post(
            f"/admin/publications/{damaged.number}/again/",
            {"number": before[0], "sha256": "x", "note": "x"},
        ),
    ]

    for html in (shown, restore, *(each.content.decode() for each in posted)):
        assert "does not match its checksum" in html
    assert "Cannot be read" in listed
    assert (numbers(), dump_rows()) == (before, rows)
    download = publisher.get(f"/admin/publications/{damaged.number}/download/")
    assert download.status_code == 302


def test_a_publication_of_another_version_says_so(publisher: Client) -> None:
    publication = models.Publication.objects.first()
    document = publication.document.replace('"version":1', '"version":99')
    assert document != publication.document
    models.Publication.objects.filter(pk=publication.pk).update(
        document=document, sha256=publishing.sha256_of(document)
    )

    html = page(publisher, f"/admin/guide/publication/{publication.pk}/change/")

    assert "version 99" in html


# Restore as draft


def test_restoring_asks_before_it_takes_unpublished_changes(publisher: Client) -> None:
    change_draft("Never published")
    address = "/admin/publications/1/restore/"
    html = page(publisher, address)
    before = dump_rows()

    assert "Never published" in html
    assert "/admin/draft/download/" in html
    refused = publisher.post(address, hidden(html))
    assert refused.status_code == 409
    assert "Tick the box" in refused.content.decode()
    assert dump_rows() == before

    done = publisher.post(address, {**hidden(html), "lose": "on"})
    assert done["Location"] == PAGE
    restored = publishing.document_of(models.Publication.objects.get(number=1))
    assert dump_rows() == restored.read_rows()
    said = LogEntry.objects.filter(user__username="paula").values_list(
        "change_message", flat=True
    )
    assert sorted(said) == ["Restored as the draft.", "Restored from publication 1."]


def test_restoring_what_is_published_needs_no_consent(publisher: Client) -> None:
    change_draft()
    publish_as_is()
    address = "/admin/publications/1/restore/"
    html = page(publisher, address)

    done = publisher.post(address, hidden(html))

    assert 'name="lose"' not in html
    assert done.status_code == 302
    assert models.Step.objects.get(slug="cancel-line").title_en != "Another title"


def test_a_draft_that_an_earlier_publication_holds_is_not_lost(
    publisher: Client,
) -> None:
    change_draft()
    publish_as_is()
    held = models.Publication.objects.newest_number()
    paula = get_user_model().objects.get(username="paula")
    publishing.publish_again(1, note="Too early.", by=paula, newest=held)
    address = "/admin/publications/1/restore/"
    html = page(publisher, address)

    done = publisher.post(address, hidden(html))

    assert 'name="lose"' not in html
    assert f"publication {held} holds the draft as it is" in html
    assert done.status_code == 302


def test_a_draft_is_held_by_the_newest_publication_made_of_it() -> None:
    rows = dump_rows()
    first = models.Publication.objects.first()
    change_draft()
    changed = dump_rows()

    assert publishing.held_by(rows) == first
    assert publishing.held_by(changed) is None
    models.Publication.objects.update(sha256="0" * 64)
    assert publishing.held_by(rows) is None


def test_restoring_another_draft_than_the_one_seen_is_refused(
    publisher: Client,
) -> None:
    change_draft()
    address = "/admin/publications/1/restore/"
    fields = hidden(page(publisher, address))
    change_draft("Changed again")
    before = dump_rows()

    response = publisher.post(address, {**fields, "lose": "on"})

    assert response.status_code == 409
    assert dump_rows() == before


def test_rows_that_no_longer_fit_are_refused_with_a_reason(publisher: Client) -> None:
    publication = models.Publication.objects.first()
    guide, rows = publication.document.split(',"rows":')
    other = rows.replace('"review_days":365', '"lost_field":365')
    document = f'{guide},"rows":{other}'
    models.Publication.objects.filter(pk=publication.pk).update(
        document=document, sha256=publishing.sha256_of(document)
    )
    before = dump_rows()

    response = publisher.post(
        f"/admin/publications/{publication.number}/restore/",
        {"sha256": publishing.read_draft().sha256, "lose": "on"},
    )

    assert response.status_code == 409
    assert "another version of the program" in response.content.decode()
    assert dump_rows() == before


def test_restoring_the_same_is_not_offered(publisher: Client) -> None:
    assert "nothing to restore" in page(publisher, "/admin/publications/1/restore/")


def test_pages_of_unknown_publications_are_not_there(publisher: Client) -> None:
    for name in ("restore", "again", "download"):
        address = f"/admin/publications/999/{name}/"
        assert publisher.get(address, follow=True).status_code == 404
    address = "/admin/guide/publication/999/change/"
    assert publisher.get(address, follow=True).status_code == 404


# Publish again


def test_publishing_again_takes_effect_and_leaves_the_draft(
    publisher: Client, client: Client
) -> None:
    models.Operator.objects.filter(slug="base").update(name="Misspelt")
    publish_as_is()
    draft = dump_rows()
    assert "Misspelt" in client.get("/en/operators/base/").content.decode()
    address = "/admin/publications/1/again/"

    html = page(publisher, address)
    publisher.post(address, {**hidden(html), "note": "A wrong name."})

    newest = models.Publication.objects.first()
    first = models.Publication.objects.get(number=1)
    assert (newest.number, newest.note) == (3, "Publication 1 again: A wrong name.")
    assert (newest.document, newest.sha256) == (first.document, first.sha256)
    assert dump_rows() == draft
    assert "Misspelt" not in client.get("/en/operators/base/").content.decode()


def test_publishing_again_warns_of_errors_but_goes_on(publisher: Client) -> None:
    old = publish_as_is()
    document = _without_sources(old.document)
    models.Publication.objects.filter(pk=old.pk).update(
        document=document, sha256=publishing.sha256_of(document)
    )
    change_draft()
    publish_as_is()
    address = f"/admin/publications/{old.number}/again/"

    html = page(publisher, address)
    sent = publisher.post(address, {**hidden(html), "note": "Better than nothing."})

    assert "the audit finds 1 error" in html
    assert sent.status_code == 302
    assert models.Publication.objects.first().sha256 == publishing.sha256_of(document)


def _without_sources(document: str) -> str:
    """Return a document in whose guide the first sourcing names no source."""
    return re.sub(r'("sourcing":\{"sources":)\[[^\]]*\]', r"\1[]", document, count=1)


def test_publishing_again_after_somebody_else_is_refused(publisher: Client) -> None:
    change_draft()
    publish_as_is()
    address = "/admin/publications/1/again/"
    fields = hidden(page(publisher, address))
    change_draft("Yet another")
    publish_as_is("In between.")
    before = numbers()

    response = publisher.post(address, {**fields, "note": "My note."})

    html = response.content.decode()
    assert response.status_code == 409
    assert "In between." in html
    assert "My note." in html
    assert numbers() == before
    assert (
        publisher.post(address, {**hidden(html), "note": "My note."}).status_code == 302
    )


def test_what_is_in_force_is_not_published_again(publisher: Client) -> None:
    address = "/admin/publications/1/again/"
    before = numbers()

    html = page(publisher, address)
    sent = publisher.post(address, {"number": before[0], "sha256": "", "note": "x"})

    assert "Visitors read just this content already." in html
    assert sent.status_code == 409
    assert numbers() == before


def test_publishing_again_needs_a_note(publisher: Client) -> None:
    change_draft()
    publish_as_is()
    address = "/admin/publications/1/again/"

    sent = publisher.post(address, hidden(page(publisher, address)))

    assert "Say in a sentence" in sent.content.decode()
    assert numbers() == [2, 1]


# Two people


@pytest.fixture
def two_people(settings: object) -> None:
    settings.PUBLISH_NEEDS_SECOND_PERSON = True


@pytest.fixture
def second(sign_in: Callable[..., Client]) -> Client:
    return sign_in("otto", "Publishers")


def ask(client: Client, note: str = "Please publish.") -> None:
    sent = client.post(PAGE, {**hidden(page(client)), "note": note, "action": "ask"})
    assert sent.status_code == 302


@pytest.mark.usefixtures("two_people")
def test_one_asks_and_another_one_publishes(publisher: Client, second: Client) -> None:
    change_draft()
    before = numbers()
    ask(publisher)

    html = page(second)
    sent = second.post(PAGE, {**hidden(html), "action": "publish"})

    assert "Please publish." in html
    assert "paula" in html
    assert sent.status_code == 302
    newest = models.Publication.objects.first()
    assert numbers()[0] == before[0] + 1
    assert (newest.note, newest.published_by.username) == ("Please publish.", "otto")
    assert not models.Proposal.objects.exists()
    shown = page(publisher, f"/admin/guide/publication/{newest.pk}/change/")
    assert "paula had asked for it" in shown


@pytest.mark.usefixtures("two_people")
def test_nobody_publishes_their_own_request(publisher: Client) -> None:
    change_draft()
    before = numbers()
    fields = hidden(page(publisher))
    alone = publisher.post(PAGE, {**fields, "note": "Alone.", "action": "publish"})
    ask(publisher)

    html = page(publisher)
    own = publisher.post(PAGE, {**fields, "approve": "1", "action": "publish"})

    assert 'value="publish"' not in html
    assert "Take the request back" in html
    for response in (alone, own):
        assert response.status_code == 409
        assert "another one publishes it" in response.content.decode()
    assert numbers() == before


@pytest.mark.usefixtures("two_people")
def test_a_change_of_the_draft_voids_the_request(
    publisher: Client, second: Client
) -> None:
    change_draft()
    ask(publisher)
    fields = hidden(page(second))
    change_draft("Sneaked in")
    before = numbers()

    html = page(second)
    sent = second.post(PAGE, {**fields, "action": "publish"})
    forged = second.post(
        PAGE,
        {**fields, "sha256": publishing.read_draft().sha256, "action": "publish"},
    )

    assert "this request counts no more" in html
    assert sent.status_code == forged.status_code == 409
    assert numbers() == before


@pytest.mark.usefixtures("two_people")
def test_a_request_is_declined_with_a_reason(publisher: Client, second: Client) -> None:
    change_draft()
    ask(publisher)

    missing = second.post(PAGE, {"action": "decline", "reason": ""})
    second.post(PAGE, {"action": "decline", "reason": "The title is wrong."})

    assert "Say in a sentence why not" in missing.content.decode()
    assert not models.Proposal.objects.exists()
    html = page(publisher)
    assert "The title is wrong." in html
    assert "otto" in html
    ask(publisher)
    assert "The title is wrong." not in page(publisher)


@pytest.mark.usefixtures("two_people")
def test_a_request_is_taken_back_by_who_made_it(
    publisher: Client, second: Client
) -> None:
    change_draft()
    ask(publisher)

    second.post(PAGE, {"action": "withdraw"})
    assert models.Proposal.objects.exists()
    publisher.post(PAGE, {"action": "withdraw"})
    assert not models.Proposal.objects.exists()


@pytest.mark.usefixtures("two_people")
def test_a_draft_with_errors_is_not_asked_for(publisher: Client) -> None:
    change_draft()
    fields = hidden(page(publisher))
    models.Step.objects.get(slug="port").sources.clear()

    sent = publisher.post(PAGE, {**fields, "note": "x", "action": "ask"})

    assert sent.status_code == 409
    assert not models.Proposal.objects.exists()


@pytest.mark.usefixtures("two_people")
def test_editors_neither_ask_nor_decline(
    sign_in: Callable[..., Client], publisher: Client
) -> None:
    change_draft()
    ask(publisher)
    editor = sign_in("emil", "Editors")

    assert "It waits for a publisher" in page(editor)
    assert '<h2 id="decide">What you can do</h2>' in page(editor)
    assert "Ask for publication, or publish for somebody else" in page(publisher)
    for action in ("ask", "publish", "decline"):
        sent = editor.post(PAGE, {"action": action, "note": "x", "reason": "x"})
        assert sent.status_code == 403
    assert models.Proposal.objects.exists()


@pytest.mark.usefixtures("two_people")
def test_alone_one_takes_back_only_the_last_publication(publisher: Client) -> None:
    for title in ("Two", "Three"):
        change_draft(title)
        publishing.publish(alone=True)

    refused = publisher.post(
        "/admin/publications/1/again/", {"number": 3, "sha256": "", "note": "x"}
    )
    older = page(publisher, "/admin/publications/1/again/")
    address = "/admin/publications/2/again/"
    sent = publisher.post(address, {**hidden(page(publisher, address)), "note": "x"})

    assert refused.status_code == 409
    assert "may only take back the last publication" in refused.content.decode()
    assert "then ask for publication" in older
    assert sent.status_code == 302
    assert numbers() == [4, 3, 2, 1]
