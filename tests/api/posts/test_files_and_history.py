"""Posts: their files, their former versions, and going back to one."""

import pytest

from lib.client import new_id
from lib.images import png


def names(post):
    return [f["name"] for f in post["metadata"].get("files", [])]


def test_files_come_with_the_post(romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    letter, picture = romeo.upload(channel), romeo.upload(channel, "rose.png", png(), "image/png")
    post = romeo.say(channel, "read", file_ids=[letter["id"], picture["id"]])
    assert post["file_ids"] == [letter["id"], picture["id"]] and sorted(names(post)) == ["letter.txt", "rose.png"]
    heard = socket.expect("posted")["data"]
    assert heard["otherFile"] == "true" and heard["image"] == "true" and sorted(names(heard["post"])) == ["letter.txt", "rose.png"]
    assert {f["id"] for f in juliet.get(f"/posts/{post['id']}/files/info")} == {letter["id"], picture["id"]}


def test_only_one_s_own_unused_files_of_the_channel_are_taken(romeo, juliet, channel, private):
    used, elsewhere, hers = romeo.upload(channel), romeo.upload(private), juliet.upload(channel)
    romeo.say(channel, "first", file_ids=[used["id"]])
    post = romeo.say(channel, "second", file_ids=[used["id"], elsewhere["id"], hers["id"], new_id()])
    assert not post["file_ids"] and names(post) == []


@pytest.mark.parametrize("ids", [["short"], [new_id() for _ in range(11)], "text"])
def test_bad_file_ids_are_refused(romeo, channel, ids):
    romeo.post("/posts", {"channel_id": channel["id"], "message": "x", "file_ids": ids}, expect=400)


def test_files_go_and_come_with_an_edit(romeo, channel):
    one, two = romeo.upload(channel, "one.txt"), romeo.upload(channel, "two.txt")
    post = romeo.say(channel, "read", file_ids=[one["id"]])
    edited = romeo.put(f"/posts/{post['id']}/patch", {"file_ids": [two["id"]]})
    assert names(edited) == ["two.txt"] and edited["edit_at"] > 0 and edited["message"] == "read"
    old = romeo.get(f"/posts/{post['id']}/edit_history")[0]
    assert old["file_ids"] == [one["id"]] and names(old) == ["one.txt"]
    restored = romeo.post(f"/posts/{post['id']}/restore/{old['id']}")
    assert names(restored) == ["one.txt"]


def test_deleting_a_post_deletes_its_files(romeo, admin, channel):
    letter = romeo.upload(channel)
    post = romeo.say(channel, "read", file_ids=[letter["id"]])
    romeo.delete(f"/posts/{post['id']}")
    romeo.get(f"/files/{letter['id']}", expect=404)
    shown = admin.get(f"/posts/{post['id']}", params={"include_deleted": "true"})
    assert names(shown) == ["letter.txt"]


def test_history_holds_each_version_newest_first(romeo, channel):
    post = romeo.say(channel, "one")
    romeo.get(f"/posts/{post['id']}/edit_history", expect=404)
    romeo.put(f"/posts/{post['id']}/patch", {"message": "two"})
    romeo.put(f"/posts/{post['id']}/patch", {"message": "three"})
    romeo.post(f"/posts/{post['id']}/pin")
    history = romeo.get(f"/posts/{post['id']}/edit_history")
    assert [old["message"] for old in history] == ["two", "one"]
    assert all(old["original_id"] == post["id"] and old["delete_at"] > 0 for old in history)


def test_history_is_the_authors(romeo, juliet, nobody, channel):
    post = romeo.say(channel, "one")
    romeo.put(f"/posts/{post['id']}/patch", {"message": "two"})
    juliet.get(f"/posts/{post['id']}/edit_history", expect=403)
    nobody.get(f"/posts/{post['id']}/edit_history", expect=401)


def test_former_version_becomes_the_text_again(romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    post = romeo.say(channel, "one #tag")
    romeo.put(f"/posts/{post['id']}/patch", {"message": "two"})
    socket.expect("post_edited")
    old = romeo.get(f"/posts/{post['id']}/edit_history")[0]
    restored = romeo.post(f"/posts/{post['id']}/restore/{old['id']}")
    assert restored["message"] == "one #tag" and restored["hashtags"] == "#tag"
    assert socket.expect("post_edited")["data"]["post"]["message"] == "one #tag"
    assert [v["message"] for v in romeo.get(f"/posts/{post['id']}/edit_history")] == ["two", "one #tag"]


def test_only_versions_of_the_post_are_restored(romeo, juliet, channel):
    post, other = romeo.say(channel, "one"), romeo.say(channel, "other")
    romeo.put(f"/posts/{other['id']}/patch", {"message": "changed"})
    foreign = romeo.get(f"/posts/{other['id']}/edit_history")[0]
    path = f"/posts/{post['id']}/restore"
    romeo.post(f"{path}/{foreign['id']}", expect=400, error="app.post.restore_post_version.not_valid_post_history_item.app_error")
    romeo.post(f"{path}/{other['id']}", expect=400, error="app.post.restore_post_version.not_an_history_item.app_error")
    romeo.post(f"{path}/{new_id()}", expect=404)
    juliet.post(f"/posts/{other['id']}/restore/{foreign['id']}", expect=403)


def test_system_message_is_not_edited(admin, romeo, channel):
    romeo.put(f"/channels/{channel['id']}/patch", {"header": "new"})
    posts = romeo.get(f"/channels/{channel['id']}/posts")
    note = next(p for p in posts["posts"].values() if p["type"] == "system_header_change")
    assert note["props"]["new_header"] == "new" and note["props"]["username"] == "romeo"
    admin.put(f"/posts/{note['id']}/patch", {"message": "x"}, expect=400)


@pytest.mark.parametrize("patch", [{"message": 5}, {"props": []}, {"file_ids": "x"}, {"is_pinned": "yes"}, []])
def test_bad_edits_are_refused(romeo, channel, patch):
    post = romeo.say(channel, "as it was")
    romeo.put(f"/posts/{post['id']}/patch", patch, expect=400)
    assert romeo.get(f"/posts/{post['id']}")["message"] == "as it was"


def test_post_in_archived_channel_is_left_as_it_is(admin, romeo, channel):
    post = romeo.say(channel, "old")
    admin.delete(f"/channels/{channel['id']}")
    romeo.put(f"/posts/{post['id']}/patch", {"message": "x"}, expect=400)
    romeo.delete(f"/posts/{post['id']}", expect=400)
    romeo.post(f"/posts/{post['id']}/pin", expect=400)
    romeo.post("/reactions", {"user_id": romeo.id, "post_id": post["id"], "emoji_name": "heart"}, expect=403)
