# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The second network of the face detector, its input, and its export.

The input is a square of the frame around a proposal, CROP times as large, (N,
3, SIDE, SIDE) R'G'B' in 0..1. The output is (N, 4): the logit of "a face", the
offset of its centre from the square's, in sides of the proposal, and the
logarithm of its side in sides of the proposal.
"""

import json
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

import layers_model
from face_network import Convolution

SIDE = 56
CROP = 2.0
# The plugin reads so many pixels for each pixel of the input, and the exported
# network begins by averaging them; otherwise large faces would be sampled too
# sparsely.
SAMPLES = 2
# Filters and stride of each 3x3 convolution.
TRUNK = ((16, 2), (32, 1), (48, 2), (48, 1), (64, 2), (64, 1), (64, 1))
HIDDEN = 64
DROPOUT = 0.2
# What is taken off the logit when the network is written. With it, the plugin's
# default confidence has a precision of 0.97 on the pictures to choose on.
DOUBT = 1.4


class RefinementNetwork(nn.Module):
    """The network; see the top of this file."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.ModuleList()
        channels, side = 3, SIDE
        for filters, stride in TRUNK:
            self.trunk.append(Convolution(channels, filters, stride))
            channels, side = filters, side // stride
        self.dropout = nn.Dropout(DROPOUT)
        self.hidden = nn.Linear(channels * side * side, HIDDEN)
        self.face = nn.Linear(HIDDEN, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.trunk:
            x = layer(x)
        with torch.autocast("cpu", enabled=False):
            x = self.dropout(x.float().flatten(1))
            return self.face(torch.relu(self.hidden(x)))


def crop(picture: np.ndarray, box: np.ndarray
         ) -> tuple[np.ndarray, np.ndarray]:
    """Crop the network's input for a proposal, as the plugin does.

    Returns (SIDE, SIDE, 3) uint8, and the proposal that matches the crop
    exactly: a crop consists of whole pixels.
    """
    size = max(1, round(box[2] * CROP))
    left, top = np.floor(box[:2] - size / 2 + 0.5)
    scale = size / (SIDE * SAMPLES)
    to_picture = np.array([[scale, 0, left + scale / 2 - 0.5],
                           [0, scale, top + scale / 2 - 0.5]])
    samples = cv2.warpAffine(picture, to_picture,
                             (SIDE * SAMPLES, SIDE * SAMPLES),
                             flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                             borderMode=cv2.BORDER_REPLICATE)
    return (cv2.resize(samples, (SIDE, SIDE), interpolation=cv2.INTER_AREA),
            np.array((left + size / 2, top + size / 2, size / CROP)))


def as_input(crops: list[np.ndarray]) -> torch.Tensor:
    """Return crops as the network's input, (N, 3, SIDE, SIDE)."""
    return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2) / 255


def export(network: RefinementNetwork, folder: Path) -> None:
    """Write the network and its preprocess.json as a layers-model folder."""
    samples = SIDE * SAMPLES
    layers = [layers_model.input_layer("rgb", (samples, samples, 3)),
              layers_model.average_pooling2d("mean", SAMPLES)]
    weights: dict[str, np.ndarray] = {}

    def add(description: dict, kernel: torch.Tensor,
            bias: torch.Tensor) -> None:
        layers.append(description)
        weights[f"{description['name']}/kernel"] = kernel.numpy()
        weights[f"{description['name']}/bias"] = bias.numpy()

    with torch.no_grad():
        for number, layer in enumerate(network.trunk):
            kernel, bias = layer.folded()
            add(layers_model.conv2d(f"conv2d_{number + 1}", len(bias), 3,
                                   "relu", layer.stride),
                kernel.permute(2, 3, 1, 0), bias)
        layers.append(layers_model.flatten("flatten"))
        hidden = network.hidden.weight  # its inputs run channel, row, column
        side = round((hidden.shape[1] / len(bias)) ** 0.5)
        add(layers_model.dense("hidden", HIDDEN, "relu"),
            hidden.reshape(HIDDEN, len(bias), side, side)
            .permute(2, 3, 1, 0).reshape(-1, HIDDEN), network.hidden.bias)
        add(layers_model.dense("face", 4, "linear"), network.face.weight.T,
            network.face.bias - torch.tensor((DOUBT, 0, 0, 0)))
    layers_model.write_trained(folder, "face_refinement", layers, weights,
                               half_kernels=True)
    layers_model.replace_file(folder / "preprocess.json", (json.dumps(
        {"version": 1, "resize": "half-pixel", "channels": "rgb",
         "crop_scale": CROP}, indent=2) + "\n").encode())
