"""The base of every picture: size, fonts and colours, and the way from a drawing to PNG bytes.

A picture is read on a phone, so it is narrow and its letters are large; by people who see colours differently, so the colours come from the palette of
Okabe and Ito and whatever a colour says is said by a word, a mark or a hatching too; and by a screen reader, so nobody gets a picture without words.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: 1080 pixels wide, as phones are; a line of text of ordinary size is some 14 points of a phone's screen then.
WIDTH_INCHES, DOTS_PER_INCH = 6.0, 180
#: What one row of a chart takes in height, and what its frame takes around the rows.
ROW_INCHES, FRAME_INCHES = 0.42, 1.5
TALLEST_INCHES = 16.0
TITLE_POINTS, LABEL_POINTS, SMALL_POINTS = 15.0, 12.0, 10.5
#: Slack takes no more for a description of a picture.
ALT_LENGTH = 1000
_STYLE: dict[Any, object] = {
    "font.family": "DejaVu Sans",
    "font.size": LABEL_POINTS,
    "axes.titlesize": TITLE_POINTS,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "figure.facecolor": "white",
    "text.parse_math": False,
}
#: Matplotlib keeps fonts and settings for the whole process, so pictures are drawn one after the other.
_DRAWING = threading.Lock()


class Colour(StrEnum):
    """The palette of Okabe and Ito, which people with any kind of colour vision tell apart, and the greys around it."""

    BLUE = "#0072B2"
    ORANGE = "#E69F00"
    GREEN = "#009E73"
    VERMILION = "#D55E00"
    SKY = "#56B4E9"
    PURPLE = "#CC79A7"
    YELLOW = "#F0E442"
    INK = "#222222"
    GREY = "#767676"
    PALE = "#DDDDDD"


#: One hatching for each series, so that two series differ without their colours.
HATCHES = ("", "//", "..", "xx", "\\\\", "++", "oo", "--")
SERIES = (Colour.BLUE, Colour.ORANGE, Colour.GREEN, Colour.VERMILION, Colour.SKY, Colour.PURPLE, Colour.YELLOW, Colour.GREY)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture: PNG bytes, the file's name, its title, and the words that say the same to somebody who cannot see it."""

    name: str
    title: str
    alt: str
    png: bytes


def draw(name: str, title: str, alt: str, paint: Callable[[Axes], None], *, rows: int) -> Picture:
    """Draw one chart. ``paint`` puts it on the axes; ``rows`` is how many lines it has, which sets its height.

    :param name: the file's name without its ending.
    :param alt: what a screen reader says; cut to what Slack takes.
    """
    # Imported here because few processes ever draw, and all would start half a second later.
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    height = min(FRAME_INCHES + ROW_INCHES * max(rows, 1), TALLEST_INCHES)
    with _DRAWING, rc_context(_STYLE):
        # Without pyplot, which would keep every figure alive.
        figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DOTS_PER_INCH, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        figure.suptitle(title, x=0.02, ha="left", fontsize=TITLE_POINTS, color=Colour.INK)
        paint(axes)
        written = BytesIO()
        figure.savefig(written, format="png", metadata={"Title": title, "Software": None})
    return Picture(f"{name}.png", title, alt[:ALT_LENGTH], written.getvalue())
