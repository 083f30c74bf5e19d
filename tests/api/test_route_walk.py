"""Every documented operation as nobody, stranger, guest, member, team admin and system admin.

The OpenAPI document says of each operation whether it needs a session (`x-need`) and which rights matter (`x-permission`, any
of them). The roles, asked from the server, say who has them. Whoever has none must be refused; nothing may answer 500.
"""

import pytest

from lib.client import PASSWORD, new_id, unique
from lib.images import png

# Operations that answer people without any of the named rights, and why that is right.
ANSWERS_ANYWAY = {
    "GET /api/v4/users": "lists whom one may see",
    "GET /api/v4/users/username/{username}": "whom a guest shares a channel with",
    "GET /api/v4/users/email/{email}": "whom a guest shares a channel with",
    "GET /api/v4/users/autocomplete": "completes whom one may see",
    "GET /api/v4/teams": "lists the teams one may see",
    "POST /api/v4/teams/search": "finds the teams one may see",
    "POST /api/v4/posts/ids": "leaves out what one may not read",
    "POST /api/v4/posts/ids/reactions": "leaves out what one may not read",
    "POST /api/v4/channels/stats/member_count": "leaves out what one may not read",
    "POST /api/v4/teams/members/invite": "the invitation is the right",
    "GET /api/v4/teams/name/{team_name}/exists": "names are taken server-wide",
    "POST /api/v4/emoji": "a right in any of one's own teams is enough",
    "GET /api/v4/limits/server": "numbers are for those who may see them, others get zeros",
    "GET /api/v4/system/notices/{team_id}": "there are none",
    "POST /api/v4/users/login": "the password is the right",
    "PUT /api/v4/users/{user_id}/status/custom": "one's own",
}
# Operations on juliet that answer those who share a team or channel with her, as the guest does, or have no guest's limits.
SHOWS_PEOPLE = ("/api/v4/users/{user_id}", "/api/v4/users/username/{username}", "/api/v4/users/email/{email}", "/api/v4/users/{user_id}/image",
                "/api/v4/users/{user_id}/image/default", "/api/v4/users/autocomplete")
# Operations that are their subject's alone: no right opens them.
OWN_ALONE = ("GET /api/v4/posts/{post_id}/edit_history",)
# Operations that end the session of the walk itself.
ENDS_SESSION = ("logout", "revoke", "/active", "DELETE /api/v4/users/{user_id}", "/password", "/roles", "/demote", "/promote", "convert")


class Stage:
    """One of everything that a path can name: in a closed team and a private channel, made by juliet."""

    def __init__(self, world):
        self.world = world
        admin, romeo, juliet = world.admin, world.romeo, world.juliet
        self.team = admin.make_team(allow_open_invite=False)
        nurse = world.nurse
        admin.join_team(self.team, romeo, juliet, nurse)
        admin.put(f"/teams/{self.team['id']}/members/{nurse.id}/roles", {"roles": "team_user team_admin"})
        self.channel = admin.make_channel(self.team, romeo, juliet, kind="P")
        root = juliet.say(self.channel, "secret")
        romeo.say(self.channel, "reply", root_id=root["id"])
        self.values = {
            "user_id": juliet.id, "team_id": self.team["id"], "channel_id": self.channel["id"], "post_id": root["id"], "thread_id": root["id"],
            "team_name": self.team["name"], "channel_name": self.channel["name"], "username": "juliet", "email": "juliet@verona.example",
            "emoji_name": "heart", "role_name": "system_user", "category": "display_settings", "preference_name": "x", "timestamp": "0",
        }
        reply = juliet.post("/files", data={"channel_id": self.channel["id"]}, files={"files": ("s.png", png(), "image/png")}, expect=None, check=False)
        if juliet.last.status_code == 201:
            self.values["file_id"] = reply["file_infos"][0]["id"]
            juliet.say(self.channel, "with a file", file_ids=[self.values["file_id"]])
        self.fat = {  # every body's fields at once: what an operation does not know, it ignores
            "user_id": juliet.id, "team_id": self.team["id"], "channel_id": self.channel["id"], "post_id": root["id"], "message": "x",
            "display_name": "X", "type": "O", "privacy": "O", "emoji_name": "heart", "emoji": "heart", "text": "x", "status": "away", "term": "x",
            "terms": "x", "is_or_search": False, "roles": "system_user", "active": True, "nickname": "x", "category": "display_settings",
            "name": "x", "value": "x", "channel_ids": [], "user_ids": [juliet.id], "command": "/away", "props": {}, "file_ids": [], "description": "x",
            "new_password": PASSWORD, "current_password": PASSWORD, "level": "INFO", "desktop": "all",
        }

    def path(self, template):
        parts = [self.values.get(p[1:-1], new_id() if p[1:-1].endswith("id") else "x") if p.startswith("{") else p for p in template.split("/")]
        return "/".join(parts)

    def body(self, template, operation, documented):
        content = documented.follow(operation.get("requestBody") or {}).get("content", {})
        if "multipart/form-data" in content:
            return {"files": {"image": ("x.png", png(), "image/png"), "files": ("x.png", png(), "image/png")}, "data": {"channel_id": self.channel["id"]}}
        schema = documented.follow((content.get("application/json") or {}).get("schema") or {})
        if schema.get("type") == "array":
            item = documented.follow(schema.get("items") or {})
            if item.get("type") != "string":
                return {"body": [self.fat]}
            kind = "post" if "/posts" in template else "channel" if template.endswith(("/channels/ids", "mark_read", "group_channels", "member_count")) else "user"
            return {"body": [self.values[kind + "_id"]]}
        fields = dict(self.fat)
        for key in ("user_id", "post_id", "team_id", "channel_id"):
            if template.endswith("{" + key + "}"):
                fields["id"] = self.values[key]
        if template in ("/api/v4/teams", "/api/v4/channels"):
            fields["name"] = unique("walk")
        return {"body": fields}


