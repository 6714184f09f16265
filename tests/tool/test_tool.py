#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests activationmap-model: test_tool.py PROGRAM yes|no

The second argument says whether the program reads pictures other than PNG.
Needs only Python's standard library. Prints TAP.
"""

import array
import base64
import json
import math
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent))
import tap  # noqa: E402
sys.path.append(str(HERE.parents[1] / "model" / "train"))
import layers_model  # noqa: E402

PROGRAM = tap.command(sys.argv[1])
HAS_PICTURES = sys.argv[2] == "yes"
GOLDEN = HERE.parent / "golden"
GENDER = HERE.parent.parent / "model" / "gender"
SMALL = GOLDEN / "models" / "original-small"  # 14x14x3
SEED = 7

# A JPEG of 16x32 pixels stored on its side: rotated according to its EXIF data,
# its left half is red (250, 20, 30) and its right half blue (20, 30, 250).
SIDEWAYS = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAA"
    "AAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsI"
    "CQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoK"
    "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAgABADAREAAhEBAxEB/8QA"
    "HwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQID"
    "AAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6"
    "Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWm"
    "p6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QA"
    "HwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC"
    "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5"
    "OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOk"
    "paanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oA"
    "DAMBAAIRAxEAPwD8z6/3APyMKACgAoA+mK/5tz/okCgAoAKAP//Z")


# What the loaders of GdkPixbuf 2.44 say where a process may make no namespaces,
# as in a chroot.
NO_SANDBOX = re.compile(r"^.*Glycin running without sandbox.*\n", re.MULTILINE)


def run(*arguments, environment=None):
    result = subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True,
        errors="replace", timeout=120,
        env={**os.environ, **(environment or {})})
    result.stderr = NO_SANDBOX.sub("", result.stderr)
    for mark in ("Sanitizer", "runtime error:", "CRITICAL", "WARNING"):
        assert mark not in result.stderr, result.stderr
    return result


def succeed(*arguments, environment=None):
    result = run(*arguments, environment=environment)
    assert result.returncode == 0, result.stderr
    assert result.stderr == "", result.stderr
    return result.stdout


def refuse(*arguments, status=1, says=""):
    """Expects an error of one line."""
    result = run(*arguments)
    assert result.returncode == status, (arguments, result)
    assert result.stdout == "", result.stdout
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith("activationmap-model: "), result.stderr
    assert says in result.stderr, (says, result.stderr)


class Workplace:
    """A temporary folder."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="activationmap-"))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def write(self, name, content):
        path = self.path / name
        path.write_bytes(content)
        return path


# ---- arrays and models

def floats(values):
    return struct.pack(f"<{len(values)}f", *values)


def make_npy(shape, data, descr="<f4", fortran=False, version=1, header=None):
    """An array as numpy.save writes it, or with a different header."""
    if header is None:
        header = (f"{{'descr': '{descr}', 'fortran_order': {fortran}, "
                  f"'shape': {tuple(shape)!r}, }}")
    size = "<H" if version == 1 else "<I"
    text = header.encode() if isinstance(header, str) else header
    space = -(8 + struct.calcsize(size) + len(text) + 1) % 64
    text += b" " * space + b"\n"
    return (b"\x93NUMPY" + bytes([version, 0]) + struct.pack(size, len(text))
            + text + data)


def read_npy(path):
    """Returns (shape, values) of a file in the form that the program writes."""
    content = path.read_bytes()
    assert content[:8] == b"\x93NUMPY\1\0"
    (length,) = struct.unpack("<H", content[8:10])
    assert (10 + length) % 64 == 0 and content[9 + length:10 + length] == b"\n"
    header = eval(content[10:10 + length], {}, {})
    assert header.keys() == {"descr", "fortran_order", "shape"}
    assert header["descr"] == "<f4" and header["fortran_order"] is False
    data = content[10 + length:]
    count = 1
    for dimension in header["shape"]:
        count *= dimension
    assert len(data) == 4 * count
    return list(header["shape"]), struct.unpack(f"<{count}f", data)


def assert_close(name, found, wanted):
    largest = max(map(abs, wanted), default=0)
    for i, (a, b) in enumerate(zip(found, wanted, strict=True)):
        assert abs(a - b) <= 1e-4 * abs(b) + 1e-5 * largest, (name, i, a, b)


def get_inputs(model, *arguments):
    """Parses [(name, number of values)] of the inputs in an error message."""
    result = run("run", model, *arguments)
    assert result.returncode == 2, result
    return [(name, eval(shape.replace("x", "*"))) for name, shape
            in re.findall(r"([^ ,]+) \(([0-9x]+)\)", result.stderr)]


def write_model(folder, layers, input_shape, weights, name="written"):
    """Writes a model: an input, a chain of layers (class, configuration), and
    weights (name, shape, values)."""
    chain = [{"class_name": "InputLayer", "config": {
        "name": "input", "batch_input_shape": [None, *input_shape]}}]
    chain += [{"class_name": kind, "config": config} for kind, config in layers]
    layers_model.write(
        folder, {"class_name": "Sequential", "keras_version": "2.15.0",
                 "config": {"name": name, "layers": chain}},
        [layers_model.Weight(key, shape, values if isinstance(values, bytes)
                             else floats(values))
         for key, shape, values in weights])
    return folder


