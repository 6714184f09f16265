# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The networks that the benchmark runs, with random weights from a fixed seed.

A network is a list of layers in terms of Keras: kinds, configurations and
weights (NHWC, kernels height x width x in x out). It is written for the engines
by bench.py, onnx_model.py and torch_model.py.
"""

import dataclasses
import math

import numpy as np


@dataclasses.dataclass
class Layer:
    kind: str
    name: str
    inputs: list[str]
    config: dict
    weights: dict[str, np.ndarray]
    input_shape: tuple[int, ...]
    shape: tuple[int, ...]


def same_padding(size: int, extent: int, stride: int) -> tuple[int, int]:
    """The cells that "same" padding adds before and after, as in TensorFlow."""
    total = max(0, (math.ceil(size / stride) - 1) * stride + extent - size)
    return total // 2, total - total // 2


def window_of(layer: Layer) -> tuple[list[int], list[int]]:
    """The size and the strides of the window of a convolution or pooling."""
    config = layer.config
    return config.get("kernel_size") or config["pool_size"], config["strides"]


def window_padding(layer: Layer) -> list[tuple[int, int]]:
    """The padding (before, after) in y and in x."""
    if layer.config["padding"] == "valid":
        return [(0, 0), (0, 0)]
    return [same_padding(*cells) for cells in
            zip(layer.input_shape, *window_of(layer))]


class Network:
    """Layers in order; each add method returns the name of its layer."""

    def __init__(self, name: str, title: str, input_shape: tuple[int, ...],
                 seed: int):
        self.name = name
        self.title = title
        self.input_shape = input_shape
        self.outputs: list[str] = []
        self.layers: list[Layer] = []
        self.random = np.random.default_rng(seed)
        self.shapes = {"input_1": input_shape}
        self.input = self.normal(input_shape)

    @property
    def weight_bytes(self) -> int:
        return sum(v.nbytes for layer in self.layers
                   for v in layer.weights.values())

    def normal(self, shape, scale: float = 1.0, mean: float = 0.0):
        return self.random.normal(mean, scale, shape).astype(np.float32)

    def kernel(self, *shape: int):
        """A kernel scaled so that activations keep their size through ReLU."""
        return self.normal(shape, math.sqrt(2 / math.prod(shape[:-1])))

    def depthwise_kernel(self, size: int, channels: int):
        return self.normal((size, size, channels, 1), math.sqrt(2) / size)

    def add(self, kind: str, name: str, inputs: str | list[str], shape,
            weights: dict | None = None, **config) -> str:
        inputs = [inputs] if isinstance(inputs, str) else inputs
        self.layers.append(Layer(kind, name, inputs, config, weights or {},
                                 self.shapes[inputs[0]], tuple(shape)))
        self.shapes[name] = tuple(shape)
        return name

    def add_window(self, kind: str, name: str, source: str, channels: int,
                   size_key: str, size: int, stride: int, padding: str,
                   weights: dict | None = None, **config) -> str:
        rows, columns, _ = self.shapes[source]
        lost = size - 1 if padding == "valid" else 0
        shape = (math.ceil((rows - lost) / stride),
                 math.ceil((columns - lost) / stride), channels)
        return self.add(kind, name, source, shape, weights, padding=padding,
                        strides=[stride] * 2, **{size_key: [size] * 2},
                        **config)

    def conv(self, name: str, source: str, filters: int, size: int,
             stride: int = 1, padding: str = "same", bias: bool = True,
             activation: str = "linear", groups: int = 1) -> str:
        inputs = self.shapes[source][-1] // groups
        weights = {"kernel": self.kernel(size, size, inputs, filters)}
        if bias:
            weights["bias"] = self.normal(filters, .1)
        # Engines that have no groups do not know the key.
        grouped = {"groups": groups} if groups > 1 else {}
        return self.add_window("Conv2D", name, source, filters, "kernel_size",
                               size, stride, padding, weights, filters=filters,
                               use_bias=bias, activation=activation, **grouped)

    def transposed_conv(self, name: str, source: str, filters: int) -> str:
        """A transposed convolution that doubles height and width."""
        rows, columns, channels = self.shapes[source]
        weights = {"kernel": self.normal((2, 2, filters, channels),
                                         math.sqrt(2 / channels)),
                   "bias": self.normal(filters, .1)}
        return self.add("Conv2DTranspose", name, source,
                        (2 * rows, 2 * columns, filters), weights,
                        filters=filters, kernel_size=[2, 2], strides=[2, 2],
                        padding="same", use_bias=True, activation="linear")

    def depthwise(self, name: str, source: str, stride: int = 1,
                  size: int = 3) -> str:
        channels = self.shapes[source][-1]
        weights = {"depthwise_kernel": self.depthwise_kernel(size, channels)}
        return self.add_window("DepthwiseConv2D", name, source, channels,
                               "kernel_size", size, stride, "same", weights,
                               depth_multiplier=1, use_bias=False,
                               activation="linear")

    def separable(self, name: str, source: str, filters: int) -> str:
        channels = self.shapes[source][-1]
        weights = {"depthwise_kernel": self.depthwise_kernel(3, channels),
                   "pointwise_kernel": self.kernel(1, 1, channels, filters)}
        return self.add_window("SeparableConv2D", name, source, filters,
                               "kernel_size", 3, 1, "same", weights,
                               filters=filters, depth_multiplier=1,
                               use_bias=False, activation="linear")

    def batch_normalization(self, name: str, source: str) -> str:
        shape = self.shapes[source]
        weights = {"gamma": self.normal(shape[-1], .1, 1),
                   "beta": self.normal(shape[-1], .1, .1),
                   "moving_mean": self.normal(shape[-1], .1),
                   "moving_variance": np.square(self.normal(shape[-1], .1, 1))}
        return self.add("BatchNormalization", name, source, shape, weights,
                        axis=3, epsilon=1e-3, scale=True, center=True)

    def activation(self, name: str, source: str, function: str) -> str:
        return self.add("Activation", name, source, self.shapes[source],
                        activation=function)

    def relu(self, name: str, source: str) -> str:
        return self.activation(name, source, "relu")

    def relu6(self, name: str, source: str) -> str:
        return self.add("ReLU", name, source, self.shapes[source], max_value=6)

    def max_pool(self, name: str, source: str, size: int,
                 padding: str = "valid") -> str:
        return self.add_window("MaxPooling2D", name, source,
                               self.shapes[source][-1], "pool_size", size, 2,
                               padding)

    def average_pool(self, name: str, source: str, size: int) -> str:
        return self.add_window("AveragePooling2D", name, source,
                               self.shapes[source][-1], "pool_size", size,
                               size, "valid")

    def up_sample(self, name: str, source: str) -> str:
        rows, columns, channels = self.shapes[source]
        return self.add("UpSampling2D", name, source,
                        (2 * rows, 2 * columns, channels), size=[2, 2])

    def sum(self, name: str, first: str, second: str) -> str:
        return self.add("Add", name, [first, second], self.shapes[first])

    def product(self, name: str, first: str, second: str) -> str:
        """Dimensions of 1 of the second input are repeated."""
        return self.add("Multiply", name, [first, second], self.shapes[first])

    def concatenate(self, name: str, sources: list[str]) -> str:
        channels = sum(self.shapes[source][-1] for source in sources)
        return self.add("Concatenate", name, sources,
                        (*self.shapes[sources[0]][:2], channels), axis=-1)

    def shuffle(self, name: str, source: str, groups: int) -> str:
        """Interleaves the groups of channels."""
        rows, columns, channels = self.shapes[source]
        size = channels // groups
        source = self.add("Reshape", f"{name}_split", source,
                          (rows, columns, groups, size),
                          target_shape=[rows, columns, groups, size])
        source = self.add("Permute", f"{name}_swap", source,
                          (rows, columns, size, groups), dims=[1, 2, 4, 3])
        return self.add("Reshape", name, source, (rows, columns, channels),
                        target_shape=[rows, columns, channels])

    def global_average(self, name: str, source: str) -> str:
        return self.add("GlobalAveragePooling2D", name, source,
                        self.shapes[source][-1:])

    def global_average_map(self, name: str, source: str) -> str:
        """The same as a map of one cell."""
        return self.add("GlobalAveragePooling2D", name, source,
                        (1, 1, self.shapes[source][-1]), keepdims=True)

    def flatten(self, name: str, source: str) -> str:
        return self.add("Flatten", name, source,
                        [math.prod(self.shapes[source])])

    def dense(self, name: str, source: str, units: int,
              activation: str) -> str:
        weights = {"kernel": self.kernel(self.shapes[source][0], units),
                   "bias": self.normal(units, .1)}
        return self.add("Dense", name, source, [units], weights, units=units,
                        use_bias=True, activation=activation)

    def softmax(self, name: str, source: str) -> str:
        return self.activation(name, source, "softmax")


def seed_network() -> Network:
    """The network of the original demo, which also outputs its pooled maps."""
    network = Network("seed", "Seed network, 50x50x3", (50, 50, 3), seed=1)
    source = "input_1"
    maps = []
    for i, filters in enumerate([16, 32, 32], 1):
        source = network.conv(f"conv2d_{i}", source, filters, 5,
                              activation="relu")
        source = network.max_pool(f"max_pooling2d_{i}", source, 2)
        maps.append(source)
    source = network.flatten("flatten_1", source)
    source = network.dense("dense_1", source, 256, "relu")
    source = network.dense("dense_2", source, 256, "relu")
    network.outputs = [network.dense("dense_3", source, 1, "sigmoid"), *maps]
    return network


def mobilenet() -> Network:
    """MobileNet 1 with a quarter of the filters."""
    network = Network("mobilenet", "MobileNetV1 0.25, 224x224x3",
                      (224, 224, 3), seed=2)

    def finish(name, source):
        source = network.batch_normalization(f"{name}_bn", source)
        return network.relu6(f"{name}_relu", source)

    source = network.conv("conv1", "input_1", 8, 3, 2, bias=False)
    source = finish("conv1", source)
    blocks = [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2),
              *[(128, 1)] * 5, (256, 2), (256, 1)]
    for i, (filters, stride) in enumerate(blocks, 1):
        source = network.depthwise(f"conv_dw_{i}", source, stride)
        source = finish(f"conv_dw_{i}", source)
        source = network.conv(f"conv_pw_{i}", source, filters, 1, bias=False)
        source = finish(f"conv_pw_{i}", source)
    last_map = source
    source = network.global_average("global_average", source)
    network.outputs = [network.dense("predictions", source, 1000, "softmax"),
                       last_map]
    return network


def mini_xception() -> Network:
    """The small Xception that is commonly used for facial expressions."""
    network = Network("mini-xception", "mini-Xception, 64x64x1", (64, 64, 1),
                      seed=3)

    def normalize(source):
        return network.batch_normalization(f"{source}_bn", source)

    source = "input_1"
    for i in (1, 2):
        source = network.conv(f"conv_{i}", source, 8, 3, padding="valid",
                              bias=False)
        source = network.relu(f"conv_{i}_relu", normalize(source))
    for i, filters in enumerate([16, 32, 64, 128], 1):
        residual = normalize(network.conv(f"residual_{i}", source, filters, 1,
                                          stride=2, bias=False))
        source = normalize(network.separable(f"sepconv_{i}a", source, filters))
        source = network.relu(f"sepconv_{i}a_relu", source)
        source = normalize(network.separable(f"sepconv_{i}b", source, filters))
        source = network.max_pool(f"pool_{i}", source, 3, "same")
        source = network.sum(f"add_{i}", source, residual)
    last_map = network.conv("class_maps", source, 7, 3)
    source = network.global_average("global_average", last_map)
    network.outputs = [network.softmax("predictions", source), last_map]
    return network


def face_proposal(rows: int = 144, columns: int = 256) -> Network:
    """A network of the shape of model/face, for a frame of 16:9."""
    network = Network("face-proposal", f"Face proposal, {rows}x{columns}x1",
                      (rows, columns, 1), seed=4)
    source = "input_1"
    trunk = [(8, 2), (32, 2), (48, 2), (48, 1), (48, 1), (64, 2), (64, 1),
             (64, 1)]
    maps = []
    for i, (filters, stride) in enumerate(trunk, 1):
        source = network.conv(f"conv2d_{i}", source, filters, 3, stride,
                              activation="relu")
        maps.append(source)
    above = network.conv("lateral_16", maps[7], 48, 1)
    lateral = network.conv("lateral_8", maps[4], 48, 1)
    below = network.sum("sum_8", lateral, network.up_sample("up_8", above))
    for stride, source in ((8, below), (16, above)):
        smooth = network.conv(f"smooth_{stride}", source, 48, 3,
                              activation="relu")
        network.outputs.append(network.conv(f"faces_{stride}", smooth, 4, 1))
    return network


def face_refinement() -> Network:
    """A network of the shape of model/face/refine."""
    network = Network("face-refinement", "Face refinement, 96x96x3",
                      (96, 96, 3), seed=5)
    source = network.average_pool("average_pooling2d", "input_1", 2)
    trunk = [(16, 2), (32, 1), (48, 2), (48, 1), (64, 2), (64, 1), (64, 1)]
    for i, (filters, stride) in enumerate(trunk, 1):
        source = network.conv(f"conv2d_{i}", source, filters, 3, stride,
                              activation="relu")
    source = network.flatten("flatten", source)
    source = network.dense("dense_1", source, 64, "relu")
    network.outputs = [network.dense("dense_2", source, 4, "linear")]
    return network


def small_networks() -> list[Network]:
    """Networks of the kinds that run on each face, or find it."""
    return [seed_network(), mobilenet(), mini_xception(), face_proposal(),
            face_refinement()]
