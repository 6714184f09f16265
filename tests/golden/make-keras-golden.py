#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Write models in the forms of Keras 2 and 3, with the output of every layer.

For what TensorFlow.js does not do, or does differently from Keras: the reference
is PyTorch and numpy in double precision. The files have the form of
make-tfjs-golden.mjs: index.json, and a folder a model with model.json, its
shards and values.bin.

    tests/golden/make-keras-golden.py tests/golden/keras
"""

import argparse
import json
import math
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]
                    / "model" / "train"))
import layers_model  # noqa: E402

HALF = np.array([-3.5, -3, -1, -.5, -.1, 0, .1, .5, 1, 2.5, 3, 3.5])


def erf(x):
    return torch.erf(torch.from_numpy(x)).numpy()


def softplus(x):
    return np.logaddexp(0, x)


# Activation functions that TensorFlow.js lacks, or that versions differ on.
ACTIVATIONS = {
    "leaky_relu": lambda x: np.where(x < 0, .2 * x, x),
    "log_sigmoid": lambda x: -softplus(-x),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "hard_silu": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "hard_swish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "tanh_shrink": lambda x: x - np.tanh(x),
    "soft_shrink": lambda x: np.sign(x) * np.maximum(np.abs(x) - .5, 0),
    "hard_shrink": lambda x: np.where(np.abs(x) > .5, x, 0),
    "celu": lambda x: np.where(x < 0, np.expm1(x), x),
    "exponential": np.exp,
    "squareplus": lambda x: (x + np.sqrt(x * x + 4)) / 2,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "mish": lambda x: x * np.tanh(softplus(x)),
    "gelu": lambda x: x * (1 + erf(x / math.sqrt(2))) / 2,
    "log_softmax": lambda x: x - np.log(np.exp(x).sum(-1, keepdims=True)),
}
HARD_SIGMOID = {
    2: lambda x: np.clip(.2 * x + .5, 0, 1),
    3: lambda x: np.clip(x + 3, 0, 6) / 6,
}


def to_torch(x):
    return torch.from_numpy(x).permute(2, 0, 1)[None]


def from_torch(x):
    return x[0].permute(1, 2, 0).numpy()


def pad_same(x, size, stride, dilation):
    """Pad as Keras does, which PyTorch cannot."""
    pads = []
    for i in (1, 0):
        extent = (size[i] - 1) * dilation[i] + 1
        out = math.ceil(x.shape[i] / stride[i])
        total = max(0, (out - 1) * stride[i] + extent - x.shape[i])
        pads += [total // 2, total - total // 2]
    return F.pad(to_torch(x), pads)


def convolve(x, kernel, bias=0, stride=(1, 1), dilation=(1, 1), same=False,
             groups=1):
    """kernel is height x width x inputs of a group x outputs."""
    padded = (pad_same(x, kernel.shape, stride, dilation) if same
              else to_torch(x))
    weights = torch.from_numpy(kernel).permute(3, 2, 0, 1)
    return from_torch(F.conv2d(padded, weights, stride=stride,
                               dilation=dilation, groups=groups)) + bias


def resize(x, height, width, mode, corners=False):
    """Bilinear and nearest-exact interpolation of PyTorch are Keras's."""
    options = {"align_corners": corners} if mode == "bilinear" else {}
    return from_torch(F.interpolate(to_torch(x), (height, width), mode=mode,
                                    **options))


def align_corners_nearest(x, height, width):
    rows, columns = (
        [math.floor(i * (n - 1) / (m - 1) + .5) for i in range(m)]
        for n, m in ((x.shape[0], height), (x.shape[1], width)))
    return x[rows][:, columns]


def normalize(x, axes, epsilon, gamma=1, beta=0):
    mean = x.mean(axis=axes, keepdims=True)
    variance = x.var(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon) * gamma + beta


