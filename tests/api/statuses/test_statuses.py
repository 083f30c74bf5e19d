"""Statuses: online, away, do not disturb, custom."""

import time

import pytest

from lib.client import new_id


def test_connection_makes_online_and_its_end_offline(world, sockets):
    person = world.person("mercutio")
    watcher = world.romeo
    socket = person.socket()
    assert watcher.get(f"/users/{person.id}/status")["status"] == "online"
    socket.close()
    deadline = time.monotonic() + 10
    while watcher.get(f"/users/{person.id}/status")["status"] != "offline":
        assert time.monotonic() < deadline, "still not offline"
        time.sleep(0.05)


def test_status_is_set_and_told_to_oneself(romeo, juliet, sockets):
    socket = sockets(romeo)
    status = romeo.put(f"/users/{romeo.id}/status", {"user_id": romeo.id, "status": "away"})
    assert status["status"] == "away" and status["manual"] is True
    socket.expect("status_change", lambda e: e["data"] == {"user_id": romeo.id, "status": "away"} or e["data"]["status"] == "away")
    assert juliet.get(f"/users/{romeo.id}/status")["status"] == "away"
    romeo.put(f"/users/{romeo.id}/status", {"user_id": romeo.id, "status": "online"})


def test_do_not_disturb_has_an_end(romeo):
    end = int(time.time()) + 3600
    status = romeo.put(f"/users/{romeo.id}/status", {"user_id": romeo.id, "status": "dnd", "dnd_end_time": end})
    assert status["status"] == "dnd" and status["dnd_end_time"] == end
    romeo.put(f"/users/{romeo.id}/status", {"user_id": romeo.id, "status": "online"})


def test_several_are_asked_at_once_and_unknown_are_offline(romeo, juliet):
    stranger = new_id()
    answer = {row["user_id"]: row["status"] for row in romeo.post("/users/status/ids", [romeo.id, juliet.id, stranger])}
    assert answer.keys() == {romeo.id, juliet.id, stranger} and answer[stranger] == "offline"
    romeo.post("/users/status/ids", [], expect=400)
    romeo.post("/users/status/ids", ["short"], expect=400)


def test_status_of_another_is_not_mine_to_set(romeo, juliet, nobody):
    juliet.put(f"/users/{romeo.id}/status", {"user_id": romeo.id, "status": "away"}, expect=403)
    romeo.put(f"/users/{romeo.id}/status", {"user_id": juliet.id, "status": "away"}, expect=400)
    nobody.get(f"/users/{romeo.id}/status", expect=401)


@pytest.mark.parametrize("status", ["asleep", "", "ONLINE "])
def test_unknown_status_is_refused(romeo, status):
    romeo.put(f"/users/{romeo.id}/status", {"user_id": romeo.id, "status": status}, expect=400)


def test_custom_status_is_shown_to_others_and_removed(romeo, juliet, sockets):
    socket = sockets(juliet)
    custom = {"emoji": "palm_tree", "text": "在曼图亚", "duration": "", "expires_at": "0001-01-01T00:00:00Z"}
    romeo.put("/users/me/status/custom", custom)
    socket.expect("user_updated", lambda e: "在曼图亚" in e["data"]["user"].get("props", {}).get("customStatus", ""))
    assert "在曼图亚" in juliet.get(f"/users/{romeo.id}")["props"]["customStatus"]
    romeo.delete("/users/me/status/custom")
    assert "在曼图亚" not in juliet.get(f"/users/{romeo.id}").get("props", {}).get("customStatus", "")
    romeo.put("/users/me/status/custom", {"emoji": "", "text": ""}, expect=400)
    juliet.put(f"/users/{romeo.id}/status/custom", custom, expect=403)


def test_statuses_over_the_socket(romeo, sockets):
    socket = sockets(romeo)
    assert socket.ask("get_statuses")["data"][romeo.id] == "online"
    assert socket.ask("get_statuses_by_ids", {"user_ids": [romeo.id]})["data"] == {romeo.id: "online"}
    assert socket.ask("get_statuses_by_ids", {"user_ids": []})["status"] == "FAIL"


def test_two_connections_count_as_one_presence(world):
    person = world.person("balthasar")
    one, two = person.socket(), person.socket()
    one.close()
    two.fence(person)
    assert world.romeo.get(f"/users/{person.id}/status")["status"] == "online"
    two.close()
