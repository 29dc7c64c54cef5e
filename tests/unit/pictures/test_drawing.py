"""The base of all pictures: a PNG of a phone's width, in colours everybody can tell apart, drawn by several threads at once."""

from __future__ import annotations

import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import pytest

from bot.pictures.drawing import ALT_LENGTH, HATCHES, SERIES, Colour, Picture, draw


def bars(*lengths: int, title: str = "Lengths", alt: str = "Three bars.") -> Picture:
    return draw("lengths", title, alt, lambda axes: axes.barh(range(len(lengths)), lengths), rows=len(lengths))


def size_of(picture: Picture) -> tuple[int, int]:
    assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture.png[16:24])
    return width, height


def test_a_picture_is_as_wide_as_a_phone_and_grows_with_its_rows() -> None:
    few, many = size_of(bars(1, 2, 3)), size_of(bars(*range(1, 16)))
    assert few[0] == many[0] == 1080
    assert few[1] < many[1] <= 2880
    assert size_of(bars(*range(1, 200)))[1] == 2880


def test_the_same_numbers_give_the_same_picture() -> None:
    assert bars(1, 2, 3).png == bars(1, 2, 3).png


def test_what_is_said_beside_a_picture_fits_slack() -> None:
    assert len(bars(1, alt="W" * 5000).alt) == ALT_LENGTH


def test_a_title_with_dollar_signs_is_a_title() -> None:
    assert size_of(bars(1, title="a $b$ _c_"))[0] == 1080


def test_pictures_drawn_at_once_are_the_same_as_one_after_the_other() -> None:
    alone = [bars(*range(1, count)).png for count in (3, 5, 7, 9)]
    with ThreadPoolExecutor(4) as pool:
        assert [picture.png for picture in pool.map(lambda count: bars(*range(1, count)), (3, 5, 7, 9))] == alone


def test_nobody_waits_for_the_drawing_library_who_does_not_draw() -> None:
    program = "import sys, handlers.app, jobs.clock, bot.pictures.drawing; print('matplotlib' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"


#: How the three kinds of colour blindness see linear red, green and blue (Machado, Oliveira and Fernandes, 2009, severity 1.0).
SEEN_AS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


@pytest.mark.parametrize("eyes", SEEN_AS)
def test_the_first_four_colours_of_series_are_told_apart_by_every_eye(eyes: str) -> None:
    for one, other in combinations(SERIES[:4], 2):
        apart = sum(abs(a - b) for a, b in zip(seen(one, eyes), seen(other, eyes), strict=True))
        assert apart > 0.15, (one.name, other.name)


def seen(colour: Colour, eyes: str) -> tuple[float, ...]:
    linear = [channel_of(colour.value[at : at + 2]) for at in (1, 3, 5)]
    return tuple(sum(weight * part for weight, part in zip(row, linear, strict=True)) for row in SEEN_AS[eyes])


def channel_of(digits: str) -> float:
    part = int(digits, 16) / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def test_every_series_has_its_own_colour_and_its_own_hatching() -> None:
    assert len(set(SERIES)) == len(set(HATCHES)) == len(SERIES) == len(HATCHES)