class Model:
    """Layers, their weights, and what they compute.

    values holds the output of each call: (name, call) -> array.
    """

    def __init__(self, name, version, seed, prefix=""):
        self.name, self.version, self.prefix = name, version, prefix
        self.random = np.random.default_rng(seed)
        self.layers, self.weights, self.inputs = [], [], []
        self.values = {}
        self.outputs = []

    @property
    def keras3(self):
        return self.version.startswith("3")

    def draw(self, *shape, scale=1.0):
        """Through float32, so that engine and reference start alike."""
        values = self.random.normal(size=shape, scale=scale)
        return values.astype(np.float32).astype(np.float64)

    def add_input(self, name, shape, values=None):
        key = "batch_shape" if self.keras3 else "batch_input_shape"
        self.layers.append(self.entry(
            "InputLayer", name, {key: [None, *shape]}, []))
        self.inputs.append(name)
        self.values[name, 0] = (self.draw(*shape) if values is None else
                                np.broadcast_to(values, shape).copy())
        return self.values[name, 0]

    def entry(self, kind, name, config, nodes):
        config = {"name": name, **config}
        if self.keras3 and kind != "Functional":
            config["dtype"] = {"module": "keras", "class_name": "DTypePolicy",
                               "config": {"name": "float32"},
                               "registered_name": None}
        entry = {"class_name": kind, "config": config, "name": name,
                 "inbound_nodes": nodes}
        if self.keras3:
            entry |= {"module": "keras.layers", "registered_name": None}
        return entry

    def tensor(self, source):
        """A reference to (layer, node, tensor), or to a layer's first call."""
        history = [source, 0, 0] if isinstance(source, str) else list(source)
        if not self.keras3:
            return [*history, {}]
        return {"class_name": "__keras_tensor__", "config": {
            "shape": [None], "dtype": "float32", "keras_history": history}}

    def node(self, sources, training=False):
        tensors = [self.tensor(s) for s in sources]
        if not self.keras3:
            if training:
                tensors[0][3]["training"] = True
            return tensors
        return {"args": [tensors if len(tensors) > 1 else tensors[0]],
                "kwargs": {"training": training}}

    def add(self, kind, name, value, sources=("in",), weights=None,
            is_output=True, call_in_training=False, **config):
        self.layers.append(self.entry(
            kind, name, config, [self.node(sources, call_in_training)]))
        self.weights += [(f"{self.prefix}{name}/{variable}", array)
                         for variable, array in (weights or {}).items()]
        self.values[name, 0] = value
        if is_output:
            self.outputs.append(name)
        return value

    def topology(self):
        return layers_model.functional(self.name, self.layers, self.outputs,
                                       inputs=self.inputs)

    def encode(self, name, array, quantization):
        if quantization is None:
            return layers_model.float32_weight(name, array)
        if quantization == "float16":
            return layers_model.float16_weight(name, array)
        steps = {"uint8": 255, "uint16": 65535}[quantization]
        low, scale = array.min(), (array.max() - array.min()) / steps
        stored = np.rint((array - low) / scale).astype(
            {"uint8": "<u1", "uint16": "<u2"}[quantization])
        return layers_model.Weight(name, array.shape, stored.tobytes(), {
            "dtype": quantization, "scale": scale, "min": low,
            "original_dtype": "float32"})

    def write(self, root, index, topology=None, quantizations=None, shards=2):
        folder = root / self.name
        weights = [self.encode(name, array, (quantizations or {}).get(name))
                   for name, array in self.weights]
        size = sum(len(weight.content) for weight in weights)
        layers_model.write(
            folder, {"keras_version": self.version, "backend": "tensorflow",
                     "model_config": topology or self.topology()},
            weights, paths=layers_model.shard_names(shards),
            shard_size=size // shards + 1,
            generatedBy=f"keras v{self.version}",
            convertedBy="TensorFlow.js Converter")
        layers = [key for key in self.values if key[0] not in self.inputs]
        values = [self.values[name, 0] for name in self.inputs]
        values += [self.values[key] for key in layers]
        (folder / "values.bin").write_bytes(b"".join(
            value.astype("<f4").tobytes() for value in values))
        index.append({
            "model": self.name, "inputs": len(self.inputs), "layers": [
                {"name": name, "call": call,
                 "shape": list(self.values[name, call].shape)}
                for name, call in layers]})


