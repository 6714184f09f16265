#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests GstActivationMeta from Python, through its GIR and its typelib.

    test_bindings.py GIR CLIP
"""

import gc
import os
import struct
import sys
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap  # noqa: E402

try:
    import gi
    gi.require_version("Gst", "1.0")
    gi.require_version("GstActivationMeta", "1.0")
    gi.require_version("GstApp", "1.0")
    from gi.repository import GLib, Gst, GstActivationMeta, GstApp  # noqa: F401
except (ImportError, ValueError) as missing:
    # ValueError: Gst and GstApp come from other packages. Ours must be there.
    if "GstActivationMeta" in str(missing):
        raise
    print(f"1..0 # SKIP {missing} (python3-gi, gir1.2-gstreamer-1.0, "
          "gir1.2-gst-plugins-base-1.0)")
    sys.exit(0)

try:
    import numpy
except ImportError:
    numpy = None

GIR, CLIP = sys.argv[1:3]
CORE = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"

PIPELINE = """filesrc name=file ! decodebin ! videoconvert
    ! identity eos-after=7 ! facetracker ! cnninference explain=hires-cam name=network
    ! appsink name=pictures sync=false"""


def floats(data):
    """Return the native floats in GLib.Bytes."""
    return memoryview(data.get_data()).cast("f").tolist()


def is_close(a, b):
    return abs(a - b) <= 1e-4 * max(1.0, abs(a), abs(b))


def make_activations():
    """Return activations from a builder, with a layer of values from 0 on."""
    builder = GstActivationMeta.ActivationsBuilder.new(
        "model", "attribute", ["low", "high"])
    assert builder.set_scores([0.25, 0.75], 1)
    assert builder.add_layer("maps", None, 2, 3, 4, [*range(24)])
    assert not builder.add_layer("maps", None, 2, 3, 4, [*range(23)])
    return builder.finish()


def pictures():
    """Yield the buffers of a few pictures of the clip."""
    if not Gst.ElementFactory.find("avdec_h264"):
        raise tap.Skip("there is no element avdec_h264")
    pipeline = Gst.parse_launch(PIPELINE)
    pipeline.get_by_name("file").set_property("location", CLIP)
    sink = pipeline.get_by_name("pictures")
    pipeline.set_state(Gst.State.PLAYING)
    try:
        while sample := sink.try_pull_sample(60 * Gst.SECOND):
            yield sample.get_buffer()
        assert sink.is_eos()
    finally:
        pipeline.set_state(Gst.State.NULL)


def predictions():
    """Return the activations of a few pictures, which have been freed."""
    kept = []
    for buffer in pictures():
        meta = GstActivationMeta.buffer_get_nth_activation_meta(buffer, 0)
        if meta:
            kept.append(meta.activations.ref())
    gc.collect()
    return kept


def test_gir():
    """The GIR names the header and the pkg-config package of the library."""
    root = ElementTree.parse(GIR).getroot()
    namespace = root.find(CORE + "namespace")

    assert (root.find(CORE + "package").get("name")
            == "gstreamer-activationmeta-1.0")
    assert (root.find(C + "include").get("name")
            == "gst/activationmeta/gstactivationmeta.h")
    assert all(entry.get("version") == "0.2"
               for kind in ("method", "constructor")
               for entry in namespace.iter(CORE + kind))


def test_values():
    activations = make_activations()

    assert activations.get_model_name() == "model"
    assert activations.get_attribute() == "attribute"
    assert activations.get_n_classes() == 2
    assert activations.get_winner() == 1
    assert activations.get_label(1) == "high"
    assert activations.get_score(1) == 0.75
    assert activations.get_n_layers() == 1
    assert activations.get_layer_name(0) == "maps"
    data, height, width, channels = activations.get_layer_data(0)
    assert (height, width, channels) == (2, 3, 4)
    assert data == [*range(24)]
    assert activations.get_explanation()[0] is None
    assert activations.get_cam_bytes()[0] is None


def test_kinds():
    Builder = GstActivationMeta.ActivationsBuilder
    Kind = GstActivationMeta.ActivationsKind
    classes = make_activations()
    number = Builder.new_number("model", "age", "years")
    labels = Builder.new_labels("model", "wears", ["hat", "scarf"], 0.5)

    assert classes.get_kind() == Kind.CLASSES
    assert classes.to_text() == "high"
    assert classes.is_predicted(1) and not classes.is_predicted(0)
    assert number.set_number(71.3125)
    age = number.finish()
    assert age.get_kind() == Kind.NUMBER
    assert age.get_n_classes() == 0
    assert age.get_number() == age.get_intact_number() == 71.3125
    assert age.get_unit() == "years"
    assert age.to_text() == "71.3 years"
    assert age.get_n_outputs() == 0
    assert labels.set_scores([0.75, 0.625], 0)
    wears = labels.finish()
    assert wears.get_kind() == Kind.LABELS
    assert wears.get_threshold(1) == 0.5
    assert wears.to_text() == "hat, scarf"


def test_bytes():
    activations = make_activations()
    maps, height, width, channels = activations.get_layer_bytes(0)

    assert (height, width, channels) == (2, 3, 4)
    assert maps.get_size() == 4 * height * width * channels
    assert floats(maps) == [*range(24)]
    # Channel 3 at row 1 and column 2, as the documentation says.
    assert struct.unpack_from("=f", maps.get_data(),
                              4 * ((1 * width + 2) * channels + 3)) == (23,)
    assert floats(activations.get_score_bytes()) == [0.25, 0.75]


def test_numpy():
    if numpy is None:
        raise tap.Skip("there is no python3-numpy")
    data, *shape = make_activations().get_layer_bytes(0)
    maps = numpy.frombuffer(data.get_data(), numpy.float32).reshape(shape)

    assert maps.shape == (2, 3, 4)
    assert maps[1, 2, 3] == 23
    assert maps[:, :, 0].tolist() == [[0, 4, 8], [12, 16, 20]]


def test_bytes_outlive():
    """Bytes keep the activations alive when nothing else does."""
    kept = [make_activations().get_layer_bytes(0)[0] for _ in range(1000)]

    gc.collect()
    assert all(floats(maps) == [*range(24)] for maps in kept)


def test_metadata():
    buffer = Gst.Buffer.new()
    activations = make_activations()

    for index in range(3):
        meta = GstActivationMeta.buffer_add_activation_meta(
            buffer, activations, "face", -index, 2, 3, 4)
        meta.id = 40 + index
    del activations
    gc.collect()
    meta = GstActivationMeta.buffer_get_nth_activation_meta(buffer, 2)
    assert (meta.id, meta.region_id) == (42, 0)
    assert GLib.quark_to_string(meta.roi_type) == "face"
    assert (meta.x, meta.y, meta.width, meta.height) == (-2, 2, 3, 4)
    assert meta.activations.get_label(0) == "low"
    assert not GstActivationMeta.buffer_get_nth_activation_meta(buffer, 3)


def test_pipeline():
    """Predictions for the clip remain valid once its pictures are freed."""
    kept = predictions()

    assert kept
    for activations in kept:
        scores = floats(activations.get_score_bytes())
        assert activations.get_attribute() == "gender"
        assert len(scores) == activations.get_n_classes() == 2
        assert scores[activations.get_winner()] == max(scores)
        assert is_close(sum(scores), 1.0)
        assert activations.get_label(activations.get_winner())
        assert activations.get_n_layers() >= 3
        for layer in range(activations.get_n_layers()):
            maps, *shape = activations.get_layer_bytes(layer)
            data, *of_data = activations.get_layer_data(layer)
            assert shape == of_data and min(shape) > 0
            assert floats(maps) == data


def test_explanation():
    for activations in predictions():
        method, layer, target, logit, bias = activations.get_explanation()
        cam, height, width = activations.get_cam_bytes()
        channels = activations.get_channel_contributions()
        assert method == "hires-cam"
        assert target == activations.get_winner()
        assert layer in [activations.get_layer_name(index)
                         for index in range(activations.get_n_layers())]
        assert floats(cam) == activations.get_cam()[0]
        assert cam.get_size() == 4 * height * width
        assert is_close(sum(channels), logit - bias)


Gst.init(None)
tap.main(globals())
