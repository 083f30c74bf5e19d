"""What becomes of the picture of a custom emoji, and how emoji are listed."""

import json
import time

import pytest

from lib.client import new_id, unique
from lib.images import BLUE, GREEN, JPEG, WEBP, gif, gif_frames, is_near, png, png_bomb, png_pixels


def until(what, seconds=20):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def make(client, image, name=None, expect=200, error=None):
    body = {"creator_id": client.id, "name": name or unique("e").replace("-", "_")}
    return client.post("/emoji", data={"emoji": json.dumps(body)}, files={"image": ("e.png", image)}, expect=expect, error=error)


def picture(client, emoji, **options):
    return client.get(f"/emoji/{emoji['id']}/image", raw=True, **options)


@pytest.mark.parametrize("image, size", [(png(10, 10), (10, 10)), (png(128, 128), (128, 128)), (png(300, 150), (128, 64)),
                                         (png(20, 1000), (3, 128)), (JPEG, (48, 32)), (WEBP, (48, 32)), (gif(300, 300, [GREEN]), (128, 128))])
def test_still_picture_is_made_to_fit(romeo, juliet, image, size):
    reply = picture(juliet, make(romeo, image))
    assert reply.headers["Content-Type"] == "image/png" and png_pixels(reply.content)[:2] == size


def test_small_moving_picture_is_kept_as_it_is(romeo):
    image = gif(64, 64, [GREEN, BLUE, GREEN])
    reply = picture(romeo, make(romeo, image))
    assert reply.headers["Content-Type"] == "image/gif" and reply.content == image


def test_large_moving_picture_still_moves(romeo):
    reply = picture(romeo, make(romeo, gif(400, 200, [GREEN, BLUE, GREEN, BLUE])))
    assert reply.headers["Content-Type"] == "image/gif" and gif_frames(reply.content) == (128, 64, 4)


def test_picture_is_kept_by_the_browser(romeo):
    reply = picture(romeo, make(romeo, png()))
    assert reply.headers["Cache-Control"] == "max-age=2592000, private"
    picture(romeo, {"id": reply.url.split("/")[-2]}, headers={"If-None-Match": reply.headers["Etag"]}, expect=304)


@pytest.mark.parametrize("image, status, error", [
    (png(1029, 10), 400, "api.emoji.upload.large_image.too_large.app_error"),
    (png_bomb(60000, 60000), 400, "api.emoji.upload.large_image.too_large.app_error"),
    (gif(1029, 5, [GREEN, BLUE]), 400, "api.emoji.upload.large_image.too_large.app_error"),
    (png(200, 200)[:80], 400, "api.emoji.upload.large_image.decode_error"),
    (gif(200, 200, [GREEN, BLUE, GREEN])[:-400], 400, "api.emoji.upload.large_image.gif_decode_error"),
    (b"no picture", 400, "api.emoji.upload.image.app_error"),
    (b"", 400, "api.emoji.upload.image.app_error"),
    (png() + b"\0" * 524288, 413, "api.emoji.create.too_large.app_error"),
    (b"\0" * 2000000, 413, "api.emoji.create.too_large.app_error"),
])
def test_unfit_pictures_are_refused_and_the_name_stays_free(romeo, image, status, error):
    name = unique("e").replace("-", "_")
    make(romeo, image, name, expect=status, error=error)
    romeo.get(f"/emoji/name/{name}", expect=404)
    make(romeo, png(), name)


def test_bad_forms_are_refused(romeo):
    image = {"image": ("e.png", png())}
    for text in ("", "no json", "[]", "7"):
        romeo.post("/emoji", data={"emoji": text}, files=image, expect=400, error="api.context.invalid_body_param.app_error")
    romeo.post("/emoji", files=image, expect=400, error="api.context.invalid_body_param.app_error")
    romeo.post("/emoji", data={"emoji": json.dumps({"name": 5, "creator_id": romeo.id})}, files=image, expect=400)
    romeo.post("/emoji", {"name": "x"}, expect=400, error="api.emoji.create.parse.app_error")