def write_selector(folder, cells):
    """Writes a model with a 1x4x3 input that outputs five of its values."""
    kernel = [0.0] * (12 * 5)
    for unit, cell in enumerate(cells):
        kernel[cell * 5 + unit] = 1.0
    model = write_model(folder, [
        ("Flatten", {"name": "flat"}),
        ("Dense", {"name": "out", "units": 5, "activation": "relu"})],
        (1, 4, 3), [("out/kernel", [12, 5], kernel),
                    ("out/bias", [5], [0.0] * 5)])
    (folder / "labels.txt").write_text("a\nb\nc\nd\ne\n")
    return model


# ---- summary

def totals(output):
    return {key: int(value.replace(",", "")) for key, value in re.findall(
        r"^(.* params|Multiply-accumulates): ([0-9,]+)", output, re.M)}


def test_summary():
    output = succeed("summary", GENDER)
    assert totals(output) == {  # as in the model card
        "Total params": 400897, "Trainable params": 400897,
        "Non-trainable params": 0, "Multiply-accumulates": 15110144}
    lines = output.splitlines()
    assert lines[0] == 'Model: "gender"'
    (line,) = [line for line in lines if line.startswith("conv2d_2 ")]
    assert line.split() == ["conv2d_2", "(Conv2D)", "(None,", "25,", "25,",
                            "32)", "12,832", "8,000,000"]
    assert "Connected to" not in output
    assert succeed("summary", GENDER / "model.json") == output


def count_weights(folder):
    """Returns the number of values of each weight, by name."""
    return {weight.name: math.prod(weight.shape)
            for weight in layers_model.read(folder)[1]}


def test_summary_of_graphs():
    with_batch_norm = totals(succeed("summary", GOLDEN / "tfjs/normalizations"))
    sizes = count_weights(GOLDEN / "tfjs/normalizations")
    moving = sum(size for name, size in sizes.items() if "/moving_" in name)
    assert moving > 0
    assert with_batch_norm["Total params"] == sum(sizes.values())
    assert with_batch_norm["Non-trainable params"] == moving
    assert "add_same (Add)" in succeed("summary", GOLDEN / "tfjs/merges")
    shared = succeed("summary", GOLDEN / "tfjs/shared")
    assert "Connected to" in shared and " shared " in shared
    sizes = count_weights(GOLDEN / "tfjs/shared")
    assert totals(shared)["Total params"] == sum(sizes.values())


def test_input_size():
    pyramid = GOLDEN / "tfjs" / "pyramid"
    output = succeed("summary", pyramid, "--input-size", "24x40")
    assert "(None, 24, 40, 3)" in output and "(None, 6, 10, 4)" in output
    assert " 12, 20, 1)" in succeed("summary", pyramid, "--input-size=24x40")
    assert "a whole run" in succeed("bench", pyramid, "--seconds=0",
                                    "--input-size=8x8")
    refuse("summary", pyramid, says="--input-size 224x224")
    refuse("summary", GENDER, "--input-size=50x51", says="the fixed width 50")
    assert succeed("summary", GENDER, "--input-size=50x50") == succeed(
        "summary", GENDER)
    for size in ("", "x", "24", "24x", "24x40x3", "0x40", "-1x4", "24*40",
                 "24x16777217", "1e2x40", " 24x40"):
        refuse("summary", pyramid, f"--input-size={size}", status=2,
               says=f"input size '{size}' is not a height")


# ---- run

def check_golden(folder, entry):
    """Compares all layers with values from TensorFlow.js or PyTorch."""
    values = array.array("f", (folder / "values.bin").read_bytes())
    with Workplace() as place:
        arguments = []
        if "size" in entry:
            arguments = ["--input-size", "{}x{}".format(*entry["size"])]
        at = 0
        for i, (_, count) in enumerate(get_inputs(folder, *arguments)):
            arguments += ["--input", place.write(
                f"{i}.f32", floats(values[at:at + count]))]
            at += count
        succeed("run", folder, *arguments, "-o", place.path / "out")
        for layer in entry["layers"]:
            call = f"#{layer['call'] + 1}" if layer["call"] else ""
            name = quote(layer["name"], safe="") + call + ".npy"
            shape, found = read_npy(place.path / "out" / name)
            assert shape == layer["shape"], name
            assert_close(name, found, values[at:at + len(found)])
            at += len(found)
        assert at == len(values)


def test_golden_layers():
    for writer in ("tfjs", "keras"):
        for entry in json.loads((GOLDEN / writer / "index.json").read_text()):
            check_golden(GOLDEN / writer / entry["model"], entry)


def test_golden_files():
    for folder in sorted((GOLDEN / "models").iterdir()):
        for case in json.loads((folder / "index.json").read_text())["cases"]:
            with Workplace() as place:
                source = place.write("input.f32", (
                    folder / f"{case['id']}.input.f32").read_bytes())
                succeed("run", folder, "-i", source, "-o", place.path / "out")
                for layer in case["layers"]:
                    path = folder / f"{case['id']}.{layer['name']}.f32"
                    if not path.exists():
                        continue
                    _, found = read_npy(place.path / "out"
                                        / f"{layer['name']}.npy")
                    assert_close(path, found,
                                 array.array("f", path.read_bytes()))


def small_input():
    return array.array("f", (SMALL / "random.input.f32").read_bytes())


