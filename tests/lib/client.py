"""Speaks the REST protocol as a foreign client would, and checks what holds for every reply."""

import re
import secrets

import requests

from .ws import Socket

PASSWORD = "Wherefore-1597"


class Client:
    """One session, or nobody (`token` is None). Paths are below /api/v4 unless they start with /api/ or /static/, or are a public link.

    get/post/put/delete return the decoded body; `expect` is the status (or several), `error` the id of a refusal (or several):

        romeo.post("/posts", {"channel_id": channel["id"], "message": "But soft"}, expect=201)
        paris.get(f"/channels/{channel['id']}", expect=403, error="api.context.permissions.app_error")
    """

    def __init__(self, server, documented=None, name="nobody"):
        self.server, self.documented, self.name = server, documented, name
        self.http = requests.Session()
        self.http.trust_env = False
        self.token = None
        self.user = {}
        self.last = None  # the latest response, for its headers

    @property
    def id(self):
        return self.user["id"]

    @property
    def username(self):
        return self.user["username"]

    def clone(self):
        """Another client of the same server, nobody yet."""
        return Client(self.server, self.documented)

    # ---- requests ----

    def request(self, method, path, body=None, *, expect=200, error=None, params=None, headers=None, data=None, files=None,
                raw=False, check=True):
        is_full = path.startswith(("/api/", "/static/")) or re.match("/files/[^/]+/public", path)
        full = path if is_full else "/api/v4" + path
        sent = {"Authorization": "Bearer " + self.token} if self.token else {}
        sent.update(headers or {})
        arguments = {"params": params, "headers": sent, "timeout": 60, "allow_redirects": False}
        if files is not None:
            arguments.update(files=files, data=data)
        elif data is not None:
            arguments["data"] = data
        elif body is not None:
            arguments["json"] = body
        reply = self.last = self.http.request(method, self.server.url + full, **arguments)
        wanted = expect if isinstance(expect, (tuple, list, set)) else (expect,)
        if expect is not None and reply.status_code not in wanted:
            raise AssertionError(f"{self.name}: {method} {full} answered {reply.status_code}, not {expect}: {reply.text[:600]}")
        if check:
            self.check_reply(method, full, reply)
        if error is not None:
            ids = error if isinstance(error, (tuple, list, set)) else (error,)
            found = reply.json().get("id")
            assert found in ids, f"{self.name}: {method} {full} was refused with {found}, not {error}: {reply.text[:400]}"
        if raw:
            return reply
        if reply.headers.get("Content-Type") == "application/json" and method != "HEAD":
            return reply.json()
        return reply.content if reply.content else None

    def check_reply(self, method, full, reply):
        if not full.startswith("/api/v4/"):
            return
        where = f"{method} {full}"
        kind = reply.headers.get("Content-Type", "")
        assert not kind.startswith("application/json") or kind == "application/json", f"{where}: content type {kind!r} must be bare"
        assert re.fullmatch("[a-z0-9]{26}", reply.headers.get("X-Request-Id", "")), f"{where}: X-Request-Id"
        if reply.status_code >= 400 and method != "HEAD" and reply.status_code != 429:
            assert kind == "application/json", f"{where}: {reply.status_code} without JSON: {reply.text[:200]}"
            told = reply.json()
            assert {"id", "message", "request_id", "status_code"} <= told.keys(), f"{where}: not an AppError: {told}"
            assert told["status_code"] == reply.status_code and told["message"] and told["id"], f"{where}: {told}"
        if self.documented:
            self.documented.check(method, full.split("?")[0], reply)

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.request("POST", path, body, **options)

    def put(self, path, body=None, **options):
        return self.request("PUT", path, body, **options)

    def delete(self, path, body=None, **options):
        return self.request("DELETE", path, body, **options)

    # ---- people ----

    def sign_up(self, username, password=PASSWORD, **fields):
        """Makes an account, with this client's session if it has one. Returns the user."""
        body = {"email": f"{username}@verona.example", "username": username, "password": password, **fields}
        return self.post("/users", body, expect=201)

    def log_in(self, login_id, password=PASSWORD):
        self.user = self.post("/users/login", {"login_id": login_id, "password": password})
        self.token = self.last.headers["Token"]
        self.http.cookies.clear()
        self.name = self.user["username"]
        return self

    def log_out(self):
        self.post("/users/logout")
        self.token = None

    def socket(self, **parameters):
        """A WebSocket of this session, past its hello."""
        return Socket(self.server, self.token, **parameters).open()

    # ---- what most tests need ----

    def make_team(self, name=None, **fields):
        name = name or unique("team")
        return self.post("/teams", {"name": name, "display_name": name.title(), "type": "O", **fields}, expect=201)

    def join_team(self, team, *people):
        """This client adds them."""
        for person in people:
            self.post(f"/teams/{team['id']}/members", {"team_id": team["id"], "user_id": person.id}, expect=201)

    def make_channel(self, team, *people, kind="O", name=None, **fields):
        """A channel of the team; this client makes it and adds the people."""
        name = name or unique("channel")
        channel = self.post("/channels", {"team_id": team["id"], "name": name, "display_name": name.title(), "type": kind, **fields}, expect=201)
        for person in people:
            self.post(f"/channels/{channel['id']}/members", {"user_id": person.id}, expect=201)
        return channel

    def channel_named(self, team, name):
        """One of this client's own channels."""
        return [c for c in self.get(f"/users/me/teams/{team['id']}/channels") if c["name"] == name][0]

    def direct(self, other):
        return self.post("/channels/direct", [self.id, other.id], expect=201)

    def say(self, channel, message, **fields):
        return self.post("/posts", {"channel_id": channel["id"], "message": message, **fields}, expect=201)

    def upload(self, channel, name="letter.txt", content=b"My dear", kind="text/plain"):
        """One file; returns its FileInfo."""
        reply = self.post("/files", data={"channel_id": channel["id"]}, files={"files": (name, content, kind)}, expect=201)
        return reply["file_infos"][0]

    def member_of(self, channel):
        return self.get(f"/channels/{channel['id']}/members/{self.id}")

    def messages_of(self, channel):
        """All messages of a channel, oldest first, page by page."""
        found, page = [], 0
        while True:
            posts = self.get(f"/channels/{channel['id']}/posts", params={"page": page, "per_page": 200})
            found += [posts["posts"][i] for i in posts["order"]]
            if len(posts["order"]) < 200:
                return [post["message"] for post in reversed(found)]
            page += 1


def unique(word):
    return f"{word}-{secrets.token_hex(5)}"


def new_id():
    """A well-formed id that nothing has."""
    return "z" + "".join(secrets.choice("0123456789abcdefghijklmnopqrstuv") for _ in range(25))
