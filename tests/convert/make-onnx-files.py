#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Writes small ONNX files of all operators that are supported, with what ONNX
Runtime computes: tests/convert/onnx/NAME.onnx and NAME.expected.json.

    tests/convert/make-onnx-files.py [NAME...]

Needs numpy, and onnxruntime-node as onnx_runtime.py says.
"""

import base64
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

import onnx_runtime
from onnx_model import attribute, field, fields

FLOAT, INT64 = 1, 7


def tensor(name: str, values) -> bytes:
    values = np.asarray(values)
    kind, stored = ((INT64, "<i8") if values.dtype.kind == "i"
                    else (FLOAT, "<f4"))
    return (fields(1, values.shape) + field(2, kind) + field(8, name)
            + field(9, values.astype(stored).tobytes()))


class Graph:
    """A graph of which each node has the name of its output."""

    def __init__(self, name: str, opset: int, shape, seed: int):
        self.name, self.opset, self.shape = name, opset, shape
        self.random = np.random.default_rng(seed)
        self.nodes: list[bytes] = []
        self.constants: list[bytes] = []
        self.outputs: list[str] = []

    def normal(self, *shape, scale=.5):
        return self.random.normal(0, scale, shape).astype("f4")

    def constant(self, name: str, values) -> str:
        self.constants.append(tensor(name, values))
        return name

    def add(self, kind: str, name: str, *inputs, outputs=(), hidden=False,
            **attributes) -> str:
        """Add a node; arrays among its inputs become constants."""
        names = [given if isinstance(given, str)
                 else self.constant(f"{name}.{i}", given)
                 for i, given in enumerate(inputs)]
        self.nodes.append(
            fields(1, names) + fields(2, [name, *outputs]) + field(3, name)
            + field(4, kind)
            + fields(5, (attribute(*item) for item in attributes.items())))
        if not hidden:
            self.outputs += [name, *outputs]
        return name

    def conv(self, name: str, source: str, filters: int, channels: int,
             size=(3, 3), **attributes) -> str:
        return self.add("Conv", name, source,
                        self.normal(filters, channels, *size),
                        self.normal(filters), **attributes)

    def encode(self) -> bytes:
        def value(name, shape):
            sizes = fields(1, (field(1, size) if isinstance(size, int)
                               else field(2, size) for size in shape))
            return field(1, name) + field(2, field(1, field(1, FLOAT)
                                                   + field(2, sizes)))

        graph = (fields(1, self.nodes) + field(2, self.name)
                 + fields(5, self.constants)
                 + field(11, value("x", ["batch", *self.shape[1:]]))
                 + fields(12, (field(1, name) + field(2, field(1, field(1, 1)))
                               for name in self.outputs)))
        return (field(1, 7) + field(7, graph)
                + field(8, field(1, "") + field(2, self.opset)))


def convolutions() -> Graph:
    """Windows: all kinds of padding, groups, and transposed ones."""
    g = Graph("convolutions", 13, (1, 4, 6, 7), 1)
    g.conv("same", "x", 6, 4, pads=[1, 1, 1, 1])
    g.conv("valid", "x", 3, 4, size=(2, 3))
    g.conv("strided", "x", 5, 4, pads=[1, 1, 1, 1], strides=[2, 2])
    g.conv("uneven", "x", 5, 4, pads=[0, 2, 1, 0], strides=[2, 1])
    g.conv("upper", "x", 5, 4, auto_pad="SAME_UPPER", strides=[2, 2])
    g.conv("lower", "x", 5, 4, size=(4, 4), auto_pad="SAME_LOWER")
    g.conv("dilated", "x", 5, 4, dilations=[2, 2], pads=[2, 2, 2, 2])
    g.conv("grouped", "x", 6, 2, group=2)
    g.conv("depthwise", "x", 4, 1, group=4, pads=[1, 1, 1, 1])
    g.conv("multiplied", "x", 8, 1, group=4)
    g.add("Conv", "biasless", "x", g.normal(3, 4, 1, 1))
    for name, size, options in (
            ("double", 2, {"strides": [2, 2]}),
            ("smooth", 4, {"strides": [2, 2], "pads": [1, 1, 1, 1]}),
            ("extra", 3, {"strides": [2, 2], "pads": [1, 1, 1, 1],
                          "output_padding": [1, 1]}),
            ("gaps", 1, {"strides": [2, 2]}),
            ("cut", 3, {"pads": [2, 0, 1, 1]}),
            ("longer", 2, {"strides": [3, 3], "output_padding": [2, 1]})):
        g.add("ConvTranspose", f"transposed.{name}", "x",
              g.normal(4, 3, size, size), g.normal(3), **options)
    g.add("ConvTranspose", "transposed.grouped", "x", g.normal(4, 1, 2, 2),
          group=4, strides=[2, 2])
    return g


def pooling() -> Graph:
    g = Graph("pooling", 13, (1, 3, 7, 6), 2)
    positive = g.add("Relu", "positive", "x")
    for name, source, options in (
            ("plain", "x", {"strides": [2, 2]}),
            ("padded", positive, {"strides": [2, 2], "pads": [1, 1, 1, 1]}),
            ("around", "x", {"strides": [2, 2], "pads": [1, 1, 1, 1]}),
            ("dense", "x", {"pads": [1, 1, 1, 1]}),
            ("ceil", "x", {"strides": [2, 2], "ceil_mode": 1})):
        g.add("MaxPool", f"largest.{name}", source, kernel_shape=[3, 3],
              **options)
        g.add("AveragePool", f"average.{name}", source, kernel_shape=[3, 3],
              **options)
    g.add("AveragePool", "average.counted", "x", kernel_shape=[3, 3],
          pads=[1, 1, 1, 1], strides=[2, 2], count_include_pad=1)
    g.add("GlobalAveragePool", "global_average", "x")
    g.add("GlobalMaxPool", "global_max", "x")
    g.add("ReduceMean", "mean", "x", axes=[2, 3], keepdims=0)
    g.add("ReduceMean", "mean_of_rows", "x", axes=[-1], keepdims=1)
    g.add("ReduceMax", "max", "x", axes=[-2, -1])
    return g


def functions() -> Graph:
    g = Graph("functions", 20, (1, 3, 4, 5), 3)
    for kind in ("Elu", "Exp", "Gelu", "HardSwish", "LeakyRelu", "Mish", "Relu",
                 "Selu", "Sigmoid", "Softplus", "Softsign", "Tanh", "Neg",
                 "HardSigmoid", "Celu", "ThresholdedRelu"):
        g.add(kind, kind.lower(), "x")
    g.add("Elu", "elu_2", "x", alpha=2.0)
    g.add("Celu", "celu_2", "x", alpha=2.0)
    g.add("LeakyRelu", "leaky_2", "x", alpha=.2)
    g.add("Selu", "selu_2", "x", alpha=1.5, gamma=2.0)
    g.add("Gelu", "gelu_tanh", "x", approximate="tanh")
    g.add("HardSigmoid", "hard_sixth", "x", alpha=1 / 6)
    g.add("PRelu", "prelu", "x", g.normal(3, 1, 1))
    g.add("PRelu", "prelu_1", "x", g.normal(1))
    g.add("Clip", "relu6", "x", np.float32(0), np.float32(6))
    g.add("Clip", "clipped", "x", np.float32(-.5), np.float32(.25))
    g.add("Clip", "above", "x", np.float32(.1))
    g.add("Clip", "below", "x", "", np.float32(.1))
    g.add("Softmax", "softmax", "x", axis=1)
    g.add("Softmax", "softmax_rows", "x")
    g.add("LogSoftmax", "log_softmax", "x", axis=1)
    g.add("BatchNormalization", "normalized", "x", g.normal(3), g.normal(3),
          g.normal(3), np.abs(g.normal(3)) + .5, epsilon=1e-4)
    g.add("InstanceNormalization", "instance", "x", g.normal(3), g.normal(3),
          epsilon=1e-3)
    trained = g.add("BatchNormalization", "trained", "x", g.normal(3),
                    g.normal(3), g.normal(3), np.abs(g.normal(3)) + .5,
                    training_mode=1, outputs=["mean", "variance"], hidden=True)
    g.add("Relu", "behind_trained", trained)
    g.add("Pad", "wrapped", "x", np.array([0, 0, 2, 1, 0, 0, 0, 3]),
          mode="wrap")
    return g


def formulas() -> Graph:
    """Activation functions that are written as several nodes."""
    g = Graph("formulas", 12, (1, 3, 4, 5), 4)
    x = g.conv("conv", "x", 4, 3, size=(1, 1))
    g.add("Mul", "swish", x, g.add("Sigmoid", "sigmoid", x, hidden=True))
    g.add("Mul", "mish", x, g.add("Tanh", "tanh", g.add(
        "Softplus", "softplus", x, hidden=True), hidden=True))
    clip = g.add("Clip", "clip", g.add("Add", "plus_3", x, np.float32(3),
                                       hidden=True),
                 np.float32(0), np.float32(6), hidden=True)
    g.add("Div", "hard_swish", g.add("Mul", "times_clip", x, clip, hidden=True),
          np.float32(6))
    g.add("Mul", "hard_swish_2", x, g.add("Div", "by_6", clip, np.float32(6),
                                          hidden=True))
    g.add("Mul", "hard_swish_3", x, g.add("HardSigmoid", "hard", x, alpha=1 / 6,
                                          hidden=True))
    erf = g.add("Erf", "erf", g.add("Div", "by_root", x,
                                    np.float32(2 ** .5), hidden=True),
                hidden=True)
    plus = g.add("Add", "one_plus", erf, np.float32(1), hidden=True)
    g.add("Mul", "gelu", g.add("Mul", "times_plus", x, plus, hidden=True),
          np.float32(.5))
    half = g.add("Mul", "half", x, np.float32(.5), hidden=True)
    g.add("Mul", "gelu_2", half, plus)
    return g


def arithmetic() -> Graph:
    g = Graph("arithmetic", 13, (1, 4, 3, 5), 5)
    a = g.conv("a", "x", 4, 4, size=(1, 1))
    b = g.conv("b", "x", 4, 4, size=(1, 1))
    for kind in ("Add", "Sub", "Mul", "Max", "Min", "Sum", "Mean"):
        g.add(kind, kind.lower(), a, b)
    g.add("Sum", "sum_3", a, b, "x")
    pooled = g.add("GlobalAveragePool", "squeeze", a)
    gate = g.add("Sigmoid", "gate", g.conv("excite", pooled, 4, 4, size=(1, 1)))
    g.add("Mul", "excited", a, gate)
    for kind in ("Add", "Sub", "Mul", "Div"):
        g.add(kind, f"{kind.lower()}_channels", a, g.normal(4, 1, 1) + 2)
        g.add(kind, f"{kind.lower()}_number", a, np.float32(1.5))
    g.add("Sub", "from_number", np.float32(1), a)
    g.add("Sub", "from_channels", g.normal(1, 4, 1, 1), a)
    g.add("Add", "biased", g.add("Conv", "linear", "x", g.normal(3, 4, 1, 1)),
          g.normal(1, 3, 1, 1))
    g.add("Max", "at_least", a, np.float32(.25))
    g.add("Min", "at_most", a, np.float32(.25))
    return g


def dense() -> Graph:
    """Products with matrices, behind feature maps in the order of the file."""
    g = Graph("dense", 13, (1, 3, 4, 2), 6)
    flat = g.add("Flatten", "flat", "x", hidden=True)
    g.add("Gemm", "gemm", flat, g.normal(5, 24), g.normal(5), transB=1)
    g.add("Gemm", "scaled", flat, g.normal(24, 5), g.normal(1, 5), alpha=.5,
          beta=2.0)
    product = g.add("MatMul", "product", flat, g.normal(24, 6))
    hidden = g.add("Relu", "hidden", g.add("Add", "bias", product, g.normal(6)))
    g.add("Softmax", "classes", g.add("Gemm", "last", hidden, g.normal(6, 3)))
    normal = g.add("BatchNormalization", "normalized", flat, g.normal(24),
                   g.normal(24), g.normal(24), np.abs(g.normal(24)) + .5,
                   hidden=True)
    g.add("Gemm", "behind", normal, g.normal(24, 4))
    rows = g.add("Reshape", "rows", "x", np.array([0, 3, 8]), hidden=True)
    g.add("MatMul", "each_row", rows, g.normal(8, 2))
    return g


def arrangement() -> Graph:
    """What moves values: parts, blocks, shuffled channels."""
    g = Graph("arrangement", 13, (1, 8, 4, 6), 7)
    g.add("Split", "half.0", "x", outputs=["half.1"], axis=1)
    g.add("Split", "part.0", "x", np.array([1, 5, 2]),
          outputs=["part.1", "part.2"], axis=1)
    g.add("Split", "top", "x", outputs=["bottom"], axis=2)
    shuffled = g.add("Reshape", "back", g.add("Transpose", "swapped", g.add(
        "Reshape", "grouped", "x", np.array([0, 2, 4, 4, 6]), hidden=True),
        perm=[0, 2, 1, 3, 4], hidden=True), np.array([0, -1, 4, 6]))
    g.conv("behind_shuffle", shuffled, 3, 8)
    g.add("Concat", "joined", "half.0", "x", "part.2", axis=1)
    g.add("Concat", "stacked", "x", "top", axis=2)
    g.add("Slice", "channels", "x", np.array([2]), np.array([-1]),
          np.array([1]))
    g.add("Slice", "inner", "x", np.array([1, 1]), np.array([5, 2 ** 62]),
          np.array([2, 3]))
    g.add("Slice", "odd", "x", np.array([1]), np.array([2 ** 62]),
          np.array([-1]), np.array([2]))
    g.add("Slice", "even_channels", "x", np.array([0]), np.array([2 ** 62]),
          np.array([1]), np.array([2]))
    g.add("Pad", "padded", "x", np.array([0, 0, 1, 2, 0, 0, 0, 3]))
    g.add("Pad", "more_channels", "x", np.array([0, 1, 0, 0, 0, 2, 0, 0]))
    g.add("Pad", "cropped", "x", np.array([0, 0, -1, 0, 0, 0, -2, 1]))
    for mode in ("edge", "reflect"):
        g.add("Pad", mode, "x", np.array([0, 0, 1, 3, 0, 0, 2, 0]), mode=mode)
    g.add("Pad", "reflected_channels", "x",
          np.array([0, 2, 0, 0, 0, 1, 0, 0]), mode="reflect")
    g.add("DepthToSpace", "dcr", "x", blocksize=2)
    g.add("DepthToSpace", "crd", "x", blocksize=2, mode="CRD")
    g.add("SpaceToDepth", "depth", "x", blocksize=2)
    turned = g.add("Transpose", "turned", "x", perm=[0, 1, 3, 2])
    g.conv("behind_turned", turned, 2, 8)
    mean = g.add("GlobalAveragePool", "mean", "x")
    vector = g.add("Squeeze", "vector", mean, np.array([2, 3]))
    g.add("Unsqueeze", "opened", vector, np.array([2, 3]))
    return g


def resizing() -> Graph:
    g = Graph("resizing", 18, (1, 2, 4, 3), 8)
    none = np.zeros(0, "f4")

    def resize(name, scales=none, sizes=(), **options):
        more = [np.array(sizes)] if len(sizes) else []
        g.add("Resize", name, "x", none, np.array(scales, "f4"), *more,
              **options)

    double = [1, 1, 2, 2]
    resize("nearest", double, mode="nearest",
           coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    resize("rounded", double, mode="nearest")
    resize("taken", sizes=[1, 2, 7, 5], mode="nearest",
           coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    for mode in ("half_pixel", "align_corners", "asymmetric",
                 "pytorch_half_pixel"):
        resize(f"{mode}.double", double, mode="linear",
               coordinate_transformation_mode=mode)
        resize(f"{mode}.sizes", sizes=[1, 2, 7, 5], mode="linear",
               coordinate_transformation_mode=mode)
    resize("axes.scales", [2, 3], mode="linear", axes=[2, 3])
    resize("axes.sizes", sizes=[5, 7], mode="linear", axes=[3, 2])
    return g


def early() -> Graph:
    """Operator set 9, with shapes that are computed from the input's."""
    g = Graph("early", 9, (1, 3, 4, 4), 9)
    g.add("Upsample", "doubled", "x", np.array([1, 1, 2, 2], "f4"),
          mode="nearest")
    g.add("Clip", "relu6", "x", min=0.0, max=6.0)
    shape = g.add("Shape", "shape", "x", hidden=True)
    batch = g.add("Gather", "batch", shape, np.array(0), hidden=True)
    whole = g.add("Concat", "whole", g.add("Unsqueeze", "list", batch, axes=[0],
                                           hidden=True),
                  np.array([-1]), axis=0, hidden=True)
    flat = g.add("Reshape", "flat", g.conv("conv", "x", 2, 3), whole,
                 hidden=True)
    g.add("Gemm", "gemm", flat, g.normal(8, 3), g.normal(3))
    g.add("Slice", "slice", "x", starts=[1], ends=[9], axes=[1])
    g.add("Pad", "pad", "x", pads=[0, 0, 1, 1, 0, 0, 1, 1])
    g.add("Dropout", "dropout", "relu6")
    g.add("Softmax", "softmax", "gemm")
    return g