def add_activations(model, x, version):
    for name, function in ACTIVATIONS.items():
        model.add("Activation", name, function(x), activation=name)
    model.add("Activation", "hard_sigmoid", HARD_SIGMOID[version](x),
              activation="hard_sigmoid")
    model.add("Activation", "as_function", np.tanh(x), activation={
        "module": "builtins", "class_name": "function", "config": "tanh",
        "registered_name": "function"})
    model.add("ELU", "elu_alpha", np.where(x < 0, .6 * np.expm1(x), x),
              alpha=.6)
    slope = "negative_slope" if version == 3 else "alpha"
    model.add("LeakyReLU", "leaky", np.where(x < 0, .1 * x, x), **{slope: .1})
    model.add("ReLU", "relu_all",
              np.where(x >= .2, np.minimum(x, 1.5), .3 * (x - .2)),
              max_value=1.5, negative_slope=.3, threshold=.2)
    model.add("Softmax", "softmax_default",
              np.exp(x) / np.exp(x).sum(-1, keepdims=True))
    model.add("Softmax", "softmax_rows",
              np.exp(x) / np.exp(x).sum(0, keepdims=True), axis=1)


def add_convolutions(model, x, version):
    kernel, bias = model.draw(3, 3, 2, 6, scale=.3), model.draw(6)
    model.add("Conv2D", "grouped", convolve(x, kernel, bias, groups=2),
              weights={"kernel": kernel, "bias": bias}, filters=6, groups=2,
              kernel_size=[3, 3], strides=[1, 1], padding="valid")
    kernel = model.draw(2, 3, 1, 8, scale=.3)
    model.add("Conv2D", "grouped_fully",
              convolve(x, kernel, stride=(2, 1), same=True, groups=4),
              weights={"kernel": kernel}, filters=8, groups=4, use_bias=False,
              kernel_size=[2, 3], strides=[2, 1], padding="same")
    kernel, bias = model.draw(3, 2, 4, 2, scale=.3), model.draw(8)
    name = "kernel" if version == 3 else "depthwise_kernel"
    model.add("DepthwiseConv2D", "depthwise_dilated",
              convolve(x, kernel.reshape(3, 2, 1, 8), bias, dilation=(2, 3),
                       same=True, groups=4),
              weights={name: kernel, "bias": bias}, depth_multiplier=2,
              kernel_size=[3, 2], strides=[1, 1], dilation_rate=[2, 3],
              padding="same")
    kernel = model.draw(3, 3, 5, 4, scale=.3)  # outputs before inputs
    full = from_torch(F.conv_transpose2d(
        to_torch(x), torch.from_numpy(kernel).permute(3, 2, 0, 1),
        dilation=(2, 1)))
    model.add("Conv2DTranspose", "transposed_dilated", full,
              weights={"kernel": kernel}, filters=5, kernel_size=[3, 3],
              strides=[1, 1], dilation_rate=[2, 1], padding="valid",
              use_bias=False)


