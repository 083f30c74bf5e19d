"""Built-in slash commands."""

import pytest


@pytest.fixture
def command(romeo, channel, team):
    def run(text, who=romeo, expect=200, **fields):
        return who.post("/commands/execute", {"command": text, "channel_id": channel["id"], "team_id": team["id"], **fields}, expect=expect)

    return run


def test_me_and_shrug_post_in_the_channel(romeo, command, channel):
    command("/shrug so be it")
    assert any("so be it" in m and "¯" in m for m in romeo.messages_of(channel))
    command("/me weeps")
    posts = romeo.get(f"/channels/{channel['id']}/posts")["posts"].values()
    assert any(p["type"] == "me" and "weeps" in p["message"] for p in posts)


@pytest.mark.parametrize("word, status", [("/away", "away"), ("/dnd", "dnd"), ("/offline", "offline"), ("/online", "online")])
def test_status_is_set(romeo, command, word, status):
    assert command(word)["text"]
    assert romeo.get(f"/users/{romeo.id}/status")["status"] == status


def test_header_and_purpose_are_changed(romeo, command, channel):
    command("/header 新的标题")
    command("/purpose to love")
    changed = romeo.get(f"/channels/{channel['id']}")
    assert (changed["header"], changed["purpose"]) == ("新的标题", "to love")


def test_one_leaves_and_joins(romeo, command, channel):
    assert command("/leave")["goto_location"]
    romeo.get(f"/channels/{channel['id']}/members/{romeo.id}", expect=404)


def test_message_to_a_person(romeo, juliet, command):
    assert "messages/@juliet" in command("/msg juliet good night")["goto_location"]
    assert "good night" in juliet.messages_of(romeo.direct(juliet))


def test_unknown_command_is_404(command):
    command("/no_such_command", expect=404)


@pytest.mark.parametrize("text", ["", "/", "no slash", " "])
def test_bad_commands_are_refused(command, text):
    command(text, expect=(400, 404))


def test_strangers_do_not_command(paris, nobody, command):
    command("/shrug", who=paris, expect=(400, 403))
    command("/shrug", who=nobody, expect=401)


def test_commands_are_offered(romeo, team, channel):
    offered = {c["trigger"] for c in romeo.get(f"/teams/{team['id']}/commands/autocomplete")}
    assert {"away", "me", "shrug", "join", "leave"} <= offered
    hints = romeo.get(f"/teams/{team['id']}/commands/autocomplete_suggestions", params={"user_input": "/sh", "channel_id": channel["id"]})
    assert any("shrug" in hint["Complete"] for hint in hints)
