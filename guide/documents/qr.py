"""QR codes: an address that a phone reads from paper or from another screen."""

import io

import segno


def qr_svg(address: str) -> str:
    """Return the QR code of an address as an SVG picture, with its quiet zone."""
    picture = io.BytesIO()
    _code(address).save(
        picture, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None
    )
    return picture.getvalue().decode()


def qr_png(address: str) -> bytes:
    """Return the QR code of an address as a picture in black and white."""
    picture = io.BytesIO()
    _code(address).save(picture, kind="png", border=2, scale=4)
    return picture.getvalue()


def _code(address: str) -> segno.QRCode:
    # The lowest level of repair: addresses are long, and smaller dots read worse.
    return segno.make(address, error="l", micro=False)
