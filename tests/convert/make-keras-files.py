#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Make the small Keras files of these tests.

Writes keras/NAME.h5 or keras/NAME.keras, with the expected topology and weights in
keras/NAME.expected.json, as the converter writes them; hostile/NAME.h5, which must be refused; and
slow/NAME.h5, whose conversion is only ended by the time limit. Needs
python3-h5py. Like Keras, it uses h5py, and covers all the ways in which
versions of Keras and h5py have written strings, numbers and groups. Weights are
random.
"""

import base64
import io
import json
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent
RANDOM = np.random.default_rng(20)


def weights(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


# ---- contents of the files

def layer(class_name, name, **config):
    return {"class_name": class_name, "name": name,
            "config": {"name": name, "trainable": True, **config}}


def small_layers(prefix=""):
    """Layers of a network that the engine loads."""
    return [
        layer("InputLayer", prefix + "input", batch_input_shape=[None, 6, 6, 2],
              dtype="float32", sparse=False),
        layer("Conv2D", prefix + "conv2d", filters=3, kernel_size=[3, 3],
              strides=[1, 1], padding="same", activation="relu", use_bias=True),
        layer("MaxPooling2D", prefix + "max_pooling2d", pool_size=[2, 2],
              strides=[2, 2], padding="valid"),
        layer("Flatten", prefix + "flatten"),
        layer("Dropout", prefix + "dropout", rate=0.5),
        layer("Dense", prefix + "dense", units=2, activation="softmax",
              use_bias=True),
    ]


def small_weights(prefix=""):
    return {
        prefix + "conv2d/kernel": weights(3, 3, 2, 3),
        prefix + "conv2d/bias": weights(3),
        prefix + "dense/kernel": weights(27, 2),
        prefix + "dense/bias": weights(2),
    }


def functional(layers, name="model"):
    chained = [dict(entry, inbound_nodes=[] if i == 0 else
                    [[[layers[i - 1]["name"], 0, 0, {}]]])
               for i, entry in enumerate(layers)]
    return {"class_name": "Functional", "config": {
        "name": name, "layers": chained,
        "input_layers": [[layers[0]["name"], 0, 0]],
        "output_layers": [[layers[-1]["name"], 0, 0]]}}


def sequential(layers, name="sequential"):
    plain = [{"class_name": e["class_name"], "config": e["config"]}
             for e in layers]
    return {"class_name": "Sequential", "config": {"name": name,
                                                   "layers": plain}}


# ---- ways of writing strings

def fixed(values):
    """Fixed-size strings of numpy, padded with NUL except for the longest."""
    return np.array([v.encode() for v in values])


def fixed_utf8(values):
    size = max(len(v.encode()) for v in values)
    return np.array([v.encode() for v in values],
                    dtype=h5py.string_dtype("utf-8", size))


def variable_utf8(values):
    return np.array(values, dtype=h5py.string_dtype("utf-8"))


def variable_ascii(values):
    return np.array(values, dtype=h5py.string_dtype("ascii"))


def write_padded(group, name, values, padding):
    """Strings padded with spaces or ended by NUL, as other programs write."""
    size = max(len(v) for v in values) + 3
    kind = h5py.h5t.C_S1.copy()
    kind.set_size(size)
    kind.set_strpad(padding)
    fill = b" " if padding == h5py.h5t.STR_SPACEPAD else b"\0"
    data = np.array([v.encode().ljust(size, fill) for v in values],
                    dtype=f"S{size}")
    space = h5py.h5s.create_simple((len(values),))
    attribute = h5py.h5a.create(group.id, name.encode(), kind, space)
    attribute.write(data, mtype=kind)


def write_list(group, name, values, strings):
    if not values:
        group.attrs[name] = np.array([])  # like Keras, an empty float64 list
    elif strings in (h5py.h5t.STR_SPACEPAD, h5py.h5t.STR_NULLTERM):
        write_padded(group, name, values, strings)
    else:
        group.attrs[name] = strings(values)


def write_split(group, name, values, parts):
    for i in range(parts):
        group.attrs[f"{name}{i}"] = fixed(values[i::parts] if parts == 1 else
                                          values[i * len(values) // parts:
                                                 (i + 1) * len(values) // parts])


# ---- .h5

def write_h5(path, config, groups, strings=fixed, version="2.1.5", create=None,
             split=0, config_as=None, training=True, **options):
    """@groups maps layer names to lists of (weight name in the file, array)."""
    create = create or (lambda group, name, array: group.create_dataset(
        name, data=array))
    with h5py.File(path, "w", **options) as file:
        if config is not None:
            text = json.dumps(config)
            file.attrs["model_config"] = config_as(text) if config_as else text
            file.attrs["keras_version"] = version
            file.attrs["backend"] = np.bytes_(b"tensorflow")
            if training:
                file.attrs["training_config"] = "{}"
                file.create_group("optimizer_weights").create_dataset(
                    "iterations:0", data=np.int64(7))
            root = file.create_group("model_weights")
        else:
            root = file
        names = list(groups)
        if split:
            write_split(root, "layer_names", names, split)
        else:
            write_list(root, "layer_names", names, strings)
        for name, arrays in groups.items():
            group = root.create_group(name)
            listed = [weight for weight, _ in arrays]
            if split and len(listed) > 1:
                write_split(group, "weight_names", listed, 2)
            else:
                write_list(group, "weight_names", listed, strings)
            for weight, array in arrays:
                create(group, weight, array)


def group_by_layer(layers, arrays, name_in_file=lambda name: name + ":0"):
    groups = {entry["config"]["name"]: [] for entry in layers}
    for name, array in arrays.items():
        groups[name.split("/")[0]].append((name_in_file(name), array))
    return groups


def expect(name, topology, version, arrays):
    document = {"keras_version": version, "model_config": topology, "weights": [
        {"name": key, "shape": list(np.shape(array)),
         "float32": base64.b64encode(
             np.ascontiguousarray(array, "<f4").tobytes()).decode()}
        for key, array in arrays.items()]}
    path = HERE / "keras" / f"{name}.expected.json"
    path.write_text(json.dumps(document, indent=1) + "\n")


def make_small_h5(name, strings, topology=functional, as_type=None, **options):
    layers, arrays = small_layers(), small_weights()
    if as_type:
        arrays = {key: array.astype(as_type) for key, array in arrays.items()}
    groups = group_by_layer(layers, arrays)
    write_h5(HERE / "keras" / f"{name}.h5", topology(layers), groups,
             strings, **options)
    expect(name, topology(layers), options.get("version", "2.1.5"), arrays)


def create_packed(group, name, array):
    """Chunks that do not divide the array evenly, with several filters."""
    if array.ndim == 4:
        group.create_dataset(name, data=array, chunks=(2, 2, 2, 2),
                             compression="gzip", shuffle=True)
    elif array.ndim == 2:
        group.create_dataset(name, data=array, chunks=(5, 2),
                             compression="gzip")
    elif len(array) == 3:
        group.create_dataset(name, data=array, chunks=(2,), shuffle=True)
    else:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_layout(h5py.h5d.COMPACT)
        parent = group.require_group(name.rsplit("/", 1)[0])
        dataset = h5py.h5d.create(
            parent.id, name.rsplit("/", 1)[1].encode(), h5py.h5t.IEEE_F32LE,
            h5py.h5s.create_simple(array.shape), dcpl=properties)
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, array)


def make_renamed_h5():
    """Weights whose names do not contain the name of the layer."""
    layers, arrays = small_layers(), small_weights()
    conv = [("conv2d_1_1/kernel:0", arrays["conv2d/kernel"]),
            ("conv2d_1_1/bias:0", arrays["conv2d/bias"])]
    dense = [("kernel", arrays["dense/kernel"]), ("bias", arrays["dense/bias"])]
    groups = group_by_layer(layers, {})
    groups.update(conv2d=conv, dense=dense)
    write_h5(HERE / "keras/renamed.h5", sequential(layers), groups,
             variable_utf8, version="3.0.5")
    expect("renamed", sequential(layers), "3.0.5", arrays)


def make_prefixed_h5():
    """Keras 3 prefixes the name of the layer with that of the model."""
    layers, arrays = small_layers(), small_weights()
    groups = group_by_layer(layers, arrays, lambda name: "sequential/" + name)
    write_h5(HERE / "keras/prefixed.h5", sequential(layers), groups,
             variable_utf8, version="3.3.3")
    expect("prefixed", sequential(layers), "3.3.3", arrays)


def nested_layers():
    inner = functional([
        layer("InputLayer", "inner_input", batch_input_shape=[None, 6, 6, 2],
              dtype="float32"),
        layer("Conv2D", "conv2d", filters=3, kernel_size=[3, 3],
              padding="same", activation="relu", use_bias=True)], "features")
    outer = small_layers()
    return [outer[0], dict(inner, name="features"), outer[3], outer[5]]


def nested_weights():
    arrays = small_weights()
    arrays["dense/kernel"] = weights(108, 2)
    return arrays


def counted_from_one(topology):
    """References to the nested model as TensorFlow.js counts its calls."""
    text = json.dumps(topology).replace('["features", 0, 0', '["features", 1, 0')
    return json.loads(text)


def make_nested_h5():
    layers, arrays = nested_layers(), nested_weights()
    groups = {entry["name"]: [] for entry in layers}
    for name, array in arrays.items():
        outer = "features" if name.startswith("conv2d") else "dense"
        groups[outer].append((name + ":0", array))
    write_h5(HERE / "keras/nested.h5", functional(layers), groups,
             version="2.15.0")
    expect("nested", counted_from_one(functional(layers)), "2.15.0", arrays)


def make_teachable_machine_h5():
    """What Teachable Machine exports for Keras, with a small network: the names
    of the layers are those that TensorFlow.js gave them."""
    features = functional([
        layer("InputLayer", "input_1", batch_input_shape=[None, 8, 8, 3],
              dtype="float32"),
        layer("Conv2D", "Conv_1", filters=4, kernel_size=[3, 3],
              padding="same", activation="linear", use_bias=False),
        layer("BatchNormalization", "Conv_1_bn", axis=-1, epsilon=0.001),
        layer("ReLU", "out_relu", max_value=6)], "model1")
    pooling = layer("GlobalAveragePooling2D",
                    "global_average_pooling2d_GlobalAveragePooling2D1")
    dense = [layer("Dense", "dense_Dense1", units=5, activation="relu",
                   use_bias=True, batch_input_shape=[None, 4]),
             layer("Dense", "dense_Dense2", units=3, activation="softmax",
                   use_bias=False)]
    topology = sequential([sequential([features, pooling], "sequential_1"),
                           sequential(dense, "sequential_3")], "sequential_4")
    arrays = {
        "Conv_1/kernel": weights(3, 3, 3, 4),
        **{f"Conv_1_bn/{name}": np.abs(weights(4)) for name in
           ("gamma", "beta", "moving_mean", "moving_variance")},
        "dense_Dense1/kernel": weights(4, 5), "dense_Dense1/bias": weights(5),
        "dense_Dense2/kernel": weights(5, 3)}
    groups = {"sequential_1": [], "sequential_3": []}
    for name, array in arrays.items():
        outer = "sequential_3" if name.startswith("dense") else "sequential_1"
        groups[outer].append((name + ":0", array))
    write_h5(HERE / "keras/teachable-machine.h5", topology, groups,
             version="2.3.0-tf", training=False)
    expect("teachable-machine", topology, "2.3.0-tf", arrays)


# ---- .keras

def keras3(entry):
    """Converts an entry of a topology to the form of Keras 3."""
    config = dict(entry["config"])
    if "batch_input_shape" in config:
        config["batch_shape"] = config.pop("batch_input_shape")
    if "layers" in config:
        config["layers"] = [keras3(e) for e in config["layers"]]
    return {"module": "keras.layers", "class_name": entry["class_name"],
            "config": config, "registered_name": None,
            **{key: entry[key] for key in ("name", "inbound_nodes")
               if key in entry}}


def write_archive(path, config, weights_file, version, packed=False):
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    members = {
        "metadata.json": json.dumps({"keras_version": version,
                                     "date_saved": "2024-01-01@00:00:00"}),
        "config.json": json.dumps(dict(config, compile_config=None)),
        "model.weights.h5": weights_file,
    }
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, content)


def make_archive(name, topology, groups, arrays, version="3.3.3", names=False,
                 container="layers", packed=False):
    """@groups lists (path below the container, layer, ordered array keys)."""
    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        file.create_group("vars")
        for path, layer_name, keys in groups:
            group = file.create_group(f"{container}/{path}/vars")
            if names:
                group.attrs["name"] = layer_name
            for i, key in enumerate(keys):
                group[str(i)] = arrays[key]
        seed = file.create_group(f"{container}/dropout/seed_generator/vars")
        seed["0"] = np.array([1, 2], np.uint32)
        optimizer = file.create_group("optimizer/vars")
        optimizer["0"] = np.int64(3)
    write_archive(HERE / "keras" / f"{name}.keras", keras3(topology),
                  image.getvalue(), version, packed)
    expect(name, counted_from_one(topology), version, arrays)


def small_groups():
    return [("input_layer", "input", []),
            ("conv2d", "conv2d", ["conv2d/kernel", "conv2d/bias"]),
            ("max_pooling2d", "max_pooling2d", []), ("flatten", "flatten", []),
            ("dropout", "dropout", []),
            ("dense", "dense", ["dense/kernel", "dense/bias"])]


def make_numbered():
    """Several layers of a class; Keras numbers the layers of each class."""
    image = layer("InputLayer", "input", batch_input_shape=[None, 6, 6, 2],
                  dtype="float32")
    layers, groups, arrays = [image], [], {}
    conv = dict(kernel_size=[3, 3], padding="same", filters=2)
    for i in range(3):
        # The order and numbers of names differ from those of the groups.
        name = f"block{3 - i}"
        layers.append(layer("Conv2D", name, use_bias=i != 1, **conv))
        keys = [f"{name}/kernel"] + ([f"{name}/bias"] if i != 1 else [])
        arrays[keys[0]] = weights(3, 3, 2, 2)
        if i != 1:
            arrays[keys[1]] = weights(2)
        groups.append((f"conv2d_{i}" if i else "conv2d", name, keys))
    return layers, groups, arrays


def make_layer_zoo():
    """Layers of all classes whose variables are known."""
    image = layer("InputLayer", "input", batch_input_shape=[None, 6, 6, 2],
                  dtype="float32")
    zoo = [
        ("DepthwiseConv2D", "depthwise_conv2d", dict(kernel_size=[3, 3],
         depth_multiplier=1, padding="same", use_bias=True),
         {"depthwise_kernel": (3, 3, 2, 1), "bias": (2,)}),
        ("BatchNormalization", "batch_normalization", dict(axis=-1,
         epsilon=0.001, center=True, scale=False),
         {"beta": (2,), "moving_mean": (2,), "moving_variance": (2,)}),
        ("SeparableConv2D", "separable_conv2d", dict(filters=3,
         kernel_size=[3, 3], depth_multiplier=1, padding="same",
         use_bias=False), {"depthwise_kernel": (3, 3, 2, 1),
                           "pointwise_kernel": (1, 1, 2, 3)}),
        ("PReLU", "p_re_lu", dict(shared_axes=[1, 2]), {"alpha": (1, 1, 3)}),
        ("Conv2DTranspose", "conv2d_transpose", dict(filters=2,
         kernel_size=[2, 2], strides=[2, 2], padding="valid", use_bias=True),
         {"kernel": (2, 2, 2, 3), "bias": (2,)}),
        ("LayerNormalization", "layer_normalization", dict(axis=[-1],
         epsilon=0.001, center=True, scale=True), {"gamma": (2,),
                                                   "beta": (2,)}),
    ]
    layers, groups, arrays = [image], [], {}
    for class_name, snake, config, variables in zoo:
        name = "my_" + snake
        layers.append(layer(class_name, name, **config))
        keys = [f"{name}/{variable}" for variable in variables]
        for key, shape in zip(keys, variables.values()):
            arrays[key] = np.abs(weights(*shape))
        groups.append((snake, name, keys))
    return layers, groups, arrays


def make_archives():
    arrays = small_weights()
    make_archive("small", sequential(small_layers()), small_groups(), arrays)
    arrays = small_weights()
    make_archive("packed", functional(small_layers()), small_groups(), arrays,
                 packed=True, names=True, version="3.9.0")
    layers, groups, arrays = make_numbered()
    make_archive("numbered", sequential(layers), groups, arrays, names=True)
    layers, groups, arrays = make_numbered()
    # Old versions count each layer with weights twice.
    groups = [(path.replace("_1", "_2") if path.endswith("_1") else
               path.replace("_2", "_4"), name, keys)
              for path, name, keys in groups]
    make_archive("numbered-old", sequential(layers), groups, arrays,
                 version="2.13.1", container="_layer_checkpoint_dependencies")
    layers, groups, arrays = make_layer_zoo()
    make_archive("layer-zoo", sequential(layers), groups, arrays)
    arrays = nested_weights()
    groups = [("functional/layers/conv2d", "conv2d",
               ["conv2d/kernel", "conv2d/bias"]),
              ("dense", "dense", ["dense/kernel", "dense/bias"])]
    make_archive("nested-archive", functional(nested_layers()), groups, arrays)


# ---- dialects

def tensor(name, node=0):
    return {"class_name": "__keras_tensor__", "config": {
        "shape": [None], "dtype": "float32", "keras_history": [name, node, 0]}}


def in_keras3(layers, name="model"):
    """A Functional model of Keras 3, in which each layer reads the one before.
    References to nested Sequential models count calls from 0."""
    entries = []
    for i, entry in enumerate(layers):
        entry = keras3(entry)
        entry["config"] = {**entry["config"], "dtype": {
            "module": "keras", "class_name": "DTypePolicy",
            "config": {"name": "float32"}, "registered_name": None}}
        if i > 0:
            entry["build_config"] = {"input_shape": [None, 6, 6, 2]}
        entry["name"] = entry["config"]["name"]
        entry["inbound_nodes"] = [] if i == 0 else [
            {"args": [tensor(layers[i - 1]["config"]["name"])], "kwargs": {}}]
        entries.append(entry)
    first, last = entries[0]["name"], entries[-1]["name"]
    return {"module": "keras", "class_name": "Functional",
            "registered_name": "Functional", "config": {
                "name": name, "trainable": True, "layers": entries,
                "input_layers": [[first, 0, 0]], "output_layers": [last, 0, 0]}}


def dialect_layers():
    """What Keras 3 has otherwise, or in addition to TensorFlow.js. The weights
    of each layer follow it."""
    image = layer("InputLayer", "input", batch_input_shape=[None, 6, 6, 2])
    initializer = {"module": "keras.initializers", "class_name":
                   "GlorotUniform", "config": {"seed": None},
                   "registered_name": None}
    conv = dict(kernel_size=[3, 3], padding="same", use_bias=True,
                kernel_initializer=initializer, kernel_regularizer=None)
    kernels = np.random.default_rng(21)

    def draw(*shape):
        return kernels.standard_normal(shape).astype(np.float32)

    inner = sequential([
        layer("Conv2D", "conv2d_9", filters=3, activation="silu", **conv)],
        "block")
    inner["config"]["build_input_shape"] = [None, 6, 6, 4]
    inner["name"] = "block"
    return [
        (image, {}),
        (layer("RandomFlip", "random_flip", mode="horizontal", seed=None,
               data_format="channels_last"), {}),
        (layer("Normalization", "normalization", axis=[-1], invert=False,
               mean=None, variance=None),
         {"mean": draw(2), "variance": np.abs(draw(2)) + 1,
          "count": np.int64(7)}),
        (layer("Conv2D", "conv2d", filters=4, activation={
            "module": "keras.layers", "class_name": "LeakyReLU", "config": {
                "name": "leaky_re_lu_1", "negative_slope": .3},
            "registered_name": None}, **conv),
         {"kernel": draw(3, 3, 2, 4), "bias": draw(4)}),
        (layer("LeakyReLU", "leaky_re_lu", negative_slope=.1), {}),
        (inner, {"conv2d_9/kernel": draw(3, 3, 4, 3), "conv2d_9/bias": draw(3)}),
        (layer("DepthwiseConv2D", "depthwise_conv2d", depth_multiplier=2,
               activation="leaky_relu", **conv),
         {"kernel": draw(3, 3, 3, 2), "bias": draw(6)}),
        (layer("ReLU", "re_lu", max_value=None, negative_slope=.25,
               threshold=0.), {}),
        (layer("GlobalAveragePooling2D", "global_average_pooling2d",
               keepdims=True), {}),
        (layer("Conv2D", "conv2d_1", filters=2, activation="linear", **conv),
         {"kernel": draw(3, 3, 6, 2), "bias": draw(2)}),
        (layer("Flatten", "flatten"), {}),
        (layer("Softmax", "softmax"), {}),
    ]


def name_dialect_weights(layers):
    """Pairs of a layer and its [(variable, array)], as in an .h5 of Keras 3."""
    for entry, arrays in layers:
        name = entry["config"]["name"]
        yield name, [(key if "/" in key else f"{name}/{key}", array)
                     for key, array in arrays.items()]


def snake_case(class_name):
    return {"InputLayer": "input_layer", "RandomFlip": "random_flip",
            "LeakyReLU": "leaky_re_lu", "ReLU": "re_lu",
            "GlobalAveragePooling2D": "global_average_pooling2d",
            "DepthwiseConv2D": "depthwise_conv2d"}.get(
                class_name, class_name.lower())


def write_keras3_weights(file, layers, separator="/", container="layers"):
    """As in a model.weights.h5; Windows has another separator."""
    counts = {}
    for entry, arrays in layers:
        snake = snake_case(entry["class_name"])
        number = counts.get(snake, 0)
        counts[snake] = number + 1
        path = [container, snake + (f"_{number}" if number else "")]
        if entry["class_name"] == "Sequential":
            path += ["layers", "conv2d"]
        group = file.create_group(separator.join(path)).create_group("vars")
        for i, array in enumerate(arrays.values()):
            group[str(i)] = array


def make_dialects():
    layers = dialect_layers()
    topology = in_keras3([entry for entry, _ in layers])
    folder = HERE / "dialects"
    groups = dict(name_dialect_weights(layers))
    write_h5(folder / "keras3.h5", topology, groups, variable_utf8,
             version="3.8.0")
    for name, separator in (("keras3", "/"), ("windows", "\\")):
        image = io.BytesIO()
        with h5py.File(image, "w") as file:
            write_keras3_weights(file, layers, separator)
        write_archive(folder / f"{name}.keras", topology, image.getvalue(),
                      "3.8.0")
    (folder / "architecture.json").write_text(json.dumps(topology) + "\n")
    with h5py.File(folder / "only.weights.h5", "w") as file:
        write_keras3_weights(file, layers)
    write_h5(folder / "only.h5", None, groups, variable_utf8)
    write_lambda(folder / "lambda-keras1.h5")


def write_lambda(path):
    """Python bytecode in the topology, as Keras 1 writes it."""
    code = layer("Lambda", "my_lambda", function=["\u00e3\0\0C", None, None],
                 batch_input_shape=[None, 6, 6, 2])
    topology = {"class_name": "Sequential",
                "config": [{"class_name": "Lambda", "config": code["config"]}]}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = np.bytes_(
            json.dumps(topology).encode())
        file.attrs["keras_version"] = np.bytes_(b"1.2.0")
        root = file.create_group("model_weights")
        root.attrs["layer_names"] = fixed(["my_lambda"])
        root.create_group("my_lambda").attrs["weight_names"] = np.array([])


# ---- files that must be refused

def one_layer():
    layers = [layer("InputLayer", "input", batch_input_shape=[None, 27],
                    dtype="float32"),
              layer("Dense", "dense", units=2, activation="softmax",
                    use_bias=False)]
    return layers, {"dense/kernel": weights(27, 2)}


def write_hostile(name, config, layers, arrays):
    groups = {key: value for key, value in
              group_by_layer(layers, arrays).items() if value}
    path = HERE / "hostile" / f"{name}.h5"
    write_h5(path, config, groups, training=False)
    return path


def make_hostile(name, change):
    layers, arrays = one_layer()
    path = write_hostile(name, sequential(layers), layers, arrays)
    with h5py.File(path, "r+") as file:
        group = file["model_weights/dense/dense"]
        del group["kernel:0"]
        change(group, "kernel:0", arrays["dense/kernel"])


def deflate_bomb(group, name, array):
    """A chunk of 216 bytes that expands to 8 MB."""
    dataset = group.create_dataset(name, shape=array.shape, chunks=array.shape,
                                   dtype="<f4", compression="gzip")
    dataset.id.write_direct_chunk((0, 0), zlib.compress(bytes(8 << 20), 9))


def short_chunk(group, name, array):
    """A chunk that expands to only half of its numbers."""
    dataset = group.create_dataset(name, shape=array.shape, chunks=array.shape,
                                   dtype="<f4", compression="gzip")
    dataset.id.write_direct_chunk(
        (0, 0), zlib.compress(array.tobytes()[:array.nbytes // 2], 9))


def missing_chunk(group, name, array):
    dataset = group.create_dataset(name, shape=array.shape, chunks=(9, 2),
                                   dtype="<f4", compression="gzip")
    dataset[:9] = array[:9]


def external_storage(group, name, array):
    group.create_dataset(name, shape=array.shape, dtype="<f4",
                         external=[("/etc/passwd", 0, array.nbytes)])


def virtual(group, name, array):
    layout = h5py.VirtualLayout(shape=array.shape, dtype="<f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "data", shape=array.shape)
    group.create_virtual_dataset(name, layout)


def huge(group, name, array):
    group.create_dataset(name, shape=(1 << 20, 1 << 20), dtype="<f4")


def huge_chunks(group, name, array):
    group.create_dataset(name, shape=array.shape, maxshape=(None, None),
                         chunks=(1 << 14, 1 << 14), dtype="<f4",
                         compression="gzip")


def compressed_beyond_reason(group, name, array):
    group.create_dataset(name, data=np.zeros((1024, 1024), np.float32),
                         chunks=(1024, 1024), compression="gzip")


def link(target):
    def change(group, name, array):
        group[name] = target
    return change


def write(value):
    def change(group, name, array):
        group[name] = value
    return change


def make_hostile_files():
    make_hostile("deflate-bomb", deflate_bomb)
    make_hostile("external-storage", external_storage)
    make_hostile("virtual", virtual)
    make_hostile("huge", huge)
    make_hostile("huge-chunks", huge_chunks)
    make_hostile("compressed-beyond-reason", compressed_beyond_reason)
    make_hostile("external-link", link(h5py.ExternalLink("/etc/passwd", "/x")))
    make_hostile("soft-link", link(h5py.SoftLink("/model_weights/dense")))
    make_hostile("never-written", lambda group, name, array:
                 group.create_dataset(name, shape=array.shape, dtype="<f4"))
    make_hostile("not-finite", write(np.full((27, 2), np.nan, np.float32)))
    make_hostile("not-numbers", write(np.full((27, 2), b"text")))
    make_hostile("other-filter", lambda group, name, array:
                 group.create_dataset(name, data=array, compression="lzf"))
    make_hostile("group-not-dataset", lambda group, name, array:
                 group.create_group(name))
    make_hostile("wrong-shape", write(weights(26, 2)))
    make_hostile("missing", lambda group, name, array: None)
    layers, arrays = one_layer()
    write_hostile("weights-only", None, layers, arrays)
    write_hostile("config-not-json", "no model", layers, arrays)
    layers.append(layer("Lambda", "my_lambda", function="x"))
    write_hostile("lambda", sequential(layers), layers, arrays)
    make_hostile("short-chunk", short_chunk)
    make_hostile("missing-chunk", missing_chunk)


def make_slow_file():
    """A valid HDF5 file that takes minutes to read: a layer without weights is
    listed 16384 times, and its empty list of names is split into 400 parts."""
    with h5py.File(HERE / "slow/repeated-layer.h5", "w") as file:
        file.attrs["model_config"] = json.dumps(sequential(one_layer()[0]))
        root = file.create_group("model_weights")
        root.attrs["layer_names"] = np.full(16384, b"a")
        group = root.create_group("a")
        for i in range(400):
            group.attrs[f"weight_names{i}"] = h5py.Empty("u1")


def main():
    (HERE / "keras").mkdir(exist_ok=True)
    (HERE / "dialects").mkdir(exist_ok=True)
    (HERE / "slow").mkdir(exist_ok=True)
    (HERE / "hostile").mkdir(exist_ok=True)
    make_small_h5("fixed-strings", fixed, config_as=np.bytes_)
    make_small_h5("fixed-utf8", fixed_utf8, topology=sequential)
    make_small_h5("variable-utf8", variable_utf8, version="2.15.0")
    make_small_h5("variable-ascii", variable_ascii, as_type="<f8")
    make_small_h5("space-padded", h5py.h5t.STR_SPACEPAD, as_type="<f2")
    make_small_h5("null-terminated", h5py.h5t.STR_NULLTERM, as_type=">f4")
    make_small_h5("split-attributes", fixed, split=3)
    make_small_h5("new-format", variable_utf8, libver="latest")
    make_small_h5("chunks", fixed, create=create_packed)
    make_renamed_h5()
    make_prefixed_h5()
    make_nested_h5()
    make_archives()
    make_hostile_files()
    make_slow_file()
    make_teachable_machine_h5()
    make_dialects()


if __name__ == "__main__":
    main()
