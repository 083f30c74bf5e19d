"""Channels: making, reading, changing, archiving, finding."""

import hashlib
import json

import pytest

from lib.client import new_id, unique


@pytest.mark.parametrize("kind", ["O", "P"])
def test_channel_is_made_with_its_maker_as_admin(romeo, team, kind):
    channel = romeo.make_channel(team, kind=kind, purpose="to speak", header="阳台")
    assert channel["type"] == kind and channel["team_id"] == team["id"] and channel["creator_id"] == romeo.id
    assert channel["purpose"] == "to speak" and channel["header"] == "阳台" and channel["delete_at"] == 0
    assert romeo.member_of(channel)["scheme_admin"]
    assert romeo.get(f"/channels/{channel['id']}")["name"] == channel["name"]


def test_taken_name_is_refused_also_after_archiving(romeo, team):
    channel = romeo.make_channel(team)
    body = {"team_id": team["id"], "name": channel["name"], "display_name": "Again", "type": "O"}
    romeo.post("/channels", body, expect=400, error="store.sql_channel.save_channel.exists.app_error")
    romeo.delete(f"/channels/{channel['id']}")
    romeo.post("/channels", body, expect=400, error=("store.sql_channel.save_channel.exists.app_error", "store.sql_channel.save_channel.previously.app_error"))


@pytest.mark.parametrize("fields", [
    {"name": "With Space"}, {"name": "n" * 65}, {"name": ""}, {"name": "a" * 26 + "__" + "b" * 26}, {"name": "0" * 40},
    {"display_name": ""}, {"display_name": "d" * 65}, {"header": "h" * 1025}, {"purpose": "p" * 251}, {"type": "X"}, {"type": "D"}, {"team_id": ""},
])
def test_bad_channels_are_refused(romeo, team, fields):
    romeo.post("/channels", {"team_id": team["id"], "name": unique("c"), "display_name": "C", "type": "O", **fields}, expect=400)


def test_strangers_make_no_channel_in_a_team(paris, nobody, team):
    body = {"team_id": team["id"], "name": unique("c"), "display_name": "C", "type": "O"}
    paris.post("/channels", body, expect=403, error="api.context.permissions.app_error")
    nobody.post("/channels", body, expect=401)
    paris.post("/channels", {**body, "team_id": new_id()}, expect=(403, 404))


def test_public_channel_is_read_by_the_team_private_by_members(admin, romeo, juliet, paris, team):
    public, private = admin.make_channel(team, romeo), admin.make_channel(team, romeo, kind="P")
    juliet.get(f"/channels/{public['id']}")
    juliet.get(f"/channels/{private['id']}", expect=403, error="api.context.permissions.app_error")
    romeo.get(f"/channels/{private['id']}")
    for channel in (public, private):
        paris.get(f"/channels/{channel['id']}", expect=403)
    romeo.get(f"/channels/{new_id()}", expect=404)


def test_channel_is_found_by_name(admin, romeo, juliet, team):
    private = admin.make_channel(team, romeo, kind="P")
    path = f"/teams/{team['id']}/channels/name/{private['name']}"
    assert romeo.get(path)["id"] == private["id"]
    assert romeo.get(f"/teams/name/{team['name']}/channels/name/{private['name']}")["id"] == private["id"]
    juliet.get(path, expect=404, error="app.channel.get_by_name.missing.app_error")
    romeo.get(f"/teams/{team['id']}/channels/name/no-such-channel", expect=404)