def transposed(values, shape):
    """Returns the values in Fortran order."""
    height, width, channels = shape
    return [values[(y * width + x) * channels + c] for c in range(channels)
            for x in range(width) for y in range(height)]


def test_numpy_files():
    values = small_input().tolist()
    shape = (14, 14, 3)
    n = len(values)
    variants = {
        "version 1": make_npy(shape, floats(values)),
        "version 2": make_npy(shape, floats(values), version=2),
        "version 3": make_npy(shape, floats(values), version=3),
        "batch": make_npy((1, *shape), floats(values)),
        "big-endian": make_npy(shape, struct.pack(f">{n}f", *values), ">f4"),
        "double": make_npy(shape, struct.pack(f"<{n}d", *values), "<f8"),
        "big-endian double": make_npy(
            shape, struct.pack(f">{n}d", *values), ">f8"),
        "Fortran": make_npy(shape, floats(transposed(values, shape)),
                            fortran=True),
        "Fortran with batch": make_npy(
            (1, *shape), floats(transposed(values, shape)), fortran=True),
        "another writer": make_npy(shape, floats(values), header=(
            '{"shape":(14,14,3),"fortran_order":False,"descr":"<f4"}')),
    }
    with Workplace() as place:
        raw = succeed("run", SMALL, "-i", place.write("x.f32", floats(values)))
        assert raw.startswith("dense_2 (1): 0.606374"), raw
        for name, content in variants.items():
            path = place.write("x.npy", content)
            assert succeed("run", SMALL, "-i", path) == raw, name


def test_whole_numbers():
    generator = random.Random(SEED)
    values = [generator.randrange(0, 2) for _ in range(14 * 14 * 3)]
    shape = (14, 14, 3)
    n = len(values)
    with Workplace() as place:
        wanted = succeed("run", SMALL, "-i", place.write("x.f32",
                                                         floats(values)))
        for code, descr in (("?", "|b1"), ("B", "|u1"), ("b", "|i1"),
                            ("<H", "<u2"), (">h", ">i2"), ("<i", "<i4"),
                            (">I", ">u4"), ("<q", "<i8"), (">Q", ">u8"),
                            ("<e", "<f2")):
            order = code[0] if len(code) > 1 else ""
            data = struct.pack(f"{order}{n}{code[-1]}", *values)
            path = place.write("x.npy", make_npy(shape, data, descr))
            assert succeed("run", SMALL, "-i", path) == wanted, descr
        signed = succeed("run", SMALL, "-i", place.write(
            "x.npy", make_npy(shape, struct.pack(
                f"{n}b", *(-value for value in values)), "|i1")))
        assert signed == succeed("run", SMALL, "-i", place.write(
            "x.f32", floats([-value for value in values])))


def test_layers():
    with Workplace() as place:
        source = place.write("x.f32", small_input().tobytes())
        out = place.path / "a" / "b"
        output = succeed("run", SMALL, "-i", source, "-o", out, "-l",
                         "dense_1,conv2d_2")
        assert sorted(path.name for path in out.iterdir()) == [
            "conv2d_2.npy", "dense_1.npy"]
        assert "2 layers written" in output
        assert read_npy(out / "conv2d_2.npy")[0] == [7, 7, 8]
        refuse("run", SMALL, "-i", source, "-o", out, "-l", "conv2d_9",
               says="'conv2d_9'")
        refuse("run", SMALL, "-i", source, "-l", "conv2d_1", status=2,
               says="--output-dir")


def test_names():
    """Files stay in the folder whatever the names of layers are."""
    names = ["../escaped", "/absolute", "..", ".", "a/b/c", "a%2Fb", "back\\slash",
             "line\nbreak", "#2", "x#2", "\u00e4", "tab\there", "star*?", " "]
    layers = [("Activation", {"name": name, "activation": "linear"})
              for name in names]
    with Workplace() as place:
        model = write_model(place.path / "model", layers, (2, 2, 1), [])
        source = place.write("x.f32", floats([1, 2, 3, 4]))
        out = place.path / "deep" / "out"
        before = {path for path in place.path.rglob("*")}
        output = succeed("run", model, "-i", source, "-o", out)
        assert f"{len(names) + 1} layers written" in output
        files = sorted(out.iterdir())
        assert len(files) == len(names) + 1, files
        assert all(path.is_file() and path.name.endswith(".npy")
                   and read_npy(path) == ([2, 2, 1], (1, 2, 3, 4))
                   for path in files)
        assert {path for path in place.path.rglob("*")} == (
            before | {out.parent, out} | set(files))
        assert (out / "a%2Fb%2Fc.npy").exists()
        assert (out / "a%252Fb.npy").exists()
        # Control characters in names are replaced before printing.
        for line in succeed("summary", model).splitlines():
            assert line.isprintable(), line


# ---- arguments that run refuses

