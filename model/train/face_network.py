# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The first network of the face detector, its input, and its export.

A small feature pyramid without anchors. The input is R'G'B' in 0..1, (N, 3, H,
W), H and W multiples of 32. For each of the strides 8, 16, 32 the output is a
map (N, 4, H / stride, W / stride): the logit of "a face is centred here", the
offset of its centre from the cell's in strides, and the logarithm of its side
in strides. A face is a square by the convention of a Viola-Jones detector.

Its results are proposals, which the network of face_refinement.py refines.
"""

from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import layers_model
from face_boxes import decode

STRIDES = (8, 16, 32)
# Filters and stride of each 3x3 convolution of the trunk; those named below
# end a level of the pyramid.
TRUNK = ((12, 2), (32, 2), (48, 2), (48, 1), (48, 1),
         (64, 2), (64, 1), (64, 1), (64, 2), (64, 1))
LEVEL_ENDS = (4, 7, 9)
PYRAMID = 48
# Prior of a cell before training: one in a hundred holds a face.
PRIOR = 0.01


class Convolution(nn.Module):
    """A 3x3 convolution, padded as Keras pads to "same", normalised, and ReLU."""

    def __init__(self, inputs: int, filters: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.convolution = nn.Conv2d(inputs, filters, 3, stride,
                                     padding=1 if stride == 1 else 0,
                                     bias=False)
        self.normalisation = nn.BatchNorm2d(filters)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.stride == 2:  # sizes are even: Keras pads after only
            x = F.pad(x, (0, 1, 0, 1))
        return torch.relu(self.normalisation(self.convolution(x)))

    def folded(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return kernel and bias with the normalisation in them."""
        norm = self.normalisation
        factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        return (self.convolution.weight * factor.reshape(-1, 1, 1, 1),
                norm.bias - norm.running_mean * factor)


class FaceNetwork(nn.Module):
    """The network; see the top of this file."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.ModuleList()
        channels = 3
        for filters, stride in TRUNK:
            self.trunk.append(Convolution(channels, filters, stride))
            channels = filters
        self.lateral = nn.ModuleList(
            nn.Conv2d(TRUNK[end][0], PYRAMID, 1) for end in LEVEL_ENDS)
        self.smooth = nn.ModuleList(
            Convolution(PYRAMID, PYRAMID, 1) for _ in LEVEL_ENDS)
        self.faces = nn.ModuleList(
            nn.Conv2d(PYRAMID, 4, 1) for _ in LEVEL_ENDS)
        for head in self.faces:
            nn.init.normal_(head.weight, std=0.01)
            nn.init.zeros_(head.bias)
            with torch.no_grad():
                head.bias[0] = -np.log(1 / PRIOR - 1)
                head.bias[3] = np.log(4)

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        levels = []
        for number, layer in enumerate(self.trunk):
            x = layer(x)
            if number in LEVEL_ENDS:
                levels.append(x)
        outputs: list[torch.Tensor] = [None] * len(levels)
        above = None
        for number in reversed(range(len(levels))):
            here = self.lateral[number](levels[number])
            if above is not None:
                here = here + F.interpolate(above, scale_factor=2)
            above = here
            smooth = self.smooth[number](here)
            with torch.autocast("cpu", enabled=False):
                outputs[number] = self.faces[number](smooth.float())
        return outputs


def as_input(pictures: list[np.ndarray], scale: float = 1,
             smallest: int = 0) -> torch.Tensor:
    """Return the input for some pictures, (N, 3, H, W), as the plugin makes it.

    pictures: uint8, (height, width, 3), R'G'B'; scaled and then padded
    smallest: smallest H and W
    """
    scaled = []
    for picture in pictures:
        height, width = picture.shape[:2]
        size = max(1, round(width * scale)), max(1, round(height * scale))
        scaled.append(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    height, width = (max(smallest, *(picture.shape[axis]
                                     for picture in scaled))
                     for axis in (0, 1))
    height, width = (-(-length // STRIDES[-1]) * STRIDES[-1]
                     for length in (height, width))
    batch = np.zeros((len(scaled), height, width, 3), np.float32)
    for padded, picture in zip(batch, scaled):
        padded[:picture.shape[0], :picture.shape[1]] = picture
    return torch.from_numpy(batch).permute(0, 3, 1, 2) / 255


@torch.no_grad()
def propose(network: FaceNetwork, pictures: list[np.ndarray], scale: float,
            lowest: float, limit: int) -> list[np.ndarray]:
    """Return the proposals for each picture, (N, 4): box and logit."""
    maps = [level.numpy() for level in network(as_input(pictures, scale))]
    found = []
    for number in range(len(pictures)):
        boxes = decode([level[number] for level in maps], STRIDES, lowest,
                       limit)
        boxes[:, :3] /= scale
        found.append(boxes)
    return found


def export(network: FaceNetwork, folder: Path) -> None:
    """Write the network as a layers-model folder."""
    layers = [layers_model.input_layer("rgb", (None, None, 3))]
    weights: dict[str, np.ndarray] = {}

    def add(description: dict, *inputs: str) -> str:
        layers.append(dict(description, inputs=list(inputs)))
        return description["name"]

    def convolve(name: str, kernel: torch.Tensor, bias: torch.Tensor,
                 inputs: str, stride: int, activation: str) -> str:
        weights[f"{name}/kernel"] = kernel.permute(2, 3, 1, 0).numpy()
        weights[f"{name}/bias"] = bias.numpy()
        return add(layers_model.conv2d(name, len(bias), kernel.shape[-1],
                                      activation, stride), inputs)

    with torch.no_grad():
        below, ends = "rgb", []
        for number, layer in enumerate(network.trunk):
            below = convolve(f"conv2d_{number + 1}", *layer.folded(), below,
                             layer.stride, "relu")
            if number in LEVEL_ENDS:
                ends.append(below)
        above, outputs = None, []
        for number in reversed(range(len(ends))):
            stride, lateral = STRIDES[number], network.lateral[number]
            here = convolve(f"lateral_{stride}", lateral.weight, lateral.bias,
                            ends[number], 1, "linear")
            if above is not None:
                up = add(layers_model.up_sampling2d(f"up_{stride}", 2), above)
                here = add(layers_model.add(f"sum_{stride}"), here, up)
            above = here
            smooth = convolve(f"smooth_{stride}",
                              *network.smooth[number].folded(), here, 1,
                              "relu")
            head = network.faces[number]
            outputs.insert(0, convolve(f"faces_{stride}", head.weight,
                                       head.bias, smooth, 1, "linear"))
    layers_model.write_trained(folder, "face", layers, weights, outputs)
