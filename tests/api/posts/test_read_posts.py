"""Posts: reading them one by one, in pages, around a place, since a time."""

import pytest

from lib.client import new_id


@pytest.fixture
def ten(romeo, channel):
    return [romeo.say(channel, f"line {i}") for i in range(10)]


def ids(posts):
    return [post["id"] for post in posts]


def page(client, channel, **params):
    return client.get(f"/channels/{channel['id']}/posts", params=params)


def test_pages_go_from_the_newest_without_gap(romeo, channel, ten):
    seen, number = [], 0
    while True:
        posts = page(romeo, channel, page=number, per_page=3)
        seen += posts["order"]
        assert set(posts["order"]) <= posts["posts"].keys()
        if len(posts["order"]) < 3:
            break
        number += 1
    assert seen[:10] == ids(reversed(ten)) and len(seen) == len(set(seen))


def test_ends_are_told(romeo, channel, ten):
    newest = page(romeo, channel, page=0, per_page=3)
    assert newest["next_post_id"] == "" and newest["prev_post_id"] == ten[6]["id"]


def test_posts_before_and_after_a_post(romeo, channel, ten):
    before = page(romeo, channel, before=ten[5]["id"], per_page=2)
    assert before["order"] == [ten[4]["id"], ten[3]["id"]]
    assert before["next_post_id"] == ten[5]["id"] and before["prev_post_id"] == ten[2]["id"]
    after = page(romeo, channel, after=ten[5]["id"], per_page=2)
    assert after["order"] == [ten[7]["id"], ten[6]["id"]]
    assert after["prev_post_id"] == ten[5]["id"] and after["next_post_id"] == ten[8]["id"]


def test_posts_since_a_time_include_edited_and_deleted(romeo, channel, ten):
    since = romeo.say(channel, "mark")["create_at"]
    romeo.put(f"/posts/{ten[0]['id']}/patch", {"message": "edited"})
    romeo.delete(f"/posts/{ten[1]['id']}")
    fresh = romeo.say(channel, "fresh")
    posts = page(romeo, channel, since=since)["posts"]
    assert posts[ten[0]["id"]]["message"] == "edited"
    assert posts[ten[1]["id"]]["delete_at"] > 0
    assert fresh["id"] in posts and ten[5]["id"] not in posts


@pytest.mark.parametrize("params", [{"since": "x"}, {"before": "short"}, {"after": "short"}])
def test_bad_places_are_refused(romeo, channel, params):
    romeo.get(f"/channels/{channel['id']}/posts", params=params, expect=400)


def test_private_channel_is_closed_to_others(romeo, paris, nobody, private):
    post = romeo.say(private, "secret")
    for path in (f"/posts/{post['id']}", f"/channels/{private['id']}/posts", f"/posts/{post['id']}/thread",
                 f"/posts/{post['id']}/reactions", f"/posts/{post['id']}/files/info", f"/channels/{private['id']}/pinned"):
        romeo.get(path)
        paris.get(path, expect=403)
        nobody.get(path, expect=401)
    assert paris.post("/posts/ids", [post["id"]]) == []


def test_public_channel_is_read_by_the_team(admin, romeo, juliet, paris, team):
    channel = admin.make_channel(team, romeo)
    post = romeo.say(channel, "for all")
    assert juliet.get(f"/posts/{post['id']}")["message"] == "for all"
    paris.get(f"/posts/{post['id']}", expect=403)


def test_unknown_posts_are_404(romeo):
    romeo.get(f"/posts/{new_id()}", expect=404)
    romeo.get(f"/posts/{new_id()}/thread", expect=404)
    romeo.get("/posts/short", expect=(400, 404))


def test_posts_by_ids(romeo, channel, ten):
    got = romeo.post("/posts/ids", [ten[0]["id"], ten[3]["id"], new_id()])
    assert {post["id"] for post in got} == {ten[0]["id"], ten[3]["id"]}
    romeo.post("/posts/ids", [], expect=400)
    romeo.post("/posts/ids", [new_id() for _ in range(1001)], expect=400)


def test_unread_page_stands_around_the_first_unread(romeo, juliet, channel, ten):
    juliet.post("/channels/members/me/view", {"channel_id": channel["id"]})
    later = [romeo.say(channel, f"later {i}") for i in range(3)]
    posts = juliet.get(f"/users/me/channels/{channel['id']}/posts/unread", params={"limit_before": 2, "limit_after": 2})
    order = posts["order"]
    assert order[:2] == ids(reversed(later[:2])) and ten[9]["id"] in order and ten[5]["id"] not in order
    assert posts["next_post_id"] == later[2]["id"]


def test_etag_of_a_channel_changes_with_it(romeo, channel, ten):
    page(romeo, channel)
    tag = romeo.last.headers["Etag"]
    romeo.get(f"/channels/{channel['id']}/posts", headers={"If-None-Match": tag}, expect=304)
    romeo.say(channel, "news")
    romeo.get(f"/channels/{channel['id']}/posts", headers={"If-None-Match": tag})


def test_info_tells_where_a_post_is(romeo, channel, team):
    post = romeo.say(channel, "where")
    info = romeo.get(f"/posts/{post['id']}/info")
    assert info["channel_id"] == channel["id"] and info["team_id"] == team["id"] and info["has_joined_channel"] is True
