"""Many people at once: everyone hears everything once, in one order; one who does not listen hurts nobody."""

import json
import socket as sockets_of_system
import threading

from lib.client import Client

LISTENERS, WRITERS, POSTS = 20, 4, 25


def people(server, count):
    admin = Client(server)
    admin.sign_up("admin")
    admin.log_in("admin")
    team = admin.make_team("verona")
    others = []
    for i in range(count):
        client = Client(server)
        client.sign_up(f"citizen{i}")
        others.append(client.log_in(f"citizen{i}"))
    admin.join_team(team, *others)
    channel = admin.channel_named(team, "town-square")
    return admin, channel, others


def at_once(jobs):
    problems = []

    def run(job):
        try:
            job()
        except BaseException as problem:  # noqa: BLE001: told below
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not problems, problems[:3]


def write(client, channel, name):
    for i in range(POSTS):
        client.say(channel, f"{name}-{i}")


def test_everyone_hears_everything_once_in_the_channels_order(start_server, driver):
    server = start_server(driver)
    admin, channel, others = people(server, WRITERS)
    ears = [others[i % WRITERS].socket() for i in range(LISTENERS)]
    at_once([lambda c=client, n=f"w{i}": write(c, channel, n) for i, client in enumerate(others)])
    total = WRITERS * POSTS
    order = [m for m in admin.messages_of(channel) if m.startswith("w")]
    assert len(order) == total == len(set(order))
    for ear in ears:
        for message in order:
            ear.expect("posted", lambda e, m=message: e["data"]["post"]["message"] == m)
        assert not ear.has("posted")
        heard = [json.loads(e["data"]["post"]) for e in ear.heard if e["event"] == "posted"]
        assert [post["message"] for post in heard] == order, "heard in the channel's order"
        assert ear.failure is None
        ear.close()
    assert admin.get(f"/channels/{channel['id']}")["total_msg_count"] == total


def test_writers_in_one_thread_are_all_counted(start_server, driver):
    server = start_server(driver)
    admin, channel, others = people(server, WRITERS)
    root = admin.say(channel, "root")

    def reply(client, name):
        for i in range(POSTS):
            client.say(channel, f"{name}-{i}", root_id=root["id"])

    at_once([lambda c=client, n=f"w{i}": reply(c, n) for i, client in enumerate(others)])
    assert admin.get(f"/posts/{root['id']}")["reply_count"] == WRITERS * POSTS
    posts, start = {}, {}
    while True:
        part = admin.get(f"/posts/{root['id']}/thread", params={"perPage": 60, "direction": "down", **start})
        posts.update(part["posts"])
        if not part.get("has_next"):
            break
        last = max(part["posts"].values(), key=lambda p: p["create_at"])
        start = {"fromPost": last["id"], "fromCreateAt": last["create_at"]}
    assert len(posts) == WRITERS * POSTS + 1


def test_one_who_does_not_listen_hurts_nobody(start_server):
    server = start_server("sqlite")
    admin, channel, others = people(server, 2)
    deaf, hearing = others
    # A socket that reads nothing after its handshake, with a small window, so that the server's queue for it fills.
    raw = sockets_of_system.socket()
    raw.setsockopt(sockets_of_system.SOL_SOCKET, sockets_of_system.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))
    raw.sendall((f"GET /api/v4/websocket HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {deaf.token}\r\n\r\n").encode())
    assert b" 101 " in raw.recv(200)
    with hearing.socket() as ear:
        for i in range(200):
            admin.say(channel, f"{i} " + "x" * 16000)
        ear.expect("posted", lambda e: e["data"]["post"]["message"].startswith("199 "), timeout=30)
    raw.close()