def test_bad_arrays():
    values = small_input().tolist()
    data = floats(values)
    shape = (14, 14, 3)
    good = make_npy(shape, data)
    n = len(values)
    huge = "9" * 400

    def with_header(text, version=1):
        return make_npy(shape, data, header=text, version=version)

    cases = {
        "empty": (b"", "no NumPy file"),
        "magic only": (good[:6], "no NumPy file"),
        "no length": (good[:8], "ends within"),
        "half a length": (good[:9], "ends within"),
        "half a header": (good[:40], "ends within"),
        "no data": (good[:128], "has 0 bytes"),
        "one byte short": (good[:-1], f"has {4 * n - 1} bytes"),
        "one byte long": (good + b"x", f"has {4 * n + 1} bytes"),
        "archive": (b"PK\3\4" + good, ".npz"),
        "text": (b"0.1 0.2 0.3\n" * 9, "no NumPy file"),
        "version 0": (b"\x93NUMPY\0\0" + good[8:], "version 0.0"),
        "version 4": (b"\x93NUMPY\4\0" + good[8:], "version 4.0"),
        "huge header": (b"\x93NUMPY\2\0\xff\xff\xff\xff" + good, "too long"),
        "header beyond the end": (b"\x93NUMPY\1\0\xff\xff{}", "ends within"),
        "not a dictionary": (with_header("[]"), "NumPy header"),
        "empty dictionary": (with_header("{}"), "NumPy header"),
        "unfinished": (with_header("{'descr': '<f4', "), "NumPy header"),
        "unfinished string": (with_header("{'descr"), "NumPy header"),
        "no shape": (with_header("{'descr': '<f4', 'fortran_order': False}"),
                     "NumPy header"),
        "twice": (with_header("{'descr': '<f4', 'descr': '<f4', "
                              "'fortran_order': False, 'shape': ()}"),
                  "NumPy header"),
        "another key": (with_header("{'descr': '<f4', 'extra': 1}"),
                        "NumPy header"),
        "rest": (with_header("{'descr': '<f4', 'fortran_order': False, "
                             "'shape': (14, 14, 3)} + {}"), "NumPy header"),
        "records": (with_header("{'descr': [('a', '<f4')], "
                                "'fortran_order': False, 'shape': (588,)}"),
                    "records"),
        "order": (with_header("{'descr': '<f4', 'fortran_order': 0, "
                              "'shape': (14, 14, 3)}"), "fortran_order"),
        "another shape": (make_npy((14, 3, 14), data), "is of shape 14x3x14"),
        "flat": (make_npy((n,), data), "is of shape 588"),
        "scalar": (make_npy((), data), "is of shape ()"),
        "batch of two": (make_npy((2, *shape), data + data),
                         "is of shape 2x14x14x3"),
        "two batches": (make_npy((1, 1, *shape), data), "1x1x14x14x3"),
        "empty array": (make_npy((0, 14, 3), b""), "is of shape 0x14x3"),
        "many dimensions": (make_npy((1,) * 30, data), "too many"),
        "absurd": (with_header("{'descr': '<f4', 'fortran_order': False, "
                               f"'shape': ({huge}, 14, 3)}}"), "is of shape"),
        "wraps to the right size": (make_npy((14, 14, 3 + (1 << 64)), data),
                                    "is of shape"),
        "negative": (make_npy((-14, -14, 3), data), "tuple"),
        "a list": (with_header("{'descr': '<f4', 'fortran_order': False, "
                               "'shape': [14, 14, 3]}"), "tuple"),
        "no number": (with_header("{'descr': '<f4', 'fortran_order': False, "
                                  "'shape': (14, x, 3)}"), "tuple"),
        "NaN": (make_npy(shape, floats([float("nan")] + values[1:])),
                "not finite"),
        "infinity": (make_npy(shape, floats(values[1:] + [float("inf")])),
                     "not finite"),
        "beyond float": (make_npy(shape, struct.pack(
            f"<{n}d", 1e300, *values[1:]), "<f8"), "not finite"),
        **{descr: (make_npy(shape, data, descr), f"'{descr}'") for descr in (
            "<c8", "|O", "<U4", "|S4", "<M8", "<f16", "|f4", "=f4", "f4", "<",
            "", "<f4f4", "<V4", "\u00e4f4")[:12]},
    }
    with Workplace() as place:
        for name, (content, says) in cases.items():
            path = place.write("x.npy", content)
            refuse("run", SMALL, "-i", path, "-o", place.path / "out",
                   says=says)
            assert sorted(p.name for p in place.path.iterdir()) == [
                "x.npy"], name
        for count in (0, n - 1, n + 1):
            refuse("run", SMALL, "-i", place.write("x.f32", b"\0" * 4 * count),
                   says=f"has {4 * count} bytes")
        refuse("run", SMALL, "-i", place.write(
            "x.f32", floats([float("nan")] * n)), says="not finite")
        refuse("run", SMALL, "-i", place.write("x.txt", data), says=".npy")
        refuse("run", SMALL, "-i", place.path / "no.npy", says="opened")
        (place.path / "folder.npy").mkdir()
        refuse("run", SMALL, "-i", place.path / "folder.npy",
               says="is a folder")
        os.mkfifo(place.path / "fifo.npy")
        refuse("run", SMALL, "-i", place.path / "fifo.npy", says="regular")
        with open(place.path / "large.npy", "wb") as file:
            file.truncate(1 << 40)
        refuse("run", SMALL, "-i", place.path / "large.npy", says="at most")


