# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The gender model as it is trained and as it is exported.

Both take (N, 3, 50, 50) in 0..1 and give logits, (N, 1).

While it is trained, every block of the student is convolution, max-pooling,
batch normalisation, ReLU; the exported model is convolution, ReLU,
max-pooling. The two are the same function: the normalisation's slope is
positive, so that it and ReLU, both rising, commute with the maximum, and a
normalisation that follows a convolution is folded into its kernel and bias.
Normalising after the pooling centres each channel that is shown about zero over
the training faces, so that none dies; and it works on a quarter of the samples.
A learned slope would add nothing, since ReLU passes a positive factor on to the
next kernel: it stays 1.
"""

import copy
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn

from data import INPUT_SIDE

FILTERS = (16, 32, 32)
KERNEL = 5
UNITS = 256
DROPOUT = 0.2


class PairDropout(nn.Module):
    """Dropout that leaves out the same of both crops of a pair.

    So it does not add to the difference of their answers. The batch holds the
    first crops of all pairs, then the second ones, in the same order.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return x, or in training, what is kept of it, enlarged."""
        if not self.training:
            return x
        kept = F.dropout(torch.ones_like(x[:len(x) // 2]), DROPOUT)
        return x * torch.cat([kept, kept])


def build_student() -> nn.Sequential:
    """Build the network that is trained to be exported.

    The first dense layer is a convolution over the whole last map and the
    others are 1x1 convolutions: the same sums, and faster where only the
    convolutions have an optimised library.
    """
    last_side = INPUT_SIDE // 2 ** len(FILTERS)
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    channels = 3
    for number, filters in enumerate(FILTERS, 1):
        layers[f"conv2d_{number}"] = nn.Conv2d(channels, filters, KERNEL,
                                               padding=KERNEL // 2)
        layers[f"max_pooling2d_{number}"] = nn.MaxPool2d(2)
        layers[f"norm_{number}"] = _unit_slope_norm(filters)
        layers[f"relu_{number}"] = nn.ReLU()
        channels = filters
    layers["dense_1"] = nn.Conv2d(channels, UNITS, last_side)
    layers["dense_norm_1"] = _unit_slope_norm(UNITS)
    layers["dense_relu_1"] = nn.ReLU()
    layers["dropout_1"] = PairDropout()
    layers["dense_2"] = nn.Conv2d(UNITS, UNITS, 1)
    layers["dense_relu_2"] = nn.ReLU()
    layers["dropout_2"] = PairDropout()
    layers["dense_3"] = nn.Conv2d(UNITS, 1, 1)
    layers["flatten"] = nn.Flatten()
    return nn.Sequential(layers)


@torch.no_grad()
def folded_layers(student: nn.Sequential) -> dict[str, nn.Conv2d]:
    """Return the student's layers by name, each with its norm folded in."""
    layers: dict[str, nn.Conv2d] = {}
    for name, layer in student.named_children():
        if isinstance(layer, nn.Conv2d):
            last = layers[name] = copy.deepcopy(layer)
        elif isinstance(layer, nn.BatchNorm2d):
            slope = layer.weight * (layer.running_var + layer.eps).rsqrt()
            last.weight *= slope.reshape(-1, 1, 1, 1)
            last.bias.copy_((last.bias - layer.running_mean) * slope
                            + layer.bias)
    return layers


@torch.no_grad()
def start_at(student: nn.Sequential, weights: dict[str, torch.Tensor],
             crops: torch.Tensor) -> None:
    """Give the student the function of an exported model.

    The norms take their first statistics from the crops; each divides a
    channel by its deviation, for which the next kernel compensates. Channels
    that are zero for all crops are dead: they get new random kernels, which
    the next layer ignores at first.

    weights: as layers_runner.read_weights gives them
    crops:   (N, 3, 50, 50), training inputs
    """
    student.eval()
    values, divisor = crops, torch.ones(crops.shape[1])
    for name, layer in student.named_children():
        if isinstance(layer, nn.Conv2d):
            random = layer.weight.clone()
            kernel = weights[f"{name}/kernel"].reshape(
                *layer.kernel_size, layer.in_channels, layer.out_channels)
            layer.weight.copy_(kernel.permute(3, 2, 0, 1)
                               * divisor.reshape(1, -1, 1, 1))
            layer.bias.copy_(weights[f"{name}/bias"])
            dead = layer(values).amax(dim=(0, 2, 3)) <= 0
            layer.weight[dead], layer.bias[dead] = random[dead], 0
            divisor = torch.where(dead, 0.0, 1.0)
        elif isinstance(layer, nn.BatchNorm2d):
            layer.running_mean.copy_(values.mean(dim=(0, 2, 3)))
            layer.running_var.copy_(values.var(dim=(0, 2, 3)))
            deviation = (layer.running_var + layer.eps).sqrt()
            layer.bias.copy_(layer.running_mean / deviation * (divisor > 0))
            divisor = divisor * deviation
        values = layer(values)


@torch.no_grad()
def predict(network: nn.Module, crops: torch.Tensor) -> torch.Tensor:
    """Return the logit of each crop being male, (N,)."""
    network.eval()
    return torch.cat([network(part).reshape(-1) for part in crops.split(256)])


def _unit_slope_norm(channels: int) -> nn.BatchNorm2d:
    norm = nn.BatchNorm2d(channels)
    norm.weight.requires_grad_(False)
    return norm
