"""Channels: what changes mean for those who hear them; lists of all kinds; roles."""

import pytest

from lib.client import new_id, unique


def note_types(client, channel):
    return [p["type"] for p in client.get(f"/channels/{channel['id']}/posts")["posts"].values()]


def test_becoming_private_is_told_to_the_team(admin, romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    assert admin.put(f"/channels/{channel['id']}/privacy", {"privacy": "P"})["type"] == "P"
    assert socket.expect("channel_converted")["data"]["channel_id"] == channel["id"]
    assert "system_change_chan_privacy" in note_types(romeo, channel)
    assert admin.put(f"/channels/{channel['id']}/privacy", {"privacy": "O"})["type"] == "O"
    direct = romeo.direct(juliet)
    admin.put(f"/channels/{direct['id']}/privacy", {"privacy": "O"}, expect=400)


def test_name_of_another_channel_is_refused(romeo, channel, team):
    other = romeo.make_channel(team)
    romeo.put(f"/channels/{other['id']}/patch", {"name": channel["name"]}, expect=400, error="store.sql_channel.update.exists.app_error")


@pytest.mark.parametrize("patch", [{"display_name": ""}, {"display_name": " "}, {"name": 7}, {"header": []}, "x", []])
def test_changes_of_the_wrong_kind_are_refused(romeo, channel, patch):
    romeo.put(f"/channels/{channel['id']}/patch", patch, expect=400)


def test_archived_channel_is_not_changed(admin, romeo, channel):
    romeo.delete(f"/channels/{channel['id']}")
    romeo.put(f"/channels/{channel['id']}/patch", {"header": "x"}, expect=400, error="api.channel.update_channel.deleted.app_error")
    admin.put(f"/channels/{channel['id']}/privacy", {"privacy": "P"}, expect=400)
    romeo.post(f"/channels/{channel['id']}/members", {"user_id": romeo.id}, expect=400)
    romeo.delete(f"/channels/{channel['id']}", expect=400, error="api.channel.delete_channel.deleted.app_error")


def test_archive_is_listed_and_left_out(admin, romeo, juliet, paris, channel, private, team):
    for one in (channel, private):
        admin.delete(f"/channels/{one['id']}")
    path = f"/teams/{team['id']}/channels"
    assert {channel["id"], private["id"]} <= {c["id"] for c in romeo.get(path + "/deleted", params={"per_page": 200})}
    assert channel["id"] not in {c["id"] for c in romeo.get(path, params={"per_page": 200})}
    romeo.get(f"{path}/name/{channel['name']}", expect=404)
    assert romeo.get(f"{path}/name/{channel['name']}", params={"include_deleted": "true"})["delete_at"] > 0
    assert channel["id"] not in {c["id"] for c in romeo.get("/users/me/channels")}
    assert channel["id"] in {c["id"] for c in romeo.get("/users/me/channels", params={"include_deleted": "true"})}
    later = {"include_deleted": "true", "last_delete_at": romeo.get(f"/channels/{channel['id']}")["delete_at"] + 60000}
    assert channel["id"] not in {c["id"] for c in romeo.get("/users/me/channels", params=later)}
    paris.get(path + "/deleted", expect=403)


def test_member_may_not_restore(admin, romeo, channel):
    romeo.post(f"/channels/{channel['id']}/restore", expect=403)
    admin.post(f"/channels/{channel['id']}/restore", expect=400, error="api.channel.restore_channel.restored.app_error")


def test_destroying_is_for_who_manages_the_system(admin, romeo, channel):
    romeo.say(channel, "gone")
    romeo.delete(f"/channels/{channel['id']}", params={"permanent": "true"}, expect=403)
    admin.delete(f"/channels/{channel['id']}", params={"permanent": "true"})
    romeo.get(f"/channels/{channel['id']}", expect=404)


def test_private_channels_are_listed_for_who_manages_the_system(admin, romeo, private, team):
    romeo.get(f"/teams/{team['id']}/channels/private", expect=403)
    assert private["id"] in {c["id"] for c in admin.get(f"/teams/{team['id']}/channels/private", params={"per_page": 200})}


def test_console_lists_all_channels(admin, romeo, team, private):
    romeo.get("/channels", expect=403)
    listed = admin.get("/channels", params={"per_page": 1, "include_total_count": "true"})
    assert len(listed["channels"]) == 1 and listed["total_count"] > 1 and "team_name" in listed["channels"][0]
    plain = admin.get("/channels", params={"per_page": 200, "exclude_default_channels": "true"})
    assert private["id"] in {c["id"] for c in plain} and "town-square" not in {c["name"] for c in plain}


def test_console_searches_all_channels(admin, romeo, team, private):
    romeo.post("/channels/search", {"term": private["name"]}, expect=403)
    assert [c["id"] for c in admin.post("/channels/search", {"term": private["name"]})] == [private["id"]]
    paged = admin.post("/channels/search", {"term": private["name"], "page": 0, "per_page": 10, "private": True, "team_ids": [team["id"]]})
    assert paged["total_count"] == 1 and paged["channels"][0]["team_name"] == team["name"]
    assert admin.post("/channels/search", {"term": private["name"], "public": True}) == []
    assert [c["id"] for c in admin.post("/channels/search", {"term": private["id"], "include_search_by_id": True})] == [private["id"]]
    for bad in ([], {"term": 1}, {"term": "x", "team_ids": "y"}, {"term": "x", "page": "z"}):
        admin.post("/channels/search", bad, expect=400)
    admin.post("/channels/search", {"term": "x"}, params={"system_console": "maybe"}, expect=400)


def test_one_searches_all_one_s_teams(admin, romeo, juliet, paris, private):
    found = romeo.post("/channels/search", {"term": private["name"]}, params={"system_console": "false"})
    assert [c["id"] for c in found] == [private["id"]] and found[0]["team_name"]
    assert paris.post("/channels/search", {"term": private["name"]}, params={"system_console": "false"}) == []


def test_people_are_found_where_a_search_may_look(romeo, juliet, paris, team):
    direct = romeo.direct(juliet)
    path = f"/teams/{team['id']}/channels/search_autocomplete"
    assert direct["id"] in {c["id"] for c in romeo.get(path, params={"name": "juli"})}
    assert direct["id"] not in {c["id"] for c in romeo.get(path, params={"name": "mercutio"})}
    paris.get(path, params={"name": "juli"}, expect=403)


def test_guest_finds_own_channels_only(admin, guest, world, team):
    hidden = admin.make_channel(team)
    assert guest.post(f"/teams/{team['id']}/channels/search", {"term": hidden["name"]}) == []
    assert [c["id"] for c in guest.post(f"/teams/{team['id']}/channels/search", {"term": "verona"})] == [world.verona["id"]]
    guest.get(f"/teams/{team['id']}/channels", expect=403)
    guest.post(f"/channels/{hidden['id']}/members", {"user_id": guest.id}, expect=403)


def test_guest_writes_only_to_people_of_common_channels(guest, romeo, world):
    stranger = world.person(unique("tybalt"))
    guest.post("/channels/direct", [guest.id, stranger.id], expect=403)
    assert guest.direct(romeo)["type"] == "D"


def test_teams_in_common_of_a_group(romeo, juliet, paris, admin, team):
    group = romeo.post("/channels/group", [juliet.id, admin.id], expect=201)
    assert team["id"] in {t["id"] for t in romeo.get(f"/channels/{group['id']}/common_teams")}
    mixed = romeo.post("/channels/group", [juliet.id, paris.id], expect=201)
    assert team["id"] not in {t["id"] for t in romeo.get(f"/channels/{mixed['id']}/common_teams")}
    romeo.get(f"/channels/{romeo.make_channel(team)['id']}/common_teams", expect=400)


def test_group_is_announced_to_each(romeo, juliet, paris, admin, world, sockets):
    person = world.person(unique("tybalt"))
    socket = sockets(person)
    group = romeo.post("/channels/group", [juliet.id, person.id], expect=201)
    heard = socket.expect("group_added", lambda e: e["broadcast"]["channel_id"] == group["id"])
    assert set(heard["data"]["teammate_ids"]) == {romeo.id, juliet.id, person.id}
    for bad in ([], ["x"], [juliet.id, new_id()], "x"):
        romeo.post("/channels/group", bad, expect=400)


# ---- roles ----


def test_channel_admin_is_made_and_told(admin, romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    path = f"/channels/{channel['id']}/members/{juliet.id}/schemeRoles"
    romeo.put(path, {"scheme_admin": True, "scheme_user": True}, expect=403)
    admin.put(path, {"scheme_admin": True, "scheme_user": True})
    assert socket.expect("channel_member_updated")["data"]["channelMember"]["roles"] == "channel_user channel_admin"
    juliet.put(f"/channels/{channel['id']}/members/{romeo.id}/roles", {"roles": "channel_user"})
    admin.put(path, {"scheme_admin": True, "scheme_user": False}, expect=400)


@pytest.mark.parametrize("roles", ["", "channel_admin", "channel_guest", "channel_user system_admin", "channel_user team_admin", "nothing", 1])
def test_roles_that_do_not_fit_are_refused(admin, juliet, channel, roles):
    admin.put(f"/channels/{channel['id']}/members/{juliet.id}/roles", {"roles": roles}, expect=400)


# ---- members ----


def test_removed_member_and_the_others_hear_it(admin, romeo, juliet, private, sockets):
    romeos, juliets = sockets(romeo), sockets(juliet)
    admin.delete(f"/channels/{private['id']}/members/{juliet.id}")
    assert romeos.expect("user_removed")["data"] == {"user_id": juliet.id, "remover_id": admin.id}
    assert juliets.expect("user_removed")["data"] == {"channel_id": private["id"], "remover_id": admin.id}
    assert "system_remove_from_channel" in note_types(romeo, private)
    juliet.delete(f"/channels/{private['id']}/members/{juliet.id}", expect=404)


def test_people_who_cannot_be_added_do_not_stop_the_others(admin, romeo, paris, team):
    channel = admin.make_channel(team)
    added = admin.post(f"/channels/{channel['id']}/members", {"user_ids": [paris.id, new_id(), romeo.id]}, expect=201)
    assert [m["user_id"] for m in added] == [romeo.id]
    admin.post(f"/channels/{channel['id']}/members", {"user_ids": [paris.id]}, expect=404)
    admin.post(f"/channels/{channel['id']}/members", {"user_ids": [new_id()] * 1001}, expect=400)


def test_nobody_is_added_to_direct_messages(romeo, juliet, admin):
    direct = romeo.direct(juliet)
    romeo.post(f"/channels/{direct['id']}/members", {"user_id": admin.id}, expect=400, error="api.channel.add_user_to_channel.type.app_error")
    romeo.delete(f"/channels/{direct['id']}/members/{romeo.id}", expect=400)


def test_person_is_asked_to_a_thread(admin, romeo, juliet, team):
    channel = admin.make_channel(team, romeo)
    root = romeo.say(channel, "a thread")
    romeo.post(f"/channels/{channel['id']}/members", {"user_id": juliet.id, "post_root_id": root["id"]}, expect=201)
    elsewhere = romeo.say(romeo.make_channel(team), "elsewhere")
    for bad in (elsewhere["id"], new_id(), "x"):
        romeo.post(f"/channels/{channel['id']}/members", {"user_id": juliet.id, "post_root_id": bad}, expect=400)


def test_members_and_numbers_are_for_members(juliet, admin, team):
    channel = admin.make_channel(team)
    for path in ("members", "stats", "timezones", f"members/{admin.id}"):
        juliet.get(f"/channels/{channel['id']}/{path}", expect=403)
    juliet.post(f"/channels/{channel['id']}/members/ids", [admin.id], expect=403)


def test_others_do_not_see_how_far_one_has_read(romeo, juliet, private):
    assert romeo.get(f"/channels/{private['id']}/members/{juliet.id}")["last_viewed_at"] == -1
    assert juliet.member_of(private)["last_viewed_at"] >= 0


def test_time_zones_of_members_are_told(romeo, juliet, private):
    juliet.put(f"/users/{juliet.id}/patch", {"timezone": {"useAutomaticTimezone": "false", "manualTimezone": "Asia/Shanghai", "automaticTimezone": ""}})
    assert "Asia/Shanghai" in romeo.get(f"/channels/{private['id']}/timezones")
