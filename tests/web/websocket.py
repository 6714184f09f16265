# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A viewer of the page's WebSocket (RFC 6455), and what its messages hold."""

import array
import base64
import json
import os
import socket
import struct
import sys

TIMEOUT = 60
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Refused(Exception):
    """The server does not open the WebSocket; args[0] is the HTTP status."""


class Viewer:
    """A WebSocket that reads only when it is told to."""

    def __init__(self, port, path="/live.ws", headers=(), buffer=None):
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(TIMEOUT)
        self.socket.connect(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        fields = {"Host": f"127.0.0.1:{port}", "Upgrade": "websocket",
                  "Connection": "Upgrade", "Sec-WebSocket-Key": key,
                  "Sec-WebSocket-Version": "13",
                  "Sec-WebSocket-Extensions": "permessage-deflate", **dict(headers)}
        lines = [f"GET {path} HTTP/1.1", *(f"{k}: {v}" for k, v in fields.items())]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        status = int(self.file.readline().split()[1])
        self.headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()
        if status != 101:
            self.close()
            raise Refused(status)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, opcode, payload):
        mask = os.urandom(4)
        size = len(payload)
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size) if size < 126 else \
            struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
        self.socket.sendall(head + mask + bytes(
            byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def tell(self, **words):
        self.send(TEXT, json.dumps(words).encode())

    def read_frame(self):
        """Return the opcode and the payload of the next frame."""
        first, second = self.file.read(2)
        size = second & 0x7f
        if size == 126:
            size, = struct.unpack("!H", self.file.read(2))
        elif size == 127:
            size, = struct.unpack("!Q", self.file.read(8))
        assert first & 0x70 == 0, "an extension that was not agreed on"
        return first & 0x0f, self.file.read(size)

    def read(self):
        """Return the next picture, without acknowledging it."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == PING:
                self.send(PONG, payload)
            elif opcode == BINARY:
                return Message(payload)
            elif opcode == CLOSE:
                raise ConnectionError(payload[2:].decode())

    def next(self):
        """Return the next picture, and let another one come."""
        message = self.read()
        self.tell(acknowledge=message.header["token"])
        return message

    def find(self, is_right, tries=300):
        """Return the first picture of which @is_right says so."""
        for _ in range(tries):
            message = self.next()
            if is_right(message):
                return message
        raise AssertionError(f"no such picture among {tries}")

    def has_more(self, seconds):
        """Return whether something comes within a time."""
        self.socket.settimeout(seconds)
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except TimeoutError:
            return False
        finally:
            self.socket.settimeout(TIMEOUT)


class Message:
    """A picture: its header, and the parts that the header names."""

    def __init__(self, payload):
        assert payload[:4] == b"AMF1"
        size, = struct.unpack("<I", payload[4:8])
        assert size % 4 == 0
        self.header = json.loads(payload[8:8 + size])
        self.body = payload[8 + size:]

    @property
    def subject(self):
        return self.header.get("subject")

    def part(self, place):
        offset, size = place
        assert offset % 4 == 0 and offset + size <= len(self.body)
        return self.body[offset:offset + size]

    def floats(self, place):
        values = array.array("f", self.part(place))
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def maps(self, layer):
        """Return all values of a layer, as the page reads them."""
        if layer["type"] == "float32":
            return self.floats(layer["values"])
        extremes = self.floats(layer["extremes"])
        channels = layer["channels"]
        steps = [(high - low) / 255 for low, high
                 in zip(extremes[::2], extremes[1::2])]
        return [extremes[2 * (i % channels)] + code * steps[i % channels]
                for i, code in enumerate(self.part(layer["values"]))]
