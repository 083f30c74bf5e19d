"""What one client can take from the others: nothing. Slow ones, idle ones, very many at once, and a clock that jumps."""

import json
import pathlib
import resource
import selectors
import socket
import struct
import threading
import time

import pytest

from lib.client import Client
from lib.raw_ws import RawSocket
from lib.server import IS_SLOW

IDLE, STORM = 1500, 3000
FAKETIME = pathlib.Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def start(start_server, **options):
    server = start_server("sqlite", **options)
    romeo = Client(server)
    romeo.sign_up("romeo")
    romeo.log_in("romeo")
    return server, romeo


def connect(server, count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + 200:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + 1000), hard))
    return [socket.create_connection(("127.0.0.1", server.port), timeout=20) for _ in range(count)]


def close_all(lines):
    for line in lines:
        line.close()


def test_slow_heads_are_ended_and_hurt_nobody(start_server):
    server, romeo = start(start_server)
    lines = connect(server, 300)
    for line in lines:
        line.sendall(b"GET /api/v4/users/me HTTP/1.1\r\nHost: x\r\n")
    begun = time.monotonic()
    while time.monotonic() - begun < 8:  # each sends a little more, as Slowloris does
        for line in lines:
            line.sendall(b"X-A: b\r\n")
        assert romeo.get("/users/me")["username"] == "romeo"
        time.sleep(1)
    for line in lines:
        answer = line.recv(4096)
        assert answer.startswith(b"HTTP/1.1 408"), answer
    assert time.monotonic() - begun < 20
    close_all(lines)


def test_slow_bodies_hurt_nobody(start_server):
    server, romeo = start(start_server)
    lines = connect(server, 300)
    for line in lines:
        line.sendall(f"POST /api/v4/posts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {romeo.token}\r\nContent-Length: 200000\r\n\r\n{{".encode())
    for _ in range(20):
        for line in lines[:50]:
            line.sendall(b" ")
        assert romeo.get("/users/me")["username"] == "romeo"
    close_all(lines)
    assert romeo.get("/users/me")["username"] == "romeo"


def test_many_idle_connections_hurt_nobody(start_server):
    server, romeo = start(start_server)
    lines = connect(server, IDLE)
    assert romeo.clone().get("/system/ping")["status"] == "OK"
    for line in lines:
        line.sendall(b"GET /api/v4/system/ping HTTP/1.1\r\nHost: x\r\n\r\n")
    for line in lines:
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
    close_all(lines)


def test_a_full_queue_is_told_and_the_server_recovers(start_server):
    server, romeo = start(start_server)
    team = romeo.make_team()
    channel = romeo.channel_named(team, "town-square")
    for i in range(50):
        romeo.say(channel, f"lorem ipsum dolor sit amet {i} " * 100)
    body = json.dumps({"terms": " ".join(f"{a}*" for a in "abcdefghijklmnopqrstuvwxyz"), "is_or_search": True})
    request = (f"POST /api/v4/posts/search HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {romeo.token}\r\nContent-Length: {len(body)}\r\n"
               f"Connection: close\r\n\r\n{body}").encode()
    lines = connect(server, STORM)
    for line in lines:
        line.sendall(request)
    slowest = 0
    for _ in range(20):  # what does not search goes its way meanwhile
        begun = time.monotonic()
        romeo.say(channel, "and yet")
        slowest = max(slowest, time.monotonic() - begun)
    statuses = {}
    for line in lines:
        answer = b""
        while part := line.recv(65536):
            answer += part
        status = int(answer.split(b" ", 2)[1])
        statuses[status] = statuses.get(status, 0) + 1
        if status == 503:
            head, text = answer.split(b"\r\n\r\n", 1)
            assert b"\r\nRetry-After: " in head and json.loads(text)["id"] == "api.context.server_busy.app_error"
    close_all(lines)
    assert set(statuses) == {200, 503}, statuses
    assert slowest < (20 if IS_SLOW else 3)
    assert romeo.post("/posts/search", {"terms": "yet", "is_or_search": False})["order"]


