"""Links are asked politely, and alarm only when they fail twice."""

import io
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from guide import links, models
from guide.flow.content import Guide, Text
from guide.links import MOST_SILENT_HOSTS, Use, check, outcome_in_words, uses_in
from guide.translations import KINDS, MARKDOWN_FIELDS
from tests.flow.factories import (
    make_channel,
    make_faq_entry,
    make_guide,
    make_operator,
    make_question,
    make_source,
    make_step,
)

pytestmark = pytest.mark.django_db

TIMEOUT = 1.5
# Nobody listens on the port that stands for nothing.
NOBODY = "http://127.0.0.1:9/"


class Site(ThreadingHTTPServer):
    """A site on this machine that misbehaves as its paths say."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.is_mended = False
        self.other: Site | None = None

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def methods(self, path: str) -> list[str]:
        return [method for method, asked in self.asked if asked == path]


class Pages(BaseHTTPRequestHandler):
    server: Site

    def log_message(self, *args: object) -> None:
        """Keep quiet: hosts do not come into the tests' output."""

    def do_HEAD(self) -> None:
        with self.server.lock:
            self.server.asked.append((self.command, self.path))
            self.server.agents.add(self.headers["User-Agent"])
            self.server.at_once += 1
            self.server.most_at_once = max(
                self.server.most_at_once, self.server.at_once
            )
        try:
            self.answer()
        except OSError:
            pass  # Whoever asked has gone away.
        finally:
            with self.server.lock:
                self.server.at_once -= 1

    do_GET = do_HEAD  # noqa: N815

    def answer(self) -> None:
        name, _, rest = self.path.lstrip("/").partition("/")
        if name == "status":
            self.reply(int(rest))
        elif name == "slow":
            time.sleep(TIMEOUT * 3)
            self.reply(200)
        elif name == "dripping":
            # A line now and then keeps a connection alive, and is no answer.
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(12):
                self.wfile.write(f"X-Drip-{number}: x\r\n".encode())
                self.wfile.flush()
                time.sleep(TIMEOUT / 4)
        elif name == "dropped":
            self.connection.close()
        elif name == "nonsense":
            self.wfile.write(b"This is not HTTP.\r\n\r\n")
        elif name == "no-head":
            self.reply(int(rest) if self.command == "HEAD" else 200)
        elif name == "no-head-no-page":
            self.reply(405 if self.command == "HEAD" else 404)
        elif name == "moved":
            self.reply(301, to="/status/200")
        elif name == "moved-twice":
            self.reply(308, to="/moved")
        elif name == "for-now":
            self.reply(302, to="/status/200")
        elif name == "moved-then-for-now":
            self.reply(301, to="/for-now")
        elif name == "moved-to-nothing":
            self.reply(301, to="/status/404")
        elif name == "loop":
            self.reply(302, to="/loop")
        elif name == "chain":
            self.reply(302, to=f"/chain/{int(rest) + 1}")
        elif name == "to-mail":
            self.reply(302, to="mailto:help@meadow.example")
        elif name == "elsewhere":
            assert self.server.other
            self.reply(302, to=self.server.other.url("/nap"))
        elif name == "nap":
            time.sleep(0.05)
            self.reply(200)
        elif name == "mended":
            self.reply(200 if self.server.is_mended else 500)
        else:
            self.reply(200)

    def reply(self, status: int, *, to: str = "") -> None:
        self.send_response(status)
        if to:
            self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()


def open_site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    yield from open_site()


@pytest.fixture
def other_site() -> Iterator[Site]:
    yield from open_site()


def ask(*urls: str, **options: object) -> links.Summary:
    return check(urls, **({"timeout": TIMEOUT, "pause": 0, "is_all": False} | options))


def found(url: str) -> models.LinkCheck:
    return models.LinkCheck.objects.get(url=url)


# Which addresses there are


def test_addresses_come_from_all_parts_of_the_guide() -> None:
    linked = Text(
        {
            "en": '<p><a rel="x" href="https://a.example/?x=1&amp;y=2#part">A</a></p>',
            "zh-hans": '<p><a href="https://zh.example/">B</a></p>',
        }
    )
    guide = make_guide(
        questions=(make_question(help_text=linked),),
        steps=(make_step(body=linked),),
        operators=(make_operator(channels=(make_channel(),)),),
        faq=(make_faq_entry(answer=Text({"en": '<a href="mailto:a@b.be">C</a>'})),),
        sources=(
            make_source(),
            make_source(slug="same-site"),
        ),
    )

    uses = uses_in(guide)

    assert uses == {
        "https://a.example/?x=1&y=2": [
            Use(kind="question", slug="goal"),
            Use(kind="step", slug="send-cancellation"),
        ],
        "https://meadow.example/account": [
            Use(kind="channel", slug="meadow-account-page")
        ],
        "https://meadow.example/cancel": [
            Use(kind="source", slug="operator-site"),
            Use(kind="source", slug="same-site"),
        ],
        "https://zh.example/": [
            Use(kind="question", slug="goal"),
            Use(kind="step", slug="send-cancellation"),
        ],
    }


