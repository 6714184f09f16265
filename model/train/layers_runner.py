# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Run a TensorFlow.js layers-model with PyTorch.

This knows nothing of how a model was trained or written: it follows
model.json.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

import layers_model

STORED_TYPES = {"float32": "<f4", "float16": "<f2"}


def read_weights(folder: Path) -> dict[str, torch.Tensor]:
    """Return the arrays of the folder's shards by name, as float32."""
    return {weight.name: torch.from_numpy(
        np.frombuffer(weight.content, STORED_TYPES[weight.stored_type])
        .reshape(weight.shape).astype(np.float32))
        for weight in layers_model.read(folder)[1]}


class LayersModel:
    """A sequential TensorFlow.js layers-model, run with PyTorch's functions.

    Activations are (N, height, width, channels) between layers, as in Keras.
    """

    def __init__(self, folder: Path) -> None:
        model, _ = layers_model.read(folder)
        config = model["modelTopology"]["model_config"]["config"]
        self._layers = config["layers"]
        self._weights = read_weights(folder)
        previous = None
        for layer in self._layers:
            inbound = [call[0][0] for call in layer["inbound_nodes"]]
            if inbound != ([] if previous is None else [previous]):
                raise SystemExit(f"{layer['name']}: is not one of a chain")
            previous = layer["name"]

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the output for (N, height, width, channels) inputs."""
        values = inputs
        for layer in self._layers:
            values = self._run(layer, values)
        return values

    def pooled_maps(self, crops: torch.Tensor
                    ) -> Iterator[tuple[str, torch.Tensor]]:
        """Yield name and (N, height, width, channels) output of each pooling.

        These are the maps that are shown. The crops are (N, 3, height, width).
        """
        values = crops.permute(0, 2, 3, 1)
        for layer in self._layers:
            values = self._run(layer, values)
            if layer["class_name"] == "MaxPooling2D":
                yield layer["name"], values

    def _run(self, layer: dict[str, Any], x: torch.Tensor) -> torch.Tensor:
        config, kind = layer["config"], layer["class_name"]
        kernel = self._weights.get(f"{layer['name']}/kernel")
        bias = self._weights.get(f"{layer['name']}/bias")
        if kind in ("InputLayer", "Dropout"):
            return x
        if kind == "Flatten":
            return x.reshape(len(x), -1)
        if kind == "MaxPooling2D":
            return F.max_pool2d(x.permute(0, 3, 1, 2), config["pool_size"],
                                config["strides"]).permute(0, 2, 3, 1)
        if kind == "Conv2D" and config["padding"] == "same":
            x = F.conv2d(x.permute(0, 3, 1, 2), kernel.permute(3, 2, 0, 1),
                         bias, config["strides"],
                         padding=[side // 2 for side in kernel.shape[:2]])
            return self._activate(x, config).permute(0, 2, 3, 1)
        if kind == "Dense":
            return self._activate(x @ kernel + bias, config)
        raise SystemExit(f"{layer['name']}: class {kind} is not supported")

    @staticmethod
    def _activate(x: torch.Tensor, config: dict[str, Any]) -> torch.Tensor:
        return {"relu": torch.relu, "sigmoid": torch.sigmoid}[
            config["activation"]](x)

    def probabilities(self, crops: torch.Tensor) -> torch.Tensor:
        """Return p(male), (N,), of (N, 3, height, width) crops."""
        return torch.cat([self(part.permute(0, 2, 3, 1)).reshape(-1)
                          for part in crops.split(256)])
