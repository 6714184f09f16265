# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Writes a network as ONNX (operator set 10), in NCHW.

The few messages of onnx.proto that are needed are encoded here, so that no
package is required. Batch normalisations stay separate nodes: folding them is
up to the engine. The operator set is the last whose Clip OpenCV 4.6 can read.
"""

import pathlib
import struct

import numpy as np

from networks import Layer, Network, window_of, window_padding

FLOAT, INT, STRING, INTS = 1, 2, 3, 7  # AttributeProto.AttributeType
FLOAT32, INT64 = 1, 7  # TensorProto.DataType


def varint(value: int) -> bytes:
    value &= 2 ** 64 - 1  # negative numbers take ten bytes
    data = bytearray()
    while value > 0x7f:
        data.append(value & 0x7f | 0x80)
        value >>= 7
    return bytes([*data, value])


def field(number: int, value: int | float | str | bytes) -> bytes:
    """One field of a protocol buffer; bytes may be an encoded message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def fields(number: int, values) -> bytes:
    return b"".join(field(number, value) for value in values)


def attribute(name: str, value: int | float | str | list[int]) -> bytes:
    if isinstance(value, list):
        return field(1, name) + fields(8, value) + field(20, INTS)
    if isinstance(value, float):
        return field(1, name) + field(2, value) + field(20, FLOAT)
    if isinstance(value, str):
        return field(1, name) + field(4, value) + field(20, STRING)
    return field(1, name) + field(3, value) + field(20, INT)


def tensor(name: str, values: np.ndarray) -> bytes:
    whole = np.issubdtype(values.dtype, np.integer)
    return (fields(1, values.shape) + field(2, INT64 if whole else FLOAT32)
            + field(8, name)
            + field(9, values.astype("<i8" if whole else "<f4").tobytes()))


def value_info(name: str, shape: list[int]) -> bytes:
    dimensions = fields(1, (field(1, size) for size in shape))
    return field(1, name) + field(
        2, field(1, field(1, FLOAT32) + field(2, dimensions)))


def channels_first(shape: tuple[int, ...]) -> list[int]:
    """The shape with a batch, and with the rows and columns of a map last."""
    return [1, *shape[2:], *shape[:2]]


