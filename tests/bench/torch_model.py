# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Writes a network as TorchScript, traced and frozen, in NCHW."""

import pathlib

import torch
from torch.nn import functional

from networks import Layer, Network, window_of, window_padding
from onnx_model import reorder_convolution, reorder_dense

ACTIVATIONS = {"linear": lambda x: x, "relu": functional.relu,
               "sigmoid": torch.sigmoid,
               "softmax": lambda x: functional.softmax(x, dim=1)}


def pad(layer: Layer, x, fill: float):
    """Pads @x if the operator cannot, and returns it with the padding that is
    left to the operator."""
    (top, bottom), (left, right) = window_padding(layer)
    if (top, left) == (bottom, right):
        return x, (top, left)
    return functional.pad(x, (left, right, top, bottom), value=fill), (0, 0)


class Interpreter(torch.nn.Module):
    """Runs the layers of a network one by one."""

    def __init__(self, network: Network):
        super().__init__()
        self.network = network
        for layer in network.layers:
            for key, value in layer.weights.items():
                if value.ndim == 4:
                    value = reorder_convolution(layer, key)
                elif value.ndim == 2:
                    value = reorder_dense(network, layer)
                self.register_buffer(f"{layer.name}_{key}",
                                     torch.tensor(value.copy()))

    def weight(self, layer: Layer, key: str):
        return getattr(self, f"{layer.name}_{key}", None)

    def convolve(self, layer: Layer, x, key: str):
        x, padding = pad(layer, x, 0.0)
        kernel = self.weight(layer, key)
        groups = len(kernel) if key == "depthwise_kernel" else 1
        return functional.conv2d(x, kernel, self.weight(layer, "bias"),
                                 layer.config["strides"], padding,
                                 groups=groups)

    def Conv2D(self, layer: Layer, x):
        return ACTIVATIONS[layer.config["activation"]](
            self.convolve(layer, x, "kernel"))

    def DepthwiseConv2D(self, layer: Layer, x):
        return self.convolve(layer, x, "depthwise_kernel")

    def SeparableConv2D(self, layer: Layer, x):
        return functional.conv2d(self.convolve(layer, x, "depthwise_kernel"),
                                 self.weight(layer, "pointwise_kernel"))

    def BatchNormalization(self, layer: Layer, x):
        return functional.batch_norm(
            x, self.weight(layer, "moving_mean"),
            self.weight(layer, "moving_variance"), self.weight(layer, "gamma"),
            self.weight(layer, "beta"), eps=layer.config["epsilon"])

    def Activation(self, layer: Layer, x):
        return ACTIVATIONS[layer.config["activation"]](x)

    def ReLU(self, layer: Layer, x):
        # PyTorch 1.13 optimises relu6 into code with wrong results.
        return functional.relu(x).clamp_max(layer.config["max_value"])

    def MaxPooling2D(self, layer: Layer, x):
        x, padding = pad(layer, x, float("-inf"))
        size, strides = window_of(layer)
        return functional.max_pool2d(x, size, strides, padding)

    def AveragePooling2D(self, layer: Layer, x):
        return functional.avg_pool2d(x, *window_of(layer))

    def UpSampling2D(self, layer: Layer, x):
        return functional.interpolate(x, scale_factor=layer.config["size"])

    def Add(self, layer: Layer, x, y):
        return x + y

    def GlobalAveragePooling2D(self, layer: Layer, x):
        return x.mean((2, 3))

    def Flatten(self, layer: Layer, x):
        return x.flatten(1)

    def Dense(self, layer: Layer, x):
        return ACTIVATIONS[layer.config["activation"]](functional.linear(
            x, self.weight(layer, "kernel"), self.weight(layer, "bias")))

    def forward(self, x):
        values = {"input_1": x}
        for layer in self.network.layers:
            values[layer.name] = getattr(self, layer.kind)(
                layer, *(values[name] for name in layer.inputs))
        return tuple(values[name] for name in self.network.outputs)


def write(network: Network, folder: pathlib.Path):
    sample = torch.tensor(network.input.transpose(2, 0, 1)[None].copy())
    with torch.inference_mode():
        module = torch.jit.trace(Interpreter(network).eval(), sample)
        torch.jit.freeze(module).save(str(folder / "model.pt"))
