# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Networks of PyTorch with random weights, as people export them: those of
torchvision for small pictures, and others that have what these lack. Needs
Debian's python3-torch and python3-torchvision.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torchvision import models


@dataclass
class Network:
    name: str
    make: Callable[[], nn.Module]
    size: int = 64
    opset: int = 13

    def export(self, path: Path):
        torch.manual_seed(1)
        network = self.make().eval()
        randomize_statistics(network)
        picture = torch.zeros(1, 3, self.size, self.size)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                network, picture, str(path), opset_version=self.opset,
                input_names=["input"], output_names=["output"],
                dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})


def randomize_statistics(network: nn.Module):
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, .1)
            module.running_var.uniform_(.5, 1.5)
            module.weight.data.uniform_(.5, 1.5)
            module.bias.data.normal_(0, .1)


def with_head(network: nn.Module, values: int) -> nn.Module:
    """Replace the classifier of a network whose own needs large pictures."""
    network.avgpool = nn.Identity()
    network.classifier = nn.Sequential(
        nn.Dropout(), nn.Linear(values, 64), nn.ReLU(), nn.Linear(64, 10))
    return network


def double_convolution(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs),
        nn.ReLU(), nn.Conv2d(outputs, outputs, 3, padding=1),
        nn.BatchNorm2d(outputs), nn.ReLU())


class UNet(nn.Module):
    """Two steps down and up, by a transposed convolution and by resizing."""

    def __init__(self):
        super().__init__()
        self.first = double_convolution(3, 8)
        self.second = double_convolution(8, 16)
        self.bottom = double_convolution(16, 32)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.third = double_convolution(32, 16)
        self.resize = nn.Upsample(scale_factor=2, mode="bilinear",
                                  align_corners=True)
        self.fourth = double_convolution(24, 8)
        self.last = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        first = self.first(x)
        second = self.second(self.pool(first))
        bottom = self.bottom(self.pool(second))
        third = self.third(torch.cat([self.up(bottom), second], 1))
        return self.last(self.fourth(torch.cat([self.resize(third), first], 1)))


class Mixture(nn.Module):
    """What the others lack: PReLU, GELU, Mish, padding by hand, pixel shuffle,
    pooling before values that may be negative, a flattened map."""

    def __init__(self):
        super().__init__()
        self.pad = nn.ZeroPad2d((1, 2, 0, 1))
        self.conv = nn.Conv2d(3, 16, 3, groups=1, stride=2)
        self.prelu = nn.PReLU(16)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.average = nn.AvgPool2d(3, 2, 1)
        self.grouped = nn.Conv2d(16, 16, 3, padding=2, dilation=2, groups=4)
        self.gelu, self.mish = nn.GELU(), nn.Mish()
        self.shuffle = nn.PixelShuffle(2)
        self.fc = nn.Linear(9 * 8 * 16, 7)
        self.tanh = nn.Tanh()

    def forward(self, x):
        x = self.pool(self.prelu(self.conv(self.pad(x))))
        x = self.mish(self.grouped(self.gelu(self.average(x))))
        x = self.shuffle(x)
        return self.fc(self.tanh(x).reshape(x.size(0), -1))


NETWORKS = [
    Network("alexnet", lambda: with_head(models.alexnet(), 1024), 96),
    Network("vgg", lambda: with_head(models.vgg11_bn(), 2048)),
    Network("squeezenet", lambda: models.squeezenet1_0(num_classes=10)),
    Network("resnet18", lambda: models.resnet18(num_classes=10)),
    Network("mobilenet-v2", lambda: models.mobilenet_v2(
        num_classes=10, width_mult=.35)),
    Network("mobilenet-v3", lambda: models.mobilenet_v3_small(num_classes=10),
            opset=14),
    Network("mobilenet-v3-opset-11", lambda: models.mobilenet_v3_small(
        num_classes=10), opset=11),
    Network("shufflenet", lambda: models.shufflenet_v2_x0_5(num_classes=10)),
    Network("efficientnet", lambda: models.efficientnet_b0(num_classes=10)),
    Network("densenet", lambda: models.densenet121(num_classes=10)),
    Network("googlenet", lambda: models.googlenet(
        num_classes=10, aux_logits=False, init_weights=False)),
    Network("u-net", UNet),
    Network("mixture", Mixture),
]
