"""Paths of figures in fewer bytes: read back by a reader of SVG paths that knows nothing of how they were written."""

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from sitebuild.programs import figures


def points(path):
    """The polylines of a path of M, L, l and z, as lists of points; a closed one ends with "z"."""
    lines, letter, at, numbers = [], "", (0.0, 0.0), []
    for sign, number in re.findall(r"([MLlz])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)", path):
        if sign == "z":
            lines[-1].append("z")
        elif sign:
            letter = sign
        else:
            numbers.append(float(number))
            if len(numbers) == 2:
                at = (at[0] + numbers[0], at[1] + numbers[1]) if letter == "l" else tuple(numbers)
                if letter == "M":
                    lines.append([])
                lines[-1].append(at)
                numbers = []
    assert not numbers, "an odd number of coordinates"
    return lines


def written(lines):
    """As Matplotlib writes it."""
    out = []
    for line in lines:
        for number, point in enumerate(line):
            out.append("z" if point == "z" else f"{'L' if number else 'M'} {point[0]:.6f} {point[1]:.6f}")
    return " \n".join(out) + " \n"


def distance(one, other):
    return math.dist(one, other)


coordinate = st.floats(-500, 500).map(lambda x: round(x, 6))
polyline = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=30)


@given(st.lists(st.tuples(polyline, st.booleans()), min_size=1, max_size=4))
def test_a_short_path_keeps_every_point_to_a_twentieth(lines):
    lines = [[*line, "z"] if closed else line for line, closed in lines]
    read = points(figures.compact_path(written(lines)))
    assert len(read) == len(lines)
    for ours, theirs in zip(read, lines, strict=True):
        assert ("z" in ours) == ("z" in theirs)
        ours, theirs = ([point for point in line if point != "z"] for line in (ours, theirs))
        # a point that rounds to the one before it may be left out
        for point in theirs:
            assert min(distance(point, other) for other in ours) < 0.08
        place = 0
        for point in ours:  # and none is added, and their order stays
            while distance(point, theirs[place]) >= 0.08:
                place += 1


def test_no_error_adds_up_along_a_line():
    line = [(0.04 * k, 0.04 * k) for k in range(199)]
    (read,) = points(figures.compact_path(written([line])))
    assert distance(read[-1], line[-1]) < 0.08


@given(st.integers(200, 900), st.integers(0, 99), st.floats(30, 90))
def test_a_dense_line_keeps_its_ends_and_the_extremes_of_each_column(count, seed, width):
    x = [k * width / count for k in range(count)]
    line = [(x[k], round(40 * math.sin(k * (1 + seed) / 7) * math.cos(k / 3), 6)) for k in range(count)]
    (read,) = points(figures.compact_path(written([line])))
    assert distance(read[0], line[0]) < 0.08 and distance(read[-1], line[-1]) < 0.08
    columns = {}
    for across, height in line:
        columns.setdefault(math.floor(round(across, 6)), []).append((across, height))
    for column in columns.values():
        for extreme in (min(column, key=lambda p: p[1]), max(column, key=lambda p: p[1])):
            assert min(abs(extreme[1] - other[1]) for other in read if abs(other[0] - extreme[0]) < 1.1) < 0.08
    assert len(read) <= 2 * len(columns) + 2


def test_only_dense_lines_from_left_to_right_are_thinned_out():
    def left(line):
        (read,) = points(figures.compact_path(written([line])))
        return len(read)

    wave = [(k / 10, 10 * math.sin(k)) for k in range(200)]
    assert left(wave[:199]) == 199 and left(wave) < 60
    back = [*wave[:100], (wave[99][0] - 1.5, 3.0), *wave[100:]]  # a step back of more than a column
    assert left(back) == len(back)
    nearly = [*wave[:100], (wave[99][0] - 0.5, 3.0), *wave[100:]]  # as Matplotlib's own simplification makes them
    assert left(nearly) < 60


def test_a_path_with_curves_is_only_rounded():
    path = "M 1.234567 2.000001 \nC 3.125 4.5 5.55555 6 7 8 \nL 9 10 \n"
    assert figures.compact_path(path) == "M 1.23 2 C 3.125 4.5 5.56 6 7 8 L 9 10".replace("3.125", "3.12")
