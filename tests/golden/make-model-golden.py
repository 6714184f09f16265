#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Write small random layers-models with the output of every layer.

The reference is plain numpy in double precision, written from the definitions
of the Keras layers and independent of the engine under test. Each model becomes
a folder: model.json and its shards, index.json (cases, layers and shapes, as in
the golden data of the original model) and one float32 file per case and layer.

    tests/golden/make-model-golden.py tests/golden/models
"""

import argparse
import json
import math
import pathlib
import sys

import numpy as np

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]
                    / "model" / "train"))
import layers_model  # noqa: E402

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "elu": lambda x: np.where(x < 0, np.expm1(x), x),
    "selu": lambda x: 1.05070098 * np.where(x < 0, 1.67326324 * np.expm1(x), x),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "swish": lambda x: x / (1 + np.exp(-x)),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True),
}


def output_size(cells: int, extent: int, stride: int, padding: str) -> int:
    if padding == "same":
        return math.ceil(cells / stride)
    return math.ceil((cells - extent + 1) / stride)


def windows(x: np.ndarray, config: dict, size: list[int], fill: float):
    """Yield (row, column, window) of each output cell; x is H x W x C."""
    stride = config["strides"]
    dilation = config.get("dilation_rate", [1, 1])
    extent = [(k - 1) * d + 1 for k, d in zip(size, dilation)]
    out = [output_size(x.shape[i], extent[i], stride[i], config["padding"])
           for i in range(2)]
    pad = [(0, 0), (0, 0), (0, 0)]
    if config["padding"] == "same":
        for i in range(2):
            total = max(0, (out[i] - 1) * stride[i] + extent[i] - x.shape[i])
            pad[i] = (total // 2, total - total // 2)
    padded = np.pad(x, pad, constant_values=fill)
    for row in range(out[0]):
        for column in range(out[1]):
            y, z = row * stride[0], column * stride[1]
            yield row, column, padded[y:y + extent[0]:dilation[0],
                                      z:z + extent[1]:dilation[1]]


def stack(cells) -> np.ndarray:
    rows: dict[int, list[np.ndarray]] = {}
    for row, _, value in cells:
        rows.setdefault(row, []).append(value)
    return np.array([rows[row] for row in sorted(rows)])


def run_layer(kind: str, config: dict, weights: dict, x: np.ndarray):
    activate = ACTIVATIONS[config.get("activation", "linear")]
    if kind == "Conv2D":
        kernel = weights["kernel"]
        return activate(stack(
            (r, c, np.einsum("hwi,hwio->o", w, kernel) + weights.get("bias", 0))
            for r, c, w in windows(x, config, config["kernel_size"], 0)))
    if kind == "MaxPooling2D":
        return stack((r, c, w.max(axis=(0, 1))) for r, c, w in
                     windows(x, config, config["pool_size"], -np.inf))
    if kind == "Dense":
        return activate(x @ weights["kernel"] + weights.get("bias", 0))
    if kind == "Activation":
        return activate(x)
    if kind == "Flatten":
        return x.reshape(-1)
    if kind == "Dropout":
        return x
    raise ValueError(kind)


class ModelWriter:
    """Collects layers, their weights and one case; writes the folder."""

    def __init__(self, name: str, input_shape: list[int], seed: int):
        self.name = name
        self.random = np.random.default_rng(seed)
        self.input_shape = input_shape
        self.layers: list[dict] = []
        self.weights: list[tuple[str, np.ndarray]] = []
        # Through float32, so that engine and reference start alike.
        x = self.random.normal(size=input_shape).astype(np.float32)
        self.outputs = {"input_1": x.astype(np.float64)}

    def add(self, kind: str, name: str, source: str | list[str], **config):
        """Add a layer; a list of sources makes a shared layer.

        Only the first call's output is recorded under the layer's name.
        """
        sources = [source] if isinstance(source, str) else source
        values = {}
        channels = self.outputs[sources[0]].shape[-1]
        if kind == "Conv2D":
            values["kernel"] = self.random.normal(
                size=[*config["kernel_size"], channels, config["filters"]],
                scale=1 / math.sqrt(channels * math.prod(config["kernel_size"])))
            units = config["filters"]
        elif kind == "Dense":
            units = config["units"]
            values["kernel"] = self.random.normal(
                size=[channels, units], scale=1 / math.sqrt(channels))
        if values and config.get("use_bias", True):
            values["bias"] = self.random.normal(size=units, scale=.3)
        values = {k: v.astype(np.float32) for k, v in values.items()}
        self.weights += [(f"{name}/{k}", v) for k, v in values.items()]
        self.layers.append({
            "name": name, "class_name": kind,
            "config": {"name": name, **config},
            "inbound_nodes": layers_model.inbound_nodes(
                *([s] for s in sources))})
        results = [run_layer(kind, config, values, self.outputs[s])
                   for s in sources]
        self.outputs[name] = results[0]
        return results

    def write(self, root: pathlib.Path, sequential: bool, outputs: list[str],
              shards: int):
        folder = root / self.name
        shape = [None, *self.input_shape]
        if sequential:
            layers = [{k: v for k, v in layer.items() if k != "inbound_nodes"}
                      for layer in self.layers]
            layers[0]["config"]["batch_input_shape"] = shape
            topology = {"class_name": "Sequential",
                        "config": {"name": self.name, "layers": layers}}
        else:
            layers = [{"name": "input_1", "class_name": "InputLayer",
                       "config": {"name": "input_1",
                                  "batch_input_shape": shape},
                       "inbound_nodes": []}, *self.layers]
            topology = {"model_config": layers_model.functional(
                self.name, layers, outputs)}
        layers_model.write(
            folder, topology, [layers_model.float32_weight(*weight)
                               for weight in self.weights],
            paths=layers_model.shard_names(shards), indent=1)
        names = [layer["name"] for layer in self.layers]
        (folder / "index.json").write_text(json.dumps({"cases": [{
            "id": "random", "layers": [
                {"name": n, "shape": list(self.outputs[n].shape)}
                for n in names]}]}, indent=1) + "\n")
        for name in ["input_1", *names]:
            label = "input" if name == "input_1" else name
            (folder / f"random.{label}.f32").write_bytes(
                self.outputs[name].astype("<f4").tobytes())


def make_original_shape(root: pathlib.Path):
    """The layers of the original network, in small."""
    model = ModelWriter("original-small", [14, 14, 3], seed=1)
    source = "input_1"
    for i, filters in enumerate([4, 8, 8], 1):
        model.add("Conv2D", f"conv2d_{i}", source, filters=filters,
                  kernel_size=[5, 5], strides=[1, 1], padding="same",
                  activation="relu")
        source = f"max_pooling2d_{i}"
        model.add("MaxPooling2D", source, f"conv2d_{i}", pool_size=[2, 2],
                  strides=[2, 2], padding="valid")
    model.add("Flatten", "flatten_1", source)
    model.add("Dense", "dense_1", "flatten_1", units=16, activation="relu")
    model.add("Dropout", "dropout_1", "dense_1", rate=.35)
    model.add("Dense", "dense_2", "dropout_1", units=1, activation="sigmoid")
    model.write(root, sequential=False, outputs=["dense_2"], shards=3)


def make_windows(root: pathlib.Path):
    """Strides, dilation, both paddings, odd and even windows; Sequential."""
    model = ModelWriter("windows", [17, 13, 2], seed=2)
    model.add("Conv2D", "wide", "input_1", filters=3, kernel_size=[3, 5],
              strides=[2, 1], padding="same", activation="tanh")
    model.add("Conv2D", "dilated", "wide", filters=4, kernel_size=[3, 2],
              strides=[1, 1], dilation_rate=[2, 3], padding="valid",
              use_bias=False)
    model.add("MaxPooling2D", "overlapping", "dilated", pool_size=[3, 3],
              strides=[2, 2], padding="same")
    model.add("Conv2D", "even", "overlapping", filters=5, kernel_size=[2, 4],
              strides=[1, 3], padding="same", activation="linear")
    model.add("MaxPooling2D", "valid", "even", pool_size=[2, 1],
              strides=[2, 1], padding="valid")
    model.add("Dense", "per_cell", "valid", units=3)
    model.add("Flatten", "flatten", "per_cell")
    model.add("Dense", "scores", "flatten", units=4, activation="softmax")
    model.write(root, sequential=True, outputs=["scores"], shards=1)


def make_activations(root: pathlib.Path):
    """Every activation function, as a layer and fused; many outputs."""
    model = ModelWriter("activations", [3, 4, 5], seed=3)
    outputs = []
    for name in ACTIVATIONS:
        model.add("Activation", f"layer_{name}", "input_1", activation=name)
        model.add("Dense", f"fused_{name}", "input_1", units=2, activation=name)
        outputs += [f"layer_{name}", f"fused_{name}"]
    model.write(root, sequential=False, outputs=outputs, shards=1)


def make_shared(root: pathlib.Path):
    """One convolution called on two tensors."""
    model = ModelWriter("shared", [6, 6, 3], seed=4)
    model.add("Activation", "squashed", "input_1", activation="tanh")
    _, second = model.add("Conv2D", "conv", ["input_1", "squashed"], filters=3,
                          kernel_size=[3, 3], strides=[1, 1], padding="same")
    model.add("Activation", "first_call", "conv", activation="relu")
    model.outputs["conv:1"] = second
    model.add("Activation", "second_call", "conv:1", activation="relu")
    model.layers[-1]["inbound_nodes"] = [[["conv", 1, 0, {}]]]
    model.write(root, sequential=False, outputs=["first_call", "second_call"],
                shards=2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    root = parser.parse_args().folder
    make_original_shape(root)
    make_windows(root)
    make_activations(root)
    make_shared(root)


if __name__ == "__main__":
    main()
