"""What a reviewer would otherwise repeat."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "guide"
# What no browser executes, and nothing but JSON that cannot end the element.
DATA_BLOCK = re.compile(
    r'<script type="application/ld\+json">{{ \w+\|as_script }}</script>'
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
    return names


@pytest.mark.parametrize(
    "path", sorted((GUIDE / "flow").glob("*.py")), ids=lambda path: path.stem
)
def test_flow_imports_nothing_of_ours_but_flow(path: Path) -> None:
    foreign = {
        name
        for name in imports_of(path)
        if name.startswith(("django", "guide", "config"))
        and not name.startswith("guide.flow")
    }

    assert foreign == set()


@pytest.mark.parametrize(
    "name",
    [
        *("views.py", "report_views.py", "letter_views.py", "letter_addresses.py"),
        *("letter_texts.py", "document_views.py", "offline_views.py", "pages.py"),
        *("forms.py", "spam.py", "urls.py", "wording.py", "headlines.py"),
        *("listed_pages.py", "structured_data.py", "placeholders.py", "explaining.py"),
        *("taking_along.py", "case_addresses.py", "case_in_words.py", "length.py"),
        *(
            f"templatetags/{path.name}"
            for path in (GUIDE / "templatetags").glob("*.py")
        ),
        *("languages.py", "reaching.py", "sourcing.py", "due_in_words.py"),
        *(f"documents/{path.name}" for path in (GUIDE / "documents").glob("*.py")),
    ],
)
def test_what_visitors_read_does_not_come_from_models(name: str) -> None:
    assert not {i for i in imports_of(GUIDE / name) if "models" in i}


@pytest.mark.parametrize(
    "path",
    sorted(p for p in GUIDE.rglob("*.py") if GUIDE / "admin" not in p.parents),
    ids=lambda path: path.relative_to(GUIDE).as_posix(),
)
def test_nothing_imports_views_or_admin(path: Path) -> None:
    allowed = {"urls.py", "desk.py"}
    closed = re.compile(r"guide\.(\w*views|admin)(\.|$)")
    found = {name for name in imports_of(path) if closed.match(name)}

    assert path.name in allowed or found == set()


@pytest.mark.parametrize(
    "path",
    sorted(GUIDE.rglob("*.py")),
    ids=lambda path: path.relative_to(GUIDE).as_posix(),
)
def test_only_templates_use_their_tags(path: Path) -> None:
    assert not {name for name in imports_of(path) if "guide.templatetags" in name}


def test_every_checklist_knows_the_days_off() -> None:
    # `Edition.checklist` does; pages and documents made without it name other days.
    for path in GUIDE.rglob("*.py"):
        if "flow" not in path.parts and path.name != "publishing.py":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"engine\.checklist\(|import .*\bchecklist\b", text), (
                path
            )


def test_flow_reads_no_clock() -> None:
    for path in (GUIDE / "flow").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(date\.today|datetime\.now|time\.time)\(", text), path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_templates_have_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    scripts = re.findall(r"(?s)<script\b[^>]*>.*?</script>", text)
    executed = [script for script in scripts if not DATA_BLOCK.fullmatch(script)]
    assert len(scripts) == text.count("<script")
    assert not [
        script for script in executed if not re.match(r"<script[^>]*src=", script)
    ]
    assert not re.search(r"<style|style=|\bon\w+=\"", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_each_htmx_element_says_where_its_answer_goes(path: Path) -> None:
    for tag in re.findall(r"<\w+[^>]*hx-get=[^>]*>", path.read_text(encoding="utf-8")):
        assert "hx-target=" in tag
        assert "hx-swap=" in tag


# What makemessages looks for; under another name it finds no texts.
FOUND_BY_MAKEMESSAGES = {
    *("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"),
}
PYTHON = sorted([*GUIDE.rglob("*.py"), *(ROOT / "config").glob("*.py")])


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_makemessages_finds_every_text(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    hidden_in_f_strings = [
        ast.unparse(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name)
        and inner.func.id in FOUND_BY_MAKEMESSAGES
    ]

    assert names <= FOUND_BY_MAKEMESSAGES
    assert hidden_in_f_strings == []


def test_makemessages_reads_every_template_with_texts() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    read = re.search(r"makemessages .*--extension (\S+)", makefile)[1].split(",")

    with_texts = {
        path.suffix.removeprefix(".")
        for path in (ROOT / "templates").rglob("*.*")
        if "{% load i18n" in path.read_text(encoding="utf-8")
    }

    assert with_texts | {"py"} == set(read)


def test_requirements_are_pinned_and_explained() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            assert line.startswith("-r ") or re.fullmatch(
                r"[\w\[\].-]+==[\w.]+\s+# .+", line
            ), line


def test_top_level_holds_only_what_it_may() -> None:
    allowed = {
        *("manage.py", "config", "guide", "templates", "static", "fixtures", "tests"),
        *("requirements.txt", "requirements-dev.txt", "Dockerfile", "compose.yaml"),
        *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile"),
        *("pyproject.toml", "locale", "deploy", "docs", "var"),
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}

    assert found - allowed == set()