def test_damaged_arrays():
    """A damaged file is refused unless it still is an array of this shape."""
    content = make_npy((14, 14, 3), small_input().tobytes())
    generator = random.Random(SEED)
    with Workplace() as place:
        for _ in range(300):
            damaged = bytearray(content)
            for _ in range(generator.choice((1, 1, 2, 4))):
                damaged[generator.randrange(128)] = generator.randrange(256)
            if generator.random() < 0.2:
                del damaged[generator.randrange(len(damaged)):]
            result = run("run", SMALL, "-i", place.write("x.npy", damaged))
            assert result.returncode in (0, 1), (result, bytes(damaged[:128]))
            assert len(result.stderr.splitlines()) == result.returncode


def test_outputs_that_cannot_be_written():
    with Workplace() as place:
        source = place.write("x.f32", small_input().tobytes())
        file = place.write("file", b"")
        refuse("run", SMALL, "-i", source, "-o", file, says="file")
        refuse("run", SMALL, "-i", source, "-o", file / "below", says="below")
        (place.path / "out" / "conv2d_2.npy").mkdir(parents=True)
        refuse("run", SMALL, "-i", source, "-o", place.path / "out",
               says="conv2d_2.npy")
        # Files written before the error are complete; no others are left.
        for path in (place.path / "out").iterdir():
            assert path.suffix == ".npy", path
            if path.is_file():
                read_npy(path)


def test_numbers_of_inputs():
    with Workplace() as place:
        source = place.write("x.f32", small_input().tobytes())
        refuse("run", SMALL, status=2, says="--input is given 0 times")
        refuse("run", SMALL, "-i", source, "-i", source, status=2,
               says="--input is given 2 times")


def test_locales():
    """Locales with a decimal comma or a two-byte point change nothing."""
    if not shutil.which("localedef"):
        raise tap.Skip("localedef is not installed")
    with Workplace() as place:
        commands = [
            ["run", GENDER, "--input", place.write(
                "x.f32", floats([0.25] * 7500))],
            ["summary", GENDER],
            ["bench", GENDER, "--seconds", "0.5"]]
        plain = [run(*command, environment={"LC_ALL": "C"})
                 for command in commands]
        for name in "de_DE", "ps_AF":
            made = subprocess.run(
                ["localedef", "-i", name, "-f", "UTF-8",
                 place.path / f"{name}.UTF-8"], capture_output=True)
            if made.returncode:
                raise tap.Skip(f"localedef cannot make {name}")
            environment = {"LC_ALL": f"{name}.UTF-8", "LOCPATH": place.path}
            for command, expected in zip(commands, plain):
                result = run(*command, environment=environment)
                assert result.returncode == 0, result.stderr
                if command[0] == "bench":
                    assert not re.search("[0-9][,\u066b][0-9]{1,2}( |$)",
                                         result.stdout), result.stdout
                else:
                    assert result.stdout == expected.stdout, result.stdout


def test_usage():
    for arguments in ([], ["dance"], ["summary"], ["summary", "a", "b"],
                      ["run"], ["image", SMALL], ["bench"],
                      ["summary", SMALL, "--nonsense"],
                      ["summary", SMALL, "--input", "x.npy"],
                      ["bench", SMALL, "--seconds", "-1"],
                      ["bench", SMALL, "--seconds", "nan"],
                      ["summary", SMALL, "--max-memory", "0"],
                      ["summary", SMALL, "--max-memory", "1e3"],
                      ["summary", SMALL, "--max-macs", "0"]):
        refuse(*arguments, status=2)
    for arguments in (["--help"], ["-h"], ["run", "--help"]):
        assert "activationmap-model run" in succeed(*arguments)
    assert re.fullmatch(r"activationmap-model [0-9.]+\n", succeed("--version"))


def test_bad_models():
    with Workplace() as place:
        for command in ("summary", "run", "bench"):
            refuse(command, place.path / "none", says="none")
        refuse("image", place.path / "none", place.path / "x.png", says="none")
        place.write("model.json", b"{")
        refuse("summary", place.path, says="model.json: is not valid JSON")
    refuse("summary", "--max-memory", 1, GENDER,
           says="(1.5 MiB), beyond the limit of 1048576 bytes")


# ---- image

def make_png(width, height, kind, rows, depth=8):
    """@kind is 0 for gray, 2 for RGB, 6 for RGBA; @rows are bytes per row."""
    def chunk(name, data):
        return (struct.pack(">I", len(data)) + name + data
                + struct.pack(">I", zlib.crc32(name + data)))
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind,
                                         0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row
                                                    for row in rows)))
            + chunk(b"IEND", b""))


def scores(output):
    return {label: float(score) for score, label
            in re.findall(r"^ *([0-9.]+)  (.*)$", output, re.M)}


# Indices of the red values of pixels 0 to 3 and of the blue value of pixel 0.
SELECTED = [0, 3, 6, 9, 2]