class Graph:
    """Nodes and initializers; a node has the name of its output."""

    def __init__(self, network: Network):
        self.network = network
        self.nodes: list[bytes] = []
        self.initializers: list[bytes] = []
        for layer in network.layers:
            getattr(self, layer.kind)(layer)

    def node(self, kind: str, inputs: list[str], output: str, **attributes):
        self.nodes.append(
            fields(1, inputs) + field(2, output) + field(3, output)
            + field(4, kind)
            + fields(5, (attribute(*a) for a in attributes.items())))

    def constant(self, name: str, values) -> str:
        self.initializers.append(tensor(name, np.asarray(values)))
        return name

    def constants(self, layer: Layer, *keys: str) -> list[str]:
        return [self.constant(f"{layer.name}/{key}", layer.weights[key])
                for key in keys if key in layer.weights]

    def activate(self, layer: Layer, before: str):
        kind = layer.config["activation"]
        operators = {"relu": "Relu", "sigmoid": "Sigmoid",
                     "softmax": "Softmax"}
        if kind in operators:
            self.node(operators[kind], [before], layer.name)
        elif kind == "swish":
            self.node("Sigmoid", [before], f"{layer.name}/gate")
            self.node("Mul", [before, f"{layer.name}/gate"], layer.name)
        elif kind == "hard_silu":
            self.node("HardSigmoid", [before], f"{layer.name}/gate",
                      alpha=1 / 6, beta=0.5)
            self.node("Mul", [before, f"{layer.name}/gate"], layer.name)
        else:
            raise ValueError(f"{layer.name}: {kind} is not written as ONNX")

    def before_activation(self, layer: Layer) -> str:
        linear = layer.config["activation"] == "linear"
        return layer.name if linear else f"{layer.name}/linear"

    def convolve(self, layer: Layer, source: str, key: str, output: str,
                 windowed: bool = True):
        """@windowed is False for the second half of a separable layer."""
        kernel = reorder_convolution(layer, key)
        (top, bottom), (left, right) = (
            window_padding(layer) if windowed else [(0, 0), (0, 0)])
        self.node("Conv", [source,
                           self.constant(f"{layer.name}/{key}", kernel),
                           *self.constants(layer, "bias")], output,
                  kernel_shape=list(kernel.shape[2:]),
                  group=count_groups(layer, key, kernel),
                  strides=window_of(layer)[1] if windowed else [1, 1],
                  pads=[top, left, bottom, right])

    def Conv2D(self, layer: Layer):
        output = self.before_activation(layer)
        self.convolve(layer, layer.inputs[0], "kernel", output)
        if output != layer.name:
            self.activate(layer, output)

    def Conv2DTranspose(self, layer: Layer):
        kernel = layer.weights["kernel"].transpose(3, 2, 0, 1)
        self.node("ConvTranspose", [*layer.inputs,
                                    self.constant(f"{layer.name}/kernel",
                                                  kernel),
                                    *self.constants(layer, "bias")],
                  layer.name, kernel_shape=list(kernel.shape[2:]),
                  strides=layer.config["strides"])

    def DepthwiseConv2D(self, layer: Layer):
        self.convolve(layer, layer.inputs[0], "depthwise_kernel", layer.name)

    def SeparableConv2D(self, layer: Layer):
        between = f"{layer.name}/depthwise"
        self.convolve(layer, layer.inputs[0], "depthwise_kernel", between)
        self.convolve(layer, between, "pointwise_kernel", layer.name,
                      windowed=False)

    def BatchNormalization(self, layer: Layer):
        self.node("BatchNormalization", layer.inputs + self.constants(
            layer, "gamma", "beta", "moving_mean", "moving_variance"),
            layer.name, epsilon=layer.config["epsilon"])

    def Activation(self, layer: Layer):
        self.activate(layer, layer.inputs[0])

    def ReLU(self, layer: Layer):
        self.node("Clip", layer.inputs, layer.name, min=0.0,
                  max=float(layer.config["max_value"]))

    def MaxPooling2D(self, layer: Layer):
        size, strides = window_of(layer)
        (top, bottom), (left, right) = window_padding(layer)
        self.node("MaxPool", layer.inputs, layer.name, kernel_shape=size,
                  strides=strides, pads=[top, left, bottom, right])

    def AveragePooling2D(self, layer: Layer):
        # Padding would not be counted, but none of these networks pads here.
        size, strides = window_of(layer)
        self.node("AveragePool", layer.inputs, layer.name, kernel_shape=size,
                  strides=strides)

    def UpSampling2D(self, layer: Layer):
        scales = self.constant(f"{layer.name}/scales",
                               np.float32([1, 1, *layer.config["size"]]))
        self.node("Resize", [*layer.inputs, scales], layer.name,
                  mode="nearest")

    def Add(self, layer: Layer):
        self.node("Add", layer.inputs, layer.name)

    def Multiply(self, layer: Layer):
        self.node("Mul", layer.inputs, layer.name)

    def Concatenate(self, layer: Layer):
        self.node("Concat", layer.inputs, layer.name, axis=1)

    def Reshape(self, layer: Layer):
        shape = self.constant(f"{layer.name}/shape",
                              np.int64(channels_first(layer.shape)))
        self.node("Reshape", [*layer.inputs, shape], layer.name)

    def Permute(self, layer: Layer):
        axes = [0, *range(3, len(layer.shape) + 1), 1, 2]
        dims = [0, *layer.config["dims"]]
        self.node("Transpose", layer.inputs, layer.name,
                  perm=[axes.index(dims[axis]) for axis in axes])

    def GlobalAveragePooling2D(self, layer: Layer):
        keep = layer.config.get("keepdims", False)
        pooled = layer.name if keep else f"{layer.name}/map"
        self.node("GlobalAveragePool", layer.inputs, pooled)
        if not keep:
            self.node("Flatten", [pooled], layer.name, axis=1)

    def Flatten(self, layer: Layer):
        self.node("Flatten", layer.inputs, layer.name, axis=1)

    def Dense(self, layer: Layer):
        output = self.before_activation(layer)
        kernel = self.constant(f"{layer.name}/kernel",
                               reorder_dense(self.network, layer))
        self.node("Gemm", [layer.inputs[0], kernel,
                           *self.constants(layer, "bias")], output, transB=1)
        if output != layer.name:
            self.activate(layer, output)

    def encode(self) -> bytes:
        shapes = self.network.shapes
        return (fields(1, self.nodes) + field(2, self.network.name)
                + fields(5, self.initializers)
                + field(11, value_info("input_1", channels_first(
                    shapes["input_1"])))
                + fields(12, (value_info(name, channels_first(shapes[name]))
                              for name in self.network.outputs)))


def count_groups(layer: Layer, key: str, kernel: np.ndarray) -> int:
    """@kernel begins with the outputs."""
    if key == "depthwise_kernel":
        return len(kernel)
    return layer.config.get("groups", 1)


def reorder_convolution(layer: Layer, key: str) -> np.ndarray:
    """The kernel as out x in x height x width."""
    axes = (2, 3, 0, 1) if key == "depthwise_kernel" else (3, 2, 0, 1)
    return layer.weights[key].transpose(axes)


def reorder_dense(network: Network, layer: Layer) -> np.ndarray:
    """The kernel as units x inputs, for a flattened NCHW map."""
    kernel = layer.weights["kernel"]
    source = next(x for x in network.layers if x.name == layer.inputs[0])
    if source.kind == "Flatten":
        rows = kernel.reshape(*source.input_shape, -1)
        kernel = rows.transpose(2, 0, 1, 3).reshape(kernel.shape)
    return kernel.T


def write(network: Network, folder: pathlib.Path):
    opset = field(1, "") + field(2, 10)
    (folder / "model.onnx").write_bytes(
        field(1, 5) + field(2, "gst-activationmap")
        + field(7, Graph(network).encode()) + field(8, opset))
