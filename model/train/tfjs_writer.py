"""Write a TensorFlow.js layers-model folder: model.json, one weight shard, and
beside them labels.txt and preprocess.json.

Array layouts, which are Keras' "channels_last" ones:

    Conv2D kernel   (kernel height, kernel width, input channels, filters)
    Dense kernel    (inputs, units); after a Flatten the inputs run over
                    height, then width, then channel, the channel fastest
    bias            (filters,) or (units,)

The shard holds the arrays in manifest order, each in C order as little-endian
float32 or float16, one after the other without padding.
"""

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

SHARD_NAME = "group1-shard1of1.bin"
LABELS_NAME = "labels.txt"


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


def write_layers_model(folder: Path, name: str, layers: list[dict[str, Any]],
                       weights: dict[str, np.ndarray],
                       outputs: Sequence[str] = (), *,
                       half_kernels: bool = False) -> None:
    """Write model.json and its shard.

    Each file is replaced in one step, model.json last, so that a reader never
    meets a file that is half written.

    folder:  is created when missing
    name:    the model's name in the topology
    layers:  layer descriptions, the input layer first; a layer reads those
             that "inputs" names, or the one before it
    weights: "<layer>/kernel" and "<layer>/bias" to array, in manifest order
    outputs: names of layers; the last layer when empty
    half_kernels: store arrays of more than one axis as float16, which halves
             the shard; readers widen them to float32
    """
    folder.mkdir(parents=True, exist_ok=True)
    connected = [_connect(layer, layers[index - 1]["name"] if index else None)
                 for index, layer in enumerate(layers)]
    model = {
        "format": "layers-model",
        "generatedBy": "gst-activationmap model/train/tfjs_writer.py",
        "convertedBy": None,
        "modelTopology": {
            "keras_version": "2.1.5",
            "backend": "tensorflow",
            "model_config": {"class_name": "Model", "config": {
                "name": name,
                "layers": connected,
                "input_layers": [[layers[0]["name"], 0, 0]],
                "output_layers": [[output, 0, 0] for output in
                                  outputs or [layers[-1]["name"]]],
            }},
        },
        "weightsManifest": [{
            "paths": [SHARD_NAME],
            "weights": [_manifest_entry(key, array, half_kernels)
                        for key, array in weights.items()],
        }],
    }
    shard = b"".join(
        np.ascontiguousarray(array, _stored_type(array, half_kernels)).tobytes()
        for array in weights.values())
    replace_file(folder / SHARD_NAME, shard)
    replace_file(folder / "model.json",
                 (json.dumps(model, indent=1) + "\n").encode())


def _stored_type(array: np.ndarray, half_kernels: bool) -> str:
    return "<f2" if half_kernels and array.ndim > 1 else "<f4"


def _manifest_entry(name: str, array: np.ndarray,
                    half_kernels: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name, "shape": list(array.shape),
                             "dtype": "float32"}
    if _stored_type(array, half_kernels) == "<f2":
        entry["quantization"] = {"dtype": "float16",
                                 "original_dtype": "float32"}
    return entry


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
    inputs = layer.pop("inputs", [before] if before else [])
    layer["inbound_nodes"] = [[[name, 0, 0, {}] for name in inputs]] \
        if inputs else []
    return layer


def _layer(class_name: str, name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": class_name, "name": name,
            "config": {"name": name, "trainable": True, **config}}
