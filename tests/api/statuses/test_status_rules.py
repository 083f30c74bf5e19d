"""What sets a status by itself, what sticks, and what is left after a restart."""

import time

import pytest

from lib.client import Client, unique


@pytest.fixture(scope="module")
def settings():
    return {"TeamSettings.UserStatusAwayTimeout": 1}


@pytest.fixture
def person(world):
    return world.person(unique("lady"))


def status_of(client, person):
    return client.get(f"/users/{person.id}/status")


def choose(person, status, **more):
    return person.put(f"/users/{person.id}/status", {"user_id": person.id, "status": status, **more})


def until(what, seconds=20):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.1)


def test_silence_makes_away_and_a_message_online(person, admin, sockets, team):
    admin.join_team(team, person)
    channel = admin.make_channel(team, person)
    socket = sockets(person)
    socket.expect("status_change", lambda e: e["data"] == {"user_id": person.id, "status": "away"}, timeout=20)
    assert status_of(admin, person)["status"] == "away" and not status_of(admin, person)["manual"]
    person.say(channel, "here I am")
    socket.expect("status_change", lambda e: e["data"]["status"] == "online")


def test_message_without_a_socket_is_a_short_presence(person, admin, team):
    admin.join_team(team, person)
    channel = admin.make_channel(team, person)
    person.say(channel, "passing by")
    until(lambda: status_of(admin, person)["status"] == "offline")


@pytest.mark.parametrize("status", ["away", "dnd", "offline"])
def test_chosen_status_sticks(person, admin, sockets, team, status):
    admin.join_team(team, person)
    channel = admin.make_channel(team, person)
    choose(person, status)
    socket = sockets(person)
    person.say(channel, "still not there")
    socket.send("user_update_active_status", {"user_is_active": True})
    socket.fence(person)
    assert status_of(admin, person)["status"] == status and not socket.has("status_change")
    choose(person, "online")
    assert status_of(admin, person)["status"] == "online"


def test_the_client_s_word_by_hand_ends_what_was_chosen(person, admin, sockets):
    socket = sockets(person)
    choose(person, "away")
    assert socket.ask("user_update_active_status", {"user_is_active": True, "manual": True})["status"] == "OK"
    assert status_of(admin, person)["status"] == "online"
    assert socket.ask("user_update_active_status", {"user_is_active": False, "manual": True})["status"] == "OK"
    assert status_of(admin, person) == {**status_of(admin, person), "status": "away", "manual": True}
    assert socket.ask("user_update_active_status", {"user_is_active": "yes"})["status"] == "FAIL"


def test_silence_ends_at_its_time_and_returns_to_what_was(person, admin, sockets):
    socket = sockets(person)
    choose(person, "away")
    choose(person, "dnd", dnd_end_time=int(time.time()) + 1)
    assert status_of(admin, person)["status"] == "dnd"
    for status in ("away", "dnd", "away"):
        socket.expect("status_change", lambda e: e["data"]["status"] == status, timeout=20)
    assert status_of(admin, person)["dnd_end_time"] == 0


@pytest.mark.parametrize("more", [{"dnd_end_time": -1}, {"dnd_end_time": "soon"}, {"status": "ooo"}, {"user_id": ""}])
def test_bad_choices_are_refused(person, more):
    person.put(f"/users/{person.id}/status", {"user_id": person.id, "status": "dnd", **more}, expect=400)


@pytest.mark.parametrize("custom", [
    {"text": "x", "duration": "a_year", "expires_at": "2099-01-01T00:00:00Z"},
    {"text": "x", "expires_at": "2001-01-01T00:00:00Z"},
    {"text": "x", "expires_at": "tomorrow"},
    {"text": "x", "emoji": "no_such_emoji"},
    {"text": 5},
])
def test_bad_custom_statuses_are_refused(person, custom):
    person.put("/users/me/status/custom", custom, expect=400)
    assert "customStatus" not in person.get("/users/me").get("props", {})


def test_last_five_custom_statuses_are_kept(person):
    for i in range(6):
        person.put("/users/me/status/custom", {"emoji": "smile", "text": f"mood {i}"})
    person.put("/users/me/status/custom", {"emoji": "smile", "text": "mood 3"})
    preference = "/users/me/preferences/custom_status/name/recent_custom_statuses"

    def texts():
        import json
        return [s["text"] for s in json.loads(person.get(preference)["value"])]

    assert texts() == ["mood 3", "mood 5", "mood 4", "mood 2", "mood 1"]
    person.post("/users/me/status/custom/recent/delete", {"emoji": "smile", "text": "mood 5"})
    assert texts() == ["mood 3", "mood 4", "mood 2", "mood 1"]
    person.delete("/users/me/status/custom/recent", {"emoji": "smile", "text": "mood 5"}, expect=400)


def test_long_custom_status_is_cut(person):
    person.put("/users/me/status/custom", {"text": "雁" * 101, "duration": "today", "expires_at": "2099-01-01T00:00:00Z"})
    custom = person.get("/users/me")["props"]["customStatus"]
    assert "雁" * 100 + '"' in custom and "speech_balloon" in custom


def test_chosen_status_survives_kill_9_and_presence_does_not(start_server, driver):
    server = start_server(driver)
    people = []
    for name in ("admin", "romeo"):
        client = Client(server)
        client.sign_up(name)
        people.append(client.log_in(name))
    admin, romeo = people
    end = int(time.time()) + 3600
    choose(admin, "dnd", dnd_end_time=end)
    socket = romeo.socket()
    assert status_of(admin, romeo)["status"] == "online"
    server.kill()
    socket.drop()
    server.start()
    assert (status_of(admin, admin)["status"], status_of(admin, admin)["dnd_end_time"]) == ("dnd", end)
    assert status_of(admin, romeo)["status"] == "offline"
