"""Asked to stop in the middle of everything: it ends cleanly, soon, and nothing acknowledged is lost."""

import random
import threading
import time

import requests

from lib.client import Client, new_id
from lib.raw_ws import RawSocket
from lib.server import IS_SLOW

ROUNDS = 2 if IS_SLOW else 4


class Load:
    """People who write, search, upload, sign in, and open and drop sockets, until the server goes."""

    def __init__(self, server, people, channel):
        self.server, self.people, self.channel = server, people, channel
        self.over = threading.Event()
        self.acknowledged, self.problems = [], []
        jobs = [self.write, self.write, self.search, self.upload, self.sign_in, self.come_and_go, self.come_and_go, self.wait_unsigned, self.act]
        self.threads = [threading.Thread(target=self.run, args=(job, random.Random(i)), daemon=True) for i, job in enumerate(jobs)]
        for thread in self.threads:
            thread.start()

    def run(self, job, rng):
        client = self.people[rng.randrange(len(self.people))]
        own = client.clone()
        own.token, own.user = client.token, client.user
        while not self.over.is_set():
            try:
                job(own, rng)
            except (OSError, requests.RequestException):
                if self.over.wait(0.01):
                    return
            except AssertionError as problem:
                if "503" not in str(problem) and "HTTP/1.1 " not in str(problem):
                    self.problems.append(problem)

    def write(self, client, rng):
        self.acknowledged.append(client.say(self.channel, "x" * rng.randrange(1, 3000))["id"])

    def search(self, client, _):
        client.post("/posts/search", {"terms": "x* from:romeo", "is_or_search": False})

    def upload(self, client, rng):
        client.upload(self.channel, content=b"y" * rng.randrange(1, 600_000))

    def sign_in(self, client, _):
        client.clone().log_in(client.username).log_out()

    def come_and_go(self, client, rng):
        with RawSocket(self.server, client.token, deflate=rng.random() < 0.5) as line:
            line.event(timeout=rng.random() * 0.02)

    def wait_unsigned(self, _, rng):
        with RawSocket(self.server, new_id()):
            time.sleep(rng.random() * 0.01)

    def act(self, client, rng):
        with RawSocket(self.server, client.token) as line:
            for seq in range(1, 20):
                line.send(1, b'{"seq":%d,"action":"user_typing","data":{"channel_id":"%s","parent_id":""}}' % (seq, self.channel["id"].encode()))
            line.event(timeout=rng.random() * 0.02)

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join(60)
        assert not self.problems, self.problems[:3]


def test_stopping_under_load_is_clean_and_loses_nothing(start_server, driver):
    server = start_server(driver)
    people = []
    for name in ("romeo", "juliet", "mercutio"):
        client = Client(server)
        client.sign_up(name)
        people.append(client.log_in(name))
    team = people[0].make_team()
    people[0].join_team(team, *people[1:])
    channel = people[0].channel_named(team, "town-square")
    acknowledged = []
    for _ in range(ROUNDS):
        load = Load(server, people, channel)
        idle = [RawSocket(server, people[1].token) for _ in range(5)]
        time.sleep(1.5 if IS_SLOW else 0.7)
        begun = time.monotonic()
        server.stop()
        assert time.monotonic() - begun < (60 if IS_SLOW else 9)
        load.end()
        for line in idle:
            line.drop()
        acknowledged += load.acknowledged
        server.start()
    assert len(acknowledged) > ROUNDS
    for post_id in acknowledged:
        people[0].get(f"/posts/{post_id}")
