# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A player of the server's RTSP (RFC 2326), over TCP, that looks at nothing."""

import socket
import urllib.parse

TIMEOUT = 60


class Player:
    """Watches a stream for as long as it is open."""

    def __init__(self, url):
        address = urllib.parse.urlparse(url)
        self.socket = socket.create_connection((address.hostname, address.port),
                                               TIMEOUT)
        self.file = self.socket.makefile("rb")
        self.count = 0
        self.ask("DESCRIBE", url, Accept="application/sdp")
        answer = self.ask("SETUP", f"{url}/stream=0",
                          Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        self.ask("PLAY", url, Session=answer["session"].partition(";")[0])

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.file.close()
        self.socket.close()

    def ask(self, method, url, **fields):
        """Return the headers of the answer."""
        self.count += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self.count}",
                 *(f"{name}: {value}" for name, value in fields.items())]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        status = self.file.readline().split()
        assert status[1] == b"200", (method, status)
        headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        self.file.read(int(headers.get("content-length", 0)))
        return headers