def test_addresses_of_the_seed_guide_can_be_asked_for(seed_guide: Guide) -> None:
    uses = uses_in(seed_guide)

    assert len(uses) > 200
    assert all(url.startswith(("http://", "https://")) for url in uses)
    assert {use.kind for found in uses.values() for use in found} >= {
        "source",
        "channel",
        "operator",
    }


# What sites answer


@pytest.mark.parametrize(
    ("path", "status", "message", "methods"),
    [
        ("/status/200", 200, "", ["HEAD"]),
        ("/status/204", 204, "", ["HEAD"]),
        ("/status/500", 500, links.FAILED, ["HEAD"]),
        ("/status/410", 410, links.FAILED, ["HEAD"]),
        ("/status/404", 404, links.FAILED, ["HEAD", "GET"]),
        ("/no-head/405", 200, "", ["HEAD", "GET"]),
        ("/no-head/501", 200, "", ["HEAD", "GET"]),
        ("/no-head/403", 200, "", ["HEAD", "GET"]),
        ("/no-head/404", 200, "", ["HEAD", "GET"]),
        ("/no-head-no-page", 404, links.FAILED, ["HEAD", "GET"]),
        ("/slow", None, links.NO_TIME, ["HEAD"]),
        ("/dripping", None, links.NO_TIME, ["HEAD"]),
        ("/dropped", None, links.NO_ANSWER, ["HEAD"]),
        ("/nonsense", None, links.NO_ANSWER, ["HEAD"]),
        ("/status/403", 403, links.REFUSED, ["HEAD", "GET"]),
        ("/status/401", 401, links.REFUSED, ["HEAD"]),
        ("/status/429", 429, links.REFUSED, ["HEAD"]),
    ],
)
def test_answers_of_sites(
    site: Site, path: str, status: int | None, message: str, methods: list[str]
) -> None:
    ask(site.url(path))

    row = found(site.url(path))
    assert (row.status, row.message) == (status, message)
    assert row.failures == (message not in {"", links.REFUSED})
    assert (row.worked_at is not None) == (message == "")
    assert site.methods(path) == methods


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (NOBODY, links.NO_ANSWER),
        # No name of a host has a blank: this is known without a network.
        ("http://a b.example/", links.NO_HOST),
        ("http://", links.NO_ADDRESS),
        ("http://a.example:port/", links.NO_ADDRESS),
    ],
)
def test_addresses_that_lead_nowhere(url: str, message: str) -> None:
    ask(url)

    assert found(url).message == message
    assert found(url).failures == 1


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/moved", "/status/200"),
        ("/moved-twice", "/status/200"),
        ("/for-now", ""),
        # Where it leads for now is nothing to write down.
        ("/moved-then-for-now", "/for-now"),
    ],
)
def test_redirects_are_followed_and_lasting_ones_noted(
    site: Site, path: str, leads_to: str
) -> None:
    summary = ask(site.url(path))

    row = found(site.url(path))
    assert (row.status, row.message, row.failures) == (200, "", 0)
    assert row.redirects_to == (site.url(leads_to) if leads_to else "")
    assert summary.moved == bool(leads_to)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/loop", links.IN_CIRCLES),
        ("/chain/0", links.IN_CIRCLES),
        ("/moved-to-nothing", links.FAILED),
        ("/to-mail", links.NO_ADDRESS),
    ],
)
def test_redirects_that_lead_nowhere_fail(site: Site, path: str, message: str) -> None:
    ask(site.url(path))

    row = found(site.url(path))
    assert (row.message, row.failures, row.redirects_to) == (message, 1, "")
    assert len(site.asked) <= 2 * (links.MOST_REDIRECTS + 1)


# Politeness


def test_a_host_is_asked_one_thing_at_a_time(site: Site, other_site: Site) -> None:
    site.other = other_site
    urls = [other_site.url(f"/nap/{number}") for number in range(6)]
    # Redirects lead to the other site while it is being asked.
    urls += [site.url(f"/elsewhere/{number}") for number in range(6)]

    summary = ask(*urls)

    assert summary.working == 12
    assert other_site.most_at_once == 1
    assert len(other_site.asked) == 12


