"""Threads: following, reading, counting."""

import time

import pytest

from lib.client import new_id

LIST = {"per_page": 30, "extended": "false", "before": "", "after": "", "unread": "false", "since": 0}


@pytest.fixture
def thread(romeo, juliet, channel):
    root = romeo.say(channel, "root")
    juliet.say(channel, "reply", root_id=root["id"])
    return root


def after(reply):
    """A time that is not before a reply: in a burst the times of a channel run ahead of the clock."""
    return max(int(time.time() * 1000), reply["create_at"])


def mine(client, team, **params):
    return client.get(f"/users/me/teams/{team['id']}/threads", params={**LIST, **params})


def one(client, team, thread):
    return client.get(f"/users/me/teams/{team['id']}/threads/{thread['id']}")


def test_author_and_replier_follow(romeo, juliet, team, thread):
    row = one(romeo, team, thread)
    assert row["reply_count"] == 1 and row["unread_replies"] == 1 and row["post"]["message"] == "root"
    assert [p["id"] for p in row["participants"]] == [juliet.id]
    assert one(juliet, team, thread)["unread_replies"] == 0


def test_bystander_does_not_follow(admin, team, thread):
    admin.get(f"/users/me/teams/{team['id']}/threads/{thread['id']}", expect=404)


def test_mentioned_member_follows(admin, juliet, channel, team, thread):
    juliet.say(channel, "what says @admin", root_id=thread["id"])
    assert one(admin, team, thread)["unread_mentions"] == 1


def test_threads_are_listed_newest_reply_first(romeo, juliet, channel, team, thread):
    later = romeo.say(channel, "second root")
    juliet.say(channel, "second reply", root_id=later["id"])
    listed = [row["id"] for row in mine(romeo, team)["threads"]]
    assert listed.index(later["id"]) < listed.index(thread["id"])
    juliet.say(channel, "again", root_id=thread["id"])
    listed = [row["id"] for row in mine(romeo, team)["threads"]]
    assert listed.index(thread["id"]) < listed.index(later["id"])


def test_list_is_paged_by_a_thread(romeo, juliet, channel, team):
    roots = []
    for i in range(3):
        roots.append(romeo.say(channel, f"root {i}"))
        juliet.say(channel, "reply", root_id=roots[-1]["id"])
    newest = mine(romeo, team, per_page=1)["threads"]
    assert [row["id"] for row in newest] == [roots[2]["id"]]
    older = mine(romeo, team, per_page=1, before=roots[2]["id"])["threads"]
    assert [row["id"] for row in older] == [roots[1]["id"]]


def test_totals_alone(romeo, team, thread):
    totals = mine(romeo, team, totalsOnly="true")
    assert totals["total"] >= 1 and totals["total_unread_threads"] >= 1 and not totals.get("threads")


def test_reply_is_told_to_followers(romeo, juliet, channel, team, thread, sockets):
    socket = sockets(romeo)
    juliet.say(channel, "another", root_id=thread["id"])
    told = socket.expect("thread_updated", lambda e: e["data"]["thread"]["id"] == thread["id"])
    assert told["data"]["thread"]["reply_count"] == 2 and told["data"]["thread"]["unread_replies"] == 2
    assert told["broadcast"]["user_id"] == romeo.id


def test_reading_up_to_a_time(romeo, team, thread, sockets):
    socket = sockets(romeo)
    now = after({"create_at": one(romeo, team, thread)["last_reply_at"]})
    row = romeo.put(f"/users/me/teams/{team['id']}/threads/{thread['id']}/read/{now}")
    assert row["unread_replies"] == 0
    told = socket.expect("thread_read_changed", lambda e: e["data"].get("thread_id") == thread["id"])
    assert told["data"]["unread_replies"] == 0 and told["data"]["previous_unread_replies"] == 1
    assert thread["id"] not in [row["id"] for row in mine(romeo, team, unread="true")["threads"]]


def test_marking_unread_from_a_post(romeo, juliet, channel, team, thread):
    reply = juliet.say(channel, "from here", root_id=thread["id"])
    romeo.put(f"/users/me/teams/{team['id']}/threads/{thread['id']}/read/{after(reply)}")
    row = romeo.post(f"/users/me/teams/{team['id']}/threads/{thread['id']}/set_unread/{reply['id']}")
    assert row["unread_replies"] == 1


def test_all_are_read_at_once(romeo, team, thread):
    romeo.put(f"/users/me/teams/{team['id']}/threads/read")
    assert mine(romeo, team, totalsOnly="true")["total_unread_threads"] == 0


def test_following_is_changed(romeo, team, thread, sockets):
    socket = sockets(romeo)
    path = f"/users/me/teams/{team['id']}/threads/{thread['id']}/following"
    romeo.delete(path)
    assert socket.expect("thread_follow_changed")["data"]["state"] is False
    assert thread["id"] not in [row["id"] for row in mine(romeo, team)["threads"]]
    romeo.put(path)
    assert socket.expect("thread_follow_changed")["data"]["state"] is True
    assert one(romeo, team, thread)["id"] == thread["id"]


def test_thread_of_posts_in_parts(romeo, juliet, channel):
    root = romeo.say(channel, "long root")
    replies = [juliet.say(channel, f"reply {i}", root_id=root["id"]) for i in range(5)]
    part = romeo.get(f"/posts/{root['id']}/thread", params={"perPage": 2, "direction": "down"})
    assert root["id"] in part["posts"] and part["has_next"] is True
    assert len(set(part["order"]) - {root["id"]}) == 2
    rest = romeo.get(f"/posts/{root['id']}/thread", params={
        "perPage": 10, "direction": "down", "fromPost": replies[1]["id"], "fromCreateAt": replies[1]["create_at"]})
    assert {r["id"] for r in replies[2:]} <= set(rest["order"]) and replies[0]["id"] not in rest["order"]


def test_others_threads_are_closed(romeo, juliet, paris, team, thread):
    juliet.get(f"/users/{romeo.id}/teams/{team['id']}/threads", expect=403)
    juliet.put(f"/users/{romeo.id}/teams/{team['id']}/threads/{thread['id']}/following", expect=403)
    paris.get(f"/users/me/teams/{team['id']}/threads", expect=403)
    paris.get(f"/posts/{thread['id']}/thread", expect=403)
    romeo.get(f"/users/me/teams/{team['id']}/threads/{new_id()}", expect=404)


def test_replies_do_not_count_as_root_messages(romeo, juliet, channel):
    root = romeo.say(channel, "root")
    before = romeo.get(f"/channels/{channel['id']}")
    juliet.say(channel, "reply", root_id=root["id"])
    after = romeo.get(f"/channels/{channel['id']}")
    assert after["total_msg_count"] == before["total_msg_count"] + 1
    assert after["total_msg_count_root"] == before["total_msg_count_root"]
