"""Posts: editing, deleting, pinning, marking unread, saving."""


from lib.client import new_id


def test_edit_keeps_the_old_text_and_is_heard(romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    post = romeo.say(channel, "first")
    edited = romeo.put(f"/posts/{post['id']}/patch", {"message": "second"})
    assert edited["message"] == "second" and edited["edit_at"] > 0 and edited["update_at"] > post["update_at"]
    assert edited["create_at"] == post["create_at"]
    assert socket.expect("post_edited")["data"]["post"]["message"] == "second"
    history = romeo.get(f"/posts/{post['id']}/edit_history")
    assert [old["message"] for old in history] == ["first"]


def test_put_changes_the_text_and_needs_the_id(romeo, channel):
    post = romeo.say(channel, "first")
    assert romeo.put(f"/posts/{post['id']}", {"id": post["id"], "message": "second"})["message"] == "second"
    romeo.put(f"/posts/{post['id']}", {"id": new_id(), "message": "x"}, expect=400)


def test_others_words_are_not_mine_to_change(romeo, juliet, admin, channel, nobody):
    post = romeo.say(channel, "mine")
    for who, status in ((juliet, 403), (nobody, 401)):
        who.put(f"/posts/{post['id']}/patch", {"message": "hers"}, expect=status)
        who.delete(f"/posts/{post['id']}", expect=status)
    assert admin.put(f"/posts/{post['id']}/patch", {"message": "corrected"})["message"] == "corrected"


def test_unknown_post_can_not_be_changed(romeo):
    romeo.put(f"/posts/{new_id()}/patch", {"message": "x"}, expect=(403, 404))
    romeo.delete(f"/posts/{new_id()}", expect=(403, 404))


def test_too_long_an_edit_is_refused(romeo, channel):
    post = romeo.say(channel, "short")
    romeo.put(f"/posts/{post['id']}/patch", {"message": "x" * 16384}, expect=400)
    assert romeo.get(f"/posts/{post['id']}")["message"] == "short"


def test_deleted_post_is_gone_and_heard(romeo, juliet, admin, channel, sockets):
    socket = sockets(juliet)
    post = romeo.say(channel, "forget me")
    romeo.delete(f"/posts/{post['id']}")
    assert socket.expect("post_deleted")["data"]["post"]["id"] == post["id"]
    romeo.get(f"/posts/{post['id']}", expect=404)
    assert "forget me" not in juliet.messages_of(channel)
    romeo.get(f"/posts/{post['id']}", params={"include_deleted": "true"}, expect=403)
    assert admin.get(f"/posts/{post['id']}", params={"include_deleted": "true"})["delete_at"] > 0
    romeo.delete(f"/posts/{post['id']}", expect=(403, 404))


def test_deleting_a_root_deletes_its_replies(romeo, juliet, channel):
    root = romeo.say(channel, "root")
    reply = juliet.say(channel, "reply", root_id=root["id"])
    romeo.delete(f"/posts/{root['id']}")
    juliet.get(f"/posts/{reply['id']}", expect=404)


def test_deleting_a_reply_lowers_the_count(romeo, juliet, channel):
    root = romeo.say(channel, "root")
    reply = juliet.say(channel, "reply", root_id=root["id"])
    juliet.delete(f"/posts/{reply['id']}")
    assert romeo.get(f"/posts/{root['id']}")["reply_count"] == 0


def test_pinning_and_unpinning(romeo, juliet, paris, channel, sockets):
    socket = sockets(juliet)
    post = romeo.say(channel, "pin me")
    assert romeo.post(f"/posts/{post['id']}/pin") == {"status": "OK"}
    assert socket.expect("post_edited")["data"]["post"]["is_pinned"] is True
    assert juliet.get(f"/channels/{channel['id']}/pinned")["order"] == [post["id"]]
    paris.post(f"/posts/{post['id']}/pin", expect=403)
    romeo.post(f"/posts/{new_id()}/pin", expect=403)
    juliet.post(f"/posts/{post['id']}/unpin")
    assert juliet.get(f"/channels/{channel['id']}/pinned")["order"] == []


def test_post_is_marked_unread(romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    post = romeo.say(channel, "mind @juliet")
    romeo.say(channel, "and this")
    juliet.post("/channels/members/me/view", {"channel_id": channel["id"]})
    state = juliet.post(f"/users/me/posts/{post['id']}/set_unread", {"collapsed_threads_supported": True})
    assert state["last_viewed_at"] == post["create_at"] - 1 and state["mention_count"] == 1
    heard = socket.expect("post_unread")
    assert heard["data"]["post_id"] == post["id"] and heard["broadcast"]["channel_id"] == channel["id"]
    unread = juliet.get(f"/users/me/channels/{channel['id']}/unread")
    assert unread["msg_count"] == 2 and unread["mention_count"] == 1
    romeo.post(f"/users/{juliet.id}/posts/{post['id']}/set_unread", {}, expect=403)


def test_saved_posts_are_listed(romeo, channel, team):
    post = romeo.say(channel, "save me")
    row = {"user_id": romeo.id, "category": "flagged_post", "name": post["id"], "value": "true"}
    romeo.put("/users/me/preferences", [row])
    assert post["id"] in romeo.get("/users/me/posts/flagged")["order"]
    assert romeo.get("/users/me/posts/flagged", params={"channel_id": channel["id"]})["order"] == [post["id"]]
    romeo.post("/users/me/preferences/delete", [row])
    assert post["id"] not in romeo.get("/users/me/posts/flagged")["order"]


def test_props_travel(romeo, channel):
    post = romeo.say(channel, "props", props={"card": "**hello**", "attachments": [{"text": "one", "fields": [{"title": "t", "value": 1, "short": True}]}]})
    got = romeo.get(f"/posts/{post['id']}")["props"]
    assert got["card"] == "**hello**" and got["attachments"][0]["text"] == "one"


def test_ephemeral_post_is_an_admins(admin, romeo, channel, sockets):
    socket = sockets(romeo)
    body = {"user_id": romeo.id, "post": {"channel_id": channel["id"], "message": "between us"}}
    admin.post("/posts/ephemeral", body, expect=201)
    assert socket.expect("ephemeral_message")["data"]["post"]["message"] == "between us"
    assert "between us" not in romeo.messages_of(channel)
    romeo.post("/posts/ephemeral", body, expect=403)
