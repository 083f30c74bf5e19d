"""Channel members: joining, adding, leaving, reading, unread counts."""

import pytest

from lib.client import new_id


def test_member_joins_a_public_channel_by_herself(admin, romeo, juliet, team, sockets):
    channel = admin.make_channel(team, romeo)
    socket = sockets(romeo)
    member = juliet.post(f"/channels/{channel['id']}/members", {"user_id": juliet.id}, expect=201)
    assert member["user_id"] == juliet.id and member["channel_id"] == channel["id"]
    assert socket.expect("user_added", lambda e: e["data"]["user_id"] == juliet.id)["broadcast"]["channel_id"] == channel["id"]
    heard = socket.expect("posted", lambda e: e["broadcast"]["channel_id"] == channel["id"])["data"]["post"]
    assert heard["type"] == "system_join_channel" and heard["props"]["username"] == "juliet"


def test_private_channel_is_not_joined_but_one_is_added(admin, romeo, juliet, team, sockets):
    channel = admin.make_channel(team, romeo, kind="P")
    socket = sockets(juliet)
    body = {"user_id": juliet.id}
    juliet.post(f"/channels/{channel['id']}/members", body, expect=403)
    romeo.post(f"/channels/{channel['id']}/members", body, expect=201)
    assert socket.expect("user_added", lambda e: e["broadcast"]["channel_id"] == channel["id"])["data"]["user_id"] == juliet.id
    juliet.say(channel, "here I am")


def test_people_outside_the_team_are_not_added(romeo, paris, channel, nobody):
    romeo.post(f"/channels/{channel['id']}/members", {"user_id": paris.id}, expect=(400, 403, 404))
    paris.post(f"/channels/{channel['id']}/members", {"user_id": paris.id}, expect=403)
    nobody.post(f"/channels/{channel['id']}/members", {"user_id": paris.id}, expect=401)


@pytest.mark.parametrize("body", [{}, {"user_id": "short"}, {"user_ids": []}, {"user_ids": ["x"]}])
def test_bad_members_are_refused(romeo, channel, body):
    romeo.post(f"/channels/{channel['id']}/members", body, expect=400)


def test_several_are_added_at_once(admin, romeo, juliet, team):
    channel = admin.make_channel(team)
    added = admin.post(f"/channels/{channel['id']}/members", {"user_ids": [romeo.id, juliet.id]}, expect=201)
    assert {m["user_id"] for m in added} == {romeo.id, juliet.id}


def test_adding_again_changes_nothing(romeo, juliet, channel):
    romeo.post(f"/channels/{channel['id']}/members", {"user_id": juliet.id}, expect=201)
    assert len(romeo.get(f"/channels/{channel['id']}/members")) == 3


def test_members_are_read(romeo, juliet, paris, private):
    assert {m["user_id"] for m in romeo.get(f"/channels/{private['id']}/members")} >= {romeo.id, juliet.id}
    assert romeo.get(f"/channels/{private['id']}/members/{juliet.id}")["user_id"] == juliet.id
    assert {m["user_id"] for m in romeo.post(f"/channels/{private['id']}/members/ids", [juliet.id, paris.id])} == {juliet.id}
    romeo.get(f"/channels/{private['id']}/members/{paris.id}", expect=404)
    paris.get(f"/channels/{private['id']}/members", expect=403)
    assert len(romeo.get(f"/channels/{private['id']}/members", params={"per_page": 1, "page": 1})) == 1


def test_leaver_hears_nothing_more(romeo, juliet, private, sockets):
    romeos, juliets = sockets(romeo), sockets(juliet)
    juliet.delete(f"/channels/{private['id']}/members/{juliet.id}")
    juliets.expect("user_removed", lambda e: e["data"]["channel_id"] == private["id"])
    romeos.expect("user_removed", lambda e: e["data"]["user_id"] == juliet.id)
    romeo.say(private, "she is gone")
    juliets.fence(juliet)
    assert not juliets.has("posted", lambda e: e["data"]["post"]["message"] == "she is gone")
    juliet.get(f"/channels/{private['id']}/posts", expect=403)


def test_member_is_removed_by_those_who_may(admin, romeo, juliet, paris, channel):
    paris.delete(f"/channels/{channel['id']}/members/{juliet.id}", expect=403)
    admin.delete(f"/channels/{channel['id']}/members/{juliet.id}")
    romeo.get(f"/channels/{channel['id']}/members/{juliet.id}", expect=404)
    admin.delete(f"/channels/{channel['id']}/members/{juliet.id}", expect=(200, 404))


def test_roles_in_a_channel(admin, romeo, juliet, channel):
    path = f"/channels/{channel['id']}/members/{juliet.id}/roles"
    romeo.put(path, {"roles": "channel_user channel_admin"}, expect=403)
    admin.put(path, {"roles": "channel_user channel_admin"})
    assert romeo.get(f"/channels/{channel['id']}/members/{juliet.id}")["scheme_admin"]
    admin.put(path, {"roles": "no_such_role"}, expect=400)


def test_notify_props_are_one_s_own(romeo, juliet, channel, sockets):
    path = f"/channels/{channel['id']}/members/{romeo.id}/notify_props"
    socket = sockets(romeo)
    romeo.put(path, {"desktop": "all", "mark_unread": "mention"})
    assert socket.expect("channel_member_updated")["data"]["channelMember"]["notify_props"]["mark_unread"] == "mention"
    props = romeo.member_of(channel)["notify_props"]
    assert props["desktop"] == "all" and props["mark_unread"] == "mention" and props["push"] == "default"
    juliet.put(path, {"desktop": "none"}, expect=403)
    romeo.put(path, {"desktop": "nonsense"}, expect=400)


def test_viewing_reads_and_is_told_to_one_s_other_sockets(romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    romeo.say(channel, "read me @juliet")
    assert juliet.get(f"/users/me/channels/{channel['id']}/unread")["mention_count"] == 2  # being added is a mention too
    answer = juliet.post("/channels/members/me/view", {"channel_id": channel["id"], "collapsed_threads_supported": True})
    assert answer["status"] == "OK" and answer["last_viewed_at_times"][channel["id"]] > 0
    assert channel["id"] in socket.expect("multiple_channels_viewed")["data"]["channel_times"]
    unread = juliet.get(f"/users/me/channels/{channel['id']}/unread")
    assert unread["msg_count"] == 0 and unread["mention_count"] == 0
    assert juliet.member_of(channel)["msg_count"] == juliet.get(f"/channels/{channel['id']}")["total_msg_count"]


def test_viewing_for_others_or_elsewhere_is_refused(romeo, juliet, paris, channel):
    romeo.post(f"/channels/members/{juliet.id}/view", {"channel_id": channel["id"]}, expect=403)
    romeo.post("/channels/members/me/view", {"channel_id": "x"}, expect=400)
    paris.post("/channels/members/me/view", {"channel_id": channel["id"]}, expect=(200, 403))


def test_many_channels_are_read_at_once(admin, romeo, juliet, team):
    channels = [admin.make_channel(team, romeo, juliet) for _ in range(2)]
    for channel in channels:
        romeo.say(channel, "hello")
    answer = juliet.post("/channels/members/me/mark_read", [c["id"] for c in channels])
    assert set(answer["last_viewed_at_times"]) == {c["id"] for c in channels}
    for channel in channels:
        assert juliet.get(f"/users/me/channels/{channel['id']}/unread")["msg_count"] == 0


def test_unknown_channel_and_user(romeo, channel):
    romeo.get(f"/channels/{new_id()}/members", expect=(403, 404))
    romeo.get(f"/channels/{channel['id']}/members/{new_id()}", expect=404)
