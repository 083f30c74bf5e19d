"""Slash commands that are built in."""

import pytest

from lib.client import new_id, unique


def run(client, text, channel, **options):
    fields = {k: options.pop(k) for k in ("team_id", "root_id") if k in options}
    return client.post("/commands/execute", {"command": text, "channel_id": channel["id"], **fields}, **options)


@pytest.fixture
def command(romeo, channel, sockets):
    """command(text): runs it as romeo; returns the answer. Its ephemeral message, if any, has come too."""
    socket = sockets(romeo)

    def execute(text, where=channel, **fields):
        reply = run(romeo, text, where, **fields)
        if reply["response_type"] == "ephemeral" and reply["text"]:
            heard = socket.expect("ephemeral_message", lambda e: e["data"]["post"]["message"] == reply["text"])["data"]["post"]
            assert heard["type"] == "system_ephemeral" and heard["channel_id"] == where["id"]
        return reply

    return execute


@pytest.mark.parametrize("word, status", [("away", "away"), ("dnd", "dnd"), ("offline", "offline"), ("online", "online")])
def test_status_words_set_the_status(romeo, command, word, status):
    assert command(f"/{word}")["text"]
    assert romeo.get(f"/users/{romeo.id}/status")["status"] == status


def test_status_of_one_s_own_is_set_and_cleared(romeo, command):
    command("/status :tea: on a break")
    assert '"text":"on a break"' in romeo.get("/users/me")["props"]["customStatus"].replace(" :", ":").replace(": ", ":")
    command("/status clear")
    assert not romeo.get("/users/me").get("props", {}).get("customStatus")
    assert "/status" in command("/status")["text"]


def test_words_are_said_in_the_channel(romeo, juliet, channel, command, sockets):
    socket = sockets(juliet)
    for text, message, kind in (("/me sighs", "*sighs*", "me"), ("/shrug Well", "Well ¯\\\\\\_(ツ)\\_/¯", ""), ("/code a\nb", "    a\n    b", "")):
        assert command(text)["response_type"] == "in_channel"
        post = socket.expect("posted", lambda e: e["data"]["post"]["message"] == message)["data"]["post"]
        assert post["type"] == kind and post["user_id"] == romeo.id
    root = romeo.say(channel, "a thread")
    run(romeo, "/me nods", channel, root_id=root["id"])
    assert socket.expect("posted", lambda e: e["data"]["post"]["message"] == "*nods*")["data"]["post"]["root_id"] == root["id"]


def test_msg_opens_a_direct_channel_and_writes(romeo, juliet, team, command):
    reply = command("/msg @juliet good night")
    assert reply["goto_location"].endswith(f"/{team['name']}/messages/@juliet")
    assert "good night" in romeo.messages_of(romeo.direct(juliet))
    assert "nobody-at-all" in command("/msg @nobody-at-all hello")["text"]


def test_groupmsg_opens_a_group(romeo, juliet, paris, command):
    reply = command("/groupmsg @juliet, @paris shall we")
    group = romeo.post("/channels/group", [juliet.id, paris.id], expect=201)
    assert reply["goto_location"].endswith(f"/channels/{group['name']}") and "shall we" in romeo.messages_of(group)


@pytest.mark.parametrize("word", ["join", "open"])
def test_join_comes_into_a_channel(admin, romeo, team, command, word):
    channel, hidden = admin.make_channel(team), admin.make_channel(team, kind="P")
    assert command(f"/{word} ~{channel['name']}")["goto_location"].endswith(f"/channels/{channel['name']}")
    assert romeo.member_of(channel)["user_id"] == romeo.id
    refused = command(f"/{word} {hidden['name']}")
    assert refused["text"] and not refused["goto_location"]
    romeo.get(f"/channels/{hidden['id']}/members/me", expect=403)


def test_leave_goes_out_of_the_channel(romeo, juliet, channel, world, command):
    assert command("/leave")["goto_location"].endswith("/channels/town-square")
    juliet.get(f"/channels/{channel['id']}/members/{romeo.id}", expect=404)
    assert not command("/leave", world.town_square)["goto_location"]
    assert romeo.member_of(world.town_square)


