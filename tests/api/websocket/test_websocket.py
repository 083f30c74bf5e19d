"""The WebSocket: opening, actions, sequence, resuming."""

import json

import pytest
import websocket

from lib.client import new_id
from lib.ws import Socket


def test_hello_is_first_and_tells_id_and_version(romeo, sockets):
    socket = sockets(romeo)
    hello = socket.heard[0]
    assert hello["event"] == "hello" and hello["seq"] == 0
    assert len(hello["data"]["connection_id"]) == 26 and hello["data"]["server_version"].startswith("11.")
    assert hello["broadcast"]["user_id"] == romeo.id


def test_challenge_opens_a_bare_socket(server, romeo):
    with Socket(server).open(hello=False) as socket:
        number = socket.send("authentication_challenge", {"token": romeo.token})
        socket.expect("hello")
        assert socket.reply(number)["status"] == "OK"
        assert socket.ask("ping")["data"]["text"] == "pong"


def test_wrong_token_closes(server):
    with Socket(server).open(hello=False) as socket:
        socket.send("authentication_challenge", {"token": new_id()})
        socket.wait_closed()


def test_silent_stranger_is_closed(server):
    with Socket(server).open(hello=False) as socket:
        socket.wait_closed(15)


def test_stranger_is_told_nothing(server, romeo, channel):
    with Socket(server).open(hello=False) as socket:
        romeo.say(channel, "secret")
        socket.wait_closed(15)
        assert socket.heard == []


def test_cookie_opens(server, romeo):
    with Socket(server, cookie=f"MMAUTHTOKEN={romeo.token}").open() as socket:
        assert socket.ask("ping")["status"] == "OK"


def test_foreign_origin_is_refused(server, romeo):
    for origin in ("http://evil.example", "null"):
        with pytest.raises(websocket.WebSocketException):
            Socket(server, romeo.token, origin=origin).open()
    with Socket(server, romeo.token, origin=server.url).open() as socket:
        assert socket.ask("ping")["status"] == "OK"


def test_plain_request_is_no_websocket(romeo):
    romeo.get("/websocket", expect=400, error="api.web_socket.connect.upgrade.app_error")


def test_ping_is_answered(romeo, sockets):
    data = sockets(romeo).ask("ping")["data"]
    assert data["text"] == "pong" and data["version"].startswith("11.")


@pytest.mark.parametrize("frame, error", [
    ({"seq": 7, "action": "no_such_action"}, "api.web_socket_router.bad_action.app_error"),
    ({"seq": 7}, "api.web_socket_router.no_action.app_error"),
    ({"seq": 0, "action": "ping"}, "api.web_socket_router.bad_seq.app_error"),
])
def test_bad_actions_are_told(romeo, sockets, frame, error):
    socket = sockets(romeo)
    socket.ws.send(json.dumps(frame))
    told = socket.reply(frame["seq"])
    assert told["status"] == "FAIL" and told["error"]["id"] == error


@pytest.mark.parametrize("frame", ["not json", "[]", "{", '"text"', "[" * 500, '{"seq":"one","action":5}'])
def test_nonsense_does_not_hurt_others(romeo, juliet, sockets, frame):
    other = sockets(juliet)
    socket = sockets(romeo)
    socket.ws.send(frame)
    assert other.ask("ping")["status"] == "OK"


def test_too_large_a_message_closes(romeo, sockets):
    socket = sockets(romeo)
    socket.ws.send("x" * 20000)
    socket.wait_closed()


def test_typing_reaches_others_in_the_channel_only(romeo, juliet, paris, channel, sockets):
    romeos, juliets, parises = sockets(romeo), sockets(juliet), sockets(paris)
    assert romeos.ask("user_typing", {"channel_id": channel["id"], "parent_id": ""})["status"] == "OK"
    heard = juliets.expect("typing")
    assert heard["data"] == {"user_id": romeo.id, "parent_id": ""} and heard["broadcast"]["channel_id"] == channel["id"]
    romeos.fence(romeo)
    parises.fence(paris)
    assert not romeos.has("typing") and not parises.has("typing")


def test_typing_elsewhere_is_refused(paris, channel, sockets):
    told = sockets(paris).ask("user_typing", {"channel_id": channel["id"], "parent_id": ""})
    assert told["status"] == "FAIL"


def test_lost_connection_is_resumed_without_loss(server, romeo, juliet, channel):
    first = juliet.socket(sequence_number=0, connection_id="")
    romeo.say(channel, "one")
    first.expect("posted", lambda e: e["data"]["post"]["message"] == "one")
    expected = first.next_seq
    first.drop()
    romeo.say(channel, "two")
    again = Socket(server, juliet.token, connection_id=first.connection_id, sequence_number=expected).open(hello=False)
    romeo.say(channel, "three")
    again.expect("posted", lambda e: e["data"]["post"]["message"] == "three")
    messages = [json.loads(e["data"]["post"])["message"] for e in again.heard if e["event"] == "posted"]
    kinds = [e["event"] for e in again.heard]
    again.close()
    if "hello" in kinds:
        # The server had not yet noticed the loss: a fresh connection, which tells the client to load anew.
        assert kinds[0] == "hello" and again.heard[0]["seq"] == 0
    else:
        assert messages == ["two", "three"] and again.heard[0]["seq"] == expected


def test_closed_connection_is_resumed_with_what_was_missed(server, romeo, juliet, channel):
    first = juliet.socket()
    expected = first.next_seq
    first.close()
    first.wait_closed()
    # The close handshake is answered by the server, so it knows that the connection is gone.
    for text in ("alpha", "beta"):
        romeo.say(channel, text)
    with Socket(server, juliet.token, connection_id=first.connection_id, sequence_number=expected).open(hello=False) as again:
        for text in ("alpha", "beta"):
            again.expect("posted", lambda e: e["data"]["post"]["message"] == text)
        assert again.heard[0]["seq"] == expected and "hello" not in [e["event"] for e in again.heard]


def test_unknown_connection_id_gets_a_new_one(server, juliet):
    with Socket(server, juliet.token, connection_id=new_id(), sequence_number=5).open() as socket:
        assert socket.heard[0]["seq"] == 0 and len(socket.connection_id) == 26


def test_another_users_connection_id_is_not_taken_over(server, romeo, juliet):
    first = juliet.socket()
    first.close()
    with Socket(server, romeo.token, connection_id=first.connection_id, sequence_number=1).open() as socket:
        assert socket.connection_id != first.connection_id


def test_end_of_the_session_ends_its_sockets(world):
    person = world.person("sampson")
    socket = person.socket()
    person.log_out()
    try:
        socket.wait_closed()
    finally:
        socket.close()


def test_every_device_hears(romeo, juliet, channel, sockets):
    phone, desk = sockets(juliet), sockets(juliet)
    romeo.say(channel, "both")
    for socket in (phone, desk):
        socket.expect("posted", lambda e: e["data"]["post"]["message"] == "both")
