"""The digest tells people what they can act on, and stays silent otherwise."""

import io
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from guide import digest, models
from guide.publishing import today
from guide.uses import sourced_models

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address(settings: object) -> None:
    settings.SITE_URL = "https://guide.example"


def make_user(name: str, *groups: str, **values: object) -> AbstractBaseUser:
    fields = {"email": f"{name}@guide.example", "is_staff": True}
    user = get_user_model().objects.create_user(name, **(fields | values))
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


@pytest.fixture
def editor(db: None) -> AbstractBaseUser:
    return make_user("mina", "Editors")


def send(*args: str) -> str:
    out = io.StringIO()
    call_command("digest", *args, stdout=out)
    return out.getvalue()


def report(text: str = "This is wrong.") -> models.Report:
    return models.Report.objects.create(
        publication_number=1, language="en", text=text, step_slug="port"
    )


def due_in(days: int, slug: str) -> None:
    models.Step.objects.filter(slug=slug).update(
        checked_on=today() + timedelta(days=days - 100), review_days=100
    )


def body_to(name: str) -> str:
    (message,) = (m for m in mail.outbox if m.to == [f"{name}@guide.example"])
    return message.body


def test_nothing_to_do_is_no_mail(editor: AbstractBaseUser) -> None:
    # Hundreds of entries are long overdue or undated: that is no news.
    out = send()

    assert out == "E-mails sent: 0.\n"
    assert mail.outbox == []


def test_editors_read_all_that_waits(editor: AbstractBaseUser) -> None:
    step = models.Step.objects.get(slug="port")
    step.sources.clear()
    models.Step.objects.filter(slug="port").update(
        outdated={"title": {"zh-hans": "Old."}}
    )
    report("The office\nis closed.")
    due_in(-1, "cancel-line")
    due_in(30, "port-prepare")
    models.LinkCheck.objects.create(
        url="https://gone.example/",
        failures=2,
        status=404,
        message="failed",
        checked_at=timezone.now(),
    )

    out = send()

    assert out == "E-mails sent: 1.\n"
    (message,) = mail.outbox
    assert message.to == ["mina@guide.example"]
    assert message.subject == "SIM Exit: 1 error stops the next publication"
    titles = [
        "1 error stops the next publication",
        "1 report of a visitor waits",
        "1 entry has become overdue",
        "1 entry is due within 30 days",
        "1 link is broken",
        "1 translation is older than the English",
    ]
    places = [message.body.index(title) for title in titles]
    assert places == sorted(places)
    for line in (
        f"- Step: {step.title}. It has no source. Add at least one source.",
        "- The office is closed.",
        "- https://gone.example/: The site says that the page is not there (404).",
        "- Simplified Chinese: 1",
        "https://guide.example/admin/audit/",
        "https://guide.example/admin/guide/report/?state__exact=open",
        "https://guide.example/admin/translations/",
        "The desk: https://guide.example/admin/",
    ):
        assert line in message.body.splitlines()


def test_errors_that_hide_others_are_told(editor: AbstractBaseUser) -> None:
    step = models.Step.objects.get(slug="port")
    step.requires.add(step)

    send()

    assert "This list is not complete" in body_to("mina")


def test_publishers_read_only_of_errors(editor: AbstractBaseUser) -> None:
    make_user("paul", "Publishers")
    report()

    send()
    only_a_report = [message.to for message in mail.outbox]
    models.Step.objects.get(slug="port").sources.clear()
    mail.outbox.clear()
    send()

    assert only_a_report == [["mina@guide.example"]]
    assert "1 error stops the next publication" in body_to("paul")
    assert "report of a visitor" not in body_to("paul")


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (-1, "1 entry has become overdue"),
        (-7, "1 entry has become overdue"),
        (-8, None),
        (0, "1 entry is due within 30 days"),
        (30, "1 entry is due within 30 days"),
        (31, None),
    ],
)
def test_only_what_is_newly_overdue_is_told(
    editor: AbstractBaseUser, days: int, title: str | None
) -> None:
    due_in(days, "cancel-line")

    send()

    assert len(mail.outbox) == (title is not None)
    if title:
        assert title in body_to("mina")


def test_older_entries_are_counted_but_cause_no_mail(
    editor: AbstractBaseUser,
) -> None:
    for model in sourced_models():
        model.objects.update(checked_on=today())
    due_in(-8, "cancel-line")
    due_in(-400, "port-prepare")
    send()
    silent = list(mail.outbox)
    report()

    send()

    assert silent == []
    (message,) = mail.outbox
    assert message.subject == "SIM Exit: 1 report of a visitor waits"
    older = message.body.partition("2 older entries remain overdue")[2].split()
    assert older[0] == "https://guide.example/admin/audit/?code=W402"


def test_one_older_entry_is_told_beside_new_ones(editor: AbstractBaseUser) -> None:
    for model in sourced_models():
        model.objects.update(checked_on=today())
    due_in(-8, "cancel-line")
    due_in(-1, "port-prepare")

    send()

    assert "1 entry has become overdue" in body_to("mina")
    assert "1 older entry remains overdue" in body_to("mina")


def test_how_long_something_is_new_can_be_said(editor: AbstractBaseUser) -> None:
    due_in(-8, "cancel-line")

    send("--since-days", "31")

    assert "1 entry has become overdue" in body_to("mina")


def test_long_lists_are_cut(editor: AbstractBaseUser) -> None:
    for number in range(digest.SHOWN + 2):
        report(f"Report {number}.")

    send()

    assert body_to("mina").count("- Report") == digest.SHOWN
    assert "- and 2 more" in body_to("mina")


def test_only_active_editors_and_publishers_with_an_address_get_it() -> None:
    make_user("both", "Editors", "Publishers")
    make_user("gone", "Editors", is_active=False)
    make_user("silent", "Editors", email="")
    make_user("translator", "Translators")
    make_user("stranger")
    models.Step.objects.get(slug="port").sources.clear()

    send()

    assert [message.to for message in mail.outbox] == [["both@guide.example"]]


def test_draft_that_cannot_be_put_together_is_told(editor: AbstractBaseUser) -> None:
    models.Step.objects.filter(slug="port").update(phase="never")

    send()

    assert "The draft cannot be put together" in body_to("mina")


def test_dry_run_prints_and_sends_nothing(editor: AbstractBaseUser) -> None:
    calm = send("--dry-run")
    report("The office is closed.")
    out = send("--dry-run")

    assert calm == "Nobody has anything to do: no e-mail.\n"
    assert "To: mina@guide.example\nSubject: SIM Exit: 1 report of a visitor" in out
    assert "- The office is closed." in out
    assert mail.outbox == []


def test_language_can_be_chosen(editor: AbstractBaseUser) -> None:
    due_in(1, "cancel-line")
    step = models.Step.objects.get(slug="cancel-line")

    send("--language", "zh-hans")

    assert step.title_zh_hans.partition("{")[0] in body_to("mina")
    with pytest.raises(CommandError):
        send("--language", "tlh")


def test_quiet_run_says_nothing(editor: AbstractBaseUser) -> None:
    report()

    assert send("--verbosity", "0") == ""
    assert len(mail.outbox) == 1


def test_failure_to_send_is_told_and_the_command_fails(
    editor: AbstractBaseUser, settings: object
) -> None:
    report()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there

    with pytest.raises(CommandError) as failure:
        send()

    assert "look at EMAIL_URL" in str(failure.value)
    assert "mina@guide.example" in str(failure.value)
