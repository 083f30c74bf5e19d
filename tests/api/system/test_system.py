"""System: what clients ask before and around everything else."""

import pytest


def test_ping_says_ok(nobody):
    assert nobody.get("/system/ping")["status"] == "OK"


def test_ping_tells_the_state_of_store_and_files_on_request(nobody):
    status = nobody.get("/system/ping", params={"get_server_status": "true"})
    assert status["status"] == "OK"
    assert status["database_status"] == "OK" and status["filestore_status"] == "OK"


def test_openapi_document_is_served(nobody, documented):
    assert not documented.missing, "GET /api/v4/anser/openapi.json must serve the OpenAPI document; every reply is held against it"
    assert documented.document["openapi"].startswith("3.1")
    known = {(method, path) for method, path, _ in documented.operations()}
    for wanted in [("POST", "/api/v4/users"), ("POST", "/api/v4/posts"), ("GET", "/api/v4/channels/{channel_id}/posts")]:
        assert wanted in known


def test_client_config_needs_its_format(nobody):
    nobody.get("/config/client", expect=400)
    nobody.get("/config/client", params={"format": "new"}, expect=(400, 501))


def test_client_config_holds_only_text(nobody, romeo):
    for person in (nobody, romeo):
        config = person.get("/config/client", params={"format": "old"})
        assert config and all(isinstance(value, str) for value in config.values())


def test_client_config_says_more_to_a_session(nobody, romeo):
    before, after = (person.get("/config/client", params={"format": "old"}) for person in (nobody, romeo))
    assert before["EnableSignUpWithEmail"] == "true"
    assert len(after) > len(before)
    assert "MaxPostSize" in after


def test_client_config_says_when_there_are_no_accounts_yet(nobody):
    assert nobody.get("/config/client", params={"format": "old"})["NoAccounts"] == "false"


def test_licence_needs_its_format_and_is_none(nobody):
    nobody.get("/license/client", expect=400)
    assert nobody.get("/license/client", params={"format": "old"})["IsLicensed"] == "false"


def test_server_limits_are_told_to_sessions_only(nobody, romeo):
    nobody.get("/limits/server", expect=401)
    assert "maxUsersLimit" in romeo.get("/limits/server")


def test_timezones_are_listed(romeo):
    zones = romeo.get("/system/timezones")
    assert "Asia/Shanghai" in zones and "Europe/Rome" in zones


def test_plugins_are_none(nobody):
    assert nobody.get("/plugins/webapp", expect=200) == []


def test_client_log_is_echoed(romeo):
    sent = {"level": "ERROR", "message": "a star-crossed line"}
    assert romeo.post("/logs", sent)["message"] == sent["message"]


@pytest.mark.parametrize("name", ["system_admin", "system_user", "team_admin", "team_user", "channel_admin", "channel_user", "channel_guest"])
def test_default_roles_exist(romeo, name):
    role = romeo.get(f"/roles/name/{name}")
    assert role["name"] == name and role["permissions"]
    assert romeo.get(f"/roles/{role['id']}")["name"] == name


def test_roles_by_names_come_in_one_list(romeo):
    assert {role["name"] for role in romeo.post("/roles/names", ["system_user", "team_user", "nonsense"])} == {"system_user", "team_user"}


def test_role_questions_are_checked(nobody, romeo):
    nobody.post("/roles/names", ["system_user"], expect=401)
    romeo.get("/roles/name/no_such_role", expect=404)
    romeo.post("/roles/names", [], expect=400)
    romeo.post("/roles/names", [f"role_{i}" for i in range(101)], expect=400)