def test_pictures():
    reds = [10, 60, 200, 255]
    rgb = [bytes(v for red in reds for v in (red, 7, 90))]
    wanted = {label: value / 255 for label, value in zip("abcde", reds + [90])}
    with Workplace() as place:
        model = write_selector(place.path / "model", SELECTED)

        def check(content, expected, name="x.png"):
            path = place.write(name, content)
            found = scores(succeed("image", model, path))
            assert found.keys() == expected.keys(), found
            for label, value in expected.items():
                assert abs(found[label] - value) <= 6e-5, (label, found)

        check(make_png(4, 1, 2, rgb), wanted)
        check(make_png(4, 1, 2, rgb), wanted, name="x.jpg")
        check(make_png(4, 1, 0, [bytes(reds)]),
              {**wanted, "e": reds[0] / 255})
        # Transparent pixels are blended over black.
        check(make_png(4, 1, 6, [bytes(v for i, red in enumerate(reds)
                                       for v in (red, 7, 90,
                                                 0 if i == 2 else 255))]),
              {**wanted, "c": 0.0})
        (model / "preprocess.json").write_text(json.dumps(
            {"version": 1, "channels": "bgr", "scale": 2 / 255, "offset": 0.5,
             "attribute": "reds"}))
        check(make_png(4, 1, 2, rgb), {
            **{label: 2 * 90 / 255 + 0.5 for label in "abcd"},
            "e": 2 * reds[0] / 255 + 0.5})
        assert succeed("image", model, place.path / "x.png").startswith("reds")


def test_jpeg():
    with Workplace() as place:
        model = write_selector(place.path / "model", SELECTED)
        path = place.write("x.jpg", SIDEWAYS)
        if not HAS_PICTURES:
            refuse("image", model, path, says="GdkPixbuf")
            raise tap.Skip("built without GdkPixbuf")
        found = scores(succeed("image", model, path))
        wanted = {"a": 250, "b": 250, "c": 20, "d": 20, "e": 30}
        for label, value in wanted.items():
            assert abs(found[label] - value / 255) < 0.03, (label, found)


def test_open_input():
    """A picture is scaled to the size given on the command line, or otherwise
    that of preprocess.json."""
    with Workplace() as place:
        model = write_model(place.path / "model", [
            ("GlobalMaxPooling2D", {"name": "largest"}),
            ("Activation", {"name": "out", "activation": "relu"})],
            (None, None, 3), [])
        picture = place.write("x.png", make_png(2, 2, 2, [
            bytes((0, 0, 0, 200, 100, 50)), bytes(6)]))
        wanted = {"class 0": 200 / 255, "class 1": 100 / 255,
                  "class 2": 50 / 255}

        def check(expected, *arguments):
            found = scores(succeed("image", model, picture, *arguments))
            assert found.keys() == expected.keys(), found
            for label, value in expected.items():
                assert abs(found[label] - value) <= 6e-5, (label, found)

        refuse("image", model, picture, says="leaves a size open (null)")
        check(wanted, "--input-size=2x2")
        (model / "preprocess.json").write_text(
            '{"version":1,"input_size":[2,2]}')
        check(wanted)
        check({label: 0.0 for label in wanted}, "--input-size=2x1")
        (model / "preprocess.json").write_text(
            '{"version":1,"input_size":[2,1]}')
        check({label: 0.0 for label in wanted})


def test_labels():
    with Workplace() as place:
        model = write_selector(place.path / "model", SELECTED)
        picture = place.write("x.png", make_png(4, 1, 0, [b"\0\1\2\3"]))
        labels = place.write("other.txt", b"v\nw\nx\ny\nz\n")
        assert scores(succeed("image", model, picture, "--labels",
                              labels)).keys() == set("vwxyz")
        short = place.write("short.txt", b"v\nw\n")
        refuse("image", model, picture, "--labels", short, says="2 labels")


# ---- outputs of other kinds than classes

