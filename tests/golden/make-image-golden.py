#!/usr/bin/python3
# gst-activationmap: live activation maps of CNNs in video
#
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Writes tests/golden/image/: small pictures and what they resize to.

WxH-rgb.bin are random pixels; CONVENTION-WxH-to-WxH.f32 are little-endian float32
of the resized picture, height x width x 3, in 0..1. The formulas are those of
TensorFlow.js' resizeBilinear, pixel by pixel and in double precision, so that
they can be checked by eye.
"""

import math
import pathlib

import numpy

CASES = [
    # input width and height, output width and height
    (7, 5, 4, 3),
    (7, 5, 7, 5),
    (6, 6, 3, 3),
    (5, 3, 9, 8),
    (1, 1, 3, 2),
    (4, 9, 1, 1),
    (13, 2, 2, 13),
]


def legacy(i, n_in, n_out):
    return i * n_in / n_out


def align_corners(i, n_in, n_out):
    return i * (n_in - 1) / (n_out - 1) if n_out > 1 else 0.0


def half_pixel(i, n_in, n_out):
    return (i + 0.5) * n_in / n_out - 0.5


CONVENTIONS = {
    "legacy": legacy,
    "align-corners": align_corners,
    "half-pixel": half_pixel,
}


def neighbours(position, n_in):
    """The two samples around a position, and the weight of the second."""
    lower = max(0, math.floor(position))
    upper = min(n_in - 1, math.ceil(position))
    return lower, upper, max(0.0, position - lower)


def resize(picture, width, height, convention):
    in_height, in_width, _ = picture.shape
    out = numpy.zeros((height, width, 3))
    for y in range(height):
        top, bottom, fy = neighbours(convention(y, in_height, height), in_height)
        for x in range(width):
            left, right, fx = neighbours(convention(x, in_width, width), in_width)
            upper = picture[top, left] * (1 - fx) + picture[top, right] * fx
            lower = picture[bottom, left] * (1 - fx) + picture[bottom, right] * fx
            out[y, x] = upper * (1 - fy) + lower * fy
    return out


def main():
    folder = pathlib.Path(__file__).parent / "image"
    folder.mkdir(exist_ok=True)
    random = numpy.random.RandomState(2017)
    pictures = {}
    for in_width, in_height, width, height in CASES:
        size = f"{in_width}x{in_height}"
        if size not in pictures:
            pictures[size] = random.randint(
                0, 256, (in_height, in_width, 3), dtype=numpy.uint8)
            (folder / f"{size}-rgb.bin").write_bytes(pictures[size].tobytes())
        for name, convention in CONVENTIONS.items():
            resized = resize(pictures[size] / 255.0, width, height, convention)
            path = folder / f"{name}-{size}-to-{width}x{height}.f32"
            path.write_bytes(resized.astype("<f4").tobytes())


if __name__ == "__main__":
    main()
