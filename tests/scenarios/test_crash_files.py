"""kill -9 while files come in: what was acknowledged is there, byte for byte, and no half file stands in for another."""

import hashlib
import os
import threading

import requests

from lib.client import Client
from lib.images import png

ROUNDS = int(os.environ.get("ANSER_CRASH_ROUNDS", "10")) // 3 or 1


class Sender(threading.Thread):
    """Sends files until the server dies; remembers what was acknowledged. The first one is told of by `begun`."""

    def __init__(self, client, channel, number):
        super().__init__(daemon=True)
        self.client, self.channel, self.number = client, channel, number
        self.acknowledged, self.problem, self.begun = [], None, threading.Event()

    def content(self, n):
        return png(30 + n % 50, 20, (self.number, n % 256, 7)) if n % 4 == 0 else hashlib.sha256(b"%d %d" % (self.number, n)).digest() * (20000 if n % 4 == 1 else 5)

    def run(self):
        n = 0
        while True:
            content = self.content(n)
            try:
                info = self.client.upload(self.channel, f"{n}.png" if n % 4 == 0 else f"{n}.bin", content)
            except requests.RequestException:
                return  # the server is gone
            except AssertionError as problem:
                self.problem = str(problem)
                return
            self.acknowledged.append((info["id"], content))
            n += 1
            if n > 5:
                self.begun.set()


def test_acknowledged_files_survive_kill(start_server, driver):
    server = start_server(driver)
    romeo = Client(server)
    romeo.sign_up("romeo")
    romeo.log_in("romeo")
    channel = romeo.channel_named(romeo.make_team("verona"), "town-square")
    for _ in range(ROUNDS):
        senders = []
        for number in range(4):
            client = romeo.clone()
            client.token = romeo.token
            senders.append(Sender(client, channel, number))
        for sender in senders:
            sender.start()
        for sender in senders:
            assert sender.begun.wait(30), sender.problem
        server.kill()
        for sender in senders:
            sender.join(30)
            assert sender.problem is None, sender.problem
        server.start()
        for sender in senders:
            for file_id, content in sender.acknowledged:
                assert romeo.get(f"/files/{file_id}") == content
                info = romeo.get(f"/files/{file_id}/info")
                if info.get("has_preview_image"):
                    assert romeo.get(f"/files/{file_id}/thumbnail")[:3] == b"\xff\xd8\xff"
