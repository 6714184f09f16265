#!/usr/bin/python3
"""Write a face detector whose faces are white squares, with weights set by hand.

It has the shapes of the real one, and what it finds can be told beforehand, so
that tests need no picture of anybody.

    tests/golden/make-face-golden.py tests/golden/face-squares

For each stride s, the means m of the cells of s x s pixels are taken. A white
square of side s on black, at (dx, dy) cells from the centre of the cell that it
covers most of, fills

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
"""

import argparse
import json
import math
import pathlib
import struct

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
    side = 1.5 if stride == max(STRIDES) else 1.0
    return [-3.0, 0.0, 0.0, math.log(side)]


def layer(name: str, class_name: str, config: dict, source: str) -> dict:
    return {"name": name, "class_name": class_name,
            "config": {"name": name, **config},
            "inbound_nodes": [[[source, 0, 0, {}]]] if source else []}


def conv(name: str, filters: int, size: int, activation: str,
         source: str) -> dict:
    return layer(name, "Conv2D", {
        "filters": filters, "kernel_size": [size, size], "strides": [1, 1],
        "padding": "same", "activation": activation, "use_bias": True}, source)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder

    layers = [layer("luma", "InputLayer",
                    {"batch_input_shape": [None, None, None, 1]}, "")]
    weights, data = [], []

    def add_weight(name: str, shape: list[int], values: list[float]) -> None:
        weights.append({"name": name, "shape": shape, "dtype": "float32"})
        data.extend(values)

    for stride in STRIDES:
        mean, hidden, face = (f"{kind}_{stride}"
                              for kind in ("mean", "hidden", "face"))
        layers += [
            layer(mean, "AveragePooling2D", {
                "pool_size": [stride, stride], "strides": [stride, stride],
                "padding": "valid"}, "luma"),
            conv(hidden, HIDDEN, SIZE, "relu", mean),
            conv(face, 4, 1, "linear", hidden),
        ]
        add_weight(f"{hidden}/kernel", [SIZE, SIZE, 1, HIDDEN], hidden_kernel())
        add_weight(f"{hidden}/bias", [HIDDEN], HIDDEN_BIAS)
        add_weight(f"{face}/kernel", [1, 1, HIDDEN, 4], OUTPUT_KERNEL)
        add_weight(f"{face}/bias", [4], output_bias(stride))

    model = {
        "format": "layers-model",
        "generatedBy": "make-face-golden.py",
        "modelTopology": {"model_config": {"class_name": "Functional", "config": {
            "name": "face-squares",
            "layers": layers,
            "input_layers": [["luma", 0, 0]],
            "output_layers": [[f"face_{stride}", 0, 0] for stride in STRIDES],
        }}},
        "weightsManifest": [{"paths": ["weights.bin"], "weights": weights}],
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(json.dumps(model) + "\n")
    (folder / "weights.bin").write_bytes(struct.pack(f"<{len(data)}f", *data))


if __name__ == "__main__":
    main()
