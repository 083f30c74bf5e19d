"""Threads: what each follower is told, and what counts as unread."""

import pytest

from lib.client import new_id


@pytest.fixture
def thread(romeo, juliet, channel):
    root = romeo.say(channel, "root")
    reply = juliet.say(channel, "reply", root_id=root["id"])
    return {**root, "last": reply}


def one(client, team, thread):
    return client.get(f"/users/me/teams/{team['id']}/threads/{thread['id']}")


def totals(client, team, **params):
    return client.get(f"/users/me/teams/{team['id']}/threads", params={"totalsOnly": "true", **params})


def follow(client, team, thread):
    client.put(f"/users/me/teams/{team['id']}/threads/{thread['id']}/following")


def read_all(client, team):
    client.put(f"/users/me/teams/{team['id']}/threads/read")


def test_each_follower_is_told_their_own_counters(romeo, juliet, channel, team, thread, sockets):
    romeos, juliets = sockets(romeo), sockets(juliet)
    juliet.say(channel, "O @romeo", root_id=thread["id"])
    told = romeos.expect("thread_updated")["data"]
    assert (told["thread"]["unread_replies"], told["previous_unread_replies"]) == (2, 1)
    assert (told["thread"]["unread_mentions"], told["previous_unread_mentions"]) == (1, 0)
    assert told["thread"]["post"]["reply_count"] == 2
    hers = juliets.expect("thread_updated")["data"]
    assert (hers["thread"]["unread_replies"], hers["previous_unread_replies"]) == (0, 0)


def test_follower_who_stopped_in_the_middle_is_counted_from_there(romeo, juliet, channel, team, thread, sockets):
    replies = [juliet.say(channel, f"reply {i}", root_id=thread["id"]) for i in range(4)]
    romeo.put(f"/users/me/teams/{team['id']}/threads/{thread['id']}/read/{replies[1]['create_at']}")
    socket = sockets(romeo)
    juliet.say(channel, "one more", root_id=thread["id"])
    told = socket.expect("thread_updated")["data"]
    assert (told["thread"]["unread_replies"], told["previous_unread_replies"]) == (3, 2)
    assert one(romeo, team, thread)["unread_replies"] == 3


def test_ack_is_asked_of_those_who_want_to_give_it(romeo, juliet, channel, sockets):
    wants, plain, author = sockets(juliet, posted_ack="true"), sockets(juliet), sockets(romeo, posted_ack="true")
    romeo.say(channel, "O @juliet")
    assert wants.expect("posted")["data"]["should_ack"] is True
    assert "should_ack" not in plain.expect("posted")["data"] and "should_ack" not in author.expect("posted")["data"]
    romeo.say(channel, "nobody in particular")
    assert "should_ack" not in wants.expect("posted")["data"]


def test_followers_are_named_to_themselves(admin, romeo, juliet, channel, thread, sockets):
    romeos, admins = sockets(romeo), sockets(admin)
    juliet.say(channel, "again", root_id=thread["id"])
    assert romeos.expect("posted")["data"]["followers"] == [romeo.id]
    assert "followers" not in admins.expect("posted")["data"]


def test_bystander_is_told_of_no_thread(admin, juliet, channel, thread, sockets):
    socket = sockets(admin)
    juliet.say(channel, "again", root_id=thread["id"])
    socket.expect("posted")
    socket.fence(admin)
    assert not socket.has("thread_updated")


def test_deleted_reply_is_taken_back(romeo, juliet, channel, team, thread, sockets):
    reply = juliet.say(channel, "O @romeo", root_id=thread["id"])
    socket = sockets(romeo)
    juliet.delete(f"/posts/{reply['id']}")
    told = socket.expect("thread_updated")["data"]
    assert (told["thread"]["reply_count"], told["thread"]["unread_replies"], told["thread"]["unread_mentions"]) == (1, 1, 0)
    assert (told["previous_unread_replies"], told["previous_unread_mentions"]) == (2, 1)
    assert one(romeo, team, thread)["unread_mentions"] == 0


def test_participants_are_those_whose_replies_stand(romeo, juliet, channel, team, thread):
    mine = romeo.say(channel, "mine", root_id=thread["id"])
    assert [p["id"] for p in one(romeo, team, thread)["participants"]] == [juliet.id, romeo.id]
    romeo.delete(f"/posts/{mine['id']}")
    assert [p["id"] for p in one(romeo, team, thread)["participants"]] == [juliet.id]


