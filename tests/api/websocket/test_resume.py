"""Connections that break again and again while people write: every event once, in order, or a hello that tells to load anew."""

import json
import random
import threading

import pytest

from lib.client import new_id
from lib.raw_ws import RawSocket

RECONNECTS = 200


class Writer(threading.Thread):
    """Writes until told to stop."""

    def __init__(self, client, channel):
        super().__init__(daemon=True)
        self.client, self.channel, self.said, self.stop, self.problem = client, channel, [], threading.Event(), None

    def run(self):
        try:
            while not self.stop.is_set():
                text = f"{len(self.said)} " + "lorem ipsum dolor " * random.randrange(30)
                self.client.say(self.channel, text)
                self.said.append(text)
                self.stop.wait(random.random() * 0.01)
        except Exception as problem:  # noqa: BLE001: told by the test
            self.problem = problem


class Ear:
    """A client that knows what v4 clients know: the connection's id and the number it expects next."""

    def __init__(self, server, client, deflate):
        self.server, self.client, self.deflate = server, client, deflate
        self.connection_id, self.expected = "", 0
        self.heard, self.reloads, self.compressed = [], 0, 0

    def take(self, event):
        if event["event"] == "hello":
            assert event["seq"] == 0
            self.reloads += event["data"]["connection_id"] != self.connection_id and self.connection_id != ""
            self.connection_id, self.expected = event["data"]["connection_id"], 0
            self.heard.append("hello")
        assert event["seq"] == self.expected, f"{event['event']} has {event['seq']}, not {self.expected}"
        self.expected += 1
        if event["event"] == "posted":
            self.heard.append(json.loads(event["data"]["post"])["message"])

    def open(self):
        return RawSocket(self.server, self.client.token, deflate=self.deflate, connection_id=self.connection_id, sequence_number=self.expected)


@pytest.mark.parametrize("deflate", [False, True], ids=["plain", "deflate"])
def test_every_event_comes_once_in_order_however_often_the_line_breaks(server, world, channel, romeo, juliet, deflate):
    rng = random.Random(1597)
    writer = Writer(romeo.clone().log_in("romeo"), channel)
    ear = Ear(server, juliet, deflate)
    others = [Ear(server, juliet, False).open() for _ in range(3)]  # the same user has more connections
    for other in others:
        assert other.event()["event"] == "hello"
    writer.start()
    for _ in range(RECONNECTS):
        polite = rng.random() < 0.5
        line = ear.open()
        for _ in range(rng.randrange(6)):
            event = line.event(timeout=rng.random() * 0.03)
            if event:
                ear.take(event)
        ear.compressed += line.compressed
        if polite:  # the server has answered the goodbye, so it knows that the line is gone: nothing may be lost
            line.close(ear.take)
            before = ear.reloads
            line = ear.open()
            first = line.event()
            ear.take(first)
            assert first["event"] != "hello" and ear.reloads == before
        line.drop()
    writer.stop.set()
    writer.join(30)
    assert writer.problem is None, writer.problem
    line = ear.open()
    while ear.heard[-1] != writer.said[-1]:
        event = line.event(timeout=5)
        if event is None:
            break
        ear.take(event)
    line.drop()
    for other in others:
        other.drop()
    # Between two hellos: an unbroken part of what was said. A hello is followed by a fresh load, which no event repeats or lacks.
    assert ear.heard[0] == "hello"
    parts = [[]]
    for message in ear.heard[1:]:
        if message == "hello":
            parts.append([])
        else:
            parts[-1].append(message)
    place = 0
    for part in parts:
        if part:
            start = writer.said.index(part[0], place)
            assert writer.said[start:start + len(part)] == part
            place = start + len(part)
    assert place == len(writer.said), "heard to the end"
    assert len(writer.said) > RECONNECTS / 4
    assert not deflate or ear.compressed > 0


def test_a_number_from_the_future_or_the_past_gets_a_hello(server, juliet):
    first = juliet.socket()
    first.close()
    first.wait_closed()
    for sequence in (first.next_seq + 5, -1, 2**62):
        with RawSocket(server, juliet.token, connection_id=first.connection_id, sequence_number=sequence) as line:
            hello = line.event()
            assert hello["event"] == "hello" and hello["seq"] == 0 and hello["data"]["connection_id"] != first.connection_id


def test_a_number_that_is_none_is_refused(server, juliet):
    for parameters in ({"connection_id": new_id()}, {"connection_id": new_id(), "sequence_number": "x"}, {"connection_id": "short", "sequence_number": 0},
                       {"connection_id": new_id(), "sequence_number": 2**64}):
        with pytest.raises(AssertionError, match="400"):
            RawSocket(server, juliet.token, **parameters)


def test_more_than_is_kept_gets_a_hello(server, romeo, juliet, channel):
    ear = Ear(server, juliet, False)
    line = ear.open()
    ear.take(line.event())
    line.close(ear.take)
    for i in range(140):
        romeo.say(channel, f"{i}")
    line = ear.open()
    hello = line.event()
    assert hello["event"] == "hello" and hello["seq"] == 0
    line.drop()


def test_a_revoked_session_is_not_resumed(server, world):
    person = world.person("abram")
    ear = Ear(server, person, False)
    line = ear.open()
    ear.take(line.event())
    line.close(ear.take)
    person.log_out()
    again = person.clone().log_in("abram")
    with RawSocket(server, again.token, connection_id=ear.connection_id, sequence_number=ear.expected) as line:
        assert line.event()["data"]["connection_id"] != ear.connection_id


def test_signing_out_while_sockets_open_leaves_none_open(server, world):
    """Sign-outs race with sockets that are being opened: whichever comes first, no socket survives its session."""
    person = world.person("balthasar")
    lines = []
    for _ in range(15):
        session = person.clone().log_in("balthasar")
        go = threading.Barrier(5)

        def open_one(token=session.token, go=go):
            go.wait()
            try:
                lines.append(RawSocket(server, token))
            except (AssertionError, OSError):
                pass

        threads = [threading.Thread(target=open_one) for _ in range(4)]
        for thread in threads:
            thread.start()
        go.wait()
        session.log_out()
        for thread in threads:
            thread.join()
    for line in lines:  # those whose session was gone already are strangers, who are sent away after five seconds
        line.socket.settimeout(10)
        try:
            while line.socket.recv(4096):
                pass
        except TimeoutError:
            raise AssertionError("a socket outlived its session") from None
        except OSError:
            pass
        line.drop()
