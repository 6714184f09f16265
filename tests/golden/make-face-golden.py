#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Write a face detector whose faces are white squares, with weights set by hand.

It has the shapes of the real one, and what it finds can be told beforehand, so
that tests need no picture of anybody.

    tests/golden/make-face-golden.py tests/golden/face-squares
    tests/golden/make-face-golden.py --refine tests/golden/face-squares-refined
    tests/golden/make-face-golden.py tests/golden/face-squares-8 --strides 8
    tests/golden/make-face-golden.py --pyramid tests/golden/face-pyramid

For each stride s, the means m of the luma (BT.601) of the cells of s x s pixels
are taken. A white square of side s on black, at (dx, dy) cells from the centre of
the cell that it covers most of, fills

    m(0, 0)            = (1 - |dx|) (1 - |dy|)
    sum of all 5 x 5   = 1
    right - left       = dx, summed over the rows; likewise dy

from which the outputs are

    logit = 20 m(0, 0) - 8 max(sum - 1, 0) - 20 max(1 - sum, 0) - 3
    dx, dy
    log(side / s): 0, and log 1.5 at the largest stride, so that a face may reach
        beyond the picture though all of its square is in it

A square that is not white but of luma l, in line with the cells, has the logit
40 l - 23: 17 at 1, 0 at 0.575.

With --refine, a second network looks at a crop of 1.5 times the square's side s,
and at nothing but its blue. Of that it takes, with lengths in units of s and from
the crop's centre,

    M = sum, which is (a / s)^2 of a square of side a that is white or blue
    X, Y = sums weighted with x and y: (a / s)^2 times the place of its centre

from which the outputs are

    logit = 20 M - 5
    dx, dy = X, Y: exact for a = s
    log(side / s) = (M - 1) / 2 - 0.36 max(0.8 - M, 0): the tangent at a = s, and
        exact for a = s / 1.5, the squares of the largest stride

so that a square without blue is no face (a logit of -5), and one of blue and
another colour is.

With --pyramid it is another detector, of one output of stride 16, that finds
white squares of side 16 in line with its cells. It adds the means of 32 x 32
pixels, made twice as large, to those of 16 x 16, and so takes only multiples of
32: logit = 20 (m16 + m32) - 15, which is 10 at the square and -10 beside it.
"""

import argparse
import json
import math
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]
                    / "model" / "train"))
import layers_model  # noqa: E402

STRIDES = (8, 16, 32)
SIZE = 5
HIDDEN = 7


def hidden_kernel() -> list[float]:
    """Give the weights (5, 5, 1, 7) of what is computed of the means."""
    values = []
    for row in range(SIZE):
        for column in range(SIZE):
            y, x = row - SIZE // 2, column - SIZE // 2
            near = abs(x) <= 1 and abs(y) <= 1
            values += [
                1.0 if x == 0 and y == 0 else 0.0,
                1.0,
                -1.0,
                float(x) if near else 0.0,
                float(-x) if near else 0.0,
                float(y) if near else 0.0,
                float(-y) if near else 0.0,
            ]
    return values


HIDDEN_BIAS = [0.0, -1.0, 1.0, 0.0, 0.0, 0.0, 0.0]

OUTPUT_KERNEL = [  # (7, 4): logit, dx, dy, log side
    20.0, 0.0, 0.0, 0.0,
    -8.0, 0.0, 0.0, 0.0,
    -20.0, 0.0, 0.0, 0.0,
    0.0, 1.0, 0.0, 0.0,
    0.0, -1.0, 0.0, 0.0,
    0.0, 0.0, 1.0, 0.0,
    0.0, 0.0, -1.0, 0.0,
]


def output_bias(stride: int) -> list[float]:
    side = 1.5 if stride == STRIDES[-1] else 1.0
    return [-3.0, 0.0, 0.0, math.log(side)]


def layer(name: str, class_name: str, config: dict, source: str) -> dict:
    sources = [source] if source else []
    return {"name": name, "class_name": class_name,
            "config": {"name": name, **config},
            "inbound_nodes": layers_model.inbound_nodes(sources)}


def conv(name: str, filters: int, size: int, padding: str, activation: str,
         source: str) -> dict:
    return layer(name, "Conv2D", {
        "filters": filters, "kernel_size": [size, size], "strides": [1, 1],
        "padding": padding, "activation": activation, "use_bias": True}, source)


def average_pooling(name: str, size: int, source: str) -> dict:
    return layer(name, "AveragePooling2D", {
        "pool_size": [size, size], "strides": [size, size],
        "padding": "valid"}, source)


class Network:
    """Layers and weights, and how they are written."""

    def __init__(self, shape: list) -> None:
        self.layers = [layer("input", "InputLayer",
                             {"batch_input_shape": [None, *shape]}, "")]
        self.weights = []

    def add(self, added: dict, *weights: tuple[str, list, list[float]]) -> None:
        """Add a layer with its weights: a name, a shape and values each."""
        self.layers.append(added)
        for name, shape, values in weights:
            assert len(values) == math.prod(shape)
            self.weights.append(layers_model.weight_of_values(
                f"{added['name']}/{name}", shape, values))

    def write(self, folder: pathlib.Path, name: str, outputs: list) -> None:
        layers_model.write(
            folder, {"model_config": layers_model.functional(
                name, self.layers, outputs)},
            self.weights, paths=["weights.bin"],
            generatedBy="make-face-golden.py")


def new_detector() -> Network:
    """Begin a network that takes R'G'B' at any size with its luma."""
    network = Network([None, None, 3])
    network.add(conv("luma", 1, 1, "same", "linear", "input"),
                ("kernel", [1, 1, 3, 1], [0.299, 0.587, 0.114]),
                ("bias", [1], [0.0]))
    return network


