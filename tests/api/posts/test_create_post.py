"""Posts: creating. The example to follow (tests/README.md)."""

import time

import pytest

from lib.client import new_id


def test_post_is_answered_as_saved(romeo, channel):
    before = int(time.time() * 1000) - 1000
    post = romeo.post("/posts", {"channel_id": channel["id"], "message": "But soft, what light"}, expect=201)
    assert post["message"] == "But soft, what light"
    assert post["user_id"] == romeo.id and post["channel_id"] == channel["id"]
    assert before <= post["create_at"] == post["update_at"]
    assert (post["delete_at"], post["edit_at"], post["root_id"], post["type"]) == (0, 0, "", "")
    assert romeo.get(f"/posts/{post['id']}")["message"] == "But soft, what light"


def test_post_reaches_every_member_once(romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    post = romeo.say(channel, "hear me")
    event = socket.expect("posted", lambda e: e["data"]["post"]["id"] == post["id"])
    assert event["broadcast"]["channel_id"] == channel["id"]
    assert event["data"]["channel_type"] == "O" and event["data"]["sender_name"] == "@romeo"
    assert event["data"]["post"]["message"] == "hear me"
    socket.fence(juliet)
    assert not socket.has("posted", lambda e: e["data"]["post"]["id"] == post["id"])


def test_post_does_not_reach_a_stranger(romeo, paris, channel, private, sockets):
    socket = sockets(paris)
    romeo.say(channel, "for members")
    romeo.say(private, "for friends")
    socket.fence(paris)
    assert not socket.has("posted")


def test_pending_id_comes_back_in_reply_and_event(romeo, channel, sockets):
    socket = sockets(romeo)
    pending = f"{romeo.id}:{int(time.time() * 1000)}"
    post = romeo.say(channel, "once", pending_post_id=pending)
    assert post["pending_post_id"] == pending
    assert socket.expect("posted")["data"]["post"]["pending_post_id"] == pending


def test_same_pending_id_again_is_the_same_post(romeo, channel):
    pending = f"{romeo.id}:{int(time.time() * 1000) + 7}"
    first = romeo.say(channel, "once only", pending_post_id=pending)
    second = romeo.say(channel, "once only", pending_post_id=pending)
    assert first["id"] == second["id"]
    assert romeo.messages_of(channel).count("once only") == 1


def test_posts_of_a_channel_never_share_a_time(romeo, channel):
    posts = [romeo.say(channel, f"line {i}") for i in range(5)]
    times = [post["create_at"] for post in posts]
    assert times == sorted(set(times))


def test_chinese_emoji_and_line_breaks_are_kept(romeo, channel):
    for text in ("鸿雁传书，𠮷野家", "👩‍👩‍👧‍👦 e\u0301", "one\ntwo\r\nthree\ttab", "‮right to left", "'); DROP TABLE posts; --"):
        post = romeo.say(channel, text)
        assert romeo.get(f"/posts/{post['id']}")["message"] == text


def test_longest_message_is_taken_and_one_rune_more_refused(romeo, channel):
    assert len(romeo.say(channel, "雁" * 16383)["message"]) == 16383
    romeo.post("/posts", {"channel_id": channel["id"], "message": "雁" * 16384}, expect=400, error="model.post.is_valid.message_length.app_error")


def test_empty_message_is_taken(romeo, channel):
    assert romeo.say(channel, "")["message"] == ""


def test_author_and_times_are_not_the_bodys_to_choose(romeo, juliet, channel):
    post = romeo.say(channel, "in whose name", user_id=juliet.id, create_at=1, id=new_id(), delete_at=5)
    assert post["user_id"] == romeo.id and post["create_at"] > 1 and post["delete_at"] == 0


def test_admin_may_choose_the_time(admin, channel):
    assert admin.say(channel, "long ago", create_at=1000)["create_at"] == 1000


def test_system_type_is_refused_and_custom_type_taken(romeo, channel):
    body = {"channel_id": channel["id"], "message": "x"}
    romeo.post("/posts", {**body, "type": "system_join_channel"}, expect=400)
    assert romeo.say(channel, "x", type="custom_sonnet")["type"] == "custom_sonnet"


def test_reply_joins_its_thread(romeo, juliet, channel):
    root = romeo.say(channel, "root")
    reply = juliet.say(channel, "reply", root_id=root["id"])
    assert reply["root_id"] == root["id"]
    thread = romeo.get(f"/posts/{root['id']}/thread")
    assert set(thread["order"]) == {root["id"], reply["id"]}
    assert romeo.get(f"/posts/{root['id']}")["reply_count"] == 1


def test_root_must_be_a_root_of_the_same_channel(romeo, channel, private):
    root = romeo.say(channel, "root")
    reply = romeo.say(channel, "reply", root_id=root["id"])
    other = romeo.say(private, "elsewhere")
    for wrong in (reply["id"], other["id"], new_id()):
        romeo.post("/posts", {"channel_id": channel["id"], "message": "x", "root_id": wrong}, expect=400,
                   error=("api.post.create_post.root_id.app_error", "api.post.create_post.channel_root_id.app_error"))


@pytest.mark.parametrize("body", [{}, {"message": "no channel"}, {"channel_id": "short", "message": "x"}])
def test_post_without_a_channel_is_refused(romeo, body):
    romeo.post("/posts", body, expect=(400, 403))


def test_post_in_unknown_channel_is_refused(romeo):
    romeo.post("/posts", {"channel_id": new_id(), "message": "x"}, expect=(403, 404))


def test_post_in_archived_channel_is_refused(admin, romeo, channel):
    romeo.say(channel, "still open")
    admin.delete(f"/channels/{channel['id']}")
    romeo.post("/posts", {"channel_id": channel["id"], "message": "x"}, expect=400)


def test_strangers_and_nobody_may_not_post(nobody, paris, channel, private):
    for where in (channel, private):
        body = {"channel_id": where["id"], "message": "let me in"}
        nobody.post("/posts", body, expect=401, error="api.context.session_expired.app_error")
        paris.post("/posts", body, expect=403, error="api.context.permissions.app_error")


def test_post_counts_in_its_channel_and_as_read_for_its_author(romeo, juliet, channel):
    before = romeo.get(f"/channels/{channel['id']}")["total_msg_count"]
    romeo.say(channel, "one")
    romeo.say(channel, "two")
    after = romeo.get(f"/channels/{channel['id']}")["total_msg_count"]
    assert after == before + 2
    assert romeo.member_of(channel)["msg_count"] == after
    assert juliet.member_of(channel)["msg_count"] == before


def test_mention_counts_for_the_mentioned_only(romeo, juliet, channel, sockets):
    juliet.post("/channels/members/me/view", {"channel_id": channel["id"]})
    romeos, juliets = sockets(romeo), sockets(juliet)
    romeo.say(channel, "O @juliet, wherefore")
    assert juliets.expect("posted")["data"]["mentions"] == [juliet.id]
    assert "mentions" not in romeos.expect("posted")["data"]
    assert juliet.member_of(channel)["mention_count"] == 1
    assert romeo.member_of(channel)["mention_count"] == 0  # and what was there is read: she has written
