"""Sidebar categories."""

import pytest

from lib.client import new_id


@pytest.fixture
def path(romeo, team):
    return f"/users/{romeo.id}/teams/{team['id']}/channels/categories"


def kinds(answer):
    return [c["type"] for c in answer["categories"]]


def of_kind(client, path, kind):
    return [c for c in client.get(path)["categories"] if c["type"] == kind][0]


def test_three_are_there_from_the_start(romeo, path, channel):
    answer = romeo.get(path)
    assert {"favorites", "channels", "direct_messages"} <= set(kinds(answer))
    assert set(answer["order"]) == {c["id"] for c in answer["categories"]}
    assert channel["id"] in of_kind(romeo, path, "channels")["channel_ids"]
    assert romeo.get(path + "/order") == answer["order"]


def test_own_category_is_made_and_told(romeo, path, channel, team, sockets):
    socket = sockets(romeo)
    made = romeo.post(path, {"user_id": romeo.id, "team_id": team["id"], "display_name": "阳台", "channel_ids": [channel["id"]]}, expect=(200, 201))
    assert made["display_name"] == "阳台" and made["type"] == "custom" and made["channel_ids"] == [channel["id"]]
    assert socket.expect("sidebar_category_created")["data"]["category_id"] == made["id"]
    assert channel["id"] not in of_kind(romeo, path, "channels")["channel_ids"]
    assert romeo.get(f"{path}/{made['id']}")["display_name"] == "阳台"
    changed = romeo.put(f"{path}/{made['id']}", {**made, "display_name": "Balcony", "collapsed": True})
    assert changed["display_name"] == "Balcony" and changed["collapsed"] is True
    socket.expect("sidebar_category_updated")
    romeo.delete(f"{path}/{made['id']}")
    socket.expect("sidebar_category_deleted")
    assert channel["id"] in of_kind(romeo, path, "channels")["channel_ids"]
    romeo.get(f"{path}/{made['id']}", expect=404)


def test_order_is_changed_whole(romeo, path, sockets):
    socket = sockets(romeo)
    order = romeo.get(path + "/order")
    turned = order[::-1]
    assert romeo.put(path + "/order", turned) == turned
    assert socket.expect("sidebar_category_order_updated")["data"]["order"] == turned
    assert romeo.get(path + "/order") == turned
    romeo.put(path + "/order", turned[1:], expect=400)
    romeo.put(path + "/order", [*turned[1:], new_id()], expect=400)
    romeo.put(path + "/order", order)


def test_favourites_are_a_preference_too(romeo, path, channel):
    favourites = of_kind(romeo, path, "favorites")
    romeo.put(f"{path}/{favourites['id']}", {**favourites, "channel_ids": [channel["id"]]})
    assert romeo.get(f"/users/me/preferences/favorite_channel/name/{channel['id']}")["value"] == "true"
    romeo.post("/users/me/preferences/delete", [{"user_id": romeo.id, "category": "favorite_channel", "name": channel["id"], "value": "true"}])
    assert channel["id"] not in of_kind(romeo, path, "favorites")["channel_ids"]


def test_direct_channels_have_their_place(romeo, juliet, path):
    direct = romeo.direct(juliet)
    assert direct["id"] in of_kind(romeo, path, "direct_messages")["channel_ids"]


def test_several_are_put_at_once(romeo, path):
    rows = romeo.get(path)["categories"]
    for row in rows:
        row["muted"] = False
    assert {c["id"] for c in romeo.put(path, rows)} == {c["id"] for c in rows}


def test_the_three_are_not_deleted(romeo, path):
    for kind in ("channels", "favorites", "direct_messages"):
        romeo.delete(f"{path}/{of_kind(romeo, path, kind)['id']}", expect=400)


def test_categories_are_one_s_own(romeo, juliet, paris, nobody, path, team):
    juliet.get(path, expect=403)
    juliet.put(path + "/order", [], expect=403)
    nobody.get(path, expect=401)
    paris.get(f"/users/me/teams/{team['id']}/channels/categories", expect=(200, 403))
    juliet.delete(f"{path}/{of_kind(romeo, path, 'channels')['id']}", expect=403)


def test_left_channel_leaves_its_category(romeo, path, channel):
    romeo.delete(f"/channels/{channel['id']}/members/{romeo.id}")
    assert all(channel["id"] not in c["channel_ids"] for c in romeo.get(path)["categories"])