def test_hosts_are_asked_side_by_side(site: Site, other_site: Site) -> None:
    started = time.monotonic()

    ask(site.url("/slow"), other_site.url("/slow"), timeout=1.0)

    assert time.monotonic() - started < 1.9


def test_a_pause_is_kept_between_questions(site: Site) -> None:
    started = time.monotonic()

    ask(*(site.url(f"/page/{number}") for number in range(3)), pause=0.1)

    assert time.monotonic() - started >= 0.2


def test_the_asker_says_who_it_is(site: Site, settings: object) -> None:
    settings.SITE_URL = "https://guide.example"

    ask(site.url("/page"))

    assert site.agents == {"SIM-Exit-link-check/1 (+https://guide.example)"}


def test_who_is_asked_too_much_is_left_alone(site: Site) -> None:
    urls = [site.url("/a"), site.url("/status/429"), site.url("/z")]

    summary = ask(*urls)

    assert site.methods("/z") == []
    assert not models.LinkCheck.objects.filter(url=urls[2]).exists()
    assert (summary.working, summary.unknown, summary.failed) == (1, 2, 0)


# What is remembered


def test_links_are_broken_after_two_failures_in_a_row(site: Site) -> None:
    url = site.url("/mended")

    ask(url)
    once = models.LinkCheck.objects.broken().count()
    ask(url)
    twice = models.LinkCheck.objects.broken().count()
    site.is_mended = True
    ask(url)

    assert (once, twice) == (0, 1)
    assert models.LinkCheck.objects.broken().count() == 0
    assert found(url).worked_at is not None


def test_a_refusal_changes_nothing_that_is_known(site: Site) -> None:
    url = site.url("/status/429")
    worked_at = timezone.now() - timedelta(days=3)
    models.LinkCheck.objects.create(
        url=url, failures=1, checked_at=worked_at, worked_at=worked_at
    )

    ask(url)

    row = found(url)
    assert (row.failures, row.worked_at, row.status) == (1, worked_at, 429)
    assert row.checked_at > worked_at


def test_links_no_longer_used_are_forgotten(site: Site) -> None:
    ask(site.url("/old"), site.url("/kept"))

    summary = ask(site.url("/kept"), is_all=True)

    assert summary.forgotten == 1
    assert [row.url for row in models.LinkCheck.objects.all()] == [site.url("/kept")]


def test_only_what_was_not_asked_for_lately_is_asked(site: Site) -> None:
    old, new, never = (site.url(f"/{name}") for name in ("old", "new", "never"))
    for url, days in ((old, 8), (new, 6)):
        models.LinkCheck.objects.create(
            url=url, checked_at=timezone.now() - timedelta(days=days)
        )

    ask(new, old, never, older_than_days=7)

    assert [path for _, path in site.asked] == ["/never", "/old"]


def test_a_limit_takes_those_first_that_waited_longest(site: Site) -> None:
    old, new, never = (site.url(f"/{name}") for name in ("old", "new", "never"))
    for url, days in ((old, 8), (new, 6)):
        models.LinkCheck.objects.create(
            url=url, checked_at=timezone.now() - timedelta(days=days)
        )

    ask(new, old, never, limit=2)

    assert [path for _, path in site.asked] == ["/never", "/old"]


def test_addresses_too_long_to_keep_are_left_out(site: Site) -> None:
    summary = ask(site.url("/" + "x" * links.LONGEST_ADDRESS))

    assert summary.asked == 0
    assert site.asked == []


def test_without_a_network_nothing_is_stored() -> None:
    urls = [f"http://127.0.0.1:{port}/" for port in (9, 10, 11)]

    summary = ask(*urls)

    assert summary.is_offline
    assert not models.LinkCheck.objects.exists()


def test_without_a_network_not_everybody_is_asked() -> None:
    urls = [f"http://127.0.0.{host}:9/" for host in range(1, 200)]
    told: list[tuple[int, int]] = []

    summary = ask(*urls, tell_progress=lambda *far: told.append(far))

    assert summary.is_offline
    # Those who were being asked at the same time may still have been counted.
    assert MOST_SILENT_HOSTS <= summary.asked <= MOST_SILENT_HOSTS + links.AT_ONCE
    assert told[0] == (0, 199)
    assert told[-1] == (summary.asked, 199)
    assert not models.LinkCheck.objects.exists()


