"""Clean HTML taken apart."""

import pytest

from guide.documents.markup import Block, Run, as_lines, blocks_of, paragraph


def test_paragraphs_lists_and_emphasis_are_taken_apart() -> None:
    html = "<p>Do <strong>this</strong>:</p>\n<ol>\n<li>one</li>\n<li>two</li>\n</ol>"

    assert blocks_of(html) == (
        Block("paragraph", (Run("Do "), Run("this", bold=True), Run(":"))),
        Block(
            "numbers",
            items=(
                (Block("paragraph", (Run("one"),)),),
                (Block("paragraph", (Run("two"),)),),
            ),
        ),
    )


def test_lists_stand_inside_items() -> None:
    html = "<ul><li><p>a</p><ul><li>b</li></ul><p>c</p></li></ul>"

    (outer,) = blocks_of(html)

    assert [block.kind for block in outer.items[0]] == [
        *("paragraph", "bullets", "paragraph")
    ]
    assert as_lines((outer,)) == ["• a", "  • b", "  c"]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.be/a", "https://example.be/a"),
        ("mailto:a@example.be", "mailto:a@example.be"),
        ("tel:+3221234567", "tel:+3221234567"),
        ("/en/faq/", "https://site.example/en/faq/"),
        ("#step-2", "https://site.example/en/checklist/#step-2"),
        ("javascript:alert(1)", ""),
        ("word:notice", ""),
        ("", "https://site.example/en/checklist/"),
    ],
)
def test_links_are_whole_or_left_out(address: str, link: str) -> None:
    html = f'<p><a href="{address}">here</a></p>'

    (block,) = blocks_of(html, base="https://site.example/en/checklist/")

    assert block.runs == (Run("here", link=link),)


def test_plain_words_are_one_paragraph() -> None:
    assert blocks_of("a &lt;b&gt; & c") == paragraph("a <b> & c")
    assert blocks_of("  \n ") == ()
    assert paragraph("") == ()


def test_breaks_and_white_space_are_those_of_a_browser() -> None:
    assert blocks_of("<p> a \n b<br> c </p>") == paragraph("a b\nc")
    assert as_lines(blocks_of("<p>a<br>b</p>")) == ["a", "b"]


def test_unclosed_lists_lose_nothing() -> None:
    assert as_lines(blocks_of("<p>a</p><ol><li>b")) == ["a", "1. b"]


def test_lines_show_an_address_once() -> None:
    html = (
        '<p><a href="https://a.be/x">page</a>, <a href="mailto:a@b.be">a@b.be</a>, '
        '<a href="tel:+3221">+32 21</a></p>'
    )

    assert as_lines(blocks_of(html)) == ["page (https://a.be/x), a@b.be, +32 21"]