def test_one_socket_cannot_fill_the_queue(start_server):
    server, romeo = start(start_server)
    juliet = Client(server)
    juliet.sign_up("juliet")
    juliet.log_in("juliet")
    line = RawSocket(server, romeo.token)
    stop = threading.Event()
    answers = {"OK": 0, "FAIL": 0}

    def read():
        while not stop.is_set():
            event = line.event(timeout=0.5)
            if event and "seq_reply" in event:
                answers[event["status"]] += 1

    reader = threading.Thread(target=read)
    reader.start()
    frame = b""
    for seq in range(1, 5001):
        payload = json.dumps({"seq": seq, "action": "get_statuses"}).encode()
        frame += bytes([0x81, 0x80 | len(payload)]) + b"\0\0\0\0" + payload
    line.socket.sendall(frame)
    for _ in range(50):
        juliet.get("/users/me")  # never a 503
    deadline = time.monotonic() + 30
    while sum(answers.values()) < 5000 and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    reader.join()
    line.drop()
    assert sum(answers.values()) == 5000 and answers["FAIL"] > 0 and answers["OK"] > 0, answers


def test_broken_requests_by_the_hundred_leave_the_server_as_it_was(start_server):
    server, romeo = start(start_server)
    odd = [b"\0" * 1000, b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
           b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"GET /" + b"a" * 40000, b"GET / HTTP/1.1\nHost: x\n\n", b"POST / HTTP/1.1\r\nHost: x\r\n"
           b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", b"POST /api/v4/posts HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
           b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 500 + b"\r\n", struct.pack(">HBB", 0x1603, 1, 0) * 100]
    for _ in range(30):
        lines = connect(server, len(odd))
        for line, bytes_ in zip(lines, odd):
            try:
                line.sendall(bytes_)
            except OSError:
                pass
        watch = selectors.DefaultSelector()
        for line in lines:
            watch.register(line, selectors.EVENT_READ)
        for key, _ in watch.select(timeout=1):
            try:
                told = key.fileobj.recv(4096)
                assert not told or told.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")), told
            except OSError:
                pass
        close_all(lines)
    assert romeo.get("/users/me")["username"] == "romeo"


@pytest.mark.skipif(not FAKETIME.exists() or IS_SLOW, reason="wants Debian's faketime, which does not go with sanitizers")
def test_a_clock_that_jumps_keeps_order_and_sessions(start_server, tmp_path):
    clock = tmp_path / "clock"
    clock.write_text("+0")
    server, romeo = start(start_server, command_prefix=["env", f"LD_PRELOAD={FAKETIME}", f"FAKETIME_TIMESTAMP_FILE={clock}", "FAKETIME_NO_CACHE=1",
                                                        "FAKETIME_DONT_FAKE_MONOTONIC=1"])
    team = romeo.make_team()
    channel = romeo.channel_named(team, "town-square")
    said, ear = [], romeo.socket()
    for jump in ("+0", "-2h", "+3h", "-1d", "+0"):
        clock.write_text(jump)
        for i in range(5):
            said.append(romeo.say(channel, f"{jump} {i}"))
    told = [message for message in romeo.messages_of(channel) if "joined" not in message]
    assert told == [post["message"] for post in said], "in the order in which they were said"
    times = [post["create_at"] for post in said]
    assert times == sorted(set(times))
    for post in said:
        heard = ear.expect("posted")
        assert heard["data"]["post"]["id"] == post["id"]
    ear.close()
    since = romeo.get(f"/channels/{channel['id']}/posts", params={"since": times[2]})
    assert {post["id"] for post in said[3:]} <= set(since["posts"]), "what came later is found by since, whatever the clock said"
    assert romeo.get("/users/me")["username"] == "romeo"
