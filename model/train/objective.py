# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the training of the gender model makes small.

Besides the error of the answer there is

    unsteadiness   two crops of the same face in other noise should get the same
                   probability
    invisibility   in each map, one cell in ten should stand out, for every face
    roughness      the filters of the first layer should be smooth, and fade
                   towards their edge
    flat answer    the first layer should be silent where the picture is flat

That filters of the first layer add up to zero, so that brightness alone does
not move them, is no part of it: center_first_kernels() makes them do so after
every step.
"""

import torch
import torch.nn.functional as F
from torch import nn

UNSTEADINESS = 5.0
INVISIBILITY = 0.1
ROUGHNESS = 0.03
FLAT_ANSWER = 1.0
# In deviations of the channel over the training faces.
STANDS_OUT = 0.7
LARGEST_SHARE = 0.1
MARGIN = 1


def objective(student: nn.Sequential, crops: torch.Tensor,
              target: torch.Tensor) -> torch.Tensor:
    """Return what to minimise, for pairs of crops.

    crops:  (2 N, 3, 50, 50); crop i and crop N + i show the same face
    target: (N,), the probability of it being male
    """
    logits, maps = answer(student, crops)
    error = F.binary_cross_entropy_with_logits(logits, target.repeat(2))
    first, second = logits.sigmoid().chunk(2)
    return (error + UNSTEADINESS * (first - second).square().mean()
            + INVISIBILITY * sum(map(invisibility, maps)) / len(maps)
            + ROUGHNESS * roughness(student.conv2d_1.weight)
            + FLAT_ANSWER * flat_answer(student))


def answer(student: nn.Sequential,
           crops: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Return the logits, (N,), and the maps before they are rectified."""
    maps, values = [], crops
    for name, layer in student.named_children():
        values = layer(values)
        if name.startswith("norm_"):
            maps.append(values)
    return values.float().reshape(-1), maps


def invisibility(maps: torch.Tensor) -> torch.Tensor:
    """Return how much the largest cells inside lack of standing out.

    maps: (N, C, height, width), before they are rectified
    """
    inside = maps[:, :, MARGIN:-MARGIN, MARGIN:-MARGIN].flatten(2).float()
    n_largest = max(1, round(LARGEST_SHARE * inside.shape[2]))
    least = inside.topk(n_largest, dim=2, sorted=False).values.amin(dim=2)
    return (STANDS_OUT - least).relu().mean()


def roughness(kernels: torch.Tensor) -> torch.Tensor:
    """Return the squared steps between neighbours relative to the weights.

    kernels: (filters, channels, height, width); beyond their edge is zero
    """
    padded = F.pad(kernels, (1, 1, 1, 1))
    steps = sum(padded.diff(dim=axis).square().sum(dim=(1, 2, 3))
                for axis in (2, 3))
    return (steps / kernels.square().sum(dim=(1, 2, 3))).mean()


def flat_answer(student: nn.Sequential) -> torch.Tensor:
    """Return what the first layer's channels answer to a flat picture."""
    norm = student.norm_1
    slope = (norm.running_var + norm.eps).rsqrt()
    bias = (student.conv2d_1.bias - norm.running_mean) * slope + norm.bias
    return bias.relu().mean()


@torch.no_grad()
def center_first_kernels(student: nn.Sequential) -> None:
    """Make each filter of the first layer add up to zero."""
    kernels = student.conv2d_1.weight
    kernels -= kernels.mean(dim=(1, 2, 3), keepdim=True)
