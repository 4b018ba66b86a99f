"""
Make the pictures of the README and the start page anew: `make pictures`.

A fresh installation is served as on one fixed day, and one case is shown in each
language: the checklist on a phone, its PDF on paper, its calendar file in FullCalendar.
Needed besides what tests need: requirements.txt beside this file, Node.js with npm.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

try:
    from PIL import Image
    from pypdfium2 import PdfDocument
except ModuleNotFoundError as error:
    sys.exit(f"The pictures need the Python package {error.name}: run make pictures.")

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.serving import WAIT_SECONDS, free_port, wait_for  # noqa: E402
from tests.cases import CASES  # noqa: E402

PICTURES = ROOT / "static" / "guide" / "pictures"
FETCHED = ROOT / "var" / "pictures"
FONTS = ROOT / "guide" / "documents" / "fonts"

# The language's code at the guide, and in FullCalendar.
LOCALES = {"en": "en-gb", "zh-hans": "zh-cn", "nl": "nl", "fr": "fr", "de": "de"}
CASE = urlencode(CASES["proximus"], doseq=True)
# Far enough before the end date of the case that nothing is late.
DAY = date(2026, 12, 1)
# The address that the code on the paper leads to: nobody's.
HOST = "sim.example.org"

SCREEN = {"width": 360, "height": 640}
PAPER_WIDTH = 800
# Fewer tones cost letters less than the loss of other compression, which blurs them.
TONES = (24, 16, 12, 8, 6, 5, 4)
MOST_BYTES = 40_000


def main() -> None:
    """Make all pictures, or say what is missing."""
    browser_path = path_of_browser()
    fetch_calendar()
    with (
        tempfile.TemporaryDirectory() as name,
        served(Path(name)) as site,
        sync_playwright() as playwright,
    ):
        fonts = Path(name) / "fonts.conf"
        fonts.write_text(FONTS_OF_A_PHONE.format(folder=FONTS), encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=browser_path,
            args=["--no-sandbox", "--disable-gpu"],
            env=os.environ | {"FONTCONFIG_FILE": str(fonts)},
        )
        for language in LOCALES:
            taken = {
                "phone": phone(browser, site, language),
                "paper": paper(document(site, language, "pdf")),
                "calendar": calendar(
                    browser, language, document(site, language, "ics")
                ),
            }
            for kind, picture in taken.items():
                keep(picture, PICTURES / language / f"{kind}.webp")
        browser.close()


# What is needed


def path_of_browser() -> str:
    """Return the Chromium that .ci/ensure-browser has found."""
    noted = ROOT / "var" / "browser"
    if not noted.exists():
        sys.exit("No browser is noted in var/browser: run make pictures, not this.")
    return noted.read_text(encoding="utf-8").strip()


def fetch_calendar() -> None:
    """Fetch FullCalendar in the very versions of package-lock.json into var/."""
    if not shutil.which("npm"):
        sys.exit("The pictures need npm: install Node.js 20 or newer, which brings it.")
    FETCHED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, FETCHED / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(command, cwd=FETCHED, check=False)  # noqa: S603
    if done.returncode:
        sys.exit("npm could not fetch FullCalendar: is there a network?")


# The guide, on one day


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a fresh installation in *folder* as on `DAY`; give its address."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite://{folder / 'guide.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "only-for-pictures-0123456789abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": f"127.0.0.1,{HOST}",
        "HTTPS": "0",
        "DEBUG": "0",
        "STATIC_ROOT": str(folder / "static"),
        "PICTURES_DAY": DAY.isoformat(),
    }
    for command in (
        ["migrate", "--verbosity", "0"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
        ["bootstrap"],
    ):
        subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    server = subprocess.Popen(  # noqa: S603
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            *("--blocking-threads", "2", "--log-level", "warning"),
            "docs.pictures.on_one_day:application",
        ],
        cwd=ROOT,
        env=environment,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def document(site: str, language: str, ending: str) -> bytes:
    """Return the checklist of the case as the guide gives it for *ending*."""
    request = urllib.request.Request(  # noqa: S310
        f"{site}/{language}/checklist.{ending}?{CASE}&v=1", headers={"Host": HOST}
    )
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as response:  # noqa: S310
        return response.read()


# The pictures

FONTS_OF_A_PHONE = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<!-- What phones have: else each machine would make other pictures. -->
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
  <match target="pattern">
    <test name="family"><string>system-ui</string></test>
    <edit name="family" mode="assign" binding="strong"><string>Noto Sans</string></edit>
  </match>
</fontconfig>
"""


def phone(browser: Browser, site: str, language: str) -> Image.Image:
    """Return a phone's screen with the accounts to move, one of them done."""
    with screen(browser) as context:
        page = context.new_page()
        page.goto(f"{site}/{language}/checklist/?{CASE}")
        accounts = page.locator(".group").first
        accounts.get_by_role("checkbox").first.check()
        accounts.evaluate("step => scrollTo(0, step.offsetTop)")
        return Image.open(io.BytesIO(page.screenshot()))


def paper(pdf: bytes) -> Image.Image:
    """Return the first page of *pdf*."""
    page = PdfDocument(pdf)[0]
    return page.render(scale=PAPER_WIDTH / page.get_width(), grayscale=True).to_pil()


def calendar(browser: Browser, language: str, ics: bytes) -> Image.Image:
    """Return FullCalendar on a phone's screen, with the very file of the guide."""

    def serve(route: Route) -> None:
        name = route.request.url.partition(f"{HOST}/")[2].partition("?")[0]
        if name == "checklist.ics":
            route.fulfill(body=ics, content_type="text/calendar; charset=utf-8")
        elif name == "calendar.html":
            route.fulfill(path=HERE / name)
        else:
            route.fulfill(path=FETCHED / "node_modules" / name)

    with screen(browser) as context:
        context.route("**/*", serve)
        page = context.new_page()
        asked = {"locale": LOCALES[language], "lang": language, "day": DAY}
        page.goto(f"http://{HOST}/calendar.html?{urlencode(asked)}")
        page.locator(".fc-list-event").first.wait_for()
        return Image.open(io.BytesIO(page.screenshot()))


@contextmanager
def screen(browser: Browser) -> Iterator[BrowserContext]:
    """Give a phone with a light screen, of which nothing remains."""
    context = browser.new_context(
        viewport=SCREEN, device_scale_factor=2, color_scheme="light"
    )
    yield context
    context.close()


# Made small


def keep(picture: Image.Image, path: Path) -> None:
    """Write *picture* as WebP, without loss but for the number of its tones."""
    for tones in TONES:
        flat = picture.convert("RGB").quantize(tones, dither=Image.Dither.NONE)
        webp = io.BytesIO()
        flat.convert("RGB").save(webp, "WEBP", lossless=True, quality=100, method=6)
        if webp.tell() <= MOST_BYTES:
            break
    else:
        sys.exit(f"{path} takes more than {MOST_BYTES:,} bytes: show less in it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(webp.getvalue())
    print(f"{path.relative_to(ROOT)}: {tones} tones, {webp.tell():,} bytes")


if __name__ == "__main__":
    main()