def test_list_goes_by_name_or_age_and_by_pages(romeo):
    stem = unique("list").replace("-", "_")
    made = [make(romeo, png(), f"{stem}_{letter}") for letter in "cab"]
    ours = lambda emojis: [e["name"][-1] for e in emojis if e["name"].startswith(stem)]
    assert ours(romeo.get("/emoji", params={"per_page": 200, "sort": "name"})) == ["a", "b", "c"]
    assert ours(romeo.get("/emoji", params={"per_page": 200})) == ["c", "a", "b"]
    every = romeo.get("/emoji", params={"per_page": 200, "sort": "name"})
    pages = [romeo.get("/emoji", params={"per_page": 2, "page": n, "sort": "name"}) for n in range(len(every) // 2 + 1)]
    assert sum(pages, []) == every
    romeo.get("/emoji", params={"sort": "size"}, expect=400, error="api.context.invalid_url_param.app_error")
    romeo.delete(f"/emoji/{made[0]['id']}")
    assert ours(romeo.get("/emoji", params={"per_page": 200, "sort": "name"})) == ["a", "b"]


def test_search_finds_parts_and_autocomplete_beginnings(romeo):
    stem = unique("find").replace("-", "_")
    name = make(romeo, png(), stem + "_Tail")["name"]
    names = lambda emojis: [e["name"] for e in emojis]
    assert name in names(romeo.post("/emoji/search", {"term": stem[4:] + "_tail"}))
    assert name not in names(romeo.post("/emoji/search", {"term": stem[4:] + "_tail", "prefix_only": True}))
    assert name in names(romeo.post("/emoji/search", {"term": stem.upper(), "prefix_only": True}))
    assert names(romeo.get("/emoji/autocomplete", params={"name": stem})) == [name]
    assert romeo.get("/emoji/autocomplete", params={"name": stem[:-1] + "%"}) == []
    assert romeo.post("/emoji/search", {"term": "'; DROP TABLE emojis; --"}) == []
    for body in ({}, {"term": ""}, {"term": 5}, [], {"term": "a", "prefix_only": "yes"}):
        romeo.post("/emoji/search", body, expect=400, error="api.context.invalid_body_param.app_error")
    romeo.get("/emoji/autocomplete", expect=400, error="api.context.invalid_url_param.app_error")


def test_names_are_asked_for_in_numbers(romeo):
    made = [make(romeo, png()) for _ in range(2)]
    asked = [e["name"] for e in made] + ["heart", "nobody_has_this", "not valid!", made[0]["name"]]
    assert {e["id"] for e in romeo.post("/emoji/names", asked)} == {e["id"] for e in made}
    assert romeo.post("/emoji/names", []) == []
    romeo.post("/emoji/names", ["x"] * 201, expect=400, error="api.emoji.get_multiple_by_name_too_many.request_error")
    for body in ("x", {"a": 1}, [1]):
        romeo.post("/emoji/names", body, expect=400)


def test_what_is_not_there_is_not_found(romeo, nobody):
    for path in (f"/emoji/{new_id()}", f"/emoji/{new_id()}/image", "/emoji/name/nobody_has_this"):
        romeo.get(path, expect=404)
        nobody.get(path, expect=401)
    romeo.delete(f"/emoji/{new_id()}", expect=404)
    for path in ("/emoji/short", "/emoji/short/image", "/emoji/name/not%20valid"):
        romeo.get(path, expect=400)


def test_deleted_name_is_free_again(romeo):
    first = make(romeo, png(4, 4))
    romeo.delete(f"/emoji/{first['id']}")
    picture(romeo, first, expect=404)
    second = make(romeo, png(5, 5), first["name"])
    assert romeo.get(f"/emoji/name/{first['name']}")["id"] == second["id"]
    romeo.delete(f"/emoji/{first['id']}", expect=404)


def test_reactions_go_with_their_emoji(romeo, juliet, channel):
    """… so that a later emoji of that name does not inherit them."""
    emoji, post = make(romeo, png()), romeo.say(channel, "react")
    for name in (emoji["name"], "heart"):
        juliet.post("/reactions", {"user_id": juliet.id, "post_id": post["id"], "emoji_name": name})
    romeo.delete(f"/emoji/{emoji['id']}")
    make(romeo, png(), emoji["name"])
    names = lambda: [r["emoji_name"] for r in romeo.get(f"/posts/{post['id']}/reactions")]
    until(lambda: names() == ["heart"])


def test_guests_use_emoji_and_add_none(guest, romeo):
    picture(guest, make(romeo, png()))
    make(guest, png(), expect=403, error="api.context.permissions.app_error")