def test_channel_is_changed_by_words(romeo, channel, command):
    for text, field, value in (("/header 阳台", "header", "阳台"), ("/purpose to meet", "purpose", "to meet"), ("/rename Orchard", "display_name", "Orchard")):
        command(text)
        assert romeo.get(f"/channels/{channel['id']}")[field] == value
    assert command("/header " + "h" * 1025)["text"]
    assert romeo.get(f"/channels/{channel['id']}")["header"] == "阳台"


def test_people_are_brought_in_and_taken_out(admin, romeo, juliet, team):
    channel = admin.make_channel(team, romeo)
    run(romeo, "/invite @juliet", channel)
    assert juliet.member_of(channel)
    run(romeo, "/kick @juliet", channel)
    other = admin.make_channel(team, romeo)
    run(romeo, f"/invite @juliet ~{other['name']}", channel)
    assert juliet.member_of(other)
    run(admin, "/remove @juliet", other)
    romeo.get(f"/channels/{other['id']}/members/{juliet.id}", expect=404)


def test_mute_turns_a_channel_down_and_up(romeo, channel, command):
    for state in ("mention", "all"):
        command("/mute")
        assert romeo.member_of(channel)["notify_props"]["mark_unread"] == state


def test_previews_are_folded(romeo, channel, sockets):
    socket = sockets(romeo)
    for word, value in (("collapse", "true"), ("expand", "false")):
        run(romeo, "/" + word, channel)
        assert socket.expect("preference_changed")["data"]["preference"]["value"] == value
        assert romeo.get("/users/me/preferences/display_settings/name/collapse_previews")["value"] == value


def test_help_and_what_apps_do_themselves(command):
    assert "/shrug" in command("/help")["text"]
    for word in ("search", "settings", "shortcuts"):
        assert command("/" + word)["text"]


def test_logout_ends_the_session(world, channel, admin):
    person = world.person(unique("peter"))
    admin.join_team(world.team, person)
    admin.post(f"/channels/{channel['id']}/members", {"user_id": person.id}, expect=201)
    assert run(person, "/logout", channel)["goto_location"] == "/login"
    person.get("/users/me", expect=401)


@pytest.mark.parametrize("text, status, error", [
    ("/no-such-command", 404, "api.command.execute_command.not_found.app_error"),
    ("/", 400, "api.command.execute_command.start.app_error"),
    ("", 400, "api.command.execute_command.start.app_error"),
    ("hello", 400, "api.command.execute_command.start.app_error"),
    ("/ me", 404, "api.command.execute_command.not_found.app_error"),
])
def test_what_is_no_command_is_refused(romeo, channel, text, status, error):
    run(romeo, text, channel, expect=status, error=error)


def test_commands_are_for_those_who_may_write(romeo, paris, nobody, private, channel, admin):
    run(paris, "/me waits", private, expect=403)
    run(nobody, "/me waits", private, expect=401)
    run(romeo, "/me waits", {"id": new_id()}, expect=(403, 404))
    run(romeo, "/me waits", {"id": "x"}, expect=400)
    romeo.post("/commands/execute", [], expect=400)
    romeo.post("/commands/execute", {"command": 7, "channel_id": channel["id"]}, expect=400)
    admin.delete(f"/channels/{channel['id']}")
    run(romeo, "/me waits", channel, expect=400, error="api.command.execute_command.deleted.error")


def test_commands_are_completed(romeo, paris, team):
    listed = {c["trigger"]: c for c in romeo.get(f"/teams/{team['id']}/commands/autocomplete")}
    assert listed["join"]["auto_complete"] and listed["join"]["auto_complete_hint"] and listed["away"]["auto_complete_desc"]
    path = f"/teams/{team['id']}/commands/autocomplete_suggestions"
    assert {s["Complete"] for s in romeo.get(path, params={"user_input": "/mu"})} == {"mute"}
    assert [s["Complete"] for s in romeo.get(path, params={"user_input": "/mute ~x"})] == ["mute"]
    paris.get(path, expect=403)
    paris.get(f"/teams/{team['id']}/commands/autocomplete", expect=403)
