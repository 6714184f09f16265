# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A player of the server's RTSP (RFC 2326) that looks at nothing."""

import socket
import struct
import urllib.parse

TIMEOUT = 60


def open_udp():
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.settimeout(TIMEOUT)
    udp.bind(("127.0.0.1", 0))
    return udp


class Player:
    """Watches a stream for as long as it is open, from @source, an address of
    this machine."""

    def __init__(self, url, source="", over_udp=False):
        address = urllib.parse.urlparse(url)
        self.url = url
        self.udp = [open_udp(), open_udp()] if over_udp else []
        self.socket = socket.create_connection((address.hostname, address.port),
                                               TIMEOUT, (source, 0))
        self.file = self.socket.makefile("rb")
        self.count = 0
        self.ask("DESCRIBE", url, Accept="application/sdp")
        answer = self.ask("SETUP", f"{url}/stream=0", Transport=self.transport)
        self.session = answer["session"].partition(";")[0]
        self.play()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        for place in (self.file, self.socket, *self.udp):
            place.close()

    @property
    def transport(self):
        if not self.udp:
            return "RTP/AVP/TCP;unicast;interleaved=0-1"
        ports = "-".join(str(udp.getsockname()[1]) for udp in self.udp)
        return f"RTP/AVP;unicast;client_port={ports}"

    def play(self):
        self.ask("PLAY", self.url, Session=self.session)

    def leave(self):
        """Say goodbye, which not every player does; the answer comes behind
        pictures, and is not waited for."""
        self.send("TEARDOWN", self.url, Session=self.session)

    def read(self):
        """Read something of what is sent."""
        place = self.udp[0] if self.udp else self.socket
        if not place.recv(65536):
            raise ConnectionError("the stream has ended")

    def send(self, method, url, **fields):
        self.count += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self.count}",
                 *(f"{name}: {value}" for name, value in fields.items())]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def skip_pictures(self):
        """Skip what comes before an answer, as the first ones may."""
        while self.file.peek(1)[:1] == b"$":
            size, = struct.unpack("!2xH", self.file.read(4))
            self.file.read(size)

    def ask(self, method, url, **fields):
        """Return the headers of the answer."""
        self.send(method, url, **fields)
        self.skip_pictures()
        status = self.file.readline().split()
        assert status[1] == b"200", (method, status)
        headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        self.file.read(int(headers.get("content-length", 0)))
        return headers
