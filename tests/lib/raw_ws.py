"""A WebSocket client of our own, for what libraries hide: permessage-deflate, cut frames, connections dropped in the middle."""

import base64
import json
import os
import socket
import struct
import urllib.parse
import zlib


class RawSocket:
    def __init__(self, server, token, deflate=False, **parameters):
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        lines = [f"GET /api/v4/websocket{query} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(), "Sec-WebSocket-Version: 13",
                 "Authorization: Bearer " + token]
        if deflate:
            lines.append("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
        self.bytes, self.compressed = b"", 0
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.bytes:
            self.more()
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 101"), head
        assert (b"permessage-deflate" in head) == deflate, head

    def more(self):
        got = self.socket.recv(65536)
        if not got:
            raise ConnectionError("closed")
        self.bytes += got

    def take(self, count):
        while len(self.bytes) < count:
            self.more()
        taken, self.bytes = self.bytes[:count], self.bytes[count:]
        return taken

    def frame(self):
        """(opcode, payload) of the next frame; the server sends none in pieces. A time-out in the middle loses nothing."""
        held = b""
        try:
            held += self.take(2)
            first, second = held
            length = second & 0x7F
            if length > 125:
                wide = self.take(2 if length == 126 else 8)
                held += wide
                length = int.from_bytes(wide, "big")
            held += self.take(length)
        except TimeoutError:
            self.bytes = held + self.bytes
            raise
        assert first & 0x80 and not second & 0x80
        payload = held[len(held) - length:]
        if first & 0x40:
            self.compressed += 1
            payload = zlib.decompressobj(-15).decompress(payload + b"\x00\x00\xff\xff")
        return first & 0x0F, payload

    def event(self, timeout=10):
        """The next JSON message; None when none comes in time, or the server closes."""
        self.socket.settimeout(timeout)
        try:
            while True:
                opcode, payload = self.frame()
                if opcode == 1:
                    return json.loads(payload)
                if opcode == 8:
                    return None
        except (TimeoutError, ConnectionError):
            return None

    def send(self, opcode, payload, fin=True):
        mask = os.urandom(4)
        head = bytes([(0x80 if fin else 0) | opcode])
        if len(payload) < 126:
            head += bytes([0x80 | len(payload)])
        else:
            head += bytes([0x80 | 126]) + struct.pack(">H", len(payload))
        self.socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def close(self, seen=lambda event: None):
        """The close handshake: what the server still sends before its answer goes to `seen`."""
        self.send(8, struct.pack(">H", 1000))
        self.socket.settimeout(10)
        while True:
            opcode, payload = self.frame()
            if opcode == 8:
                break
            if opcode == 1:
                seen(json.loads(payload))
        self.socket.close()

    def drop(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.drop()
