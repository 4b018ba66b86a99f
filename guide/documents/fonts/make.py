"""
Make the fonts beside this file, from packages of fontsource.org.

It is run by hand, once in a long while, with fonttools and brotli at hand:

    npm pack @fontsource/noto-sans @fontsource/noto-sans-sc
    for f in *.tgz; do mkdir ${f%.tgz}; tar xzf $f -C ${f%.tgz}; done
    python guide/documents/fonts/make.py <folder> fixtures/*.yaml locale/*/*/*.po

The Chinese font holds the characters of GB 2312 that the packages have, which is what
Chinese schools teach and twice as much, and whatever the files named after the folder
hold. Its outlines become cubic, on half the grid: the font and each PDF are
a third smaller, and nobody sees a difference below the size of a poster.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.merge import Merger
from fontTools.pens.qu2cuPen import Qu2CuPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

HERE = Path(__file__).resolve().parent
NOTO = "Copyright 2022 The Noto Project Authors (https://github.com/notofonts)"
ADOBE = "(c) 2014-2021 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'."
LICENCE = "SIL Open Font License, Version 1.1", "https://scripts.sil.org/OFL"

LATIN = frozenset(
    [
        *range(0x20, 0x7F),
        *range(0xA0, 0x180),
        *(0x218, 0x219, 0x21A, 0x21B, 0x1E9E),
        *range(0x2010, 0x203B),
        *(0x20AC, 0x2116, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193),
        *(0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
    ]
)


def main(folder: Path, texts: Iterable[Path]) -> None:
    """Write the three fonts and the list of what they can show."""
    used = {c for path in texts for c in path.read_text(encoding="utf-8")}
    chinese = {ord(c) for c in gb2312() | used if c.isprintable() and ord(c) >= 0x2000}
    shown: set[int] = set()
    for weight, style in ((400, "Regular"), (700, "Bold")):
        font = merged(latin_files(folder, weight), LATIN)
        add_dots(font)
        name(font, family="Noto Sans", style=style, copyright=NOTO)
        font["OS/2"].usWeightClass = weight
        font["OS/2"].fsSelection = 0x20 if style == "Bold" else 0x40
        font["head"].macStyle = int(style == "Bold")
        font.save(HERE / f"NotoSans-{style}.ttf")
        shown |= set(font.getBestCmap())
    font = cubic(merged(chinese_files(folder), frozenset(chinese)))
    name(font, family="Noto Sans SC", style="Regular", copyright=ADOBE)
    font.save(HERE / "NotoSansSC-Regular.otf")
    shown |= set(font.getBestCmap())
    lines = "".join(
        chr(code) + ("\n" if number % 64 == 63 else "")
        for number, code in enumerate(sorted(shown - {0x20}))
    )
    (HERE / "characters.txt").write_text(lines + "\n", encoding="utf-8")


def gb2312() -> set[str]:
    """Return the characters of GB 2312."""
    found = set()
    for first in range(0xA1, 0xF8):
        for second in range(0xA1, 0xFF):
            pair = bytes([first, second])
            found |= set(pair.decode("gb2312", errors="ignore"))
    return found


def latin_files(folder: Path, weight: int) -> Iterator[Path]:
    """Return the files of Latin letters."""
    for script in ("latin", "latin-ext"):
        yield from folder.rglob(f"noto-sans-{script}-{weight}-normal.woff2")


def chinese_files(folder: Path) -> list[Path]:
    """Return the numbered pieces, then the one that has most of them together."""
    pieces = sorted(folder.rglob("noto-sans-sc-[0-9]*-400-normal.woff2"))
    whole = folder.rglob("noto-sans-sc-chinese-simplified-400-normal.woff2")
    return [*pieces, *whole]


def merged(files: Iterable[Path], wanted: frozenset[int]) -> TTFont:
    """Return one font with the *wanted* characters, each from the first that has it."""
    missing = set(wanted)
    with tempfile.TemporaryDirectory() as place:
        parts = []
        for number, path in enumerate(files):
            font = TTFont(path)
            picked = missing & set(font.getBestCmap())
            if not picked:
                continue
            missing -= picked
            options = subset.Options(layout_features=[], hinting=False)
            options.drop_tables += [
                *("GPOS", "GSUB", "GDEF", "BASE", "STAT", "MATH"),
                *("vhea", "vmtx", "gasp", "prep", "fpgm", "cvt "),
            ]
            cutter = subset.Subsetter(options)
            cutter.populate(unicodes=picked)
            cutter.subset(font)
            font.flavor = None
            parts.append(f"{place}/{number}.ttf")
            font.save(parts[-1])
        print("Not found:", "".join(chr(code) for code in sorted(missing)))
        return Merger().merge(parts)


def add_dots(font: TTFont) -> None:
    """Add “⋮”, which menus of phones have and the packages have not: three periods."""
    dot = font.getBestCmap()[ord(".")]
    pen = TTGlyphPen(font.getGlyphSet())
    for height in (0, 260, 520):
        pen.addComponent(dot, (1, 0, 0, 1, 0, height))
    font.setGlyphOrder([*font.getGlyphOrder(), "dots"])
    font["glyf"].glyphs["dots"] = pen.glyph()
    font["glyf"].glyphOrder = font.getGlyphOrder()
    font["hmtx"]["dots"] = font["hmtx"][dot]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord("⋮")] = "dots"


def cubic(font: TTFont) -> TTFont:
    """Return *font* with cubic outlines, on a grid fine enough for paper."""
    scale_upem(font, 250)
    glyphs = font.getGlyphSet()
    drawn = {}
    for glyph in font.getGlyphOrder():
        pen = T2CharStringPen(glyphs[glyph].width, glyphs)
        glyphs[glyph].draw(Qu2CuPen(pen, max_err=1.0, all_cubic=True))
        drawn[glyph] = pen.getCharString()
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=False)
    builder.setupGlyphOrder(font.getGlyphOrder())
    builder.setupCharacterMap(font.getBestCmap())
    builder.setupCFF("NotoSansSC-Regular", {}, drawn, {})
    builder.setupHorizontalMetrics(dict(font["hmtx"].metrics))
    head, style = font["hhea"], font["OS/2"]
    builder.setupHorizontalHeader(ascent=head.ascent, descent=head.descent)
    builder.setupOS2(
        sTypoAscender=style.sTypoAscender,
        sTypoDescender=style.sTypoDescender,
        sTypoLineGap=style.sTypoLineGap,
        usWinAscent=style.usWinAscent,
        usWinDescent=style.usWinDescent,
        sxHeight=style.sxHeight,
        sCapHeight=style.sCapHeight,
        usWeightClass=400,
        fsType=0,
    )
    builder.setupNameTable({})
    builder.setupPost()
    return builder.font


def name(font: TTFont, *, family: str, style: str, copyright: str) -> None:  # noqa: A002
    """Give a font its names, and nothing else."""
    table = font["name"]
    table.names = []
    postscript = f"{family.replace(' ', '')}-{style}"
    full = f"{family} {style}"
    names = {0: copyright, 1: family, 2: style, 4: full, 6: postscript}
    for number, words in {**names, 13: LICENCE[0], 14: LICENCE[1]}.items():
        table.setName(words, number, 3, 1, 0x409)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]])
