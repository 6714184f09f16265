#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests activationmap-convert with ONNX files:
test_convert_onnx.py CONVERTER MODEL_TOOL

Needs the files written by make-onnx-files.py, but only Python's standard
library. Prints TAP.
"""

import base64
import json
import random
import struct
import subprocess
import sys

from test_convert import HERE, Workplace, floats, tap

TOOL = sys.argv[2]
SEED = 11
TOLERANCE = 1e-5  # of the largest value


# ---- writing files

def varint(value):
    data = bytearray()
    value &= 2 ** 64 - 1
    while value > 0x7f:
        data.append(value & 0x7f | 0x80)
        value >>= 7
    return bytes([*data, value])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def tensor(name, shape, values, kind=1):
    return (b"".join(field(1, size) for size in shape) + field(2, kind)
            + field(8, name) + field(9, values))


def float_tensor(name, shape, values):
    return tensor(name, shape, struct.pack(f"<{len(values)}f", *values))


def node(kind, inputs, output, *attributes, domain=None):
    return (b"".join(field(1, name) for name in inputs) + field(2, output)
            + field(3, output) + field(4, kind)
            + b"".join(field(5, content) for content in attributes)
            + (field(7, domain) if domain else b""))


def integer(name, value):
    return field(1, name) + field(3, value) + field(20, 2)


def model(nodes, constants=(), shape=(1, 3, 4, 4), output="y", opset=13,
          metadata=()):
    def size(value):
        return field(1, field(2, value) if isinstance(value, str)
                     else field(1, value))

    dims = b"".join(size(value) for value in shape)
    value = field(2, field(1, field(1, 1) + field(2, dims)))
    graph = (b"".join(field(1, content) for content in nodes)
             + b"".join(field(5, content) for content in constants)
             + field(11, field(1, "x") + value)
             + field(12, field(1, output) + value))
    return (field(1, 7) + field(7, graph) + field(8, field(2, opset))
            + b"".join(field(14, field(1, key) + field(2, text))
                       for key, text in metadata))


RELU = node("Relu", ["x"], "y")


def packed(entry):
    return floats(base64.b64decode(entry["float32"]))


def read_array(path):
    """Returns the shape and the values of a NumPy file of float32."""
    data = path.read_bytes()
    length = struct.unpack_from("<H", data, 8)[0]
    header = eval(data[10:10 + length])
    return list(header["shape"]), floats(data[10 + length:])


def layers_of(folder):
    document = json.loads((folder / "model.json").read_text())
    return document["modelTopology"]["model_config"]["config"]


# ---- what is computed

def run(place, picture):
    source = place.write("picture.f32", base64.b64decode(picture["float32"]))
    result = subprocess.run(
        [TOOL, "run", str(place.output), "--input", str(source), "--layers",
         "all", "--output-dir", str(place.path / "layers")],
        capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def check_outputs(place, name):
    expected = json.loads((HERE / "onnx" / f"{name}.expected.json").read_text())
    place.convert(HERE / "onnx" / f"{name}.onnx")
    run(place, expected["input"])
    outputs = [entry[0] for entry in layers_of(place.output)["output_layers"]]
    assert len(outputs) == len(expected["tensors"])
    for layer, (wanted, entry) in zip(outputs, expected["tensors"].items()):
        shape, found = read_array(place.path / "layers" / f"{layer}.npy")
        values = packed(entry)
        assert shape == entry["shape"][1:], (wanted, shape, entry["shape"])
        largest = max(map(abs, values))
        error = max(abs(a - b) for a, b in zip(values, found))
        assert error <= TOLERANCE * largest, (wanted, error / largest)


def add_file_tests():
    for path in sorted((HERE / "onnx").glob("*.onnx")):
        def test(name=path.stem):
            with Workplace() as place:
                check_outputs(place, name)

        globals()[f"test_outputs_of_{path.stem}"] = test


add_file_tests()


# ---- the model

def test_names():
    """Modules are named as in PyTorch; the operator is added to parts."""
    kernel = float_tensor("stem.conv.weight", (2, 3, 1, 1), [1.0] * 6)
    names = ["/stem/stem.conv/Conv", "/stem/stem.relu/Relu", "/stem/Add",
             "/stem/Add_1"]
    nodes = [field(1, "x") + field(1, "stem.conv.weight"), field(1, "a"),
             field(1, "a") + field(1, "b"), field(1, "c") + field(1, "b")]
    kinds = ["Conv", "Relu", "Add", "Add"]
    content = model([inputs + field(2, "abcy"[i]) + field(3, names[i])
                     + field(4, kinds[i]) for i, inputs in enumerate(nodes)],
                    [kernel])
    with Workplace() as place:
        place.convert(place.write("m.onnx", content))
        layers = layers_of(place.output)["layers"]
        assert [layer["name"] for layer in layers] == [
            "x", "stem.conv", "stem.relu", "stem.add", "stem.add_1"]
        assert layers[1]["origin"] == "a"


def test_unused_layers():
    """What no output depends on is left out, with its weights."""
    kernel = float_tensor("k", (2, 3, 1, 1), [1.0] * 6)
    with Workplace() as place:
        _, weights = place.convert(place.write("m.onnx", model(
            [node("Conv", ["x", "k"], "c"), RELU], [kernel])))
        assert not weights


def test_precisions():
    """Weights of 16 and 64 bits, and integers in lists."""
    values = [1.5, -2.0, 0.25]
    half = tensor("k", (1, 3, 1, 1), struct.pack("<3e", *values), kind=10)
    double = tensor("k", (1, 3, 1, 1), struct.pack("<3d", *values), kind=11)
    brain = tensor("k", (1, 3, 1, 1), b"".join(
        struct.pack("<f", value)[2:] for value in values), kind=16)
    listed = (b"".join(field(1, size) for size in (1, 3, 1, 1)) + field(2, 1)
              + field(4, struct.pack("<3f", *values)) + field(8, "k"))
    for kernel in (half, double, brain, listed):
        with Workplace() as place:
            _, weights = place.convert(place.write("m.onnx", model(
                [node("Conv", ["x", "k"], "y")], [kernel])))
            assert list(floats(weights["y/kernel"][1])) == values


def test_open_size():
    content = model([RELU], shape=("n", 3, "height", "width"))
    with Workplace() as place:
        source = place.write("m.onnx", content)
        place.refuse(source, says="--input-size")
        place.convert(source, "--input-size", "6x8")
        first = layers_of(place.output)["layers"][0]
        assert first["config"]["batch_input_shape"] == [None, 6, 8, 3]
    with Workplace() as place:
        source = place.write("m.onnx", model([RELU]))
        place.refuse(source, "--input-size", "6x8", says="fixed height 4")


# ---- preprocessing

def preprocess(*options, metadata=(), modelinfo=None):
    with Workplace() as place:
        source = place.write("m.onnx", model([RELU], metadata=metadata))
        if modelinfo:
            place.write("m.onnx.modelinfo", modelinfo.encode())
        place.convert(source, *options)
        return json.loads((place.output / "preprocess.json").read_text())


def close(found, wanted):
    return len(found) == len(wanted) and all(
        abs(a - b) < 1e-9 for a, b in zip(found, wanted))


IMAGENET = ("0.485,0.456,0.406", "0.229,0.224,0.225")


def check_imagenet(document):
    means, deviations = ([float(x) for x in text.split(",")]
                         for text in IMAGENET)
    assert close(document["scale"], [1 / 255 / d for d in deviations])
    assert close(document["offset"],
                 [-m / d for m, d in zip(means, deviations)])


def test_mean_and_deviation():
    check_imagenet(preprocess("--mean", IMAGENET[0], "--std", IMAGENET[1]))
    document = preprocess("--mean", "10,20,30", "--input-range", "0..255")
    assert close(document["scale"], [1, 1, 1])
    assert close(document["offset"], [-10, -20, -30])
    document = preprocess("--std", "0.5", "--mean=0.5")
    assert document["scale"] == 2 / 255 and document["offset"] == -1
    with Workplace() as place:
        source = place.write("m.onnx", model([RELU]))
        for options in (["--mean", "1,2"], ["--std", "1,0,1"],
                        ["--mean", "1,2,x"], ["--std", "1,2,3,4,5"],
                        ["--mean", "1,2,3", "--std", "1,2"]):
            place.refuse(source, *options)


def test_metadata():
    document = preprocess(metadata=[
        ("Image.BitmapPixelFormat", "Bgr8"),
        ("Image.NominalPixelRange", "Normalized_1_1")])
    assert (document["channels"], document["offset"]) == ("bgr", -1)
    check_imagenet(preprocess(metadata=[
        ("mean", "[0.485, 0.456, 0.406]"), ("std", "[0.229, 0.224, 0.225]")]))
    document = preprocess(metadata=[("mean", "123, 117, 104")])
    assert close(document["offset"], [-123, -117, -104])
    document = preprocess("--input-range", "0..255",
                          metadata=[("mean", "[0.4, 0.4, 0.4]")])
    assert document["scale"] == 1 and document["offset"] == 0


def test_names():
    """Labels as Ultralytics and others have them in the file."""
    classifier = [node("GlobalAveragePool", ["x"], "pooled"),
                  node("Flatten", ["pooled"], "flat"),
                  node("Softmax", ["flat"], "y")]

    def convert(names):
        with Workplace() as place:
            source = place.write("m.onnx", model(
                classifier, metadata=[("names", names)]))
            place.convert(source)
            labels = place.output / "labels.txt"
            document = json.loads(
                (place.output / "preprocess.json").read_text())
            assert ("labels" in document) == labels.exists()
            return labels.read_text().split("\n") if labels.exists() else None

    wanted = ["0 cat", "dog's", "pin\u0303a, \"x\"", ""]
    assert convert("{0: '0 cat', 1: \"dog's\", 2: 'pin\u0303a, \\\"x\\\"'}"
                   ) == wanted
    assert convert("['0 cat', 'dog\\'s', \"pin\u0303a, \\\"x\\\"\"]") == wanted
    assert convert(json.dumps({i: f"class {i}" for i in range(3)})) == [
        "class 0", "class 1", "class 2", ""]
    for names in ("{0: 'a', 1: 'b'}", "{0: 'a', 2: 'b', 1: 'c'}", "{0: 'a",
                  "['a', 'b', 'c'", "['a', 'b', 'c\\", "['a', '\n', 'c']", "",
                  "{0: 'a', 1: 'b', 2: 3}", "['a', 'b', 'c'] + x", "[]"):
        assert convert(names) is None, names


def test_modelinfo():
    head = "[modelinfo]\nversion=1.0\n\n[x]\ndir=input\nranges="
    document = preprocess(modelinfo=head + "-1.0,1.0\n")
    assert abs(document["scale"] - 2 / 255) < 1e-9 and document["offset"] == -1
    document = preprocess(modelinfo=head + "0.0,1.0;-1.0,1.0;-2.0,2.0\n")
    assert close(document["scale"], [1 / 255, 2 / 255, 4 / 255])
    assert close(document["offset"], [0, -1, -2])
    for text in ("nothing\n", head + "1,1\n", head + "0,1;x\n", head + "\n"):
        with Workplace() as place:
            source = place.write("m.onnx", model([RELU]))
            place.write("m.onnx.modelinfo", text.encode())
            place.refuse(source, says="modelinfo")


# ---- files that are refused

def refuse(content, says, *options):
    with Workplace() as place:
        place.refuse(place.write("m.onnx", content), *options, says=says)


def test_operators():
    refuse(model([node("LSTM", ["x"], "y")]), "node 0 'y' (LSTM)")
    refuse(model([node("If", ["x"], "y")]), "graphs of its own")
    refuse(model([node("QuantizeLinear", ["x"], "y")]), "float weights")
    refuse(model([node("FusedConv", ["x"], "y", domain="com.microsoft")]),
           "com.microsoft")
    refuse(model([node("Erf", ["x"], "y")]), "Gelu")
    refuse(model([node("Sqrt", ["x"], "y")]), "depends on the picture")
    kernel = float_tensor("k", (1, 3, 1, 1), [1.0] * 3)
    refuse(model([node("Conv", ["x", "k"], "y",
                       field(1, "auto_pad") + field(20, 3))], [kernel]),
           "'auto_pad' is ''")
    refuse(model([RELU], opset=6), "operator set 6")
    refuse(model([RELU], opset=99), "operator set 99")


def test_graphs():
    refuse(model([node("Relu", ["b"], "a"), node("Relu", ["a"], "b")],
                 output="b"), "cyclic")
    refuse(model([RELU, RELU]), "made twice")
    refuse(model([RELU], output="z"), "made by no node")
    refuse(model([RELU], shape=(4, 3, 4, 4)), "batch of 4")
    refuse(model([RELU], shape=(1, 3)), "no picture")
    refuse(model([RELU], shape=(1, "c", 8, 8)), "channels open")
    refuse(field(1, 7), "no graph")
    refuse(b"\x08" + b"\xff" * 40, "damaged")


def test_tensors():
    def convolve(kernel, says):
        refuse(model([node("Conv", ["x", "k"], "y")], [kernel]), says)

    convolve(float_tensor("k", (2, 3, 1, 1), [1.0] * 5), "has 5 values")
    convolve(tensor("k", (1, 3, 1, 1), b"\0" * 11), "has 11 bytes")
    convolve(float_tensor("k", (1 << 40, 1 << 40), []), "dimension")
    convolve(float_tensor("k", (-1, 3, 1, 1), []), "dimension of -1")
    convolve(float_tensor("k", (1 << 20, 1 << 11, 1, 1), []), "has 0 values")
    convolve(float_tensor("k", [1] * 9, [1.0]), "more than 8 dimensions")
    convolve(float_tensor("k", (2, 2, 1, 1), [1.0] * 4), "do not fit")
    convolve(float_tensor("k", (1, 3, 1, 1), [float("inf")] * 3), "not finite")
    convolve(tensor("k", (1, 3, 1, 1), b"", kind=8), "type 8")
    elsewhere = (tensor("k", (1, 3, 1, 1), b"") + field(14, 1)
                 + field(13, field(1, "location") + field(2, "/etc/passwd")))
    convolve(elsewhere, "another file")


def test_shapes_that_overflow():
    def fill(values, says):
        shape = tensor("s", (len(values),), struct.pack(
            f"<{len(values)}q", *values), kind=7)
        refuse(model([node("ConstantOfShape", ["s"], "c"),
                      node("Add", ["x", "c"], "y")], [shape]), says)

    fill([1 << 62, 1 << 62], "dimension")
    fill([1 << 30], "larger than the limit")
    fill([1 << 16, 1 << 14], "larger than the limit")
    big = tensor("s", (1,), struct.pack("<q", 1 << 62), kind=7)
    refuse(model([node("Mul", ["s", "s"], "t"), node("Reshape", ["x", "t"],
                                                     "y")], [big]), "overflows")
    refuse(model([node("Reshape", ["x", "s"], "y")],
                 [tensor("s", (2,), struct.pack("<2q", -1, -1), kind=7)]),
           "does not fit")


def test_shared_kernels():
    """A kernel that many nodes share is copied for each layer."""
    kernel = float_tensor("k", (1024, 3, 32, 32), [0.0] * (3 << 20))
    nodes = [node("Conv", ["x", "k"], f"y{i}") for i in range(200)]
    refuse(model(nodes, [kernel], shape=(1, 3, 32, 32), output="y0"),
           "far more weights")


def test_truncated_and_damaged():
    """Any file becomes a model, or one line of an error."""
    rng = random.Random(SEED)
    content = (HERE / "onnx/channels-last.onnx").read_bytes()
    samples = [content[:rng.randrange(len(content))] for _ in range(15)]
    for _ in range(40):
        data = bytearray(content)
        for _ in range(rng.choice((1, 2, 8))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        samples.append(bytes(data))
    for data in samples:
        with Workplace() as place:
            result = place.run(place.write("m.onnx", data))
            assert result.returncode in (0, 1), result
            if result.returncode:
                assert len(result.stderr.splitlines()) == 1, result.stderr


if __name__ == "__main__":
    tap.main(globals())