def transpose(x, kernel, stride, dilation, same, padding):
    """Conv2DTranspose with output_padding: the gradient of the convolution
    that leads from the output to the input."""
    weights = torch.from_numpy(kernel).permute(3, 2, 0, 1)
    full = from_torch(F.conv_transpose2d(to_torch(x), weights, stride=stride,
                                         dilation=dilation))
    for axis in (0, 1):
        extent = (kernel.shape[axis] - 1) * dilation[axis] + 1
        size = ((x.shape[axis] - 1) * stride[axis] + extent + padding[axis]
                - (extent // 2 * 2 if same else 0))
        total = max(0, (x.shape[axis] - 1) * stride[axis] + extent - size)
        full = np.moveaxis(full, axis, 0)[total // 2 if same else 0:][:size]
        missing = np.zeros((size - len(full), *full.shape[1:]))
        full = np.moveaxis(np.concatenate([full, missing]), 0, axis)
    return full


def make_transposed(root, index):
    model = Model("transposed-padded", "3.5.0", 35)
    x = model.add_input("in", [4, 5, 3])
    for number, (size, stride, dilation, same, padding) in enumerate([
            ((3, 3), (2, 2), (1, 1), True, (1, 1)),
            ((3, 5), (2, 3), (1, 1), True, (0, 2)),
            ((2, 4), (2, 2), (1, 1), True, (1, 2)),
            ((3, 2), (2, 3), (1, 1), False, (1, 2)),
            ((1, 3), (2, 1), (1, 1), False, (1, 0)),
            ((3, 3), (1, 1), (2, 3), True, (0, 0))]):
        kernel, bias = model.draw(*size, 4, 3, scale=.4), model.draw(4)
        one = len(set(padding)) == 1
        model.add("Conv2DTranspose", f"transposed_{number}",
                  transpose(x, kernel, stride, dilation, same, padding) + bias,
                  weights={"kernel": kernel, "bias": bias}, filters=4,
                  kernel_size=list(size), strides=list(stride),
                  dilation_rate=list(dilation),
                  padding="same" if same else "valid",
                  output_padding=padding[0] if one else list(padding))
    model.write(root, index)


def add_grids(model, x):
    height, width, _ = x.shape
    model.add("UpSampling2D", "up_bilinear",
              resize(x, 2 * height, 3 * width, "bilinear"), size=[2, 3],
              interpolation="bilinear")
    model.add("UpSampling2D", "up_nearest",
              x.repeat(2, axis=0).repeat(2, axis=1))
    model.add("Resizing", "resized", resize(x, 9, 4, "bilinear"), height=9,
              width=4, interpolation="bilinear", crop_to_aspect_ratio=False)
    model.add("Resizing", "resized_nearest", resize(x, 4, 11, "nearest-exact"),
              height=4, width=11, interpolation="nearest")
    model.add("CenterCrop", "cropped", x[1:4, 1:5], height=3, width=4)
    model.add("GlobalAveragePooling2D", "mean_kept",
              x.mean((0, 1), keepdims=True), keepdims=True)
    model.add("GlobalMaxPooling2D", "max_kept", x.max((0, 1), keepdims=True),
              keepdims=True)
    model.add("Rescaling", "rescaled_each",
              x * np.array([.5, 1, 2, 3]) + np.array([0, 1, -1, .25]),
              scale=[.5, 1, 2, 3], offset=[0, 1, -1, .25])
    model.add("SpatialDropout2D", "dropped", x, rate=.5)


def add_normalizations(model, x):
    for axis in (1, 2):
        shape = [1, 1, 1]
        shape[axis - 1] = n = x.shape[axis - 1]
        gamma, beta, mean = model.draw(n), model.draw(n), model.draw(n)
        variance = np.abs(model.draw(n)) + .5
        wide = [w.reshape(shape) for w in (gamma, beta, mean, variance)]
        model.add("BatchNormalization", f"batch_{axis}",
                  wide[0] * (x - wide[2]) / np.sqrt(wide[3] + .01) + wide[1],
                  weights={"gamma": gamma, "beta": beta, "moving_mean": mean,
                           "moving_variance": variance},
                  axis=[axis] if axis == 1 else axis, epsilon=.01)
    gamma, beta = model.draw(5, 4), model.draw(5, 4)
    model.add("LayerNormalization", "layer_rows",
              normalize(x, (0, 2), 1e-3, gamma[:, None], beta[:, None]),
              weights={"gamma": gamma, "beta": beta}, axis=[1, 3])
    gamma, beta = model.draw(4), model.draw(4)
    model.add("LayerNormalization", "layer_channels",
              normalize(x, (2,), .1, gamma, beta),
              weights={"gamma": gamma, "beta": beta}, axis=-1, epsilon=.1)


def add_merges(model, x):
    other = model.add("Activation", "other", np.tanh(x), activation="tanh")
    model.add("Subtract", "difference", x - other, sources=["in", "other"])
    mean = model.add("GlobalAveragePooling2D", "mean", x.mean((0, 1)))
    model.add("Subtract", "centered", x - mean, sources=["in", "mean"])
    model.add("Minimum", "least", np.minimum(mean, x), sources=["mean", "in"])
    model.add("Concatenate", "joined", np.concatenate([x, other, x], 1),
              sources=["in", "other", "in"], axis=-2)


def make_layers(root, index, version, prefix):
    major = int(version[0])
    model = Model(f"keras{major}-layers", version, major, prefix)
    x = model.add_input("in", [5, 6, 4])
    add_convolutions(model, x, major)
    add_grids(model, x)
    add_normalizations(model, x)
    add_merges(model, x)
    model.write(root, index)
    model = Model(f"keras{major}-activations", version, major + 10, prefix)
    x = model.add_input("in", [2, 3, 12])
    x[0, 0] = HALF
    add_activations(model, x, major)
    model.write(root, index)


def batch_normalize(model, x, axis):
    """What it gives, and its weights."""
    wide = [1, 1, 1]
    wide[axis] = n = x.shape[axis]
    weights = {"gamma": model.draw(n), "beta": model.draw(n),
               "moving_mean": model.draw(n),
               "moving_variance": np.abs(model.draw(n)) + .5}
    gamma, beta, mean, variance = (w.reshape(wide) for w in weights.values())
    return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta, weights


def pool(x):
    height, width = (n // 2 * 2 for n in x.shape[:2])
    return x[:height, :width].reshape(
        height // 2, 2, width // 2, 2, -1).max((1, 3))


class Chain:
    """Layers one after the other, of which only the last is an output."""

    def __init__(self, model, name, x):
        self.model, self.prefix, self.value = model, name, x
        self.source, self.length = "in", 0

    def add(self, kind, value, last=False, **config):
        name = f"{self.prefix}_{self.length}"
        self.value = self.model.add(kind, name, value, sources=[self.source],
                                    is_output=last, **config)
        self.source, self.length = name, self.length + 1

    def convolve(self, filters=20, activation="linear", use_bias=True):
        model, x = self.model, self.value
        kernel = model.draw(3, 3, x.shape[2], filters, scale=.3)
        bias = model.draw(filters)
        value = convolve(x, kernel, bias if use_bias else 0, same=True)
        weights = {"kernel": kernel} | ({"bias": bias} if use_bias else {})
        if activation == "elu":
            value = np.where(value < 0, np.expm1(value), value)
        elif activation == "relu":
            value = np.maximum(value, 0)
        self.add("Conv2D", value, weights=weights, filters=filters,
                 kernel_size=3, padding="same", use_bias=use_bias,
                 activation=activation)

    def separate(self, filters=20):
        model, x = self.model, self.value
        channels = x.shape[2]
        kernel = model.draw(3, 3, channels, 1, scale=.3)
        pointwise = model.draw(1, 1, channels, filters, scale=.5)
        between = convolve(x, kernel.reshape(3, 3, 1, channels), same=True,
                           groups=channels)
        self.add("SeparableConv2D", convolve(between, pointwise),
                 weights={"depthwise_kernel": kernel,
                          "pointwise_kernel": pointwise},
                 filters=filters, kernel_size=3, padding="same",
                 use_bias=False)

    def convolve_depthwise(self):
        model, x = self.model, self.value
        channels = x.shape[2]
        kernel, bias = model.draw(3, 3, channels, 1), model.draw(channels)
        self.add("DepthwiseConv2D",
                 convolve(x, kernel.reshape(3, 3, 1, channels), bias,
                          same=True, groups=channels),
                 weights={"depthwise_kernel": kernel, "bias": bias},
                 kernel_size=3, padding="same")

    def normalize(self, axis=2, last=False):
        value, weights = batch_normalize(self.model, self.value, axis)
        self.add("BatchNormalization", value, weights=weights, last=last,
                 axis=axis + 1)

    def rectify(self, maximum=np.inf, last=False, **config):
        self.add("ReLU", np.clip(self.value, 0, maximum), last=last, **config)

    def pool(self):
        self.add("MaxPooling2D", pool(self.value), last=True)


def make_chains(root, index):
    """What a plan may compute in one step, and what looks like it."""
    model = Model("chains", "2.13.1", 34)
    x = model.add_input("in", [9, 10, 17])
    chain = Chain(model, "whole", x)
    chain.convolve()
    chain.normalize()
    chain.rectify()
    chain.pool()
    chain = Chain(model, "activated", x)
    chain.convolve(activation="elu")
    chain.normalize()
    chain.pool()
    chain = Chain(model, "rectified", x)
    chain.convolve(activation="relu", use_bias=False)
    chain.pool()
    chain = Chain(model, "rows", x)
    chain.convolve()
    chain.normalize(axis=0, last=True)
    chain = Chain(model, "depthwise", x)
    chain.convolve_depthwise()
    chain.normalize()
    chain.rectify(maximum=6, max_value=6)
    chain.pool()
    chain = Chain(model, "depthwise_columns", x)
    chain.convolve_depthwise()
    chain.normalize(axis=1)
    chain.rectify(last=True)
    chain = Chain(model, "separable", x)
    chain.separate()
    chain.normalize()
    chain.rectify(last=True)
    chain = Chain(model, "twice", x)
    chain.convolve(filters=3)
    chain.normalize()
    chain.normalize()
    chain.rectify(maximum=.5, max_value=.5)
    chain.pool()
    model.write(root, index)


def make_tfjs_resizing(root, index):
    """What TensorFlow.js means by Resizing: corners fall together."""
    model = Model("tfjs-resizing", "tfjs-layers 4.22.0", 30)
    x = model.add_input("in", [5, 6, 2])
    model.add("Resizing", "corners", resize(x, 8, 3, "bilinear", corners=True),
              height=8, width=3, interpolation="bilinear")
    model.add("Resizing", "corners_nearest", align_corners_nearest(x, 8, 11),
              height=8, width=11, interpolation="nearest")
    model.write(root, index)


def make_quantized(root, index):
    """The reference computes with what decoding must give."""
    model = Model("quantized", "2.13.1", 31)
    x = model.add_input("in", [6, 6, 3])
    quantizations = {}
    for quantization in ("uint8", "uint16", "float16"):
        kernel, bias = model.draw(3, 3, 3, 5, scale=.3), model.draw(5)
        name = f"conv_{quantization}"
        decoded = []
        for variable, array in (("kernel", kernel), ("bias", bias)):
            quantizations[f"{name}/{variable}"] = quantization
            weight = model.encode(variable, array, quantization)
            words = weight.quantization
            kind = {"uint8": "<u1", "uint16": "<u2", "float16": "<f2"}
            stored = np.frombuffer(weight.content,
                                   kind[quantization]).astype(float)
            values = stored * words.get("scale", 1) + words.get("min", 0)
            decoded.append(values.reshape(array.shape))
        model.add("Conv2D", name, convolve(x, *decoded),
                  weights={"kernel": kernel, "bias": bias}, filters=5,
                  kernel_size=[3, 3])
    model.write(root, index, quantizations=quantizations, shards=3)


def make_keras3_nested(root, index):
    """Names that collide, a nested Sequential, a nested Functional model."""
    model = Model("keras3-nested", "3.5.0", 32)
    x = model.add_input("in", [6, 5, 2])

    def draw_conv(inputs, filters):
        return {"kernel": model.draw(3, 3, inputs, filters, scale=.3),
                "bias": model.draw(filters)}

    weights = [draw_conv(2, 3), draw_conv(3, 4), draw_conv(4, 2)]
    conv = {"kernel_size": [3, 3], "padding": "same"}
    first = convolve(x, *weights[0].values(), same=True)
    second = np.maximum(convolve(first, *weights[1].values(), same=True), 0)
    third = convolve(second, *weights[2].values(), same=True)
    sequential = {"name": "sequential", "layers": [
        model.entry("InputLayer", "inner",
                    {"batch_shape": [None, None, None, 3]}, None),
        model.entry("Conv2D", "conv2d", {"filters": 4, **conv}, None),
        model.entry("ReLU", "re_lu", {}, None)]}
    nested = Model("functional_1", "3.5.0", 0)
    nested.layers = [
        nested.entry("InputLayer", "inner", {"batch_shape": [None, 6, 5, 4]}, []),
        nested.entry("Conv2D", "conv2d", {"filters": 2, **conv},
                     [nested.node(["inner"])])]
    nested.inputs, nested.outputs = ["inner"], ["conv2d"]
    model.layers += [
        model.entry("Conv2D", "conv2d", {"filters": 3, **conv},
                    [model.node(["in"])]),
        model.entry("Sequential", "sequential", sequential,
                    [model.node(["conv2d"])]),
        model.entry("Functional", "functional_1", nested.topology()["config"],
                    [model.node([("sequential", 0, 0)])]),
        model.entry("Add", "sum", {}, [model.node(
            [("functional_1", 1, 0), ("functional_1", 1, 0)])])]
    model.outputs = ["sum"]
    for path, values in zip(("top/conv2d", "top/sequential/conv2d",
                             "top/functional_1/conv2d"), weights):
        model.weights += [(f"{path}/{k}", v) for k, v in values.items()]
    model.values |= {("conv2d", 0): first, ("sequential/re_lu", 0): second,
                     ("functional_1/conv2d", 0): third, ("sum", 0): 2 * third}
    model.write(root, index)


def make_sequential(root, index):
    """Sequential models without an InputLayer, one inside the other."""
    model = Model("sequential-in-sequential", "3.5.0", 33)
    x = model.draw(5, 5, 2)
    model.inputs, model.values["x", 0] = ["x"], x
    kernel, bias = model.draw(3, 3, 2, 3, scale=.3), model.draw(3)
    dense = model.draw(3, 4)
    conv = convolve(x, kernel, bias)
    mean = conv.mean((0, 1))
    logits = mean @ dense
    inner = {"name": "body", "build_input_shape": [None, 5, 5, 2], "layers": [
        model.entry("Conv2D", "conv", {"filters": 3, "kernel_size": 3}, None),
        model.entry("GlobalAveragePooling2D", "mean", {}, None)]}
    outer = {"name": "outer", "build_input_shape": [None, 5, 5, 2], "layers": [
        model.entry("Sequential", "body", inner, None),
        model.entry("Dense", "scores", {"units": 4, "use_bias": False}, None)]}
    model.weights = [("body/conv/kernel:0", kernel), ("body/conv/bias:0", bias),
                     ("scores/kernel_1:0", dense)]
    model.values |= {("body/conv", 0): conv, ("body/mean", 0): mean,
                     ("scores", 0): logits}
    model.write(root, index, {"class_name": "Sequential", "config": outer})


# What does nothing after training.
IDENTITIES = ["AugMix", "CutMix", "Identity", "MixUp", "RandAugment"] + [
    "Random" + name for name in (
        "Brightness", "ColorDegeneration", "ColorJitter", "Contrast",
        "ElasticTransform", "Erasing", "Flip", "GaussianBlur", "Grayscale",
        "Height", "Hue", "Invert", "Perspective", "Posterization", "Rotation",
        "Saturation", "Sharpness", "Shear", "Translation", "Width", "Zoom")]


def leaky(x, slope):
    return np.where(x < 0, slope * x, x)


def add_function_layers(model, x):
    """Layers in the place of activation functions."""
    slope = "negative_slope" if model.keras3 else "alpha"
    kernel, bias = model.draw(3, 3, 4, 5, scale=.3), model.draw(5)
    model.add("Conv2D", "conv_leaky", leaky(convolve(x, kernel, bias), .3),
              weights={"kernel": kernel, "bias": bias}, filters=5,
              kernel_size=[3, 3], activation={
                  "class_name": "LeakyReLU",
                  "config": {"name": "leaky_re_lu", slope: .3}})
    kernel, bias = model.draw(4, 3), model.draw(3)
    model.add("Dense", "dense_relu", np.clip(x @ kernel + bias, 0, .5),
              weights={"kernel": kernel, "bias": bias}, units=3, activation={
                  "class_name": "ReLU",
                  "config": {"name": "re_lu", "max_value": .5}})


def add_training_calls(model, x):
    for axis in (1, 3):
        shape = [1, 1, 1]
        shape[axis - 1] = n = x.shape[axis - 1]
        others = tuple(i for i in range(3) if i != axis - 1)
        gamma, beta = model.draw(n), model.draw(n)
        model.add("BatchNormalization", f"own_{axis}",
                  normalize(x, others, .01, gamma.reshape(shape),
                            beta.reshape(shape)),
                  weights={"gamma": gamma, "beta": beta,
                           "moving_mean": model.draw(n),
                           "moving_variance": np.abs(model.draw(n))},
                  call_in_training=True, axis=axis, epsilon=.01)
    statistics = {"moving_mean": model.draw(4),
                  "moving_variance": np.abs(model.draw(4)) + .5}
    mean, variance = statistics.values()
    model.add("BatchNormalization", "frozen",
              (x - mean) / np.sqrt(variance + 1e-3), weights=statistics,
              call_in_training=True, trainable=False, scale=False, center=False)
    model.add("Dropout", "quiet", x, call_in_training=True, rate=.5)


def add_given_statistics(model, x):
    mean, variance = model.draw(4), np.abs(model.draw(4)) + .1
    deviation = np.sqrt(variance)
    count = np.array(7.)
    model.add("Normalization", "adapted", (x - mean) / deviation,
              weights={"mean": mean, "variance": variance, "count": count},
              axis=[-1], mean=None, variance=None)
    model.add("Normalization", "inverted", x * deviation + mean,
              axis=[3], mean=[[[mean.tolist()]]],
              variance=[[[variance.tolist()]]], invert=True)
    model.add("Normalization", "of_numpy", (x - mean) / 1e-7, axis=-1, mean={
        "class_name": "__numpy__",
        "config": {"value": mean.tolist(), "dtype": "float32"}},
        variance=[0] * 4)
    mean, variance = model.draw(), np.abs(model.draw())
    model.add("Normalization", "whole", (x - mean) / np.sqrt(variance),
              weights={"mean": mean, "variance": variance, "count": count},
              axis=None)


def make_dialects(root, index, version):
    major = int(version[0])
    model = Model(f"keras{major}-dialects", version, major + 40)
    x = model.add_input("in", [5, 6, 4])
    add_function_layers(model, x)
    add_training_calls(model, x)
    add_given_statistics(model, x)
    for kind in IDENTITIES:
        model.add(kind, kind.lower(), x, seed=1, data_format="channels_last")
    model.add("RandomCrop", "not_cropped", x, height=5, width=6)
    model.write(root, index)


def to_camel_case(text):
    first, *others = text.split("_")
    return first + "".join(word.capitalize() for word in others)


def respell(item):
    """As TensorFlow.js spells keys and words, in the files of some writers."""
    if isinstance(item, list):
        return [respell(value) for value in item]
    if not isinstance(item, dict):
        return item
    words = {"activation", "data_format"}
    return {to_camel_case(key): to_camel_case(value) if key in words
            else respell(value) for key, value in item.items()}


def make_camel_case(root, index):
    model = Model("camel-case", "2.13.1", 50)
    x = model.add_input("an_input", [5, 6, 3])
    depthwise = model.draw(3, 3, 3, 2, scale=.3)
    pointwise = model.draw(1, 1, 6, 4, scale=.5)
    between = convolve(x, depthwise.reshape(3, 3, 1, 6), same=True, groups=3)
    # TensorFlow.js does not save the multiplier.
    x = model.add("SeparableConv2D", "a_conv",
                  HARD_SIGMOID[2](convolve(between, pointwise)),
                  sources=["an_input"],
                  weights={"depthwise_kernel": depthwise,
                           "pointwise_kernel": pointwise}, filters=4,
                  kernel_size=[3, 3], padding="same", use_bias=False,
                  data_format="channels_last", activation="hard_sigmoid")
    model.add("Resizing", "a_size", resize(x, 9, 4, "bilinear"),
              sources=["a_conv"], height=9, width=4,
              crop_to_aspect_ratio=False)
    model.write(root, index, respell(model.topology()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    root = parser.parse_args().folder
    root.mkdir(parents=True, exist_ok=True)
    index = []
    make_layers(root, index, "2.13.1", "")
    make_layers(root, index, "3.5.0", "functional/")
    make_tfjs_resizing(root, index)
    make_quantized(root, index)
    make_keras3_nested(root, index)
    make_sequential(root, index)
    make_chains(root, index)
    make_transposed(root, index)
    make_dialects(root, index, "2.13.1")
    make_dialects(root, index, "3.5.0")
    make_camel_case(root, index)
    lines = ",\n".join(json.dumps(entry) for entry in index)
    (root / "index.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