def gray_quarters():
    """A picture of 8x8 pixels, in each quarter of one gray."""
    rows = [bytes([255] * 4 + [51] * 4), bytes([0] * 4 + [204] * 4)]
    return make_png(8, 8, 0, [rows[y // 4] for y in range(8)])


def test_heads():
    model = HERE.parent / "heads"
    others = {name: f"another output: {name} ({shape})\n" for name, shape in
              (("age", 1), ("marks", 4), ("corner", 4), ("mask", "8x8x1"))}

    def check(name, *arguments, says):
        output = succeed("image", model, picture, *arguments)
        rest = "".join(line for other, line in others.items() if other != name)
        assert output.endswith(rest), output
        found = output[:-len(rest)]
        assert found == says, found

    with Workplace() as place:
        picture = place.write("x.png", gray_quarters())
        check("age", says="age: 50.0 years\n")
        check("marks", "--output", "marks",
              says="  0.9820 * class 0\n  0.9168 * class 3\n"
                   "  0.0832  class 1\n  0.0180  class 2\n")
        check("corner", "--output=2",
              says="  0.8306  class 0\n  0.1677  class 3\n"
                   "  0.0014  class 1\n  0.0003  class 2\n")
        check("mask", "--output", "mask",
              says="mask (8x8x1): an image, which has no label; --output-dir "
                   "draws it\n")
        refuse("image", model, picture, "--output", "gender",
               says="no output 'gender'; it has age, marks, corner, mask")
        for output in ("age", "marks", "mask"):
            out = place.path / output
            succeed("image", model, picture, "--output", output, "-o", out)
            assert (out / "mask.png").is_file()


def test_limits():
    refuse("summary", "--max-macs", 15, GENDER,
           says="15110144 multiply-accumulates (15.1 million), beyond the limit "
                "of 15000000 (max-macs")
    succeed("summary", "--max-macs", 16, GENDER)


def test_sheets():
    with Workplace() as place:
        picture = place.write("x.png", make_png(
            50, 50, 0, [bytes((x * y) & 255 for x in range(50))
                        for y in range(50)]))
        out = place.path / "out"
        output = succeed("image", GENDER, picture, "-o", out)
        assert "9 sheets written" in output
        convolutions = [f"{kind}_{i}.png" for kind in ("conv2d",
                                                       "max_pooling2d")
                        for i in (1, 2, 3)]
        assert sorted(path.name for path in out.iterdir()) == sorted(
            convolutions + [f"dense_{i}.png" for i in (1, 2, 3)])
        for path in out.iterdir():
            content = path.read_bytes()
            assert content.startswith(b"\x89PNG") and content[-8:-4] == b"IEND"
            width, height = struct.unpack(">II", content[16:24])
            assert 600 < width < 2000 and 200 < height < 2000, path
        shutil.rmtree(out)
        succeed("image", GENDER, picture, "-o", out, "-l", "auto")
        assert sorted(path.name for path in out.iterdir()) == [
            f"max_pooling2d_{i}.png" for i in (1, 2, 3)]


def test_teachable_machine():
    """An export brings its labels and its range, and sees the middle of a
    picture, which its sheets show, too."""
    def stripes(columns):
        row = bytes(v for red in columns for v in (red, 7, 90))
        return make_png(len(columns), 2, 2, [row, row])

    with Workplace() as place:
        model = write_model(place.path / "model", [
            ("GlobalMaxPooling2D", {"name": "largest"}),
            ("Activation", {"name": "out", "activation": "relu"})],
            (2, 2, 3), [])
        metadata = {"packageName": "@teachablemachine/image",
                    "labels": ["Äpfel", "b", "c"], "imageSize": 2}
        path = model / "metadata.json"
        path.write_text(json.dumps(metadata))
        wide = place.write("wide.png", stripes([255, 255, 200, 150, 9, 255]))
        square = place.write("square.png", stripes([200, 150]))
        first, second = place.path / "first", place.path / "second"
        output = succeed("image", model, wide, "-o", first)
        found = scores(output)
        assert found.keys() == {"Äpfel", "b", "c"}, output
        assert abs(found["Äpfel"] - (200 / 127 - 1)) <= 6e-5, found
        succeed("image", model, square, "-o", second)
        for sheet in sorted(first.iterdir()):
            assert sheet.read_bytes() == (second / sheet.name).read_bytes()
        (model / "preprocess.json").write_text('{"version":1,"fit":"stretch"}')
        found = scores(succeed("image", model, wide))
        assert abs(found["Äpfel"] - (255 / 127 - 1)) <= 6e-5, found
        for change, says in (({"packageName": "@teachablemachine/pose"},
                              "a pose model of Teachable Machine"),
                             ({"labels": ["a"]}, "has 1 labels")):
            path.write_text(json.dumps({**metadata, **change}))
            refuse("image", model, wide, says=says)


def test_hint():
    """Layers of known networks are pointed out in one line."""
    with Workplace() as place:
        model = write_model(place.path / "model", [
            ("Dropout", {"name": "conv_dw_1", "rate": 0.5}),
            ("Dropout", {"name": "conv_pw_1", "rate": 0.5}),
            ("GlobalMaxPooling2D", {"name": "out"})], (2, 2, 3), [])
        picture = place.write("x.png", make_png(2, 2, 0, [b"\0\1", b"\2\3"]))
        result = run("image", model, picture)
        assert result.returncode == 0
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert "MobileNet, which Keras trains" in result.stderr
        (model / "preprocess.json").write_text('{"version":1,"scale":0.1}')
        succeed("image", model, picture)


def test_bad_pictures():
    good = make_png(4, 1, 2, [bytes(12)])

    def sized(width, height):
        return good[:16] + struct.pack(">II", width, height) + good[24:]

    with Workplace() as place:
        model = write_selector(place.path / "model", SELECTED)
        out = place.path / "out"
        for content in (b"", b"\x89PNG\r\n\x1a\n", good[:20], good[:40],
                        good[:-20], good[:45] + b"x" + good[46:],
                        b"no picture at all", SIDEWAYS[:200],
                        sized(0, 1), sized(1 << 31, 1), sized(16385, 1),
                        sized(16384, 16384)):
            refuse("image", model, place.write("x.png", content), "-o", out,
                   says="x.png: ")
            assert not out.exists()
        refuse("image", model, place.path / "none.png", says="opened")
        refuse("image", model, place.path, says="is a folder")
        refuse("image", GOLDEN / "tfjs/merges", place.write("x.png", good),
               says="is not an image network: it has")


def test_damaged_pictures():
    generator = random.Random(SEED)
    sources = [make_png(4, 1, 2, [bytes(range(12))])]
    if HAS_PICTURES:
        sources.append(SIDEWAYS)
    with Workplace() as place:
        model = write_selector(place.path / "model", SELECTED)
        for i in range(120):
            damaged = bytearray(sources[i % len(sources)])
            damaged[generator.randrange(len(damaged))] = generator.randrange(256)
            result = run("image", model, place.write("x", damaged))
            assert result.returncode in (0, 1), result


# ---- bench

def test_bench():
    output = succeed("bench", GENDER, "--seconds", 0)
    total = totals(succeed("summary", GENDER))["Multiply-accumulates"]
    rows = [re.split(r"  +", line.strip()) for line in output.splitlines()
            if re.match(r"(conv|dense|max|a whole)", line)]
    assert rows[-1][0] == "a whole run"
    assert int(rows[-1][1].replace(",", "")) == total
    assert sum(int(row[2].replace(",", "")) for row in rows[:-1]) == total
    assert all(float(row[3]) > 0 for row in rows[:-1])
    for row in rows[:-1]:
        macs, ms = int(row[2].replace(",", "")), float(row[3])
        if ms > 0.05:  # smaller times are rounded too coarsely
            assert abs(float(row[5]) / (2e-6 * macs / ms) - 1) < 0.01, row
    scalar = succeed("bench", GENDER, "--seconds", 0,
                     environment={"ACTIVATIONMAP_CPU": "scalar"})
    assert scalar.startswith("Instruction set: scalar;")
    assert "winograd" not in scalar and "max_pooling2d_2  " in scalar
    assert int(re.search(r"medians of (\d+) runs", scalar)[1]) >= 5
    kept = succeed("bench", GENDER, "--seconds", 0, "--layers", "all")
    assert " .. " not in kept
    refuse("bench", GENDER, "--layers", "none", says="'none'")


# ---- a heavy model

def write_mobilenet(folder):
    """Writes MobileNet 1.0 at 224x224 as in Keras, with random weights."""
    generator = random.Random(SEED)
    layers, weights = [], []

    def add(kind, name, **config):
        layers.append((kind, {"name": name, **config}))

    def add_weight(name, shape, low=-1.0, high=1.0):
        count = eval("*".join(map(str, shape)))
        # A few values are repeated, because generating millions is slow.
        period = [generator.uniform(low, high) for _ in range(1009)]
        values = array.array("f", period * (count // len(period) + 1))
        weights.append((name, shape, values[:count].tobytes()))

    def normalize(name, channels):
        add("BatchNormalization", f"{name}_bn")
        for variable, low in (("gamma", 0.5), ("beta", -0.5),
                              ("moving_mean", -0.5), ("moving_variance", 0.5)):
            add_weight(f"{name}_bn/{variable}", [channels], low, low + 1)
        add("ReLU", f"{name}_relu", max_value=6.0)

    def convolve(name, before, filters, size, **config):
        add("Conv2D", name, filters=filters, kernel_size=[size, size], **config)
        bound = (3 / (before * size * size)) ** 0.5
        add_weight(f"{name}/kernel", [size, size, before, filters], -bound,
                   bound)

    convolve("conv1", 3, 32, 3, strides=[2, 2], padding="same", use_bias=False)
    normalize("conv1", 32)
    before = 32
    for i, (filters, stride) in enumerate(
            [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
            + [(512, 1)] * 5 + [(1024, 2), (1024, 1)], 1):
        if stride == 2:
            add("ZeroPadding2D", f"conv_pad_{i}", padding=[[0, 1], [0, 1]])
        add("DepthwiseConv2D", f"conv_dw_{i}", kernel_size=[3, 3],
            strides=[stride, stride], use_bias=False,
            padding="valid" if stride == 2 else "same")
        add_weight(f"conv_dw_{i}/depthwise_kernel", [3, 3, before, 1], -0.5,
                   0.5)
        normalize(f"conv_dw_{i}", before)
        convolve(f"conv_pw_{i}", before, filters, 1, padding="same",
                 use_bias=False)
        normalize(f"conv_pw_{i}", filters)
        before = filters
    add("GlobalAveragePooling2D", "global_average_pooling2d")
    add("Reshape", "reshape_1", target_shape=[1, 1, 1024])
    add("Dropout", "dropout", rate=0.001)
    convolve("conv_preds", 1024, 1000, 1, padding="same")
    add_weight("conv_preds/bias", [1000])
    add("Reshape", "reshape_2", target_shape=[1000])
    add("Activation", "predictions", activation="softmax")
    return write_model(folder, layers, (224, 224, 3), weights, "mobilenet")


def test_mobilenet():
    generator = random.Random(SEED)
    with Workplace() as place:
        model = write_mobilenet(place.path / "model")
        # As Keras reports for keras.applications.MobileNet.
        found = totals(succeed("summary", model))
        assert found["Total params"] == 4253864, found
        assert found["Non-trainable params"] == 21888, found
        refuse("summary", model, "--max-memory", 16, says="the weights take "
               f"{4 * 4253864} bytes (16.2 MiB), beyond the limit of 16777216")
        refuse("summary", model, "--max-memory", 20, says="activations")
        source = place.write("x.f32", floats(
            [generator.uniform(-1, 1) for _ in range(224 * 224 * 3)]))
        layers = "conv1_relu,conv_pw_6_relu,conv_pw_13_relu,predictions"
        for name, environment in (
                ("best", {}), ("scalar", {"ACTIVATIONMAP_CPU": "scalar"})):
            succeed("run", model, "-i", source, "-o", place.path / name, "-l",
                    layers, environment=environment)
        for name in layers.split(","):
            shape, best = read_npy(place.path / "best" / f"{name}.npy")
            _, scalar = read_npy(place.path / "scalar" / f"{name}.npy")
            assert_close(name, best, scalar)
            assert max(scalar) > 1.5 * min(scalar), name
        assert shape == [1000] and abs(sum(best) - 1) < 1e-4
        assert "a whole run" in succeed("bench", model, "--seconds", 0)


if __name__ == "__main__":
    tap.main(globals())
