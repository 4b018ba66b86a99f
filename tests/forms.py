"""Read a form from a page and send it, as a browser without JavaScript does."""

from collections.abc import Mapping
from html.parser import HTMLParser

from django.test import Client

FormData = dict[str, list[str]]


class FormReader(HTMLParser):
    """Collects what the biggest form of a page would send."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.action = ""
        self.data: FormData = {}
        self.buttons: list[tuple[str, str]] = []
        self._inside = False
        self._templates = 0
        self._area: str | None = None
        self._select: tuple[str, bool] | None = None

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        attrs = dict(found)
        if tag == "form" and attrs.get("id") == self.form_id:
            self._inside = True
            self.action = attrs.get("action") or ""
        if not self._inside:
            return
        self._templates += tag == "template"
        if self._templates or "disabled" in attrs:
            return
        name = attrs.get("name") or ""
        if tag == "input" and name:
            kind = attrs.get("type", "text")
            if kind == "submit":
                self.buttons.append((name, attrs.get("value") or ""))
            elif kind not in {"checkbox", "radio"} or "checked" in attrs:
                default = "on" if kind in {"checkbox", "radio"} else ""
                self._add(name, attrs.get("value", default) or "")
        elif tag == "button" and name and attrs.get("type") == "submit":
            self.buttons.append((name, attrs.get("value") or ""))
        elif tag == "textarea":
            self._area = name
            self.data.setdefault(name, []).append("")
        elif tag == "select":
            self._select = (name, "multiple" in attrs)
        elif tag == "option" and self._select:
            name, is_multiple = self._select
            # Without a chosen one, browsers send the first option of a single select.
            if "selected" in attrs or (not is_multiple and name not in self.data):
                self.data[name] = [attrs.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if self._inside:
            self._templates -= tag == "template"
        if tag == "textarea" and self._area:
            # Browsers drop one line end after the tag and send others as CR LF.
            text = self.data[self._area][-1].removeprefix("\r").removeprefix("\n")
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
            self.data[self._area][-1] = text
            self._area = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.data[self._area][-1] += data

    def _add(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)


def read_form(html: str, form_id: str) -> FormReader:
    reader = FormReader(form_id)
    reader.feed(html)
    assert reader.data, f"no form {form_id}"
    reader.data.pop("_language", None)
    return reader


def opened(client: Client, address: str) -> FormData:
    """Open the form at *address*; return what it would send."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return read_form(response.content.decode(), form_id(address)).data


def form_id(address: str) -> str:
    return f"{address.split('/admin/guide/')[1].split('/')[0]}_form"


def sent(
    client: Client, address: str, data: Mapping[str, object], button: str = "_save"
) -> object:
    """Send a form with one of its buttons."""
    return client.post(address, {**data, button: "1"})
