"""The first screen in one answer: what it holds, and which team and channel it opens."""

import pytest

from lib.client import unique

PATH = "/anser/boot"


def boot(client, **params):
    return client.get(PATH, params=params)


def ids(rows):
    return {row["id"] for row in rows}


def test_nobody_gets_configuration_only(nobody):
    told = boot(nobody)
    assert told["user"] is None and told["config"]["SiteName"] and "IsLicensed" in told["license"]
    assert told.keys() == {"config", "license", "user", "server_time"}


def test_it_tells_what_the_single_requests_tell(romeo, juliet, private, team):
    romeo.say(private, "But soft")
    juliet.say(private, "Ay me @romeo")
    told = boot(romeo, team=team["name"], channel=private["name"])
    user = romeo.get("/users/me")
    assert told["user"]["id"] == user["id"] and told["user"]["email"] == user["email"]
    assert told["config"] == romeo.get("/config/client", params={"format": "old"})
    assert told["license"] == romeo.get("/license/client", params={"format": "old"})
    assert told["preferences"] == romeo.get("/users/me/preferences")
    assert told["teams"] == romeo.get("/users/me/teams")
    assert told["team_members"] == romeo.get("/users/me/teams/members")
    assert told["team_unreads"] == romeo.get("/users/me/teams/unread", params={"include_collapsed_threads": "true"})
    assert told["team_id"] == team["id"] and told["channel_id"] == private["id"]
    assert ids(told["channels"]) == ids(romeo.get(f"/users/me/teams/{team['id']}/channels"))
    key = lambda m: m["channel_id"]
    assert sorted(told["channel_members"], key=key) == sorted(romeo.get(f"/users/me/teams/{team['id']}/channels/members"), key=key)
    assert told["categories"] == romeo.get(f"/users/me/teams/{team['id']}/channels/categories")
    unread = romeo.get(f"/users/me/channels/{private['id']}/posts/unread", params={"limit_before": 30, "limit_after": 30, "collapsedThreads": "true"})
    assert told["posts"] == unread
    assert {"romeo", "juliet"} <= {u["username"] for u in told["users"]}
    assert all("password" not in u and not u.get("notify_props") for u in told["users"] if u["id"] != romeo.id)
    assert {romeo.id, juliet.id} <= {s["user_id"] for s in told["statuses"]}
    named = {r["name"] for r in told["roles"]}
    assert {"system_user", "team_user", "channel_user"} <= named
    assert told["threads"].keys() == {"total_unread_threads", "total_unread_mentions"} and told["server_time"] > 0


def test_channel_is_named_by_id_name_or_person(romeo, juliet, channel, team):
    direct = romeo.direct(juliet)
    assert boot(romeo, team=team["id"], channel=channel["id"])["channel_id"] == channel["id"]
    assert boot(romeo, channel=channel["id"])["team_id"] == team["id"]
    assert boot(romeo, team=team["name"], channel=channel["name"])["channel_id"] == channel["id"]
    told = boot(romeo, team=team["name"], channel="@juliet")
    assert told["channel_id"] == direct["id"] and told["team_id"] == team["id"]
    assert juliet.id in ids(told["users"])


def test_what_one_may_not_read_is_passed_over(romeo, admin, team):
    hidden = admin.make_channel(team, kind="P")
    for params in ({"channel": hidden["id"]}, {"channel": hidden["name"]}, {"channel": "@nobody-at-all"}, {"team": "no-such-team", "channel": "%"}):
        told = boot(romeo, **{"team": team["name"], **params})
        assert told["channel_id"] not in ("", hidden["id"]) and hidden["id"] not in ids(told["channels"])


def test_without_a_name_it_opens_what_was_read_last(world, admin):
    person = world.person(unique("balthasar"))
    first, second = admin.make_team(), admin.make_team()
    for team in (first, second):
        admin.join_team(team, person)
    channel = admin.make_channel(second, person)
    admin.say(channel, "read me")
    person.post("/channels/members/me/view", {"channel_id": channel["id"]})
    told = boot(person)
    assert told["team_id"] == second["id"] and told["channel_id"] == channel["id"]
    assert boot(person, team=first["name"])["team_id"] == first["id"]


def test_somebody_in_no_team_gets_through(world):
    person = world.person(unique("balthasar"))
    told = boot(person)
    assert told["team_id"] == "" and told["channel_id"] == "" and told["posts"] is None and told["channels"] == []


def test_group_messages_bring_their_people(romeo, juliet, paris, team):
    group = romeo.post("/channels/group", [juliet.id, paris.id], expect=201)
    told = boot(romeo, team=team["name"], channel=group["id"])
    assert told["channel_id"] == group["id"] and {juliet.id, paris.id} <= ids(told["users"])


@pytest.mark.parametrize("query", ["team=%00", "channel=%ff"])
def test_broken_names_are_refused(romeo, query):
    romeo.get(f"{PATH}?{query}", expect=400)