def test_one_silent_host_less_and_all_are_asked(site: Site) -> None:
    urls = [f"http://127.0.0.{n}:9/" for n in range(1, MOST_SILENT_HOSTS)]

    summary = ask(*urls, site.url("/"))

    assert not summary.is_offline
    assert summary.asked == MOST_SILENT_HOSTS


def test_one_answer_shows_that_there_is_a_network(site: Site) -> None:
    urls = [f"http://127.0.0.1:{port}/" for port in (9, 10, 11)]

    summary = ask(*urls, site.url("/status/500"))

    assert not summary.is_offline
    assert summary.failed == 4


def test_every_outcome_is_a_sentence() -> None:
    for message in links.OUTCOMES:
        words = outcome_in_words(models.LinkCheck(message=message, status=404))
        assert words.endswith(".")
        assert "%" not in words


# The command


@pytest.fixture
def small_draft(site: Site) -> Site:
    """A draft whose only addresses lead to the local site."""
    models.Operator.objects.update(website="")
    models.Channel.objects.update(value="")
    models.Source.objects.update(url="")
    for model, field in ((KINDS[kind], field) for kind, field in MARKDOWN_FIELDS):
        model.objects.update(
            **{
                f"{field}_{language}": "Read."
                for language in ("en", "zh_hans", "nl", "fr", "de")
            }
        )
    models.Operator.objects.filter(slug="base").update(website=site.url("/mended"))
    models.Step.objects.filter(slug="port").update(
        body_zh_hans=f"[x]({site.url('/moved')})"
    )
    return site


