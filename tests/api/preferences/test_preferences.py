"""Preferences."""

import pytest


def row(client, category="display_settings", name="use_military_time", value="true"):
    return {"user_id": client.id, "category": category, "name": name, "value": value}


def test_preference_is_kept_and_announced(romeo, sockets):
    socket = sockets(romeo)
    assert romeo.put("/users/me/preferences", [row(romeo)]) == {"status": "OK"}
    assert socket.expect("preferences_changed")["data"]["preferences"] == [row(romeo)]
    assert row(romeo) in romeo.get("/users/me/preferences")
    assert row(romeo) in romeo.get("/users/me/preferences/display_settings")
    assert romeo.get("/users/me/preferences/display_settings/name/use_military_time") == row(romeo)


def test_new_value_replaces_the_old(romeo):
    romeo.put("/users/me/preferences", [row(romeo)])
    romeo.put("/users/me/preferences", [row(romeo, value="false")])
    assert romeo.get("/users/me/preferences/display_settings/name/use_military_time")["value"] == "false"


def test_unknown_categories_and_chinese_values_are_kept(romeo):
    odd = row(romeo, "something_new", "名字", "值 🦢")
    romeo.put("/users/me/preferences", [odd])
    assert odd in romeo.get("/users/me/preferences")


def test_preference_is_deleted_and_announced(romeo, sockets):
    romeo.put("/users/me/preferences", [row(romeo, "gone", "gone")])
    socket = sockets(romeo)
    romeo.post("/users/me/preferences/delete", [row(romeo, "gone", "gone")])
    assert socket.expect("preferences_deleted")["data"]["preferences"][0]["name"] == "gone"
    romeo.get("/users/me/preferences/gone", expect=404, error="api.preference.preferences_category.get.app_error")
    romeo.get("/users/me/preferences/gone/name/gone", expect=400, error="app.preference.get.app_error")


def test_preferences_are_one_s_own(romeo, juliet, nobody):
    juliet.get(f"/users/{romeo.id}/preferences", expect=403)
    juliet.put(f"/users/{romeo.id}/preferences", [row(romeo)], expect=403)
    juliet.put("/users/me/preferences", [row(romeo)], expect=403, error="api.preference.update_preferences.set.app_error")
    juliet.post("/users/me/preferences/delete", [row(romeo)], expect=403)
    nobody.get(f"/users/{romeo.id}/preferences", expect=401)


@pytest.mark.parametrize("fields", [{"category": "c" * 33}, {"category": ""}, {"name": "n" * 33}, {"value": "v" * 20001}])
def test_bad_preferences_are_refused(romeo, fields):
    romeo.put("/users/me/preferences", [{**row(romeo), **fields}], expect=400)


def test_too_many_or_none_are_refused(romeo):
    romeo.put("/users/me/preferences", [], expect=400)
    romeo.put("/users/me/preferences", [row(romeo, name=f"n{i}") for i in range(101)], expect=400)
    romeo.put("/users/me/preferences", [row(romeo, name=f"n{i}") for i in range(100)])
    romeo.put("/users/me/preferences", {"not": "a list"}, expect=400)


def test_post_one_may_not_read_is_not_saved(romeo, paris, private):
    post = romeo.say(private, "secret")
    paris.put("/users/me/preferences", [row(paris, "flagged_post", post["id"])], expect=403)


def test_one_s_preferences_are_not_told_to_others(romeo, juliet, sockets):
    socket = sockets(juliet)
    romeo.put("/users/me/preferences", [row(romeo)])
    socket.fence(juliet)
    assert not socket.has("preferences_changed")