@pytest.fixture(scope="module")
def stage(world):
    return Stage(world)


@pytest.fixture(scope="module")
def rights(world):
    """role name -> set of permissions, as the server tells them."""
    names = ["system_user", "system_guest", "system_admin", "team_user", "team_guest", "team_admin", "channel_user", "channel_guest", "channel_admin"]
    return {role["name"]: set(role["permissions"]) for role in world.admin.post("/roles/names", names)}


# Who is who towards the stage: roles that count there.
ACTORS = {
    "stranger": ("paris", ["system_user"]),
    "guest": ("guest", ["system_guest"]),
    "member": ("romeo", ["system_user", "team_user", "channel_user"]),
    "team admin": ("nurse", ["system_user", "team_user", "team_admin"]),
}


def walk(stage, documented, client, wanted, methods=("GET", "POST", "PUT", "PATCH", "DELETE")):
    for method in methods:
        for found, template, operation in documented.operations():
            if found != method or not wanted(f"{method} {template}", operation):
                continue
            options = stage.body(template, operation, documented) if method != "GET" else {}
            client.request(method, stage.path(template), expect=None, check=False, raw=True, **options)
            yield f"{method} {template}", operation, client.last


def needs_session(operation):
    return operation.get("x-need", "session") != "nobody"


def test_nobody_is_refused_everywhere_but_at_the_entrance(stage, documented, world):
    wrong = [f"{name}: {reply.status_code}" for name, _, reply in
             walk(stage, documented, world.nobody, lambda name, operation: needs_session(operation) and "websocket" not in name)
             if reply.status_code != 401 and not (reply.status_code == 400 and "multipart" in name)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("actor", ACTORS)
def test_whoever_has_no_right_is_refused(stage, documented, world, rights, actor):
    name, roles = ACTORS[actor]
    client = getattr(world, name)
    held = set().union(*(rights[role] for role in roles))
    shown = {"GET " + path for path in SHOWS_PEOPLE}

    def lacks(operation_name, operation):
        asked = {p.strip() for p in operation.get("x-permission", "").split(",") if p.strip()}
        return asked and not asked & held and operation_name not in ANSWERS_ANYWAY and operation_name not in shown

    wrong = [f"{operation}: {reply.status_code} {reply.text[:120]}" for operation, _, reply in walk(stage, documented, client, lacks)
             if reply.status_code < 400 or reply.status_code in (500, 502, 503)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("actor", ACTORS)
def test_nothing_breaks_for_those_who_only_read(stage, documented, world, actor):
    client = getattr(world, ACTORS[actor][0])
    wrong = [f"{name}: {reply.status_code} {reply.text[:160]}" for name, _, reply in
             walk(stage, documented, client, lambda name, _: "websocket" not in name, methods=("GET",))
             if reply.status_code >= 500 and reply.status_code != 501]
    assert not wrong, "\n" + "\n".join(wrong)


def test_private_things_are_not_told_to_strangers(stage, documented, world):
    """No path that names the closed team or its private channel answers a stranger with success."""
    closed = ("{team_id}", "{channel_id}", "{post_id}", "{thread_id}", "{file_id}", "{channel_name}")
    allowed = {"GET /api/v4/teams/name/{team_name}/exists", "GET /api/v4/users/{user_id}/teams/{team_id}/drafts", "GET /api/v4/system/notices/{team_id}"}
    wrong = [f"{name}: {reply.status_code} {reply.text[:120]}" for name, _, reply in
             walk(stage, documented, world.paris, lambda name, _: any(c in name for c in closed) and name not in allowed, methods=("GET",))
             if reply.status_code < 400]
    assert not wrong, "\n" + "\n".join(wrong)


def test_system_admin_is_never_short_of_a_right(stage, documented, world):
    admin = world.admin.clone().log_in("admin")
    wrong = []
    for name, _, reply in walk(stage, documented, admin, lambda name, _: name not in OWN_ALONE and not any(e in name for e in ENDS_SESSION)):
        is_refused = reply.status_code == 403 and "api.context.permissions.app_error" in reply.text
        if is_refused or (reply.status_code >= 500 and reply.status_code != 501):
            wrong.append(f"{name}: {reply.status_code} {reply.text[:160]}")
    assert not wrong, "\n" + "\n".join(wrong)
