"""Custom emoji."""

import json

import pytest

from lib.client import new_id, unique
from lib.images import png


def make(client, name=None, image=None, expect=(200, 201), **fields):
    name = name if name is not None else unique("e").replace("-", "_")
    body = {"creator_id": client.id, "name": name, **fields} if client.token else {"name": name, "creator_id": new_id()}
    return client.post("/emoji", data={"emoji": json.dumps(body)}, files={"image": ("e.png", image or png(), "image/png")}, expect=expect)


def test_emoji_is_made_found_and_announced(romeo, juliet, sockets):
    socket = sockets(juliet)
    emoji = make(romeo)
    assert socket.expect("emoji_added")["data"]["emoji"]["name"] == emoji["name"]
    assert juliet.get(f"/emoji/{emoji['id']}")["name"] == emoji["name"]
    assert juliet.get(f"/emoji/name/{emoji['name']}")["id"] == emoji["id"]
    assert juliet.post("/emoji/names", [emoji["name"], "heart"])[0]["id"] == emoji["id"]
    assert emoji["id"] in {e["id"] for e in juliet.get("/emoji", params={"per_page": 200})}
    assert emoji["id"] in {e["id"] for e in juliet.post("/emoji/search", {"term": emoji["name"][:6]})}
    assert emoji["id"] in {e["id"] for e in juliet.get("/emoji/autocomplete", params={"name": emoji["name"][:6]})}
    reply = juliet.get(f"/emoji/{emoji['id']}/image", raw=True)
    assert reply.headers["Content-Type"].startswith("image/")


def test_taken_and_reserved_names_are_refused(romeo):
    emoji = make(romeo)
    make(romeo, emoji["name"], expect=400)
    make(romeo, "heart", expect=400)


@pytest.mark.parametrize("name", ["", "with space", "n" * 65, "鸿雁", "a/b"])
def test_bad_names_are_refused(romeo, name):
    make(romeo, name, expect=400)


def test_what_is_no_picture_is_refused(romeo):
    make(romeo, image=b"no picture at all", expect=400)
    make(romeo, image=b"\x89PNG\r\n\x1a\n" + b"\0" * 100, expect=400)


def test_creator_is_oneself(romeo, juliet, nobody):
    make(romeo, expect=403, creator_id=juliet.id)
    make(nobody, expect=401)


def test_emoji_is_deleted_by_its_maker_or_an_admin(romeo, juliet, admin):
    emoji, other = make(romeo), make(romeo)
    juliet.delete(f"/emoji/{emoji['id']}", expect=403)
    romeo.delete(f"/emoji/{emoji['id']}")
    admin.delete(f"/emoji/{other['id']}")
    romeo.get(f"/emoji/{emoji['id']}", expect=404)
    romeo.get(f"/emoji/name/{emoji['name']}", expect=404)
    romeo.get(f"/emoji/{new_id()}", expect=404)


def test_post_carries_the_custom_emoji_it_uses(romeo, juliet, channel):
    emoji = make(romeo)
    post = romeo.say(channel, f"hello :{emoji['name']}:")
    assert juliet.get(f"/posts/{post['id']}")["metadata"]["emojis"][0]["id"] == emoji["id"]


def test_custom_emoji_is_a_reaction(romeo, juliet, channel):
    emoji = make(romeo)
    post = romeo.say(channel, "react")
    juliet.post("/reactions", {"user_id": juliet.id, "post_id": post["id"], "emoji_name": emoji["name"]})
