"""Drafts: what an empty one answers, files, and what happens when their thread goes."""

from lib.client import new_id


def draft(channel, message="unfinished", **fields):
    return {"channel_id": channel["id"], "root_id": "", "message": message, "props": {}, "file_ids": [], **fields}


def test_empty_draft_is_answered_null(romeo, channel, sockets):
    assert romeo.post("/drafts", draft(channel, ""), expect=201) is None
    romeo.post("/drafts", draft(channel), expect=201)
    socket = sockets(romeo)
    assert romeo.post("/drafts", draft(channel, ""), expect=201) is None
    socket.expect("draft_deleted")


def test_files_of_a_draft_are_shown(romeo, channel, team):
    letter = romeo.upload(channel)
    saved = romeo.post("/drafts", draft(channel, file_ids=[letter["id"]]), expect=201)
    assert [f["name"] for f in saved["metadata"]["files"]] == ["letter.txt"]
    listed = romeo.get(f"/users/me/teams/{team['id']}/drafts")[0]
    assert listed["file_ids"] == [letter["id"]] and listed["metadata"]["files"][0]["id"] == letter["id"]


def test_files_of_others_are_not_shown(romeo, juliet, channel):
    letter = juliet.upload(channel)
    assert "files" not in romeo.post("/drafts", draft(channel, file_ids=[letter["id"]]), expect=201)["metadata"]


def test_direct_drafts_are_listed_in_each_team(romeo, juliet, team):
    direct = romeo.direct(juliet)
    romeo.post("/drafts", draft(direct, "to her"), expect=201)
    assert "to her" in [d["message"] for d in romeo.get(f"/users/me/teams/{team['id']}/drafts")]


def test_draft_of_a_deleted_thread_goes(romeo, juliet, channel, team, sockets):
    root = romeo.say(channel, "root")
    juliet.post("/drafts", draft(channel, "half a reply", root_id=root["id"]), expect=201)
    socket = sockets(juliet)
    romeo.delete(f"/posts/{root['id']}")
    assert socket.expect("draft_deleted")["data"]["draft"]["root_id"] == root["id"]
    assert "half a reply" not in [d["message"] for d in juliet.get(f"/users/me/teams/{team['id']}/drafts")]


def test_draft_that_is_gone_is_deleted_quietly(romeo, juliet, channel):
    romeo.delete(f"/users/me/channels/{channel['id']}/drafts/{new_id()}")
    romeo.delete(f"/users/{juliet.id}/channels/{channel['id']}/drafts", expect=403)


def test_bad_fields_are_refused(romeo, channel):
    for wrong in ({"message": 5}, {"root_id": "short"}, {"file_ids": ["x"]}, {"props": "x"}, {"channel_id": 7}):
        romeo.post("/drafts", {**draft(channel), **wrong}, expect=(400, 403))