def test_extended_participants_are_whole_users(romeo, juliet, team, thread):
    assert one(romeo, team, thread)["participants"][0]["username"] == ""
    whole = romeo.get(f"/users/me/teams/{team['id']}/threads/{thread['id']}", params={"extended": "true"})["participants"][0]
    assert whole["username"] == "juliet" and not whole.get("notify_props")


def test_deleted_root_takes_its_thread_along(romeo, juliet, team, thread):
    romeo.delete(f"/posts/{thread['id']}")
    assert thread["id"] not in [t["id"] for t in romeo.get(f"/users/me/teams/{team['id']}/threads")["threads"]]
    juliet.get(f"/users/me/teams/{team['id']}/threads/{thread['id']}", expect=404)


def test_thread_of_a_channel_left_is_not_listed(admin, romeo, team, thread, channel):
    romeo.delete(f"/channels/{channel['id']}/members/{romeo.id}")
    assert thread["id"] not in [t["id"] for t in romeo.get(f"/users/me/teams/{team['id']}/threads")["threads"]]


def test_direct_threads_belong_to_every_team(romeo, juliet, team):
    direct = romeo.direct(juliet)
    root = romeo.say(direct, "root")
    juliet.say(direct, "reply", root_id=root["id"])
    listed = [t["id"] for t in romeo.get(f"/users/me/teams/{team['id']}/threads")["threads"]]
    without = [t["id"] for t in romeo.get(f"/users/me/teams/{team['id']}/threads", params={"excludeDirect": "true"})["threads"]]
    assert root["id"] in listed and root["id"] not in without


def test_mention_of_all_in_a_reply_makes_nobody_follow(admin, juliet, channel, team, thread):
    juliet.say(channel, "@channel", root_id=thread["id"])
    admin.get(f"/users/me/teams/{team['id']}/threads/{thread['id']}", expect=404)


def test_reading_all_is_told_without_names(romeo, team, thread, sockets):
    socket = sockets(romeo)
    read_all(romeo, team)
    told = socket.expect("thread_read_changed")
    assert told["data"] == {} and told["broadcast"]["team_id"] == team["id"]
    assert totals(romeo, team)["total_unread_threads"] == 0 and one(romeo, team, thread)["unread_replies"] == 0


def test_following_by_hand_begins_as_read(admin, team, thread, sockets):
    socket = sockets(admin)
    follow(admin, team, thread)
    told = socket.expect("thread_follow_changed")["data"]
    assert told == {"thread_id": thread["id"], "state": True, "reply_count": 1}
    assert one(admin, team, thread)["unread_replies"] == 0


def test_one_may_follow_before_the_first_reply(admin, romeo, channel, team):
    root = romeo.say(channel, "root")
    follow(admin, team, root)
    admin.get(f"/users/me/teams/{team['id']}/threads/{root['id']}", expect=404)
    romeo.say(channel, "reply", root_id=root["id"])
    assert one(admin, team, root)["unread_replies"] == 1


def test_unread_only_and_since(romeo, juliet, channel, team, thread):
    unread = romeo.get(f"/users/me/teams/{team['id']}/threads", params={"unread": "true"})["threads"]
    assert thread["id"] in [t["id"] for t in unread]
    fresh = romeo.say(channel, "fresh root")
    reply = juliet.say(channel, "fresh reply", root_id=fresh["id"])
    since = romeo.get(f"/users/me/teams/{team['id']}/threads", params={"since": reply["create_at"]})["threads"]
    assert [t["id"] for t in since] == [fresh["id"]]


@pytest.mark.parametrize("params", [{"since": "x"}, {"before": "x"}, {"after": "short"}, {"totalsOnly": "true", "threadsOnly": "true"}])
def test_bad_questions_are_refused(romeo, team, params):
    romeo.get(f"/users/me/teams/{team['id']}/threads", params=params, expect=400)


def test_before_and_after_at_once_are_refused(romeo, team):
    romeo.get(f"/users/me/teams/{team['id']}/threads", params={"before": new_id(), "after": new_id()}, expect=400,
              error="api.getThreadsForUser.bad_params")


