"""Posts: what is shown with them, and what the server says of them."""

import time

import pytest

from lib.client import new_id, unique
from lib.images import png


@pytest.fixture(scope="module")
def settings():
    return {"ServiceSettings.SiteURL": "https://chat.verona.example", "ServiceSettings.PostEditTimeLimit": 300,
            "ServiceSettings.EnableAPIPostDeletion": True}


def embeds(post):
    return post["metadata"].get("embeds", [])


def link_to(team, post):
    return f"https://chat.verona.example/{team['name']}/pl/{post['id']}"


def test_first_link_is_an_embed(romeo, channel):
    post = romeo.say(channel, "see https://example.com/a and https://example.com/b")
    assert embeds(post) == [{"type": "link", "url": "https://example.com/a"}]
    assert embeds(romeo.say(channel, "`https://example.com`")) == []


def test_attachments_are_an_embed(romeo, channel):
    post = romeo.say(channel, "https://example.com", props={"attachments": [{"text": "x"}]})
    assert [e["type"] for e in embeds(post)] == ["message_attachment"]


def test_permalink_shows_the_post_to_those_who_may_read_it(romeo, juliet, admin, team, channel):
    secret = admin.make_channel(team, romeo, kind="P")
    hidden, open_one = romeo.say(secret, "hidden"), romeo.say(channel, "open")
    post = romeo.say(channel, f"look {link_to(team, hidden)}")
    assert post["props"]["previewed_post"] == hidden["id"]
    shown = embeds(romeo.get(f"/posts/{post['id']}"))[0]
    assert shown["type"] == "permalink" and shown["data"]["post"]["message"] == "hidden" and shown["data"]["team_name"] == team["name"]
    assert "hidden" not in str(juliet.get(f"/posts/{post['id']}")["metadata"])
    same = romeo.say(channel, link_to(team, open_one))
    assert embeds(juliet.get(f"/posts/{same['id']}"))[0]["data"]["post"]["message"] == "open"
    romeo.delete(f"/posts/{open_one['id']}")
    assert all(e["type"] != "permalink" for e in embeds(juliet.get(f"/posts/{same['id']}")))


def test_event_does_not_show_what_some_may_not_read(admin, romeo, juliet, team, channel, sockets):
    secret = admin.make_channel(team, romeo, kind="P")
    hidden = romeo.say(secret, "hidden words")
    socket = sockets(juliet)
    romeo.say(channel, f"look {link_to(team, hidden)}")
    assert "hidden words" not in str(socket.expect("posted"))


def test_custom_emoji_come_with_posts_and_reactions(romeo, juliet, channel):
    name = unique("rose").replace("-", "_")
    romeo.post("/emoji", data={"emoji": f'{{"name":"{name}","creator_id":"{romeo.id}"}}'}, files={"image": ("r.png", png(), "image/png")},
               expect=(200, 201))
    post = romeo.say(channel, f"a :{name}: and a :smile:")
    assert [e["name"] for e in post["metadata"]["emojis"]] == [name]
    plain = romeo.say(channel, "plain")
    juliet.post("/reactions", {"user_id": juliet.id, "post_id": plain["id"], "emoji_name": name})
    got = romeo.get(f"/posts/{plain['id']}")["metadata"]
    assert [e["name"] for e in got["emojis"]] == [name] and got["reactions"][0]["emoji_name"] == name


def test_hashtags_are_told(romeo, channel):
    assert romeo.say(channel, "#verona in #意大利之城 #x `#code`")["hashtags"] == "#verona #意大利之城"


def test_named_channels_are_told(romeo, channel):
    post = romeo.say(channel, f"see ~{channel['name']} and ~nowhere")
    assert post["props"]["channel_mentions"] == {
        channel["name"]: {"display_name": channel["display_name"], "team_name": "capulet", "id": channel["id"]}}


def test_props_of_the_server_are_not_the_authors_to_say(romeo, channel):
    forged = {"from_bot": "true", "add_channel_member": {}, "channel_mentions": {"x": {}}, "previewed_post": new_id(), "mine": 1}
    assert romeo.say(channel, "x", props=forged)["props"] == {"mine": 1}


def test_priority_is_kept_for_roots(romeo, channel):
    post = romeo.say(channel, "now!", metadata={"priority": {"priority": "urgent"}})
    assert post["metadata"]["priority"]["priority"] == "urgent"
    assert romeo.get(f"/posts/{post['id']}")["metadata"]["priority"]["priority"] == "urgent"
    assert "priority" not in romeo.say(channel, "x", root_id=post["id"], metadata={"priority": {"priority": "urgent"}})["metadata"]
    romeo.post("/posts", {"channel_id": channel["id"], "message": "x", "metadata": {"priority": {"priority": "dire"}}}, expect=400)


def test_time_to_edit_ends(admin, channel):
    post = admin.say(channel, "old words", create_at=int(time.time() * 1000) - 400_000)
    admin.put(f"/posts/{post['id']}/patch", {"message": "x"}, expect=400, error="api.post.update_post.permissions_time_limit.app_error")
    admin.put(f"/posts/{post['id']}/patch", {"is_pinned": True})


def test_permanent_deletion_is_an_admins(admin, romeo, channel):
    post = romeo.say(channel, "for ever")
    romeo.delete(f"/posts/{post['id']}", params={"permanent": "true"}, expect=403)
    admin.delete(f"/posts/{post['id']}", params={"permanent": "true"})
    admin.get(f"/posts/{post['id']}", params={"include_deleted": "true"}, expect=404)


def test_deletion_is_told_twice(admin, romeo, juliet, channel, sockets):
    juliets, admins = sockets(juliet), sockets(admin)
    post = romeo.say(channel, "gone")
    romeo.delete(f"/posts/{post['id']}")
    assert "delete_by" not in juliets.expect("post_deleted")["data"]
    assert admins.expect("post_deleted")["data"]["delete_by"] == romeo.id
    juliets.fence(juliet)
    assert not juliets.has("post_deleted")


def test_set_online_is_told(romeo, juliet, channel, sockets):
    socket = sockets(juliet)
    romeo.say(channel, "here")
    assert socket.expect("posted")["data"]["set_online"] is True
    romeo.post("/posts", {"channel_id": channel["id"], "message": "not here"}, params={"set_online": "false"}, expect=201)
    assert socket.expect("posted")["data"]["set_online"] is False
