# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Networks of the shape of well-known ones, with random weights.

They have the layers of the originals, a few of them with fewer filters so that
a run takes some milliseconds.
"""

from networks import Network

CLASSES = 1000


def convolve(network: Network, name: str, source: str, filters: int, size: int,
             stride: int = 1, activation: str = "linear",
             groups: int = 1) -> str:
    """A convolution with batch normalisation, and its activation."""
    source = network.conv(name, source, filters, size, stride, bias=False,
                          groups=groups)
    return finish(network, name, source, activation)


def convolve_depthwise(network: Network, name: str, source: str, size: int,
                       stride: int, activation: str = "linear") -> str:
    source = network.depthwise(name, source, stride, size)
    return finish(network, name, source, activation)


def finish(network: Network, name: str, source: str, activation: str) -> str:
    source = network.batch_normalization(f"{name}_bn", source)
    if activation == "linear":
        return source
    if activation == "relu6":
        return network.relu6(f"{name}_relu", source)
    return network.activation(f"{name}_{activation}", source, activation)


def classify(network: Network, source: str):
    """Ends a network; the last map is an output too, for its picture."""
    pooled = network.global_average("global_average", source)
    network.outputs = [network.dense("predictions", pooled, CLASSES,
                                     "softmax"), source]


def unet() -> Network:
    """Two convolutions a level; transposed convolutions lead up again."""
    network = Network("unet", "U-Net, 32 filters, 128x128x3", (128, 128, 3),
                      seed=11)

    def convolve_twice(name, source, filters):
        for i in (1, 2):
            source = network.conv(f"{name}_{i}", source, filters, 3,
                                  activation="relu")
        return source

    source, levels = "input_1", []
    for filters in (32, 64, 128):
        levels.append(convolve_twice(f"down_{filters}", source, filters))
        source = network.max_pool(f"pool_{filters}", levels[-1], 2)
    source = convolve_twice("bottom", source, 256)
    for filters in (128, 64, 32):
        source = network.transposed_conv(f"up_{filters}", source, filters)
        source = network.concatenate(f"join_{filters}", [levels.pop(), source])
        # The last convolution reads as many maps as this one writes.
        source = convolve_twice(f"up_{filters}", source, max(filters, 64))
    network.outputs = [network.conv("mask", source, 1, 3,
                                    activation="sigmoid")]
    return network


def alexnet() -> Network:
    network = Network("alexnet", "AlexNet 0.5, 224x224x3", (224, 224, 3),
                      seed=12)
    source = network.conv("conv_1", "input_1", 32, 11, 4, activation="relu")
    source = network.max_pool("pool_1", source, 3)
    source = network.conv("conv_2", source, 96, 5, activation="relu")
    source = network.max_pool("pool_2", source, 3)
    for i, filters in enumerate([192, 128, 128], 3):
        source = network.conv(f"conv_{i}", source, filters, 3,
                              activation="relu")
    source = network.max_pool("pool_5", source, 3)
    last_map = source
    source = network.flatten("flatten", source)
    for i in (6, 7):
        source = network.dense(f"dense_{i}", source, 2048, "relu")
    network.outputs = [network.dense("predictions", source, CLASSES,
                                     "softmax"), last_map]
    return network


def vgg() -> Network:
    network = Network("vgg", "VGG-16 0.5, 224x224x3", (224, 224, 3), seed=13)
    source = "input_1"
    for block, (filters, n) in enumerate([(32, 2), (64, 2), (128, 3), (256, 3),
                                          (256, 3)], 1):
        for i in range(1, n + 1):
            source = network.conv(f"conv_{block}_{i}", source, filters, 3,
                                  activation="relu")
        source = network.max_pool(f"pool_{block}", source, 2)
    last_map = source
    source = network.flatten("flatten", source)
    for i in (1, 2):
        source = network.dense(f"dense_{i}", source, 1024, "relu")
    network.outputs = [network.dense("predictions", source, CLASSES,
                                     "softmax"), last_map]
    return network


def squeezenet() -> Network:
    """Version 1.1."""
    network = Network("squeezenet", "SqueezeNet 1.1, 224x224x3",
                      (224, 224, 3), seed=14)
    source = network.conv("conv_1", "input_1", 64, 3, 2, activation="relu")
    source = network.max_pool("pool_1", source, 3)
    for i, squeezed in enumerate([16, 16, 32, 32, 48, 48, 64, 64], 2):
        source = network.conv(f"squeeze_{i}", source, squeezed, 1,
                              activation="relu")
        expanded = [network.conv(f"expand_{i}_{size}", source, 4 * squeezed,
                                 size, activation="relu") for size in (1, 3)]
        source = network.concatenate(f"join_{i}", expanded)
        if i in (3, 5):
            source = network.max_pool(f"pool_{i}", source, 3)
    source = network.conv("class_maps", source, CLASSES, 1, activation="relu")
    pooled = network.global_average("global_average", source)
    network.outputs = [network.softmax("predictions", pooled), source]
    return network


def resnet() -> Network:
    network = Network("resnet-18", "ResNet-18, 224x224x3", (224, 224, 3),
                      seed=15)
    source = convolve(network, "stem", "input_1", 64, 7, 2, "relu")
    source = network.max_pool("pool", source, 3, "same")
    channels = 64
    for stage, filters in enumerate([64, 128, 256, 512], 1):
        for block in (1, 2):
            name = f"stage_{stage}_{block}"
            stride = 2 if filters != channels else 1
            shortcut = source
            if stride == 2:
                shortcut = convolve(network, f"{name}_shortcut", source,
                                    filters, 1, 2)
            source = convolve(network, f"{name}a", source, filters, 3, stride,
                              "relu")
            source = convolve(network, f"{name}b", source, filters, 3)
            source = network.relu(f"{name}_relu", network.sum(
                f"{name}_sum", source, shortcut))
            channels = filters
    classify(network, source)
    return network


def squeeze_and_excite(network: Network, name: str, source: str,
                       squeezed: int, activation: str, gate: str) -> str:
    """Scales each channel by a factor that depends on all of them."""
    channels = network.shapes[source][-1]
    factor = network.global_average_map(f"{name}_mean", source)
    factor = network.conv(f"{name}_squeeze", factor, squeezed, 1,
                          activation=activation)
    factor = network.conv(f"{name}_excite", factor, channels, 1,
                          activation=gate)
    return network.product(f"{name}_scale", source, factor)


def inverted_residual(network: Network, name: str, source: str, expanded: int,
                      filters: int, size: int, stride: int, activation: str,
                      squeezed: int = 0, gate: tuple[str, str] = ("", "")
                      ) -> str:
    """The block of MobileNetV2 and of those after it."""
    before, channels = source, network.shapes[source][-1]
    if expanded != channels:
        source = convolve(network, f"{name}_expand", source, expanded, 1,
                          activation=activation)
    source = convolve_depthwise(network, f"{name}_depthwise", source, size,
                                stride, activation)
    if squeezed:
        source = squeeze_and_excite(network, name, source, squeezed, *gate)
    source = convolve(network, f"{name}_project", source, filters, 1)
    if stride == 1 and filters == channels:
        source = network.sum(f"{name}_sum", source, before)
    return source


def mobilenet_v2() -> Network:
    network = Network("mobilenet-v2", "MobileNetV2, 224x224x3", (224, 224, 3),
                      seed=16)
    source = convolve(network, "stem", "input_1", 32, 3, 2, "relu6")
    for stage, (expansion, filters, n, stride) in enumerate(
            [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
             (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)], 1):
        for i in range(n):
            expanded = expansion * network.shapes[source][-1]
            source = inverted_residual(
                network, f"block_{stage}_{i}", source, expanded, filters, 3,
                stride if i == 0 else 1, "relu6")
    classify(network, convolve(network, "last", source, 1280, 1,
                               activation="relu6"))
    return network


def mobilenet_v3() -> Network:
    """The large one."""
    network = Network("mobilenet-v3", "MobileNetV3-Large, 224x224x3",
                      (224, 224, 3), seed=17)
    source = convolve(network, "stem", "input_1", 16, 3, 2, "hard_silu")
    relu, swish = "relu", "hard_silu"
    for i, (size, expanded, filters, squeezed, activation, stride) in enumerate(
            [(3, 16, 16, 0, relu, 1), (3, 64, 24, 0, relu, 2),
             (3, 72, 24, 0, relu, 1), (5, 72, 40, 24, relu, 2),
             (5, 120, 40, 32, relu, 1), (5, 120, 40, 32, relu, 1),
             (3, 240, 80, 0, swish, 2), (3, 200, 80, 0, swish, 1),
             (3, 184, 80, 0, swish, 1), (3, 184, 80, 0, swish, 1),
             (3, 480, 112, 120, swish, 1), (3, 672, 112, 168, swish, 1),
             (5, 672, 160, 168, swish, 2), (5, 960, 160, 240, swish, 1),
             (5, 960, 160, 240, swish, 1)], 1):
        source = inverted_residual(network, f"block_{i}", source, expanded,
                                   filters, size, stride, activation, squeezed,
                                   ("relu", "sigmoid"))
    source = convolve(network, "last", source, 960, 1, activation=swish)
    pooled = network.global_average("global_average", source)
    pooled = network.dense("dense", pooled, 1280, swish)
    network.outputs = [network.dense("predictions", pooled, CLASSES,
                                     "softmax"), source]
    return network


def shufflenet() -> Network:
    """Version 1 with three groups."""
    network = Network("shufflenet", "ShuffleNet, 3 groups, 224x224x3",
                      (224, 224, 3), seed=18)
    groups = 3
    source = convolve(network, "stem", "input_1", 24, 3, 2, "relu")
    source = network.max_pool("pool", source, 3, "same")
    for stage, (filters, n) in enumerate([(240, 4), (480, 8), (960, 4)], 2):
        for i in range(n):
            name = f"stage_{stage}_{i}"
            stride = 2 if i == 0 else 1
            before, channels = source, network.shapes[source][-1]
            added = filters - channels if stride == 2 else filters
            source = convolve(network, f"{name}a", source, filters // 4, 1,
                              activation="relu",
                              groups=1 if channels == 24 else groups)
            source = network.shuffle(f"{name}_shuffle", source, groups)
            source = convolve_depthwise(network, f"{name}b", source, 3, stride)
            source = convolve(network, f"{name}c", source, added, 1,
                              groups=groups)
            if stride == 2:
                before = network.max_pool(f"{name}_pool", before, 3, "same")
                source = network.concatenate(f"{name}_join", [before, source])
            else:
                source = network.sum(f"{name}_sum", before, source)
            source = network.relu(f"{name}_relu", source)
    classify(network, source)
    return network


def efficientnet() -> Network:
    network = Network("efficientnet", "EfficientNet-B0, 224x224x3",
                      (224, 224, 3), seed=19)
    source = convolve(network, "stem", "input_1", 32, 3, 2, "swish")
    for stage, (expansion, filters, n, stride, size) in enumerate(
            [(1, 16, 1, 1, 3), (6, 24, 2, 2, 3), (6, 40, 2, 2, 5),
             (6, 80, 3, 2, 3), (6, 112, 3, 1, 5), (6, 192, 4, 2, 5),
             (6, 320, 1, 1, 3)], 1):
        for i in range(n):
            channels = network.shapes[source][-1]
            source = inverted_residual(
                network, f"block_{stage}_{i}", source, expansion * channels,
                filters, size, stride if i == 0 else 1, "swish",
                channels // 4, ("swish", "sigmoid"))
    classify(network, convolve(network, "last", source, 1280, 1,
                               activation="swish"))
    return network


def densenet() -> Network:
    """As DenseNet-121, with half its growth and fewer layers."""
    network = Network("densenet", "DenseNet, growth 16, 224x224x3",
                      (224, 224, 3), seed=20)
    growth = 16
    source = convolve(network, "stem", "input_1", 2 * growth, 7, 2, "relu")
    source = network.max_pool("pool", source, 3, "same")

    def normalize(name, source):
        return finish(network, name, source, "relu")

    for block, n in enumerate([6, 12, 16, 12], 1):
        for i in range(n):
            name = f"block_{block}_{i}"
            added = convolve(network, f"{name}a", normalize(name, source),
                             4 * growth, 1, activation="relu")
            added = network.conv(f"{name}b", added, growth, 3, bias=False)
            source = network.concatenate(f"{name}_join", [source, added])
        source = normalize(f"block_{block}", source)
        if block < 4:
            source = network.conv(f"transition_{block}", source,
                                  network.shapes[source][-1] // 2, 1,
                                  bias=False)
            source = network.average_pool(f"transition_{block}_pool", source,
                                          2)
    classify(network, source)
    return network


def zoo_networks() -> list[Network]:
    return [unet(), alexnet(), vgg(), squeezenet(), resnet(), mobilenet_v2(),
            mobilenet_v3(), shufflenet(), efficientnet(), densenet()]
