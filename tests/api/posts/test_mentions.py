"""Posts: whom they call."""

import pytest

from lib.client import unique


def set_props(client, **props):
    user = client.get("/users/me")
    client.put(f"/users/{client.id}/patch", {"notify_props": {**user["notify_props"], **props}})


@pytest.fixture
def fresh(romeo, juliet, channel):
    """The channel with nothing unread."""
    for who in (romeo, juliet):
        who.post("/channels/members/me/view", {"channel_id": channel["id"]})
    return channel


@pytest.fixture
def words(juliet):
    """words(**props): juliet's notify props for this test."""
    before = juliet.get("/users/me")["notify_props"]
    yield lambda **props: set_props(juliet, **props)
    juliet.put(f"/users/{juliet.id}/patch", {"notify_props": before})


def mentions(client, channel):
    return client.member_of(channel)["mention_count"]


@pytest.mark.parametrize("text", ["@juliet", "hey @Juliet!", "@juliet.", "(@juliet)", "你好@juliet请看", "**@juliet**", "> @juliet",
                                  "[@juliet](https://example.com)"])
def test_name_calls(romeo, juliet, fresh, text):
    romeo.say(fresh, text)
    assert mentions(juliet, fresh) == 1


@pytest.mark.parametrize("text", ["juliet", "`@juliet`", "```\n@juliet\n```", "https://example.com/@juliet", "a@juliet", "@juliet.smith",
                                  "[x](https://example.com/@juliet)"])
def test_code_links_and_other_words_do_not_call(romeo, juliet, fresh, text):
    romeo.say(fresh, text)
    assert mentions(juliet, fresh) == 0


def test_keywords_call(romeo, juliet, fresh, words):
    words(mention_keys="balcony,鸿雁")
    romeo.say(fresh, "On the Balcony!")
    romeo.say(fresh, "balconies")
    romeo.say(fresh, "请看鸿雁传书")
    assert mentions(juliet, fresh) == 2
    words(mention_keys="")
    romeo.say(fresh, "balcony")
    assert mentions(juliet, fresh) == 2


def test_keyword_of_a_stranger_calls_nobody(romeo, juliet, paris, fresh):
    set_props(paris, mention_keys="county")
    romeo.say(fresh, "the county")
    assert mentions(juliet, fresh) == 0
    set_props(paris, mention_keys="")


def test_first_name_calls_as_it_is_written(romeo, juliet, fresh, words):
    juliet.put(f"/users/{juliet.id}/patch", {"first_name": "Giulietta"})
    romeo.say(fresh, "Giulietta")
    assert mentions(juliet, fresh) == 0
    words(first_name="true")
    romeo.say(fresh, "Giulietta!")
    romeo.say(fresh, "giulietta")
    assert mentions(juliet, fresh) == 1


@pytest.mark.parametrize("word", ["@channel", "@all", "@All"])
def test_whole_channel_is_called(romeo, juliet, fresh, word, sockets):
    romeos, juliets = sockets(romeo), sockets(juliet)
    romeo.say(fresh, f"{word} come")
    assert mentions(juliet, fresh) == 1 and mentions(romeo, fresh) == 0
    assert juliets.expect("posted")["data"]["mentions"] == [juliet.id]
    assert "mentions" not in romeos.expect("posted")["data"]


def test_here_calls_who_is_online(romeo, juliet, fresh, sockets):
    sockets(juliet).fence(juliet)
    juliet.put("/users/me/status", {"user_id": juliet.id, "status": "online"})
    romeo.say(fresh, "@here come")
    assert mentions(juliet, fresh) == 1
    juliet.put("/users/me/status", {"user_id": juliet.id, "status": "away"})
    romeo.say(fresh, "@here come")
    assert mentions(juliet, fresh) == 1
    juliet.put("/users/me/status", {"user_id": juliet.id, "status": "online"})


def test_whole_channel_is_not_called_against_one_s_will(romeo, juliet, fresh, words):
    words(channel="false")
    romeo.say(fresh, "@channel come")
    assert mentions(juliet, fresh) == 0
    words(channel="true")
    juliet.put(f"/channels/{fresh['id']}/members/{juliet.id}/notify_props", {"ignore_channel_mentions": "on"})
    romeo.say(fresh, "@channel come")
    assert mentions(juliet, fresh) == 0
    juliet.put(f"/channels/{fresh['id']}/members/{juliet.id}/notify_props", {"ignore_channel_mentions": "default", "mark_unread": "mention"})
    romeo.say(fresh, "@channel come")
    assert mentions(juliet, fresh) == 0
    romeo.say(fresh, "@juliet come")
    assert mentions(juliet, fresh) == 1


def test_change_of_the_header_calls_nobody(romeo, juliet, fresh):
    romeo.put(f"/channels/{fresh['id']}/patch", {"header": "@channel and @juliet"})
    assert mentions(juliet, fresh) <= 1  # by name she is; the whole channel is not


def test_attachments_call(romeo, juliet, fresh):
    romeo.say(fresh, "look", props={"attachments": [{"pretext": "a", "text": "for @juliet", "fields": [{"title": "t", "value": 3}]}]})
    assert mentions(juliet, fresh) == 1


def test_direct_message_calls_the_other(romeo, juliet, sockets):
    socket = sockets(juliet)
    direct = romeo.direct(juliet)
    before = mentions(juliet, direct)
    romeo.say(direct, "psst")
    assert mentions(juliet, direct) == before + 1 and mentions(romeo, direct) == 0
    assert socket.expect("posted")["data"]["mentions"] == [juliet.id]


def test_note_to_oneself_calls_nobody(romeo):
    own = romeo.direct(romeo)
    romeo.say(own, "@romeo remember")
    assert mentions(romeo, own) == 0


def test_being_added_is_a_mention(admin, juliet, team):
    channel = admin.make_channel(team)
    admin.post(f"/channels/{channel['id']}/members", {"user_id": juliet.id}, expect=201)
    assert mentions(juliet, channel) == 1


def test_reply_counts_apart_from_roots(romeo, juliet, fresh):
    root = romeo.say(fresh, "root")
    romeo.say(fresh, "@juliet in a reply", root_id=root["id"])
    member = juliet.member_of(fresh)
    assert (member["mention_count"], member["mention_count_root"]) == (1, 0)


def test_names_outside_the_channel_are_hinted_at(admin, romeo, team, fresh, sockets):
    other = admin.clone()
    name = unique("tybalt").replace("-", "")
    other.user = admin.sign_up(name)
    admin.join_team(team, other)
    socket = sockets(romeo)
    post = romeo.say(fresh, f"where is @{name} and @nobodyatall")
    hint = socket.expect("ephemeral_message")["data"]["post"]
    asked = hint["props"]["add_channel_member"]
    assert asked["post_id"] == post["id"] and asked["not_in_channel_usernames"] == [name] and asked["not_in_channel_user_ids"] == [other.id]
    assert name in hint["message"] and hint["user_id"] == romeo.id
    assert hint["message"] not in romeo.messages_of(fresh)


def test_no_hint_for_strangers_to_the_team(romeo, paris, fresh, sockets):
    socket = sockets(romeo)
    romeo.say(fresh, "where is @paris")
    socket.expect("posted")
    socket.fence(romeo)
    assert not socket.has("ephemeral_message")
