"""Writes a network as a tfjs layers-model."""

import json
import pathlib

from networks import Layer, Network


def describe_layer(layer: Layer) -> dict:
    return {"name": layer.name, "class_name": layer.kind,
            "config": {"name": layer.name, **layer.config},
            "inbound_nodes": [[[name, 0, 0, {}] for name in layer.inputs]]}


def describe_topology(network: Network) -> dict:
    input_layer = {"name": "input_1", "class_name": "InputLayer",
                   "config": {"name": "input_1", "dtype": "float32",
                              "batch_input_shape": [None,
                                                    *network.input_shape]},
                   "inbound_nodes": []}
    return {"model_config": {"class_name": "Model", "config": {
        "name": network.name,
        "layers": [input_layer, *map(describe_layer, network.layers)],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [[name, 0, 0] for name in network.outputs]}}}


def write(network: Network, folder: pathlib.Path):
    weights = [(f"{layer.name}/{key}", value) for layer in network.layers
               for key, value in layer.weights.items()]
    shard = "group1-shard1of1.bin"
    (folder / shard).write_bytes(
        b"".join(value.astype("<f4").tobytes() for _, value in weights))
    (folder / "model.json").write_text(json.dumps({
        "format": "layers-model",
        "modelTopology": describe_topology(network),
        "weightsManifest": [{"paths": [shard], "weights": [
            {"name": name, "shape": list(value.shape), "dtype": "float32"}
            for name, value in weights]}]}))
