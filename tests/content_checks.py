"""What translations must share with their source, and what they must not keep of it."""

import re
from collections.abc import Iterable, Iterator

MONTHS = {
    "en": "january february march april may june july august september october "
    "november december",
    "nl": "januari februari maart april mei juni juli augustus september oktober "
    "november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre "
    "novembre décembre",
    "de": "januar februar märz april mai juni juli august september oktober "
    "november dezember",
}
MONTH_NUMBERS = {
    language: {name: number for number, name in enumerate(names.split(), start=1)}
    for language, names in MONTHS.items()
}
# What a sentence may say in words in one language and in figures in another.
SMALL = 12

# Words that no other of the five languages has, and hardly a sentence does without.
STOP_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and you your with not from this that before after which when what "
        "are they there their if does only once every other without must should would",
        "nl": "het een van uw niet voor wordt zijn naar deze bij ook geen moet als "
        "wanneer daarna zonder alleen andere uit bent krijgt",
        "fr": "le les des vous votre une pour dans est pas avec aux sur cette vos où "
        "sans avant après ne peut être son qui que",
        "de": "der des vom und das nicht ist ein eine für mit auf den dem wird sie "
        "ihre nach oder bei zum zur auch wenn ohne sich kann",
    }.items()
}

# Letters, in blocks of words; what stands between them ends a run.
WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
CHINESE = re.compile("[\u4e00-\u9fff]")
# Labels as the operator's site shows them, names in quotation marks, addresses.
QUOTED = re.compile(
    r"\*\*[^*]+\*\*|`[^`]+`|“[^”]*”|„[^“]*“|«[^»]*»|「[^」]*」"
    r"|x{2,}|\]\([^)]*\)|https?://\S+|[\w.+-]+@[\w.-]+|\{[^}]*\}"
)


def dates(text: str, language: str) -> set[tuple[int, ...]]:
    """Return (year, month, day) or (year, month) of all dates in words with a year."""
    if language == "zh-hans":
        # “2023 年 6 月和 8 月” names the year once.
        text = re.sub(r"(\d{4} ?年)( ?\d+ ?月[和至到、])(?= ?\d+ ?月)", r"\1\2\1", text)
        found = re.findall(r"(\d{4}) ?年 ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?日)?", text)
        return {tuple(int(part) for part in parts if part) for parts in found}
    months = MONTH_NUMBERS[language]
    names = "|".join(months)
    text = re.sub(
        rf"\b({names}) (?:and|en|et d'|et|und) ?({names}) (\d{{4}})",
        r"\1 \3 \2 \3",
        text,
        flags=re.I,
    )
    pattern = re.compile(
        rf"(?:(\d{{1,2}})(?:\.|er)?[ \u00a0])?\b({names})[ \u00a0](\d{{4}})", re.I
    )
    return {
        (int(year), months[month.lower()], *([int(day)] if day else []))
        for day, month, year in pattern.findall(text)
    }


def figures(text: str, language: str) -> set[str]:
    """
    Return all numbers of a text but the small ones, as "1234.5".

    Dates, times, addresses and phone numbers are compared elsewhere.
    """
    text = re.sub(r"https?://\S+|[\w.+-]+@[\w.-]+|\]\([^)]*\)", " ", text)
    text = re.sub(r"(\d+) ?万", r"\g<1>0000", text)
    text = re.sub(
        r"(\d+)[ \u00a0](?:million|miljoen)\b", r"\g<1>000000", text, flags=re.I
    )
    has_points = language in {"en", "zh-hans"}
    grouping = "," if has_points else "[. \u00a0\u202f]"
    # Groups of a phone number stand among more of them, or begin with a nought.
    thousands = rf"(?<![\d+])(?<!\d[ ])[1-9]\d{{0,2}}(?:{grouping}\d{{3}})+(?![ ]?\d)"
    text = re.sub(thousands, lambda found: re.sub(r"\D", "", found[0]), text)
    mark = r"\." if has_points else ","
    found = re.findall(rf"\d+(?:{mark}\d+)?", text)
    return {n.replace(",", ".") for n in found if float(n.replace(",", ".")) > SMALL}


def leftovers(text: str, language: str, names: Iterable[str] = ()) -> Iterator[str]:
    """
    Yield what looks like another language than that of the page.

    Chinese: runs of four Latin words or more. Others: Chinese characters, and
    sentences in which the stop words of another language outnumber those of their own.

    Args:
        text: Plain text or Markdown.
        language: Its language.
        names: Names of companies and services, the same in every language.
    """
    text = QUOTED.sub(" . ", text)
    for name in names:
        text = text.replace(name, " . ")
    if language == "zh-hans":
        # What the operator must read stands in brackets behind the Chinese.
        text = re.sub(r"（[A-Za-z][^（）]*）", " . ", text)
        yield from re.findall(r"(?:[A-Za-zÀ-ÿ’']+[ ,]+){3,}[A-Za-zÀ-ÿ’']+", text)
        return
    yield from CHINESE.findall(text)[:1]
    for sentence in re.split(r"(?<=[.!?:;])\s+|\n+", text):
        words = [word.casefold() for word in WORDS.findall(sentence)]
        own = sum(word in STOP_WORDS[language] for word in words)
        for other in STOP_WORDS.keys() - {language}:
            foreign = [
                word
                for word in words
                if word in STOP_WORDS[other] and word not in STOP_WORDS[language]
            ]
            if len(foreign) > max(own, 1):
                yield sentence.strip()
                break
