"""Reactions."""

import pytest

from lib.client import new_id


@pytest.fixture
def post(romeo, channel):
    return romeo.say(channel, "love me")


def react(client, post, emoji, expect=200, **fields):
    return client.post("/reactions", {"user_id": client.id, "post_id": post["id"], "emoji_name": emoji, **fields}, expect=expect)


def test_reaction_is_saved_heard_and_listed(romeo, juliet, post, sockets):
    socket = sockets(romeo)
    made = react(juliet, post, "heart")
    assert made["emoji_name"] == "heart" and made["user_id"] == juliet.id and made["create_at"] > 0
    assert socket.expect("reaction_added")["data"]["reaction"]["post_id"] == post["id"]
    assert [r["emoji_name"] for r in romeo.get(f"/posts/{post['id']}/reactions")] == ["heart"]
    got = romeo.get(f"/posts/{post['id']}")
    assert got["has_reactions"] is True and got["metadata"]["reactions"][0]["emoji_name"] == "heart"


def test_same_reaction_twice_is_one(romeo, juliet, post):
    react(juliet, post, "heart")
    react(juliet, post, "heart")
    assert len(romeo.get(f"/posts/{post['id']}/reactions")) == 1


def test_reaction_is_taken_back(romeo, juliet, post, sockets):
    react(juliet, post, "heart")
    socket = sockets(romeo)
    juliet.delete(f"/users/me/posts/{post['id']}/reactions/heart")
    assert socket.expect("reaction_removed")["data"]["reaction"]["emoji_name"] == "heart"
    assert romeo.get(f"/posts/{post['id']}/reactions") == []
    assert romeo.get(f"/posts/{post['id']}").get("has_reactions", False) is False


def test_skin_tones_and_plus_signs_are_names(juliet, post):
    for name in ("+1", "thumbsup_dark_skin_tone", "-1"):
        react(juliet, post, name)
    juliet.delete(f"/users/me/posts/{post['id']}/reactions/+1")


def test_reactions_of_several_posts(romeo, juliet, channel, post):
    other = romeo.say(channel, "and me")
    react(juliet, post, "heart")
    several = romeo.post("/posts/ids/reactions", [post["id"], other["id"]])
    assert [r["emoji_name"] for r in several[post["id"]]] == ["heart"]


def test_nobody_reacts_for_another(romeo, juliet, paris, nobody, post):
    react(romeo, post, "heart", expect=403, user_id=juliet.id)
    react(juliet, post, "heart")
    romeo.delete(f"/users/{juliet.id}/posts/{post['id']}/reactions/heart", expect=403)
    react(paris, post, "heart", expect=403)
    nobody.post("/reactions", {"user_id": juliet.id, "post_id": post["id"], "emoji_name": "heart"}, expect=401)


@pytest.mark.parametrize("emoji", ["", "with space", "n" * 65, "a/b", "鸿雁", "no_such_emoji_at_all"])
def test_bad_names_are_refused(romeo, post, emoji):
    react(romeo, post, emoji, expect=(400, 404))


def test_unknown_post_is_refused(romeo):
    react(romeo, {"id": new_id()}, "heart", expect=(400, 403, 404))
    react(romeo, {"id": "short"}, "heart", expect=400)


def test_too_many_kinds_are_refused(romeo, post):
    for name in EMOJI[:50]:
        react(romeo, post, name)
    react(romeo, post, EMOJI[50], expect=400)
    react(romeo, post, EMOJI[0])


EMOJI = """grinning smiley smile grin laughing sweat_smile joy rofl blush innocent slightly_smiling_face upside_down_face wink relieved
heart_eyes kissing_heart kissing yum stuck_out_tongue sunglasses smirk unamused disappointed pensive worried confused persevere confounded
tired_face weary cry sob angry rage flushed hot_face cold_face scream fearful thinking_face shushing_face no_mouth neutral_face grimacing
hushed sleeping mask dizzy_face poop ghost skull alien robot_face heart fire""".split()
