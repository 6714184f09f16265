# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A network that describes faces, made by others, run with PyTorch.

It is faceres of the npm package @vladmandic/human (MIT), a TensorFlow.js
graph-model: a MobileNet that A. V. Savchenko trained to tell the people of
VGGFace2 apart, and to guess age and sex on its features ("Efficient Facial
Representations for Age, Gender and Identity Recognition in Organizing Photo
Albums using Multi-output ConvNet", 2019). It is used to teach the gender model
and is no part of it.
"""

import json
import math
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from layers_runner import STORED_TYPES

# The network is made for 224; 160 takes half the time and, since the pictures
# are smaller than either, sees the same.
SIDE = 160
BATCH = 32
BGR_MEAN = (103.939, 116.779, 123.68)
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)


def read_graph_weights(path: Path) -> dict[str, torch.Tensor]:
    """Return the arrays of a graph-model's shards by name, as float32.

    path: its JSON file; integers are left out
    """
    weights, arrays = json.loads(path.read_text())["weightsManifest"], {}
    for group in weights:
        content = b"".join((path.parent / name).read_bytes()
                           for name in group["paths"])
        start = 0
        for entry in group["weights"]:
            stored = entry.get("quantization", entry)["dtype"]
            number = np.dtype(STORED_TYPES.get(stored, "<i4"))
            count = math.prod(entry["shape"])
            if stored in STORED_TYPES:
                arrays[entry["name"]] = torch.from_numpy(np.frombuffer(
                    content, number, count, start).reshape(entry["shape"])
                    .astype(np.float32))
            start += number.itemsize * count
    return arrays


class FaceDescriber:
    """The network, from faceres.json and the shard beside it."""

    def __init__(self, path: Path, bf16: bool) -> None:
        """Read the network; bf16: whether to convolve in bfloat16."""
        self._bf16 = bf16
        self._weights = read_graph_weights(path)
        self._kernels = {
            name: array.permute(3, 2, 0, 1).contiguous()
            for name, array in self._weights.items() if array.dim() == 4}

    def describe(self, pictures: np.ndarray) -> torch.Tensor:
        """Return what the network sees in each picture, (N, 1280).

        These are the means of its last 1024 maps, and 256 features of them
        from which it guesses age and sex.

        pictures: uint8, (N, S, S, C), C = 3 for RGB or 1 for gray
        """
        return torch.cat([
            self._describe(as_input(pictures[start:start + BATCH]))
            for start in range(0, len(pictures), BATCH)])

    @torch.no_grad()
    def _describe(self, x: torch.Tensor) -> torch.Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bf16):
            means = self._last_maps(x).float().mean(dim=(2, 3))
        features = torch.relu(means @ self._weights["feats/kernel"]
                              + self._weights["feats/bias"])
        return torch.cat([means, features], dim=1)

    def _last_maps(self, x: torch.Tensor) -> torch.Tensor:
        x = self._convolve(x, "conv1/convolution/merged_input", "conv1", 2)
        for number, stride in enumerate(STRIDES, 1):
            x = self._convolve(x, f"conv_dw_{number}/depthwise_kernel",
                               f"conv_dw_{number}", stride)
            x = self._convolve(
                x, f"conv_pw_{number}/convolution/merged_input",
                f"conv_pw_{number}", 1)
        return x

    def _convolve(self, x: torch.Tensor, kernel: str, layer: str,
                  stride: int) -> torch.Tensor:
        """Convolve with "same" padding, normalise, and clip to 0..6."""
        weight = self._kernels[kernel]
        norm = f"{layer}_bn/batchnorm_1"
        is_depthwise = f"{norm}/mul" in self._weights
        if is_depthwise:
            weight = (weight.transpose(0, 1)
                      * self._weights[f"{norm}/mul"].reshape(-1, 1, 1, 1))
        if weight.shape[-1] > 1:
            before = 2 - stride
            x = F.pad(x, (before, 1, before, 1))
        return F.relu6(F.conv2d(
            x, weight, self._weights[f"{norm}/sub"].reshape(-1),
            stride=stride, groups=len(weight) if is_depthwise else 1))


def as_input(pictures: np.ndarray) -> torch.Tensor:
    """Return the network's input, (N, 3, SIDE, SIDE): BGR less its mean."""
    resized = [cv2.resize(picture, (SIDE, SIDE),
                          interpolation=cv2.INTER_AREA
                          if picture.shape[0] > SIDE else cv2.INTER_LINEAR)
               .reshape(SIDE, SIDE, -1) for picture in pictures]
    x = torch.from_numpy(np.stack(resized)).permute(0, 3, 1, 2).float()
    x = x.expand(-1, 3, -1, -1).flip(1)
    x = x - torch.tensor(BGR_MEAN).reshape(1, 3, 1, 1)
    return x.contiguous(memory_format=torch.channels_last)