def test_channel_is_changed_and_announced(romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    changed = romeo.put(f"/channels/{channel['id']}/patch", {"display_name": "阳台", "header": "new header", "purpose": "new purpose"})
    assert (changed["display_name"], changed["header"], changed["purpose"]) == ("阳台", "new header", "new purpose")
    socket.expect("channel_updated", lambda e: e["data"].get("channel", {}).get("id") == channel["id"])
    types = {p["type"] for p in romeo.get(f"/channels/{channel['id']}/posts")["posts"].values()}
    assert {"system_header_change", "system_purpose_change", "system_displayname_change"} <= types


def test_whole_channel_is_put(romeo, channel):
    changed = romeo.put(f"/channels/{channel['id']}", {**channel, "display_name": "Other"})
    assert changed["display_name"] == "Other" and changed["name"] == channel["name"]
    romeo.put(f"/channels/{channel['id']}", {**channel, "id": new_id()}, expect=400)
    romeo.put(f"/channels/{channel['id']}", {**channel, "type": "P"}, expect=400)


@pytest.mark.parametrize("patch", [{"display_name": "d" * 65}, {"header": "h" * 1025}, {"purpose": "p" * 251}, {"name": "Bad Name"}])
def test_bad_changes_are_refused(romeo, channel, patch):
    romeo.put(f"/channels/{channel['id']}/patch", patch, expect=400)


def test_outsiders_change_nothing(juliet, paris, admin, romeo, team):
    channel = admin.make_channel(team, romeo, kind="P")
    for who in (juliet, paris):
        who.put(f"/channels/{channel['id']}/patch", {"header": "x"}, expect=403)
        who.delete(f"/channels/{channel['id']}", expect=403)


def test_default_channel_keeps_its_name_and_stays(admin, romeo, world):
    square = world.town_square
    admin.put(f"/channels/{square['id']}/patch", {"name": "other-square"}, expect=400)
    admin.delete(f"/channels/{square['id']}", expect=400, error="api.channel.delete_channel.cannot.app_error")
    admin.put(f"/channels/{square['id']}/privacy", {"privacy": "P"}, expect=400)
    romeo.delete(f"/channels/{square['id']}/members/{romeo.id}", expect=400, error="api.channel.remove.default.app_error")


def test_archived_channel_is_kept_and_restored(admin, romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    romeo.say(channel, "before")
    romeo.delete(f"/channels/{channel['id']}")
    assert socket.expect("channel_deleted", lambda e: e["data"]["channel_id"] == channel["id"])["data"]["delete_at"] > 0
    assert romeo.get(f"/channels/{channel['id']}")["delete_at"] > 0
    assert "before" in romeo.messages_of(channel)
    romeo.delete(f"/channels/{channel['id']}", expect=(200, 400))
    admin.post(f"/channels/{channel['id']}/restore")
    socket.expect("channel_restored", lambda e: e["data"]["channel_id"] == channel["id"])
    romeo.say(channel, "after")


def test_privacy_is_changed_by_admins(admin, romeo, channel, juliet):
    assert admin.put(f"/channels/{channel['id']}/privacy", {"privacy": "P"})["type"] == "P"
    romeo.put(f"/channels/{channel['id']}/privacy", {"privacy": "O"}, expect=403)
    admin.put(f"/channels/{channel['id']}/privacy", {"privacy": "X"}, expect=400)


def test_direct_channel_is_one_for_two(romeo, juliet, paris):
    one, two = romeo.direct(juliet), juliet.direct(romeo)
    assert one["id"] == two["id"] and one["type"] == "D" and one["team_id"] == ""
    assert one["name"] == "__".join(sorted([romeo.id, juliet.id]))
    paris.get(f"/channels/{one['id']}", expect=403)
    paris.post("/channels/direct", [romeo.id, juliet.id], expect=403)
    romeo.post("/channels/direct", [romeo.id], expect=400)
    romeo.post("/channels/direct", [romeo.id, new_id()], expect=(400, 404))
    own = romeo.post("/channels/direct", [romeo.id, romeo.id], expect=201)
    assert own["name"] == f"{romeo.id}__{romeo.id}"


def test_direct_channel_is_announced_to_both(romeo, paris, sockets):
    romeos, parises = sockets(romeo), sockets(paris)
    channel = romeo.direct(paris)
    for socket in (romeos, parises):
        socket.expect("direct_added", lambda e: e["broadcast"]["channel_id"] == channel["id"])


def test_group_channel_is_one_for_its_people(romeo, juliet, paris, admin, nobody):
    people = [juliet.id, paris.id]
    one = romeo.post("/channels/group", people, expect=201)
    two = juliet.post("/channels/group", [paris.id, romeo.id, juliet.id], expect=201)
    assert one["id"] == two["id"] and one["type"] == "G"
    assert one["name"] == hashlib.sha1("".join(sorted([romeo.id, *people])).encode()).hexdigest()
    assert one["display_name"] == "juliet, paris, romeo"
    admin_sees = admin.get(f"/channels/{one['id']}/members/me", expect=(403, 404))
    assert admin_sees["id"]
    romeo.post("/channels/group", [juliet.id], expect=400)
    romeo.post("/channels/group", [new_id() for _ in range(9)], expect=400)
    profiles = romeo.post("/users/group_channels", [one["id"]])
    assert {u["username"] for u in profiles[one["id"]]} == {"juliet", "paris"}
    assert one["id"] in {c["id"] for c in romeo.post("/channels/group/search", {"term": "paris"})}


def test_direct_and_group_channels_are_not_archived_or_renamed(romeo, juliet, paris):
    for channel in (romeo.direct(juliet), romeo.post("/channels/group", [juliet.id, paris.id], expect=201)):
        romeo.delete(f"/channels/{channel['id']}", expect=400)
        romeo.put(f"/channels/{channel['id']}/patch", {"display_name": "x"}, expect=400)
        assert romeo.put(f"/channels/{channel['id']}/patch", {"header": "ours"})["header"] == "ours"


def test_my_channels_of_a_team_and_of_all(romeo, juliet, private, team):
    direct = romeo.direct(juliet)
    mine = {c["id"] for c in romeo.get(f"/users/me/teams/{team['id']}/channels")}
    assert {private["id"], direct["id"]} <= mine
    assert {private["id"], direct["id"]} <= {c["id"] for c in romeo.get("/users/me/channels")}
    members = {m["channel_id"] for m in romeo.get(f"/users/me/teams/{team['id']}/channels/members")}
    assert members == mine


def test_memberships_come_as_lines_for_page_minus_one(romeo, private):
    reply = romeo.get("/users/me/channel_members", params={"page": -1, "per_page": 60}, raw=True)
    assert reply.headers["Content-Type"] == "application/x-ndjson"
    rows = [json.loads(line) for line in reply.text.strip().split("\n")]
    assert private["id"] in {row["channel_id"] for row in rows} and all(row["user_id"] == romeo.id for row in rows)
    page = romeo.get("/users/me/channel_members", params={"page": 0, "per_page": 2})
    assert len(page) == 2 and "team_name" in page[0]


def test_public_channels_are_listed_for_the_team(romeo, paris, channel, private, team):
    listed = {c["id"] for c in romeo.get(f"/teams/{team['id']}/channels", params={"per_page": 200})}
    assert channel["id"] in listed and private["id"] not in listed
    paris.get(f"/teams/{team['id']}/channels", expect=403)
    assert {c["id"] for c in romeo.post(f"/teams/{team['id']}/channels/ids", [channel["id"]])} == {channel["id"]}


def test_channels_are_found_by_part_of_their_name(admin, romeo, team):
    one = admin.make_channel(team, romeo, name=unique("mantua"), display_name="曼图亚 Mantua")
    hidden = admin.make_channel(team, name=unique("mantua"), display_name="Mantua hidden", kind="P")
    for term in ("mantua", "曼图", "Mantua"):
        found = {c["id"] for c in romeo.post(f"/teams/{team['id']}/channels/search", {"term": term})}
        assert one["id"] in found and hidden["id"] not in found, term
        assert one["id"] in {c["id"] for c in romeo.get(f"/teams/{team['id']}/channels/autocomplete", params={"name": term})}
        assert one["id"] in {c["id"] for c in romeo.get(f"/teams/{team['id']}/channels/search_autocomplete", params={"name": term})}
    for wild in ("'", "%", "_%"):
        assert romeo.post(f"/teams/{team['id']}/channels/search", {"term": wild}) == [], wild


def test_numbers_of_a_channel(romeo, juliet, channel):
    post = romeo.say(channel, "pin me")
    romeo.post(f"/posts/{post['id']}/pin")
    stats = romeo.get(f"/channels/{channel['id']}/stats")
    assert stats["member_count"] == 3 and stats["pinnedpost_count"] == 1 and stats["guest_count"] == 0
    counts = romeo.post("/channels/stats/member_count", [channel["id"]])
    assert counts[channel["id"]] == 3
    assert isinstance(romeo.get(f"/channels/{channel['id']}/timezones"), list)
