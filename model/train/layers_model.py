# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Read and write TensorFlow.js layers-models: model.json, its shards of
weights, and beside them labels.txt and preprocess.json.

Array layouts, which are Keras' "channels_last" ones:

    Conv2D kernel   (kernel height, kernel width, input channels, filters)
    Dense kernel    (inputs, units); after a Flatten the inputs run over
                    height, then width, then channel, the channel fastest
    bias            (filters,) or (units,)

The shards hold the arrays in manifest order, each in C order and little-endian,
one after the other without padding. This needs nothing but Python's own
library, so that tests can use it; arrays are numpy's.
"""

from __future__ import annotations

import json
import math
import os
import struct
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

LABELS_NAME = "labels.txt"
STORED_SIZES = {"float32": 4, "int32": 4, "float16": 2, "uint16": 2, "uint8": 1}


@dataclass(frozen=True)
class Weight:
    """A weight as it is stored.

    quantization: what the manifest says of content that is not float32
    """

    name: str
    shape: Sequence[int]
    content: bytes
    quantization: dict[str, Any] | None = None

    @property
    def stored_type(self) -> str:
        """The type of the numbers in content, such as float16."""
        return (self.quantization or {"dtype": "float32"})["dtype"]


def float32_weight(name: str, array: np.ndarray) -> Weight:
    """Store an array as float32."""
    return Weight(name, list(array.shape), array.astype("<f4").tobytes())


def float16_weight(name: str, array: np.ndarray) -> Weight:
    """Store an array as float16, which readers widen to float32."""
    return Weight(name, list(array.shape), array.astype("<f2").tobytes(),
                  {"dtype": "float16", "original_dtype": "float32"})


def weight_of_values(name: str, shape: Sequence[int],
                     values: Sequence[float]) -> Weight:
    """Store numbers in row-major order as float32."""
    return Weight(name, shape, struct.pack(f"<{len(values)}f", *values))


def read(folder: Path) -> tuple[dict[str, Any], list[Weight]]:
    """Return model.json and the weights of a folder, in manifest order."""
    model = json.loads((folder / "model.json").read_text())
    weights = []
    for group in model["weightsManifest"]:
        content = b"".join((folder / path).read_bytes()
                           for path in group["paths"])
        start = 0
        for entry in group["weights"]:
            end = start + stored_size(entry)
            weights.append(Weight(entry["name"], entry["shape"],
                                  content[start:end],
                                  entry.get("quantization")))
            start = end
        if start != len(content):
            raise ValueError(f"{folder}: the shards have {len(content)} bytes, "
                             f"the manifest names {start}")
    return model, weights


def stored_size(entry: dict[str, Any]) -> int:
    """Return how many bytes a weight of the manifest takes."""
    stored = entry.get("quantization", entry)["dtype"]
    return STORED_SIZES[stored] * math.prod(entry["shape"])


def shard_names(count: int) -> list[str]:
    """Return the names that tfjs gives to shards."""
    return [f"group1-shard{i + 1}of{count}.bin" for i in range(count)]


def write(folder: Path, topology: dict[str, Any], weights: Iterable[Weight], *,
          paths: Sequence[str] = tuple(shard_names(1)),
          shard_size: int | None = None, indent: int | None = None,
          **head: Any) -> None:
    """Write model.json and its shards.

    Each file is replaced in one step, model.json last, so that a reader never
    meets a file that is half written.

    folder:     is created when missing
    topology:   the value of modelTopology
    paths:      names of the shards
    shard_size: bytes in each of them but the last; all equal when missing
    indent:     of model.json, as json.dumps() takes it
    head:       more of model.json, such as generatedBy
    """
    weights = list(weights)
    content = b"".join(weight.content for weight in weights)
    size = shard_size or math.ceil(len(content) / len(paths))
    folder.mkdir(parents=True, exist_ok=True)
    for i, path in enumerate(paths):
        replace_file(folder / path, content[i * size:(i + 1) * size])
    model = {"format": "layers-model", **head, "modelTopology": topology,
             "weightsManifest": [{"paths": list(paths),
                                  "weights": list(map(_entry, weights))}]}
    replace_file(folder / "model.json",
                 (json.dumps(model, indent=indent) + "\n").encode())


def _entry(weight: Weight) -> dict[str, Any]:
    entry = {"name": weight.name, "shape": list(weight.shape),
             "dtype": "float32"}
    if weight.quantization:
        entry["quantization"] = weight.quantization
    return entry


def functional(name: str, layers: Sequence[dict[str, Any]],
               outputs: Sequence[str], *, inputs: Sequence[str] = (),
               class_name: str = "Functional") -> dict[str, Any]:
    """Return the model_config of a graph of layers.

    inputs: names of layers; the first layer when empty
    """
    return {"class_name": class_name, "config": {
        "name": name,
        "layers": layers,
        "input_layers": [[layer, 0, 0] for layer in
                         inputs or [layers[0]["name"]]],
        "output_layers": [[layer, 0, 0] for layer in outputs],
    }}


def inbound_nodes(*calls: Sequence[str]) -> list[list[list[Any]]]:
    """Return which layers each call of a layer reads."""
    return [[[name, 0, 0, {}] for name in call] for call in calls if call]


def input_layer(name: str, shape: tuple[int | None, int | None, int]
                ) -> dict[str, Any]:
    """Describe an InputLayer; shape is (height, width, channels).

    None leaves a size to whoever loads the model.
    """
    return _layer("InputLayer", name, batch_input_shape=[None, *shape],
                  dtype="float32", sparse=False)


def conv2d(name: str, filters: int, kernel: int, activation: str,
           stride: int = 1) -> dict[str, Any]:
    """Describe a square Conv2D with "same" padding and a bias."""
    return _layer("Conv2D", name, filters=filters,
                  kernel_size=[kernel, kernel], strides=[stride, stride],
                  padding="same", data_format="channels_last",
                  dilation_rate=[1, 1], activation=activation, use_bias=True)


def max_pooling2d(name: str, pool: int) -> dict[str, Any]:
    """Describe a MaxPooling2D whose stride equals its pool size."""
    return _layer("MaxPooling2D", name, pool_size=[pool, pool],
                  strides=[pool, pool], padding="valid",
                  data_format="channels_last")


def average_pooling2d(name: str, pool: int) -> dict[str, Any]:
    """Describe an AveragePooling2D whose stride equals its pool size."""
    return _layer("AveragePooling2D", name, pool_size=[pool, pool],
                  strides=[pool, pool], padding="valid",
                  data_format="channels_last")


def up_sampling2d(name: str, size: int) -> dict[str, Any]:
    """Describe an UpSampling2D that repeats each cell."""
    return _layer("UpSampling2D", name, size=[size, size],
                  interpolation="nearest", data_format="channels_last")


def add(name: str) -> dict[str, Any]:
    """Describe an Add."""
    return _layer("Add", name)


def flatten(name: str) -> dict[str, Any]:
    """Describe a Flatten."""
    return _layer("Flatten", name, data_format="channels_last")


def dense(name: str, units: int, activation: str) -> dict[str, Any]:
    """Describe a Dense with a bias."""
    return _layer("Dense", name, units=units, activation=activation,
                  use_bias=True)


def dropout(name: str, rate: float) -> dict[str, Any]:
    """Describe a Dropout, which is the identity when the model is run."""
    return _layer("Dropout", name, rate=rate)


def write_trained(folder: Path, name: str, layers: list[dict[str, Any]],
                  weights: dict[str, np.ndarray],
                  outputs: Sequence[str] = (), *,
                  half_kernels: bool = False) -> None:
    """Write a model of this project.

    layers:  layer descriptions, the input layer first; a layer reads those
             that "inputs" names, or the one before it
    weights: "<layer>/kernel" and "<layer>/bias" to array, in manifest order
    outputs: names of layers; the last layer when empty
    half_kernels: store arrays of more than one axis as float16, which halves
             the shard
    """
    connected = [_connect(layer, layers[index - 1]["name"] if index else None)
                 for index, layer in enumerate(layers)]
    stored = [(float16_weight if half_kernels and array.ndim > 1
               else float32_weight)(key, array)
              for key, array in weights.items()]
    topology = {
        "keras_version": "2.1.5",
        "backend": "tensorflow",
        "model_config": functional(name, connected,
                                   outputs or [layers[-1]["name"]],
                                   class_name="Model"),
    }
    write(folder, topology, stored, indent=1,
          generatedBy="gst-activationmap model/train/layers_model.py",
          convertedBy=None)


def write_labels(folder: Path, labels: Sequence[str]) -> None:
    """Write labels.txt, one label a line, class 0 first."""
    replace_file(folder / LABELS_NAME,
                 "".join(f"{label}\n" for label in labels).encode())


def write_preprocess(folder: Path, *, resize: str, channels: str,
                     scale: float, offset: float, crop_scale: float,
                     attribute: str) -> None:
    """Write preprocess.json, which docs/models.md describes.

    resize:     "legacy", "align-corners" or "half-pixel"
    channels:   "rgb", "bgr" or "gray"
    scale:      input = pixel * scale + offset, for pixels of 0 to 255
    crop_scale: size of the crop relative to the region, about its centre
    attribute:  what the model predicts
    """
    preprocess = {"version": 1, "resize": resize, "channels": channels,
                  "scale": scale, "offset": offset, "crop_scale": crop_scale,
                  "labels": LABELS_NAME, "attribute": attribute}
    replace_file(folder / "preprocess.json",
                 (json.dumps(preprocess, indent=1) + "\n").encode())


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step: readers see the old content or the new."""
    handle, temporary = tempfile.mkstemp(dir=path.parent,
                                         prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _connect(layer: dict[str, Any], before: str | None) -> dict[str, Any]:
    layer = dict(layer)
    layer["inbound_nodes"] = inbound_nodes(
        layer.pop("inputs", [before] if before else []))
    return layer


def _layer(class_name: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "name": name,
            "config": {"name": name, "trainable": True, **config}}