def channels_last() -> Graph:
    """As exporters of TensorFlow write it: pictures have the channels last."""
    g = Graph("channels-last", 13, (1, 5, 6, 3), 10)
    first = g.add("Transpose", "first", "x", perm=[0, 3, 1, 2], hidden=True)
    conv = g.add("Transpose", "last", g.add(
        "Relu", "relu", g.conv("conv", first, 4, 3, pads=[1, 1, 1, 1])),
        perm=[0, 2, 3, 1], hidden=True)
    biased = g.add("Add", "biased", conv, g.normal(4), hidden=True)
    mean = g.add("ReduceMean", "mean", biased, axes=[1, 2], keepdims=0)
    g.add("MatMul", "product", mean, g.normal(4, 2))
    return g


GRAPHS = [convolutions, pooling, functions, formulas, arithmetic, dense,
          arrangement, resizing, early, channels_last]


def write(graph: Graph):
    content = graph.encode()
    picture = graph.normal(*graph.shape, scale=2)
    with tempfile.TemporaryDirectory() as folder:
        tensors = onnx_runtime.run(content, picture, graph.outputs,
                                   Path(folder))

    def pack(array):
        return {"shape": list(array.shape), "float32": base64.b64encode(
            array.astype("<f4").tobytes()).decode()}

    target = onnx_runtime.HERE / "onnx" / graph.name
    target.with_suffix(".onnx").write_bytes(content)
    picture_here = (picture[0] if graph.name == "channels-last"
                    else picture[0].transpose(1, 2, 0))
    Path(f"{target}.expected.json").write_text(json.dumps({
        "input": pack(picture_here),
        "tensors": {name: pack(onnx_runtime.to_engine(tensor))
                    for name, tensor in tensors.items()}}) + "\n")


def main():
    (onnx_runtime.HERE / "onnx").mkdir(exist_ok=True)
    for make in GRAPHS:
        graph = make()
        if not sys.argv[1:] or graph.name in sys.argv[1:]:
            write(graph)


if __name__ == "__main__":
    main()
