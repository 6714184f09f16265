#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Write models with explanations of their outputs, computed by PyTorch.

Derivatives come from autograd in double precision, and the maps from the
formulas of the methods in numpy. A folder a model holds model.json with its
shard, and values.bin: little-endian float32, the input and then for each case
of index.json the logit, the bias, the activations of the target layer, the
derivatives, and one map a method.

    tests/golden/make-explain-golden.py tests/golden/explain
    tests/golden/make-explain-golden.py --full folder

--full makes the networks as large as people use them.
"""

import argparse
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]
                    / "model" / "train"))
import layers_model  # noqa: E402

METHODS = ["grad-cam", "grad-cam++", "xgrad-cam", "hires-cam", "layer-cam",
           "eigen-cam", "ablation-cam", "score-cam"]
SQUASHING = {"sigmoid", "softmax"}

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": torch.relu,
    "relu6": F.relu6,
    "leaky_relu": lambda x: F.leaky_relu(x, .2),
    "sigmoid": torch.sigmoid,
    "log_sigmoid": F.logsigmoid,
    "hard_sigmoid": lambda x: torch.clamp(.2 * x + .5, 0, 1),
    "hard_tanh": F.hardtanh,
    "hard_silu": F.hardswish,
    "tanh": torch.tanh,
    "tanh_shrink": F.tanhshrink,
    "soft_shrink": F.softshrink,
    "hard_shrink": F.hardshrink,
    "elu": F.elu,
    "selu": F.selu,
    "exponential": torch.exp,
    "softplus": F.softplus,
    "squareplus": lambda x: (x + torch.sqrt(x * x + 4)) / 2,
    "softsign": F.softsign,
    "swish": F.silu,
    "mish": F.mish,
    "gelu": F.gelu,
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "softmax": lambda x: torch.softmax(x, -1),
    "log_softmax": lambda x: torch.log_softmax(x, -1),
}


def to_planes(x):
    return x.permute(2, 0, 1)[None]


def from_planes(x):
    return x[0].permute(1, 2, 0)


def pad_same(x, size, config, fill=0.0):
    """What padding "same" adds to height x width x channels."""
    pads = []
    for axis in (1, 0):
        stride = config["strides"][axis]
        extent = (size[axis] - 1) * config.get("dilation_rate", [1, 1])[axis]
        out = -(-x.shape[axis] // stride)
        total = max(0, (out - 1) * stride + extent + 1 - x.shape[axis])
        pads += [total // 2, total - total // 2]
    return F.pad(to_planes(x), pads, value=fill)


def convolve(x, kernel, config, groups=1):
    """kernel is height x width x inputs of a group x outputs."""
    same = config["padding"] == "same"
    planes = pad_same(x, kernel.shape, config) if same else to_planes(x)
    return from_planes(F.conv2d(
        planes, kernel.permute(3, 2, 0, 1), stride=config["strides"],
        dilation=config.get("dilation_rate", [1, 1]), groups=groups))


def normalize(x, axes, epsilon):
    mean = x.mean(axes, keepdim=True)
    variance = ((x - mean) ** 2).mean(axes, keepdim=True)
    return (x - mean) / torch.sqrt(variance + epsilon)


class Layers:
    """What each class of layers computes: config, weights, inputs -> output."""

    @staticmethod
    def Conv2D(c, w, x):
        return convolve(x, w["kernel"], c, c.get("groups", 1)) + w["bias"]

    @staticmethod
    def depthwise(c, kernel, x):
        height, width, channels, multiplier = kernel.shape
        return convolve(x, kernel.reshape(height, width, 1,
                                          channels * multiplier), c, channels)

    @staticmethod
    def DepthwiseConv2D(c, w, x):
        return Layers.depthwise(c, w["depthwise_kernel"], x) + w["bias"]

    @staticmethod
    def SeparableConv2D(c, w, x):
        between = Layers.depthwise(c, w["depthwise_kernel"], x)
        return between @ w["pointwise_kernel"][0, 0] + w["bias"]

    @staticmethod
    def Conv2DTranspose(c, w, x):
        whole = from_planes(F.conv_transpose2d(
            to_planes(x), w["kernel"].permute(3, 2, 0, 1),
            stride=c["strides"]))
        size = [n * s if c["padding"] == "same" else whole.shape[i]
                for i, (n, s) in enumerate(zip(x.shape, c["strides"]))]
        first = [max(k - s, 0) // 2 if c["padding"] == "same" else 0
                 for k, s in zip(c["kernel_size"], c["strides"])]
        return whole[first[0]:first[0] + size[0],
                     first[1]:first[1] + size[1]] + w["bias"]

    @staticmethod
    def Dense(c, w, x):
        return x @ w["kernel"] + w["bias"]

    @staticmethod
    def Activation(c, w, x):
        return x

    @staticmethod
    def BatchNormalization(c, w, x):
        if c.get("training"):
            return normalize(x, [0, 1], c["epsilon"]) * w["gamma"] + w["beta"]
        factor = w["gamma"] / torch.sqrt(w["moving_variance"] + c["epsilon"])
        return (x - w["moving_mean"]) * factor + w["beta"]

    @staticmethod
    def LayerNormalization(c, w, x):
        return normalize(x, c["axis"], c["epsilon"]) * w["gamma"] + w["beta"]

    @staticmethod
    def ReLU(c, w, x):
        slope, threshold = c["negative_slope"], c["threshold"]
        return torch.where(x >= threshold, x.clamp(max=c["max_value"]),
                           slope * (x - threshold))

    @staticmethod
    def LeakyReLU(c, w, x):
        return F.leaky_relu(x, c["alpha"])

    @staticmethod
    def ThresholdedReLU(c, w, x):
        return torch.where(x > c["theta"], x, 0 * x)

    @staticmethod
    def PReLU(c, w, x):
        return torch.where(x > 0, x, x * w["alpha"])

    @staticmethod
    def ELU(c, w, x):
        return F.elu(x, c["alpha"])

    @staticmethod
    def Softmax(c, w, x):
        return torch.softmax(x, c["axis"] - 1)

    @staticmethod
    def MaxPooling2D(c, w, x):
        planes = (pad_same(x, c["pool_size"], c, -np.inf)
                  if c["padding"] == "same" else to_planes(x))
        return from_planes(F.max_pool2d(planes, c["pool_size"], c["strides"]))

    @staticmethod
    def AveragePooling2D(c, w, x):
        """Cells outside do not count."""
        ones = torch.ones_like(x)
        pool, sums = c["pool_size"], []
        for values in (x, ones):
            planes = (pad_same(values, pool, c) if c["padding"] == "same"
                      else to_planes(values))
            sums.append(from_planes(F.avg_pool2d(planes, pool, c["strides"])))
        return sums[0] / sums[1]

    @staticmethod
    def GlobalAveragePooling2D(c, w, x):
        return x.mean((0, 1), keepdim=c.get("keepdims", False))

    @staticmethod
    def GlobalMaxPooling2D(c, w, x):
        return x.flatten(0, 1).max(0).values

    @staticmethod
    def Add(c, w, *x):
        return sum(x)

    @staticmethod
    def Average(c, w, *x):
        return sum(x) / len(x)

    @staticmethod
    def Subtract(c, w, x, y):
        return x - y

    @staticmethod
    def Multiply(c, w, *x):
        product = x[0]
        for factor in x[1:]:
            product = product * factor
        return product

    @staticmethod
    def Maximum(c, w, x, y):
        return torch.maximum(x, y)

    @staticmethod
    def Minimum(c, w, x, y):
        return torch.minimum(x, y)

    @staticmethod
    def Concatenate(c, w, *x):
        return torch.cat(x, c["axis"] - 1)

    @staticmethod
    def ZeroPadding2D(c, w, x):
        (top, bottom), (left, right) = c["padding"]
        return F.pad(x, (0, 0, left, right, top, bottom))

    @staticmethod
    def Cropping2D(c, w, x):
        (top, bottom), (left, right) = c["cropping"]
        return x[top:x.shape[0] - bottom, left:x.shape[1] - right]

    @staticmethod
    def CenterCrop(c, w, x):
        top = (x.shape[0] - c["height"]) // 2
        left = (x.shape[1] - c["width"]) // 2
        return x[top:top + c["height"], left:left + c["width"]]

    @staticmethod
    def UpSampling2D(c, w, x):
        return from_planes(F.interpolate(
            to_planes(x), scale_factor=tuple(c["size"]),
            mode=c.get("interpolation", "nearest")))

    @staticmethod
    def Resizing(c, w, x):
        return from_planes(F.interpolate(
            to_planes(x), (c["height"], c["width"]), mode="bilinear"))

    @staticmethod
    def Rescaling(c, w, x):
        return x * torch.tensor(c["scale"]) + c["offset"]

    @staticmethod
    def Permute(c, w, x):
        return x.permute([dimension - 1 for dimension in c["dims"]])

    @staticmethod
    def Reshape(c, w, x):
        return x.reshape(c["target_shape"])

    @staticmethod
    def Flatten(c, w, x):
        return x.flatten()

    @staticmethod
    def Dropout(c, w, x):
        return x


class Network:
    """Layers with their weights, in order; the last one is the output."""

    def __init__(self, name, input_shape, seed):
        self.name = name
        self.random = np.random.default_rng(seed)
        self.layers = []
        self.input = self.random.random(input_shape).astype(np.float32)
        # What each layer gives for the input.
        self.values = {"input_1": torch.from_numpy(self.input).double()}
        self.last = "input_1"
        self.cases = []

    def weights(self, *shape, scale=None):
        """Random, of a size that keeps activations about as large."""
        fan_in = int(np.prod(shape[:-1])) or 1
        if scale is None:
            scale = np.sqrt(2 / fan_in)
        return (self.random.standard_normal(shape) * scale).astype(np.float32)

    def draw(self, kind, config, channels):
        """The weights that a layer of that class needs."""
        size = config.get("kernel_size", [1, 1])
        filters = config.get("filters")
        bias = lambda n: self.weights(n, scale=.1)
        if kind == "Conv2D":
            return {"kernel": self.weights(
                *size, channels // config.get("groups", 1), filters),
                    "bias": bias(filters)}
        if kind == "Conv2DTranspose":
            return {"kernel": self.weights(*size, filters, channels),
                    "bias": bias(filters)}
        if kind in ("DepthwiseConv2D", "SeparableConv2D"):
            between = channels * config["depth_multiplier"]
            drawn = {"depthwise_kernel": self.weights(
                *size, channels, config["depth_multiplier"],
                scale=1 / np.sqrt(np.prod(size)))}
            if kind == "SeparableConv2D":
                drawn["pointwise_kernel"] = self.weights(1, 1, between,
                                                         filters)
            return drawn | {"bias": bias(filters or between)}
        if kind == "Dense":
            return {"kernel": self.weights(channels, config["units"]),
                    "bias": bias(config["units"])}
        if kind == "PReLU":
            return {"alpha": self.weights(1, 1, channels, scale=.3)}
        if kind == "LayerNormalization":
            return {"gamma": 1 + bias(channels), "beta": bias(channels)}
        if kind == "BatchNormalization":
            return {"gamma": 1 + bias(channels), "beta": bias(channels),
                    "moving_mean": bias(channels),
                    "moving_variance": 1 + np.abs(bias(channels))}
        return {}

    def add(self, kind, name=None, inputs=None, **config):
        """Appends a layer to the last one, or to the layers named."""
        name = name or f"{kind.lower()}_{len(self.layers)}"
        inputs = inputs or [self.last]
        if "kernel_size" in config:
            config = {"strides": [1, 1], "padding": "same"} | config
        if "pool_size" in config:
            config = {"strides": config["pool_size"],
                      "padding": "valid"} | config
        weights = self.draw(kind, config, self.values[inputs[0]].shape[-1])
        self.layers.append((kind, name, inputs, config, weights))
        self.values[name] = self.compute(self.layers[-1], self.values)
        self.last = name
        return name

    def explain(self, target, classes, named="auto"):
        """Asks for explanations of classes by a layer; named as the engine
        is told."""
        self.cases += [{"layer": named, "target": target, "class": number}
                       for number in classes]

    def compute(self, layer, values, logits=False):
        """What a layer gives; the logits are without sigmoid or softmax."""
        kind, _, inputs, config, weights = layer
        tensors = {key: torch.from_numpy(value).double()
                   for key, value in weights.items()}
        value = getattr(Layers, kind)(config, tensors,
                                      *(values[i] for i in inputs))
        activation = config.get("activation", "linear")
        if logits and activation in SQUASHING:
            return value
        return ACTIVATIONS[activation](value)

    def logit(self, number, changed):
        """Of a class, when the layers in changed give other values."""
        values = self.values | changed
        changed = set(changed)
        for layer in self.layers:
            _, name, inputs, _, _ = layer
            if name not in changed and not changed.isdisjoint(inputs):
                changed.add(name)
                values[name] = self.compute(layer, values, name == self.last)
        logits = values[self.last].flatten()
        if len(logits) > 1:
            return logits[number]
        return logits[0] * (1 if number == 1 else -1)

    def describe(self):
        def node(kind, name, inputs, config):
            calls = layers_model.inbound_nodes(inputs)
            if config.get("training"):
                calls[0][0][3]["training"] = True
            options = {k: v for k, v in config.items() if k != "training"}
            return {"class_name": kind, "name": name,
                    "config": {"name": name, **options}, "inbound_nodes": calls}

        nodes = [node("InputLayer", "input_1", [],
                      {"batch_input_shape": [None, *self.input.shape]})]
        nodes += [node(*layer[:4]) for layer in self.layers]
        return {"model_config": layers_model.functional(
            self.name, nodes, [self.last])}

    def write(self, folder):
        layers_model.write(
            folder, self.describe(),
            [layers_model.float32_weight(f"{name}/{key}", value)
             for _, name, _, _, drawn in self.layers
             for key, value in drawn.items()], indent=1)
        values = [self.input]
        for case in self.cases:
            values += explain(self, case["target"], case["class"])
        (folder / "values.bin").write_bytes(
            b"".join(np.asarray(value).astype("<f4").tobytes()
                     for value in values))


def sum_weighted(weights, a):
    return a @ weights


def project_on_component(a):
    flat = a.reshape(-1, a.shape[-1])
    flat = flat - flat.mean(0)
    projected = flat @ np.linalg.svd(flat, full_matrices=False)[2][0]
    if abs(projected.min()) > abs(projected.max()):
        projected = -projected
    return projected.reshape(a.shape[:2])


def ablate(network, target, number, a):
    """How much of the logit each channel is worth."""
    def logit_of(values):
        return network.logit(number, {target: torch.from_numpy(values)}).item()

    whole = logit_of(a)
    weights = []
    for channel in range(a.shape[-1]):
        without = a.copy()
        without[..., channel] = 0
        weights.append((whole - logit_of(without)) / whole)
    return np.array(weights)


def score_masked(network, number, a):
    """The logits of the picture seen through each channel, as weights."""
    picture = network.values["input_1"]
    scores = []
    for channel in range(a.shape[-1]):
        mask = F.interpolate(
            torch.from_numpy(a[None, None, :, :, channel]),
            picture.shape[:2], mode="bilinear", align_corners=False)[0, 0]
        mask = (mask - mask.min()) / (mask.max() - mask.min() + 1e-8)
        scores.append(network.logit(
            number, {"input_1": picture * mask[..., None]}))
    return torch.softmax(torch.stack(scores), 0).numpy()


def explain(network, target, number):
    """logit, bias, activations, derivatives and the map of each method."""
    activations = network.values[target].clone().requires_grad_()
    logit = network.logit(number, {target: activations})
    logit.backward()
    a, g = activations.detach().numpy(), activations.grad.numpy()
    s = a.sum((0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha = np.where(g == 0, 0,
                         g ** 2 / (2 * g ** 2 + s * g ** 3 + 1e-6))
    with torch.no_grad():
        maps = [
            sum_weighted(g.mean((0, 1)), a),
            sum_weighted((np.maximum(g, 0) * alpha).sum((0, 1)), a),
            sum_weighted((g * a).sum((0, 1)) / (s + 1e-7), a),
            (g * a).sum(-1),
            (np.maximum(g, 0) * a).sum(-1),
            project_on_component(a),
            sum_weighted(ablate(network, target, number, a), a),
            sum_weighted(score_masked(network, number, a), a),
        ]
    logit = logit.item()
    return [logit, logit - (g * a).sum(), a, g, *maps]


def make_seed(full):
    """The network of the demo that this project began with."""
    size, filters, units = ((50, (16, 32, 32), 256) if full
                            else (20, (6, 9, 12), 16))
    network = Network("seed", (size, size, 3), 1)
    for channels in filters:
        network.add("Conv2D", filters=channels, kernel_size=[5, 5],
                    activation="relu")
        network.add("MaxPooling2D", pool_size=[2, 2])
    last = network.last
    network.add("Flatten")
    network.add("Dense", units=units, activation="relu")
    network.add("Dropout", rate=.5)
    network.add("Dense", units=units, activation="relu")
    network.add("Dense", units=1, activation="sigmoid")
    network.explain(last, (0, 1))
    network.explain("maxpooling2d_3", (1,), "conv2d_2")
    return network


def add_residual(network, filters, stride):
    """Two convolutions beside a way around them."""
    start = network.last
    around = start
    if stride > 1:
        around = network.add("Conv2D", filters=filters, kernel_size=[1, 1],
                             strides=[stride, stride])
    network.add("Conv2D", inputs=[start], filters=filters, kernel_size=[3, 3],
                strides=[stride, stride])
    network.add("BatchNormalization", epsilon=1e-3)
    network.add("Activation", activation="relu")
    network.add("Conv2D", filters=filters, kernel_size=[3, 3])
    branch = network.add("BatchNormalization", epsilon=1e-3)
    network.add("Add", inputs=[branch, around])
    return branch, network.add("Activation", activation="relu")


def make_residual(full):
    size, filters = (32, (16, 32, 64)) if full else (16, (6, 8, 12))
    network = Network("residual", (size, size, 3), 2)
    network.add("Conv2D", filters=filters[0], kernel_size=[3, 3])
    network.add("BatchNormalization", epsilon=1e-3)
    network.add("Activation", activation="relu")
    _, first = add_residual(network, filters[0], 1)
    branch, second = add_residual(network, filters[1], 2)
    _, last = add_residual(network, filters[2], 2)
    network.add("GlobalAveragePooling2D")
    network.add("Dense", units=5, activation="softmax")
    network.explain(last, (0, 4))
    network.explain(second, (2,), second)
    network.explain(branch, (1,), branch)
    network.explain(first, (3,), first)
    return network


def make_maps():
    """Every layer that works on maps, each behind the other."""
    network = Network("maps", (12, 11, 3), 3)
    target = network.add("Conv2D", filters=6, kernel_size=[3, 3],
                         activation="relu")
    network.add("Dropout", rate=.5)
    network.add("Conv2D", filters=8, kernel_size=[3, 2], strides=[1, 2],
                activation="leaky_relu")
    network.add("Conv2D", filters=6, kernel_size=[2, 3], groups=2,
                dilation_rate=[2, 1], activation="elu")
    network.add("DepthwiseConv2D", kernel_size=[3, 3], depth_multiplier=2,
                activation="relu6")
    network.add("SeparableConv2D", kernel_size=[3, 3], depth_multiplier=2,
                filters=8, activation="swish")
    network.add("DepthwiseConv2D", kernel_size=[2, 2], depth_multiplier=1,
                strides=[2, 1], activation="tanh")
    network.add("Conv2DTranspose", kernel_size=[3, 3], filters=5,
                strides=[2, 2], activation="selu")
    network.add("Conv2DTranspose", kernel_size=[2, 3], filters=4,
                padding="valid")
    network.add("ZeroPadding2D", padding=[[1, 0], [2, 1]])
    network.add("BatchNormalization", epsilon=1e-2)
    network.add("AveragePooling2D", pool_size=[3, 2], strides=[1, 2],
                padding="same")
    network.add("PReLU", shared_axes=[1, 2])
    network.add("Cropping2D", cropping=[[0, 1], [1, 0]])
    network.add("LayerNormalization", axis=[-1], epsilon=1e-3)
    network.add("UpSampling2D", size=[2, 2])
    network.add("CenterCrop", height=6, width=5)
    network.add("UpSampling2D", size=[2, 2], interpolation="bilinear")
    network.add("Resizing", height=9, width=13)
    network.add("Rescaling", scale=[1.5, .5, -1, 2], offset=.25)
    network.add("MaxPooling2D", pool_size=[3, 3], strides=[2, 2],
                padding="same")
    network.add("LeakyReLU", alpha=.4)
    network.add("Permute", dims=[2, 1, 3])
    network.add("Softmax", axis=3)
    network.add("Reshape", target_shape=[5, 7, 4])
    network.add("ELU", alpha=.7)
    network.add("AveragePooling2D", pool_size=[2, 2])
    network.add("Flatten")
    network.add("Dense", units=3)
    network.explain(target, (0, 2), target)
    network.explain("separableconv2d_5", (1,), "separableconv2d_5")
    return network


def make_merges():
    """Every merge of two branches, and gates that repeat dimensions."""
    network = Network("merges", (8, 8, 2), 4)
    target = network.add("Conv2D", filters=5, kernel_size=[3, 3],
                         activation="relu")
    side = network.add("Conv2D", inputs=["input_1"], filters=4,
                       kernel_size=[3, 3])
    left = network.add("Conv2D", inputs=[target], filters=4,
                       kernel_size=[3, 3])
    right = network.add("Conv2D", inputs=[target], filters=4,
                        kernel_size=[1, 1])
    merged = [network.add(kind, inputs=pair) for kind, pair in (
        ("Add", [left, right, side]), ("Average", [right, left]),
        ("Subtract", [left, right]), ("Multiply", [left, right, side]),
        ("Maximum", [left, right]), ("Minimum", [left, side]))]
    channels = network.add("Concatenate", inputs=merged[:3] + [target],
                           axis=3)
    rows = network.add("Concatenate", inputs=merged[3:], axis=1)
    network.add("GlobalMaxPooling2D", inputs=[channels])
    most = network.add("Dense", units=4, activation="relu")
    network.add("GlobalAveragePooling2D", inputs=[rows], keepdims=True)
    gate = network.add("Conv2D", filters=4, kernel_size=[1, 1],
                       activation="sigmoid")
    network.add("Multiply", inputs=[rows, gate])
    network.add("ReLU", max_value=2.0, negative_slope=.1, threshold=.2)
    network.add("ThresholdedReLU", theta=.3)
    mean = network.add("GlobalAveragePooling2D")
    network.add("Concatenate", inputs=[most, mean], axis=1)
    network.add("Dense", units=1)
    network.explain(target, (0, 1), target)
    network.explain(left, (1,), left)
    return network


def make_activations():
    """Every activation function, fused into a layer and by itself."""
    network = Network("activations", (6, 6, 2), 5)
    target = network.add("Conv2D", filters=4, kernel_size=[3, 3],
                         activation="relu")
    ways = []
    for name in ACTIVATIONS:
        network.add("Conv2D", inputs=[target], filters=4, kernel_size=[1, 1],
                    activation=name)
        network.add("BatchNormalization", epsilon=1e-3)
        ways.append(network.add("Activation", activation=name))
    network.add("Concatenate", inputs=ways, axis=3)
    network.add("Flatten")
    network.add("Dense", units=2)
    network.add("Activation", activation="linear")
    network.explain(target, (0, 1), target)
    return network


def make_training():
    """BatchNormalization with the picture's own statistics."""
    network = Network("training", (7, 6, 2), 6)
    target = network.add("Conv2D", filters=4, kernel_size=[3, 3],
                         activation="relu")
    network.add("ZeroPadding2D", padding=[[1, 0], [0, 1]])
    network.add("BatchNormalization", epsilon=1e-2, training=True)
    network.add("Conv2D", filters=5, kernel_size=[3, 3])
    network.add("BatchNormalization", epsilon=1e-3, training=True)
    network.add("LeakyReLU", alpha=.2)
    network.add("Flatten")
    network.add("Dense", units=3)
    network.explain(target, (0, 2), target)
    return network


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true",
                        help="the seed and residual networks at full size")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    networks = [make_seed(options.full), make_residual(options.full)]
    if not options.full:
        networks += [make_maps(), make_merges(), make_activations(),
                     make_training()]
    for network in networks:
        network.write(options.folder / network.name)
    (options.folder / "index.json").write_text(json.dumps({
        "methods": METHODS,
        "models": [{"name": network.name, "cases": network.cases}
                   for network in networks]}, indent=1) + "\n")


if __name__ == "__main__":
    main()