def run(*args: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("check_links", "--timeout", "2", *args, stdout=out, stderr=out)
    except SystemExit as stopped:
        return out.getvalue(), int(stopped.code)
    return out.getvalue(), 0


def test_command_says_what_it_did(small_draft: Site) -> None:
    out, code = run()

    assert out == (
        "Asked for 2 of 2 addresses; 1 work; 1 failed; 0 refused to say; 1 have moved "
        "for good; 0 are no longer used.\n"
    )
    assert code == 0


def test_command_names_broken_links_and_tells_cron(small_draft: Site) -> None:
    run()

    out, code = run("--verbosity", "0")

    assert code == 1
    url = small_draft.url("/mended")
    assert out == (
        f"{url}\n  The site says that the page is not there (500). Used by: operator "
        "“base”\n"
    )


def test_command_is_silent_for_cron_when_all_is_well(small_draft: Site) -> None:
    small_draft.is_mended = True

    assert run("--verbosity", "0") == ("", 0)


def test_command_takes_a_limit_and_an_age(small_draft: Site) -> None:
    first, _ = run("--limit", "1")
    second, _ = run("--older-than", "7")
    third, _ = run("--older-than", "7")

    assert "Asked for 1 of 2" in first
    assert "Asked for 1 of 2" in second
    assert "Asked for 0 of 2" in third


def test_command_says_when_nobody_answers(small_draft: Site) -> None:
    for slug, port in (("base", 9), ("orange", 10), ("proximus", 11)):
        url = f"http://127.0.0.1:{port}/"
        models.Operator.objects.filter(slug=slug).update(website=url)
    models.Step.objects.filter(slug="port").update(body_zh_hans="好")

    out, code = run()

    assert code == 2
    assert "Is this machine connected?" in out


def test_command_tells_how_far_it_is(small_draft: Site) -> None:
    links_to = " ".join(
        f"[x]({small_draft.url(f'/status/200?{n}')})" for n in range(60)
    )
    models.Step.objects.filter(slug="port").update(body_zh_hans=links_to)

    out, _code = run()
    models.LinkCheck.objects.all().delete()
    quiet, _code = run("--verbosity", "0")

    assert out.splitlines()[:3] == [
        f"{done} of 61 addresses asked for …" for done in (0, 25, 50)
    ]
    assert "asked for …" not in quiet


def test_command_explains_a_draft_that_cannot_be_put_together() -> None:
    models.Step.objects.filter(slug="port").update(phase="never")

    with pytest.raises(CommandError, match="cannot be put together"):
        call_command("check_links")


# The list on the desk

LIST = "/admin/guide/linkcheck/"


def sign_in(client: Client, *groups: str) -> Client:
    user = get_user_model().objects.create_user("mina", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return client


@pytest.fixture
def editor(client: Client) -> Client:
    return sign_in(client, "Editors")


def link(url: str, **values: object) -> models.LinkCheck:
    return models.LinkCheck.objects.create(
        url=url, **({"checked_at": timezone.now(), "status": 200} | values)
    )


def again(client: Client, *rows: models.LinkCheck) -> str:
    data = {"action": "check_again", "_selected_action": [row.pk for row in rows]}
    response = client.post(LIST, data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_list_shows_what_was_found_and_what_uses_it(
    editor: Client, small_draft: Site
) -> None:
    base = models.Operator.objects.get(slug="base")
    link(small_draft.url("/mended"), failures=2, status=500, message="failed")
    link(small_draft.url("/moved"), redirects_to="https://new.example/")
    link("https://once.example/", failures=1, message="no-time")
    link("https://shy.example/", message="refused")

    shown = editor.get(LIST).content.decode()

    assert "Broken: The site says that the page is not there (500)." in shown
    assert f'<a href="/admin/guide/operator/{base.pk}/change/">BASE</a>' in shown
    assert "Moved for good: use the new address, https://new.example/" in shown
    assert "Failed once: The site took too long to answer." in shown
    assert "The site refuses programs." in shown


def test_long_lists_of_uses_are_cut(editor: Client) -> None:
    models.Operator.objects.update(website="https://same.example/")
    link("https://same.example/")

    shown = editor.get(LIST).content.decode()

    assert f"and {models.Operator.objects.count() - 3} more" in shown
    one = editor.get(f"{LIST}{found('https://same.example/').pk}/change/")
    assert one.content.decode().count("/admin/guide/operator/") >= (
        models.Operator.objects.count()
    )


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("broken", ["broken"]),
        ("failed-once", ["once"]),
        ("unknown", ["shy"]),
        ("moved", ["moved"]),
        ("working", ["fine", "moved"]),
        ("", ["broken", "fine", "moved", "once", "shy"]),
        ("nonsense", ["broken", "fine", "moved", "once", "shy"]),
    ],
)
def test_list_can_be_narrowed(editor: Client, value: str, names: list[str]) -> None:
    link("https://broken.example/", failures=2, message="failed")
    link("https://once.example/", failures=1, message="failed")
    link("https://shy.example/", message="refused")
    link("https://moved.example/", redirects_to="https://new.example/")
    link("https://fine.example/")

    response = editor.get(LIST, {"found": value} if value else {})

    rows = response.context_data["cl"].queryset
    assert sorted(row.url for row in rows) == [f"https://{n}.example/" for n in names]


def test_one_link_shows_all_about_it(editor: Client, small_draft: Site) -> None:
    row = link(small_draft.url("/mended"), failures=2, status=500, message="failed")

    shown = editor.get(f"{LIST}{row.pk}/change/").content.decode()

    assert f'<a href="{row.url}" rel="noopener noreferrer external">' in shown
    assert ">BASE</a>" in shown


def test_links_can_only_be_read(editor: Client) -> None:
    row = link("https://fine.example/")

    assert editor.get(f"{LIST}add/").status_code == 403
    assert editor.post(f"{LIST}{row.pk}/change/", {"failures": 9}).status_code == 403
    assert editor.post(f"{LIST}{row.pk}/delete/").status_code == 403


def test_chosen_links_are_checked_again(editor: Client, site: Site) -> None:
    site.is_mended = True
    broken = link(site.url("/mended"), failures=2, message="failed")
    other = link(site.url("/other"))

    shown = again(editor, broken)

    assert "One link was checked; 1 works." in shown
    assert found(broken.url).failures == 0
    assert site.methods("/other") == []
    assert models.LinkCheck.objects.filter(pk=other.pk).exists()


def test_several_links_are_counted(editor: Client, site: Site) -> None:
    rows = [link(site.url("/a")), link(site.url("/status/500"))]

    assert "2 links were checked; 1 of them work." in again(editor, *rows)


def test_too_many_links_are_refused_before_any_is_asked(
    editor: Client, site: Site
) -> None:
    rows = [link(site.url(f"/{number}")) for number in range(6)]

    shown = again(editor, *rows)

    assert "Nothing was checked: choose at most 5 links." in shown
    assert site.asked == []


def test_checking_again_without_a_network_changes_nothing(editor: Client) -> None:
    rows = [link(f"http://127.0.0.1:{port}/", failures=1) for port in (9, 10, 11)]

    shown = again(editor, *rows)

    assert "No site answered." in shown
    assert found(rows[0].url).failures == 1


def test_checking_again_is_refused_to_who_cannot_mend(
    client: Client, site: Site
) -> None:
    translator = sign_in(client, "Translators")
    row = link(site.url("/a"))

    again(translator, row)

    assert site.asked == []


def test_list_of_a_draft_that_cannot_be_put_together_opens(editor: Client) -> None:
    models.Step.objects.filter(slug="port").update(phase="never")
    link("https://fine.example/")

    assert editor.get(LIST).status_code == 200
