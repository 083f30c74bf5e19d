"""Sidebar categories: channels move, favourites follow, muted categories mute."""

import pytest

from lib.client import new_id, unique


@pytest.fixture
def path(romeo, team):
    return f"/users/{romeo.id}/teams/{team['id']}/channels/categories"


def of_kind(client, path, kind):
    return [c for c in client.get(path)["categories"] if c["type"] == kind][0]


def make(client, path, *channels, **fields):
    return client.post(path, {"display_name": unique("own"), "channel_ids": [c["id"] for c in channels], **fields})


def places(client, path, channel):
    return [c["id"] for c in client.get(path)["categories"] if channel["id"] in c["channel_ids"]]


def test_channel_stands_in_one_category_only(romeo, path, channel):
    one, two = make(romeo, path, channel), make(romeo, path)
    assert places(romeo, path, channel) == [one["id"]]
    romeo.put(f"{path}/{two['id']}", {**two, "channel_ids": [channel["id"]]})
    assert places(romeo, path, channel) == [two["id"]]
    romeo.put(f"{path}/{two['id']}", {**two, "channel_ids": []})
    assert places(romeo, path, channel) == [of_kind(romeo, path, "channels")["id"]]


def test_new_category_stands_under_the_favourites(romeo, path):
    made = make(romeo, path)
    order = romeo.get(path + "/order")
    assert order.index(made["id"]) == order.index(of_kind(romeo, path, "favorites")["id"]) + 1


def test_favourite_preference_moves_the_channel(romeo, path, channel, sockets):
    socket = sockets(romeo)
    row = {"user_id": romeo.id, "category": "favorite_channel", "name": channel["id"], "value": "true"}
    romeo.put("/users/me/preferences", [row])
    socket.expect("sidebar_category_updated")
    assert places(romeo, path, channel) == [of_kind(romeo, path, "favorites")["id"]]
    own = make(romeo, path, channel)
    assert places(romeo, path, channel) == [own["id"]]
    assert socket.expect("preferences_deleted")["data"]["preferences"][0]["name"] == channel["id"]
    assert row["name"] not in {p["name"] for p in romeo.get("/users/me/preferences") if p["category"] == "favorite_channel"}


def test_direct_message_is_a_favourite_in_all_teams(romeo, juliet, path):
    other = romeo.make_team()
    elsewhere = f"/users/{romeo.id}/teams/{other['id']}/channels/categories"
    direct = romeo.direct(juliet)
    for place in (elsewhere, path):
        favourites = of_kind(romeo, place, "favorites")
        romeo.put(f"{place}/{favourites['id']}", {**favourites, "channel_ids": [direct["id"]]})
    assert places(romeo, elsewhere, direct) == [of_kind(romeo, elsewhere, "favorites")["id"]]
    favourites = of_kind(romeo, path, "favorites")
    romeo.put(f"{path}/{favourites['id']}", {**favourites, "channel_ids": []})
    assert places(romeo, elsewhere, direct) == [of_kind(romeo, elsewhere, "direct_messages")["id"]]


def test_muted_category_mutes_its_channels(romeo, path, channel, sockets):
    made = make(romeo, path, channel)
    socket = sockets(romeo)
    romeo.put(f"{path}/{made['id']}", {**made, "muted": True})
    socket.expect("channel_member_updated", lambda e: e["data"]["channelMember"]["notify_props"]["mark_unread"] == "mention")
    assert romeo.member_of(channel)["notify_props"]["mark_unread"] == "mention"
    romeo.delete(f"{path}/{made['id']}")
    assert romeo.member_of(channel)["notify_props"]["mark_unread"] == "all"


def test_built_in_categories_keep_their_names(romeo, path):
    channels = of_kind(romeo, path, "channels")
    changed = romeo.put(f"{path}/{channels['id']}", {**channels, "display_name": "Mine", "collapsed": True, "sorting": "recent"})
    assert changed["display_name"] == channels["display_name"] and changed["collapsed"] and changed["sorting"] == "recent"
    romeo.put(f"{path}/{channels['id']}", channels)


@pytest.mark.parametrize("fields", [{"display_name": ""}, {"display_name": "d" * 65}, {"display_name": 7}, {"sorting": "sideways"},
                                    {"channel_ids": "x"}, {"channel_ids": [7]}, {"user_id": "x"}, {"team_id": new_id()}])
def test_bad_categories_are_refused(romeo, path, fields):
    romeo.post(path, {"display_name": "Own", "channel_ids": [], **fields}, expect=400)


def test_channels_of_others_are_passed_over(admin, romeo, path, team):
    foreign = admin.make_channel(team, kind="P")
    assert make(romeo, path, foreign)["channel_ids"] == []


def test_unknown_and_foreign_categories_are_not_there(romeo, juliet, path, team):
    foreign = make(juliet, f"/users/{juliet.id}/teams/{team['id']}/channels/categories")
    for category_id in (new_id(), foreign["id"]):
        romeo.get(f"{path}/{category_id}", expect=404)
        romeo.put(f"{path}/{category_id}", {**foreign, "user_id": romeo.id, "id": category_id}, expect=404)
        romeo.delete(f"{path}/{category_id}", expect=404)
    romeo.put(f"{path}/{new_id()}", {**foreign, "user_id": romeo.id}, expect=400)
