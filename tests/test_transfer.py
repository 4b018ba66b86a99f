"""Content moves between installations, and back into the repository."""

import io
import json
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from guide import models, publishing
from guide.management.commands.bootstrap import FIXTURES, RETIRED, fixtures
from guide.rows import ROW_MODELS, dump_rows, restore_rows

pytestmark = pytest.mark.django_db

REPOSITORY = Path(__file__).resolve().parents[1] / "fixtures"


def run(name: str, *args: str) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def empty_installation() -> None:
    models.Publication.objects.all().delete()
    restore_rows({})
    assert not any(model._default_manager.exists() for model in ROW_MODELS)


def change_draft(text: str = "Another title") -> None:
    models.Step.objects.filter(slug="cancel-line").update(title_en=text)


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    path = tmp_path / "guide.json"
    run("export_guide", str(path))
    return path


# Export and import


def test_a_guide_moves_to_an_empty_installation_whole(exported: Path) -> None:
    draft = publishing.read_draft()
    empty_installation()

    out = run("import_guide", str(exported))

    moved = publishing.read_draft()
    assert (moved.rows, moved.guide) == (draft.rows, draft.guide)
    assert f"steps: {len(draft.rows['guide.step'])} added" in out
    assert not models.Publication.objects.exists()


def test_everything_that_can_be_written_survives_the_journey(tmp_path: Path) -> None:
    question = models.Question.objects.get(slug="goal")
    models.RetiredCode.objects.create(
        question=question, slug="cancel", replacement="stop"
    )
    step = models.Step.objects.get(slug="cancel-line")
    step.title_de, step.outdated = "Kündigen „jetzt“ 🙂", {"title": {"de": "Old"}}
    step.review_days, step.checked_on = 30, "2026-01-31"
    step.requires.set(models.Step.objects.filter(slug="port"))
    step.except_operators.set(models.Operator.objects.all()[:2])
    step.save()
    draft = publishing.read_draft()
    path = tmp_path / "draft.json"
    run("export_guide", "--draft", str(path))
    empty_installation()

    run("import_guide", str(path))

    moved = publishing.read_draft()
    assert (moved.rows, moved.guide) == (draft.rows, draft.guide)


def test_export_takes_the_last_publication_another_one_or_the_draft(
    tmp_path: Path,
) -> None:
    change_draft("Published")
    publishing.publish()
    change_draft("Draft")

    last, first, draft = (
        run("export_guide", *args) for args in ([], ["--publication", "1"], ["--draft"])
    )

    assert '"Published"' in last
    assert '"Published"' not in first
    assert '"Draft"' in draft
    assert [json.loads(text)["number"] for text in (last, first, draft)] == [2, 1, None]


def test_export_says_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no publication 99"):
        run("export_guide", "--publication", "99")
    with pytest.raises(CommandError, match="cannot be written"):
        run("export_guide", str(tmp_path / "no" / "folder"))
    models.Publication.objects.update(sha256="0" * 64)
    with pytest.raises(CommandError, match="does not match its checksum"):
        run("export_guide")
    models.Publication.objects.all().delete()
    with pytest.raises(CommandError, match="--draft exports the draft"):
        run("export_guide")


def test_import_says_what_changes_and_publishes_with_a_note(exported: Path) -> None:
    change_draft()
    publishing.publish()

    out = run("import_guide", str(exported), "--publish", "--note", "From home.")

    newest = models.Publication.objects.first()
    assert "steps: 1 changed" in out
    assert f"Publication {newest} is in force." in out
    assert newest.note == "From home."
    assert newest.document == models.Publication.objects.last().document


def test_import_refuses_to_lose_what_was_never_published(exported: Path) -> None:
    change_draft("Only here")
    before = dump_rows()

    with pytest.raises(CommandError, match="--replace"):
        run("import_guide", str(exported))
    assert dump_rows() == before

    run("import_guide", str(exported), "--replace")
    assert dump_rows() != before


def test_a_dry_run_changes_nothing(exported: Path) -> None:
    change_draft("Only here")
    before = dump_rows()

    out = run("import_guide", str(exported), "--dry-run", "--publish", "--note", "x")

    assert "steps: 1 changed" in out
    assert "Nothing was changed" in out
    assert dump_rows() == before
    assert models.Publication.objects.count() == 1


def test_import_of_what_is_there_already_says_so(exported: Path) -> None:
    assert "the same already" in run("import_guide", str(exported))


def test_import_names_the_errors_that_stop_a_publication(tmp_path: Path) -> None:
    models.Step.objects.get(slug="port").sources.clear()
    path = tmp_path / "draft.json"
    run("export_guide", "--draft", str(path))
    before = dump_rows()

    out = run("import_guide", str(path))
    with pytest.raises(CommandError, match="E401 step “port”"):
        run("import_guide", str(path), "--publish", "--note", "x")

    assert "E401 step “port”" in out
    assert dump_rows() == before
    assert models.Publication.objects.count() == 1


def test_import_publishes_nothing_without_a_note(exported: Path) -> None:
    with pytest.raises(CommandError, match="needs --note"):
        run("import_guide", str(exported), "--publish")


