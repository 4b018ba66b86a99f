"""QR codes: an address that a camera reads from a screen or from paper."""

from io import BytesIO

import segno

# The light border without which cameras do not find a code, in modules.
QUIET_ZONE = 4


def qr_svg(text: str) -> str:
    """
    Draw a QR code as an SVG picture.

    The picture has no size of its own: whoever shows it gives it one. It is white
    behind the dark modules in a dark design too, as cameras expect.

    Args:
        text: What a camera is to read, such as an address; some 2000 characters at
            the most.

    Returns:
        An `<svg>` element with its namespace, also fit to stand in a page.

    Raises:
        segno.DataOverflowError: If *text* is too long for a QR code.
    """
    # A sheet of paper gets folded and stained: "m" survives 15 % of damage.
    code = segno.make_qr(text, error="m", boost_error=False)
    drawn = BytesIO()
    code.save(
        drawn,
        kind="svg",
        border=QUIET_ZONE,
        light="#fff",
        omitsize=True,
        xmldecl=False,
        nl=False,
        svgclass=None,
        lineclass=None,
    )
    return drawn.getvalue().decode()
