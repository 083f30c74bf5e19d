"""kill -9 under load, again and again: whatever was acknowledged is there once, and the counts agree.

ANSER_CRASH_ROUNDS: how often (10).
"""

import os
import random
import threading
import time

import requests

from lib.client import Client

ROUNDS = int(os.environ.get("ANSER_CRASH_ROUNDS", "10"))
WRITERS = 6


class Writer(threading.Thread):
    """Posts until the server dies; remembers what was acknowledged and the one that may or may not be there."""

    def __init__(self, client, channel, name):
        super().__init__(daemon=True)
        self.client, self.channel, self.prefix = client, channel, name
        self.acknowledged, self.tried, self.problem = [], [], None

    def run(self):
        number = 0
        while True:
            number += 1
            message = f"{self.prefix}-{number}"
            self.tried.append(message)
            try:
                self.client.say(self.channel, message)
            except requests.RequestException:
                return  # the server is gone
            except AssertionError as problem:
                self.problem = str(problem)
                return
            self.acknowledged.append(message)


def test_acknowledged_posts_survive_kill(start_server, driver):
    server = start_server(driver)
    romeo = Client(server)
    romeo.sign_up("romeo")
    romeo.log_in("romeo")
    team = romeo.make_team("verona")
    writers = []
    for i in range(WRITERS):
        client = Client(server)
        client.sign_up(f"writer{i}")
        writers.append(client.log_in(f"writer{i}"))
    romeo.join_team(team, *writers)
    channels = [romeo.channel_named(team, name) for name in ("town-square", "off-topic")]  # everyone is in these
    base = [romeo.get(f"/channels/{c['id']}") for c in channels]
    before = [channel["total_msg_count"] for channel in base]

    acknowledged, tried = [set(), set()], [set(), set()]
    dice = random.Random(1597)
    total = 0
    for round_number in range(ROUNDS):
        threads = [Writer(client, channels[i % 2], f"r{round_number}w{i}") for i, client in enumerate(writers)]
        for thread in threads:
            thread.start()
        # The kill is to fall anywhere in the work, so the time is drawn; at least one post must have come through.
        time.sleep(dice.uniform(0.05, 0.4))
        deadline = time.monotonic() + 20
        while not any(thread.acknowledged for thread in threads) and time.monotonic() < deadline:
            time.sleep(0.01)
        server.kill()
        for thread in threads:
            thread.join(30)
            assert thread.problem is None, thread.problem
        server.start()
        for i, thread in enumerate(threads):
            acknowledged[i % 2].update(thread.acknowledged)
            tried[i % 2].update(thread.tried)
            total += len(thread.acknowledged)
        if round_number % 10 == 9 or round_number == ROUNDS - 1:
            check(romeo, channels, before, acknowledged, tried)
    assert total >= ROUNDS


def check(romeo, channels, before, acknowledged, tried):
    for channel, count, sure, possible in zip(channels, before, acknowledged, tried):
        messages = [m for m in romeo.messages_of(channel) if m.startswith("r") and "w" in m and "-" in m]
        assert len(messages) == len(set(messages)), f"posted twice: {sorted(m for m in messages if messages.count(m) > 1)[:5]}"
        missing = sure - set(messages)
        assert not missing, f"{len(missing)} acknowledged posts are lost: {sorted(missing)[:5]}"
        assert set(messages) <= possible
        told = romeo.get(f"/channels/{channel['id']}")
        assert told["total_msg_count"] - count == len(messages), "total_msg_count equals a recount"


def test_acknowledged_file_survives_kill(start_server, driver):
    server = start_server(driver)
    romeo = Client(server)
    romeo.sign_up("romeo")
    romeo.log_in("romeo")
    team = romeo.make_team("verona")
    channel = romeo.make_channel(team)
    content = os.urandom(300_000)
    file = romeo.upload(channel, "letter.bin", content, "application/octet-stream")
    server.kill()
    server.start()
    assert romeo.get(f"/files/{file['id']}") == content