@pytest.mark.parametrize("time", ["x", "-5", "99999999999999999999"])
def test_bad_times_are_refused(romeo, team, thread, time):
    romeo.put(f"/users/me/teams/{team['id']}/threads/{thread['id']}/read/{time}", expect=400)


def test_post_of_another_thread_is_refused(romeo, channel, team, thread):
    other = romeo.say(channel, "elsewhere")
    romeo.post(f"/users/me/teams/{team['id']}/threads/{thread['id']}/set_unread/{other['id']}", expect=400,
               error="app.user.update_thread_read_for_user_by_post.app_error")
    romeo.post(f"/users/me/teams/{team['id']}/threads/{thread['id']}/set_unread/{new_id()}", expect=400)


def test_posts_tell_whether_one_follows(romeo, admin, channel, thread):
    params = {"collapsedThreads": "true"}
    mine = romeo.get(f"/channels/{channel['id']}/posts", params=params)
    assert mine["posts"][thread["id"]]["is_following"] is True and thread["last"]["id"] not in mine["posts"]
    assert mine["posts"][thread["id"]]["last_reply_at"] == thread["last"]["create_at"]
    assert [p["id"] for p in mine["posts"][thread["id"]]["participants"]] == [thread["last"]["user_id"]]
    assert admin.get(f"/channels/{channel['id']}/posts", params=params)["posts"][thread["id"]]["is_following"] is False


def test_etag_changes_when_one_follows(admin, channel, team, thread):
    path, params = f"/channels/{channel['id']}/posts", {"collapsedThreads": "true"}
    admin.get(path, params=params)
    tag = admin.last.headers["Etag"]
    admin.get(path, params=params, headers={"If-None-Match": tag}, expect=304)
    follow(admin, team, thread)
    assert admin.get(path, params=params, headers={"If-None-Match": tag})["posts"][thread["id"]]["is_following"] is True


class TestMarkedUnread:
    def test_reply_marked_by_an_old_client_is_unread_in_its_thread(self, romeo, juliet, channel, team, thread, sockets):
        reply = juliet.say(channel, "from here", root_id=thread["id"])
        read_all(romeo, team)
        socket = sockets(romeo)
        romeo.post("/channels/members/me/view", {"channel_id": channel["id"]})
        before = romeo.member_of(channel)
        romeo.post(f"/users/me/posts/{reply['id']}/set_unread", {"collapsed_threads_supported": False})
        after = romeo.member_of(channel)
        assert after["msg_count"] == before["msg_count"] - 1 and after["msg_count_root"] == before["msg_count_root"]
        assert socket.expect("thread_updated")["data"]["thread"]["unread_replies"] == 1

    def test_mentions_are_counted_again(self, romeo, juliet, channel):
        first = juliet.say(channel, "O @romeo")
        juliet.say(channel, "Romeo? @romeo", root_id=first["id"])
        juliet.say(channel, "no one")
        romeo.post("/channels/members/me/view", {"channel_id": channel["id"]})
        state = romeo.post(f"/users/me/posts/{first['id']}/set_unread", {"collapsed_threads_supported": True})
        assert (state["mention_count"], state["mention_count_root"]) == (2, 1)
        unread = romeo.get(f"/users/me/channels/{channel['id']}/unread")
        assert (unread["msg_count"], unread["msg_count_root"]) == (3, 2)

    def test_muted_channel_has_no_unread_messages(self, romeo, juliet, channel, team):
        romeo.post("/channels/members/me/view", {"channel_id": channel["id"]})
        romeo.put(f"/channels/{channel['id']}/members/{romeo.id}/notify_props", {"mark_unread": "mention"})
        before = romeo.get(f"/users/me/teams/{team['id']}/unread")
        juliet.say(channel, "O @romeo")
        unread = romeo.get(f"/users/me/channels/{channel['id']}/unread")
        assert (unread["msg_count"], unread["mention_count"]) == (0, 1)
        after = romeo.get(f"/users/me/teams/{team['id']}/unread")
        assert after["msg_count"] == before["msg_count"] and after["mention_count"] == before["mention_count"] + 1

    def test_unread_is_one_s_own(self, romeo, juliet, paris, channel):
        juliet.get(f"/users/{romeo.id}/channels/{channel['id']}/unread", expect=403)
        paris.get(f"/users/me/channels/{channel['id']}/unread", expect=403)
        juliet.get(f"/users/{romeo.id}/teams/unread", expect=403)