def sealed(document: object) -> dict[str, object]:
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return {"document": document, "sha256": publishing.sha256_of(text)}


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda parcel: b"", "no file that export_guide"),
        (lambda parcel: b"\xff\xfe\x00", "no file that export_guide"),
        (
            lambda parcel: json.dumps(parcel).encode()[:-500],
            "no file that export_guide",
        ),
        (lambda parcel: b"[]", "no file that export_guide"),
        (lambda parcel: {**parcel, "kind": "other"}, "no file that export_guide"),
        (lambda parcel: {**parcel, "version": 2}, "version 2"),
        (lambda parcel: {**parcel, "sha256": "0" * 64}, "does not match its checksum"),
        (lambda parcel: {**parcel, **sealed({})}, "not a guide"),
        (
            lambda parcel: {
                **parcel,
                **sealed({"guide": {"version": 7}, "rows": {}}),
            },
            "version 7",
        ),
        (
            lambda parcel: {
                **parcel,
                **sealed({**parcel["document"], "rows": ["no", "rows"]}),
            },
            "not a guide",
        ),
        (
            lambda parcel: {
                **parcel,
                **sealed({**parcel["document"], "rows": {"auth.user": []}}),
            },
            "does not fit",
        ),
        (lambda parcel: with_step(parcel, phase="midnight"), "“port”, phase"),
        (lambda parcel: with_step(parcel, title_en="x" * 201), "“port”, title_en"),
        (lambda parcel: with_step(parcel, sources=[["nowhere"]]), "does not fit"),
        (lambda parcel: with_step(parcel, colour="blue"), "does not fit"),
    ],
    ids=[
        *("empty", "binary", "cut-off", "list", "other-kind", "other-file-version"),
        *("damaged", "no-guide", "other-guide-version", "no-rows", "foreign-rows"),
        *("no-such-phase", "too-long", "no-such-source", "no-such-field"),
    ],
)
def test_import_of_a_bad_file_changes_nothing(
    exported: Path, damage: object, said: str
) -> None:
    bad = damage(json.loads(exported.read_bytes()))
    if not isinstance(bad, bytes):
        bad = json.dumps(bad, separators=(",", ":"), ensure_ascii=False).encode()
    exported.write_bytes(bad)
    before = dump_rows()

    with pytest.raises(CommandError) as failure:
        run("import_guide", str(exported), "--replace")

    assert said in str(failure.value)
    assert dump_rows() == before


def with_step(parcel: dict[str, object], **fields: object) -> dict[str, object]:
    document = parcel["document"]
    steps = [
        {**step, **(fields if step["slug"] == "port" else {})}
        for step in document["rows"]["guide.step"]
    ]
    rows = {**document["rows"], "guide.step": steps}
    return {**parcel, **sealed({**document, "rows": rows})}


def test_import_of_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_guide", str(tmp_path / "nothing.json"))


@pytest.mark.parametrize("command", ["publish", "import_guide"])
def test_commands_need_a_second_person_too(
    exported: Path, settings: object, command: str
) -> None:
    settings.PUBLISH_NEEDS_SECOND_PERSON = True
    args = [str(exported), "--publish"] if command == "import_guide" else []

    with pytest.raises(CommandError, match="--without-second-person"):
        run(command, *args, "--note", "x")
    assert models.Publication.objects.count() == 1

    run(command, *args, "--note", "x", "--without-second-person")
    assert models.Publication.objects.count() == 2


def test_the_first_publication_needs_no_second_person(settings: object) -> None:
    settings.PUBLISH_NEEDS_SECOND_PERSON = True
    empty_installation()

    run("bootstrap")

    assert models.Publication.objects.count() == 1


# Fixtures


def test_fixtures_loaded_and_dumped_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    run("dump_fixtures", "--to", str(tmp_path))

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in REPOSITORY.iterdir()
    }


def test_what_editors_write_comes_back_from_fixtures(
    tmp_path: Path, settings: object
) -> None:
    models.RetiredCode.objects.create(
        question=models.Question.objects.get(slug="goal"),
        slug="cancel",
        replacement="stop",
    )
    step = models.Step.objects.get(slug="cancel-line")
    step.title_fr, step.body_de = "Résilier", "Zeile eins\n\nZeile: zwei # 'drei'"
    step.outdated, step.review_days = {"title": {"fr": "Old"}}, 30
    step.must, step.due_days = False, None
    step.topics, step.shows_channels = [], ""
    step.sources.clear()
    step.save()
    models.Letter.objects.all().delete()
    before = dump_rows()
    run("dump_fixtures", "--to", str(tmp_path))
    empty_installation()

    settings.FIXTURE_DIRS = [tmp_path]
    written = {path.stem for path in tmp_path.iterdir()}
    assert written == {*FIXTURES, RETIRED} - {"letter"}
    # As bootstrap loads them, less the letters, of which there are none.
    names = [name for name in fixtures() if name in written]
    call_command("loaddata", *names, verbosity=0)

    assert dump_rows() == before


def test_a_changed_text_is_a_small_diff(tmp_path: Path) -> None:
    change_draft()

    run("dump_fixtures", "--to", str(tmp_path))

    changed = [
        (old, new)
        for path in tmp_path.iterdir()
        for old, new in zip(
            (REPOSITORY / path.name).read_text().splitlines(),
            path.read_text().splitlines(),
            strict=True,
        )
        if old != new
    ]
    assert [new for _old, new in changed] == ["    title_en: Another title"]


def test_fixtures_hold_no_row_numbers(tmp_path: Path) -> None:
    run("dump_fixtures", "--to", str(tmp_path))

    for path in tmp_path.iterdir():
        for row in yaml.safe_load(path.read_text()):
            assert set(row) == {"model", "fields"}


def test_fixtures_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="cannot be written"):
        run("dump_fixtures", "--to", str(tmp_path / "file"))
