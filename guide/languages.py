"""The languages of the guide, as browsers and other programs name them."""

# The code a browser or a screen reader wants where it differs from ours.
HTML_LANGUAGES = {"zh-hans": "zh-Hans"}


def html_language(code: str) -> str:
    """Return the language code for a `lang` attribute."""
    return HTML_LANGUAGES.get(code, code)