def write_detector(folder: pathlib.Path, strides: list[int]) -> None:
    network = new_detector()
    for stride in strides:
        mean, hidden, face = (f"{kind}_{stride}"
                              for kind in ("mean", "hidden", "face"))
        network.add(average_pooling(mean, stride, "luma"))
        network.add(conv(hidden, HIDDEN, SIZE, "same", "relu", mean),
                    ("kernel", [SIZE, SIZE, 1, HIDDEN], hidden_kernel()),
                    ("bias", [HIDDEN], HIDDEN_BIAS))
        network.add(conv(face, 4, 1, "same", "linear", hidden),
                    ("kernel", [1, 1, HIDDEN, 4], OUTPUT_KERNEL),
                    ("bias", [4], output_bias(stride)))
    network.write(folder, "face-squares",
                  [f"face_{stride}" for stride in strides])


def write_pyramid(folder: pathlib.Path) -> None:
    network = new_detector()
    network.add(average_pooling("mean_16", 16, "luma"))
    network.add(average_pooling("mean_32", 2, "mean_16"))
    network.add(layer("wide", "UpSampling2D", {
        "size": [2, 2], "interpolation": "nearest"}, "mean_32"))
    network.add({**layer("sum", "Add", {}, ""), "inbound_nodes":
                 layers_model.inbound_nodes(["mean_16", "wide"])})
    network.add(conv("face", 4, 1, "same", "linear", "sum"),
                ("kernel", [1, 1, 1, 4], [20.0, 0.0, 0.0, 0.0]),
                ("bias", [4], [-15.0, 0.0, 0.0, 0.0]))
    network.write(folder, "face-pyramid", ["face"])


CROP_SCALE = 1.5
CROP_SIZE = 24
CELLS = CROP_SIZE // 2
MOMENTS = 6
SMALL = 0.8


def moments_kernel() -> list[float]:
    """Give the weights (12, 12, 3, 6) of the moments of the crop's blue."""
    area = (CROP_SCALE / CELLS) ** 2
    values = []
    for row in range(CELLS):
        for column in range(CELLS):
            y, x = (((cell + 0.5) / CELLS - 0.5) * CROP_SCALE
                    for cell in (row, column))
            values += 2 * MOMENTS * [0.0]  # red and green
            values += [area * weight for weight in (1.0, -1.0, x, -x, y, -y)]
    return values


MOMENTS_BIAS = [0.0, SMALL, 0.0, 0.0, 0.0, 0.0]

REFINED_KERNEL = [  # (6, 4): logit, dx, dy, log side
    20.0, 0.0, 0.0, 0.5,
    0.0, 0.0, 0.0, -(math.log(1.5) - 0.5 * (1 - 1 / 1.5 ** 2))
    / (SMALL - 1 / 1.5 ** 2),
    0.0, 1.0, 0.0, 0.0,
    0.0, -1.0, 0.0, 0.0,
    0.0, 0.0, 1.0, 0.0,
    0.0, 0.0, -1.0, 0.0,
]
REFINED_BIAS = [-5.0, 0.0, 0.0, -0.5]


def write_refiner(folder: pathlib.Path) -> None:
    network = Network([CROP_SIZE, CROP_SIZE, 3])
    network.add(average_pooling("mean", 2, "input"))
    network.add(conv("moments", MOMENTS, CELLS, "valid", "relu", "mean"),
                ("kernel", [CELLS, CELLS, 3, MOMENTS], moments_kernel()),
                ("bias", [MOMENTS], MOMENTS_BIAS))
    network.add(layer("flat", "Flatten", {}, "moments"))
    network.add(layer("face", "Dense", {
        "units": 4, "activation": "linear", "use_bias": True}, "flat"),
        ("kernel", [MOMENTS, 4], REFINED_KERNEL), ("bias", [4], REFINED_BIAS))
    network.write(folder, "face-squares-refined", ["face"])
    (folder / "preprocess.json").write_text(json.dumps({
        "version": 1, "resize": "half-pixel", "channels": "rgb",
        "crop_scale": CROP_SCALE}) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--strides", type=int, nargs="+", default=STRIDES,
                        choices=STRIDES)
    parser.add_argument("--refine", action="store_true",
                        help="with a second network that refines")
    parser.add_argument("--pyramid", action="store_true",
                        help="the other detector")
    arguments = parser.parse_args()

    if arguments.pyramid:
        write_pyramid(arguments.folder)
    else:
        write_detector(arguments.folder, arguments.strides)
    if arguments.refine:
        write_refiner(arguments.folder / "refine")


if __name__ == "__main__":
    main()
