"""Drafts."""

import pytest


def draft(client, channel, message="unfinished", root_id=""):
    return {"user_id": client.id, "channel_id": channel["id"], "root_id": root_id, "message": message, "props": {}, "file_ids": []}


def listed(client, team):
    return [d["message"] for d in client.get(f"/users/me/teams/{team['id']}/drafts")]


@pytest.fixture(autouse=True)
def no_drafts(romeo, team):
    yield
    for d in romeo.get(f"/users/me/teams/{team['id']}/drafts"):
        romeo.delete(f"/users/me/channels/{d['channel_id']}/drafts" + (f"/{d['root_id']}" if d["root_id"] else ""))


def test_draft_is_kept_replaced_and_told_to_other_sockets(romeo, channel, team, sockets):
    socket = sockets(romeo)
    saved = romeo.post("/drafts", draft(romeo, channel, "写到一半"), expect=201)
    assert saved["message"] == "写到一半" and saved["user_id"] == romeo.id
    assert socket.expect("draft_created")["data"]["draft"]["message"] == "写到一半"
    romeo.post("/drafts", draft(romeo, channel, "more"), expect=201)
    assert listed(romeo, team) == ["more"]


def test_own_connection_is_left_out(romeo, channel, sockets):
    mine, other = sockets(romeo), sockets(romeo)
    romeo.post("/drafts", draft(romeo, channel), expect=201, headers={"Connection-Id": mine.connection_id})
    other.expect("draft_created")
    mine.fence(romeo)
    assert not mine.has("draft_created")


def test_thread_and_channel_have_drafts_of_their_own(romeo, channel, team):
    root = romeo.say(channel, "root")
    romeo.post("/drafts", draft(romeo, channel, "for channel"), expect=201)
    romeo.post("/drafts", draft(romeo, channel, "for thread", root["id"]), expect=201)
    assert sorted(listed(romeo, team)) == ["for channel", "for thread"]
    romeo.delete(f"/users/me/channels/{channel['id']}/drafts/{root['id']}")
    assert listed(romeo, team) == ["for channel"]


def test_draft_is_deleted_and_told(romeo, channel, team, sockets):
    socket = sockets(romeo)
    romeo.post("/drafts", draft(romeo, channel), expect=201)
    romeo.delete(f"/users/me/channels/{channel['id']}/drafts")
    socket.expect("draft_deleted")
    assert listed(romeo, team) == []


def test_empty_draft_deletes(romeo, channel, team):
    romeo.post("/drafts", draft(romeo, channel), expect=201)
    romeo.post("/drafts", draft(romeo, channel, ""), expect=201)
    assert listed(romeo, team) == []


def test_drafts_are_one_s_own(romeo, juliet, paris, nobody, channel, team):
    romeo.post("/drafts", draft(romeo, channel, "mine alone"), expect=201)
    assert "mine alone" not in listed(juliet, team)
    paris.post("/drafts", draft(paris, channel), expect=403)
    nobody.post("/drafts", draft(romeo, channel), expect=401)
    saved = juliet.post("/drafts", draft(romeo, channel, "forged"), expect=(201, 403))
    if juliet.last.status_code == 201:
        assert saved["user_id"] == juliet.id
        juliet.delete(f"/users/me/channels/{channel['id']}/drafts")


def test_bad_drafts_are_refused(romeo, channel):
    romeo.post("/drafts", draft(romeo, channel, "x" * 16384), expect=400)
    romeo.post("/drafts", {**draft(romeo, channel), "channel_id": "short"}, expect=(400, 403))


def test_draft_for_an_archived_channel_is_refused(admin, romeo, channel):
    admin.delete(f"/channels/{channel['id']}")
    romeo.post("/drafts", draft(romeo, channel), expect=400)
