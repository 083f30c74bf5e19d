"""What a client knows plus the events it hears equals a fresh load: for each event, an act of somebody, and a comparison.

`Known` is a client as small as can be: it loads once, applies events as clients of the protocol do (where an event only names
a thing, the thing is fetched), and must then hold what a new load gives.
"""

import json

import pytest

from lib.client import unique
from lib.images import png


class Known:
    def __init__(self, client, team, channels):
        self.client, self.team_id, self.watched = client, team["id"], [c["id"] for c in channels]
        self.load()

    # ---- a fresh load ----

    def load(self):
        get = self.client.get
        self.me = get("/users/me")
        self.teams = {t["id"]: t for t in get("/users/me/teams")}
        self.team_members = {m["team_id"]: m for m in get("/users/me/teams/members")}
        self.channels = {c["id"]: c for c in get("/users/me/channels")}
        self.members = {}
        for team_id in self.teams:
            self.members.update({m["channel_id"]: m for m in get(f"/users/me/teams/{team_id}/channels/members")})
        self.preferences = {(p["category"], p["name"]): p["value"] for p in get("/users/me/preferences")}
        self.categories = self.load_categories()
        self.posts = {c: self.load_posts(c) for c in self.watched if c in self.channels}
        self.threads = {t["id"]: t for t in self.load_threads()}
        self.drafts = {(d["channel_id"], d["root_id"]): d["message"] for d in get(f"/users/me/teams/{self.team_id}/drafts")}
        self.people = {u["id"]: u for u in get("/users", params={"in_team": self.team_id, "per_page": 200})}
        self.emoji = {e["name"] for e in get("/emoji", params={"per_page": 200})}
        self.status = get("/users/me/status")["status"]

    def load_categories(self):
        if self.team_id not in self.teams:
            return {}
        return self.client.get(f"/users/me/teams/{self.team_id}/channels/categories")

    def load_posts(self, channel_id):
        return self.client.get(f"/channels/{channel_id}/posts", params={"per_page": 200})["posts"]

    def load_threads(self):
        if self.team_id not in self.teams:
            return []
        return self.client.get(f"/users/me/teams/{self.team_id}/threads", params={"per_page": 200})["threads"]

    # ---- events ----

    def apply(self, frame):
        data = {k: decode(v) for k, v in frame["data"].items()}
        handler = getattr(self, "on_" + frame["event"], None)
        if handler:
            handler(data, frame["broadcast"])

    def on_posted(self, data, _):
        post = data["post"]
        channel = self.channels.get(post["channel_id"])
        if channel is None or post["create_at"] <= channel["last_post_at"]:
            return  # unknown, or loaded when this post was there already
        is_root, counts = post["root_id"] == "", not is_note(post)
        channel["total_msg_count"] += counts
        channel["total_msg_count_root"] += counts and is_root
        channel["last_post_at"] = max(channel["last_post_at"], post["create_at"])
        if is_root:
            channel["last_root_post_at"] = max(channel["last_root_post_at"], post["create_at"])
        member = self.members.get(post["channel_id"])
        if member and self.client.id in data.get("mentions", []):
            member["mention_count"] += 1
            member["mention_count_root"] += is_root
        if member and post["user_id"] == self.client.id and is_root and not post["type"].startswith("system_"):
            member.update(msg_count=channel["total_msg_count"], msg_count_root=channel["total_msg_count_root"],
                          last_viewed_at=post["create_at"], mention_count=0, mention_count_root=0)
        posts = self.posts.get(post["channel_id"])
        if posts is not None:
            posts[post["id"]] = post
            if not is_root and post["root_id"] in posts:
                for other in posts.values():
                    if other["id"] == post["root_id"] or other["root_id"] == post["root_id"]:
                        other["reply_count"] = post["reply_count"]

    def on_post_edited(self, data, _):
        post = data["post"]
        if post["channel_id"] in self.posts:
            self.posts[post["channel_id"]][post["id"]] = post

    def on_post_deleted(self, data, _):
        post = data["post"]
        posts = self.posts.get(post["channel_id"], {})
        gone = [i for i, p in posts.items() if i == post["id"] or p["root_id"] == post["id"]]
        for i in gone:
            del posts[i]
        self.threads.pop(post["id"], None)
        if post["root_id"]:
            for other in posts.values():
                if other["id"] == post["root_id"] or other["root_id"] == post["root_id"]:
                    other["reply_count"] -= 1

    def on_reaction_added(self, data, _):
        reaction = data["reaction"]
        post = self.posts.get(reaction["channel_id"], {}).get(reaction["post_id"])
        if post:
            post["metadata"].setdefault("reactions", []).append(reaction)

    def on_reaction_removed(self, data, _):
        reaction = data["reaction"]
        post = self.posts.get(reaction["channel_id"], {}).get(reaction["post_id"])
        if post:
            post["metadata"]["reactions"] = [r for r in post["metadata"]["reactions"]
                                             if (r["user_id"], r["emoji_name"]) != (reaction["user_id"], reaction["emoji_name"])]

    def on_post_unread(self, data, broadcast):
        member, channel = self.members[broadcast["channel_id"]], self.channels[broadcast["channel_id"]]
        member["msg_count"] = channel["total_msg_count"] - data["msg_count"]
        member["msg_count_root"] = channel["total_msg_count_root"] - data["msg_count_root"]
        member["mention_count"], member["mention_count_root"] = data["mention_count"], data["mention_count_root"]
        member["last_viewed_at"] = data["last_viewed_at"]

    def on_multiple_channels_viewed(self, data, _):
        for channel_id, at in data["channel_times"].items():
            channel = self.channels[channel_id]
            self.members[channel_id].update(msg_count=channel["total_msg_count"], msg_count_root=channel["total_msg_count_root"],
                                            mention_count=0, mention_count_root=0, last_viewed_at=at)

    def on_channel_updated(self, data, _):
        if data["channel"]["id"] in self.channels:
            self.channels[data["channel"]["id"]].update(data["channel"])

    def on_channel_converted(self, data, _):
        if data["channel_id"] in self.channels:
            self.fetch_channel(data["channel_id"])

    def on_channel_deleted(self, data, _):
        self.channels.pop(data["channel_id"], None)
        self.members.pop(data["channel_id"], None)
        self.posts.pop(data["channel_id"], None)
        self.categories = self.load_categories()

    def on_channel_restored(self, data, _):
        self.fetch_channel(data["channel_id"])

    def on_channel_created(self, data, _):
        self.fetch_channel(data["channel_id"])

    def on_channel_member_updated(self, data, _):
        self.members[data["channelMember"]["channel_id"]] = data["channelMember"]

    def on_user_added(self, data, broadcast):
        if data["user_id"] == self.client.id and broadcast["channel_id"] not in self.channels:
            self.fetch_channel(broadcast["channel_id"])

    def on_user_removed(self, data, broadcast):
        if broadcast["user_id"] == self.client.id or data.get("user_id") == self.client.id:
            gone = data.get("channel_id") or broadcast["channel_id"]
            self.channels.pop(gone, None)
            self.members.pop(gone, None)
            self.posts.pop(gone, None)
            self.categories = self.load_categories()

    def on_direct_added(self, _, broadcast):
        self.fetch_channel(broadcast["channel_id"])

    def on_group_added(self, _, broadcast):
        self.fetch_channel(broadcast["channel_id"])

    def fetch_channel(self, channel_id):
        self.channels[channel_id] = self.client.get(f"/channels/{channel_id}")
        self.members[channel_id] = self.client.get(f"/channels/{channel_id}/members/{self.client.id}")
        if channel_id in self.watched:
            self.posts[channel_id] = self.load_posts(channel_id)
        self.categories = self.load_categories()

    def on_added_to_team(self, data, _):
        self.teams[data["team_id"]] = self.client.get(f"/teams/{data['team_id']}")
        self.team_members[data["team_id"]] = self.client.get(f"/teams/{data['team_id']}/members/{self.client.id}")

    def on_leave_team(self, data, _):
        if data["user_id"] == self.client.id:
            self.drop_team(data["team_id"])
        elif data["team_id"] == self.team_id:
            self.people.pop(data["user_id"], None)

    def drop_team(self, team_id):
        self.teams.pop(team_id, None)
        self.team_members.pop(team_id, None)
        for channel_id in [c["id"] for c in self.channels.values() if c["team_id"] == team_id]:
            self.channels.pop(channel_id)
            self.members.pop(channel_id, None)

    def on_update_team(self, data, _):
        if data["team"]["id"] in self.teams:
            hidden = {k: self.teams[data["team"]["id"]][k] for k in ("email", "invite_id")}
            self.teams[data["team"]["id"]] = {**data["team"], **hidden}

    def on_delete_team(self, data, _):
        self.drop_team(data["team"]["id"])

    def on_memberrole_updated(self, data, _):
        self.team_members[data["member"]["team_id"]] = data["member"]

    def on_user_updated(self, data, _):
        user = data["user"]
        if user["id"] == self.client.id:
            if user.get("update_at", 0) >= self.me["update_at"]:
                self.me = user
        if user["id"] in self.people:
            self.people[user["id"]] = user

    def on_preferences_changed(self, data, _):
        self.preferences.update({(p["category"], p["name"]): p["value"] for p in data["preferences"]})

    def on_preferences_deleted(self, data, _):
        for p in data["preferences"]:
            self.preferences.pop((p["category"], p["name"]), None)

    def on_sidebar_category_created(self, *_):
        self.categories = self.load_categories()

    on_sidebar_category_updated = on_sidebar_category_deleted = on_sidebar_category_created

    def on_sidebar_category_order_updated(self, data, _):
        self.categories["order"] = data["order"]

    def on_thread_updated(self, data, _):
        self.threads[data["thread"]["id"]] = data["thread"]
        if data["thread"]["reply_count"] == 0:
            self.threads.pop(data["thread"]["id"])  # its last reply is gone

    def on_thread_follow_changed(self, data, _):
        if not data["state"]:
            self.threads.pop(data["thread_id"], None)
        else:
            self.threads[data["thread_id"]] = self.client.get(f"/users/me/teams/{self.team_id}/threads/{data['thread_id']}")

    def on_thread_read_changed(self, data, broadcast):
        if data.get("thread_id"):
            self.threads[data["thread_id"]].update(unread_replies=data["unread_replies"], unread_mentions=data["unread_mentions"],
                                                   last_viewed_at=data["timestamp"])
        else:
            self.threads = {t["id"]: t for t in self.load_threads()}

    def on_draft_created(self, data, _):
        self.drafts[(data["draft"]["channel_id"], data["draft"]["root_id"])] = data["draft"]["message"]

    on_draft_updated = on_draft_created

    def on_draft_deleted(self, data, _):
        self.drafts.pop((data["draft"]["channel_id"], data["draft"]["root_id"]), None)

    def on_emoji_added(self, data, _):
        self.emoji.add(data["emoji"]["name"])

    def on_status_change(self, data, _):
        if data["user_id"] == self.client.id:
            self.status = data["status"]

    # ---- what is compared ----

    def told(self):
        pick = lambda what, names: {n: what.get(n) for n in names}
        return {
            "me": pick(self.me, ("username", "email", "nickname", "roles", "props", "notify_props", "locale")),
            "teams": {i: pick(t, ("display_name", "description", "allow_open_invite", "delete_at")) for i, t in self.teams.items()},
            "team_members": {i: pick(m, ("roles", "scheme_admin", "delete_at")) for i, m in self.team_members.items()},
            "channels": {i: pick(c, ("type", "name", "display_name", "header", "purpose", "delete_at", "total_msg_count",
                                     "total_msg_count_root", "last_post_at")) for i, c in self.channels.items()},
            "members": {i: pick(m, ("roles", "msg_count", "msg_count_root", "mention_count", "mention_count_root", "notify_props",
                                    "last_viewed_at")) for i, m in self.members.items()},
            "preferences": {k: v for k, v in self.preferences.items() if k[0] != "test_fence"},
            "categories": categories_told(self.categories),
            "posts": {c: {i: post_told(p) for i, p in posts.items()} for c, posts in self.posts.items()},
            "threads": {i: pick(t, ("reply_count", "last_reply_at", "unread_replies", "unread_mentions")) for i, t in self.threads.items()},
            "drafts": self.drafts,
            "people": {i: pick(u, ("username", "nickname", "first_name", "delete_at", "roles")) for i, u in self.people.items()},
            "emoji": self.emoji,
            "status": self.status,
        }


def post_told(post):
    told = {n: post[n] for n in ("message", "edit_at", "is_pinned", "root_id", "type", "props", "reply_count", "file_ids")}
    told["reactions"] = sorted((r["user_id"], r["emoji_name"]) for r in post["metadata"].get("reactions", []))
    return told


def categories_told(categories):
    if not categories:
        return {}
    shown = {c["id"]: (c["display_name"], c["type"], c["muted"], c["collapsed"], c["sorting"], sorted(c["channel_ids"]))
             for c in categories["categories"]}
    return {"order": categories["order"], "categories": shown}


def is_note(post):
    return post["type"].startswith(("system_join", "system_leave", "system_add_to", "system_remove_from", "system_add_remove"))


def decode(value):
    if isinstance(value, str) and value[:1] in "{[":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


# ---- the acts: romeo does, juliet knows ----

class Play:
    """A team, two channels and a thread of its own for each act."""

    def __init__(self, world):
        self.admin, self.romeo, self.juliet, self.paris = world.admin, world.romeo, world.juliet, world.paris
        self.team = self.admin.make_team()
        self.admin.join_team(self.team, self.romeo, self.juliet)
        self.channel = self.admin.make_channel(self.team, self.romeo, self.juliet)
        self.private = self.romeo.make_channel(self.team, self.juliet, kind="P")
        self.admin.put(f"/channels/{self.channel['id']}/members/{self.romeo.id}/roles", {"roles": "channel_user channel_admin"})
        self.root = self.juliet.say(self.channel, "root")
        self.other = self.romeo.say(self.channel, "other")

    @property
    def reply(self):
        return self.romeo.say(self.channel, "reply", root_id=self.root["id"])

    def category(self, who=None, **fields):
        body = {"user_id": self.juliet.id, "team_id": self.team["id"], "display_name": "Mine", "type": "custom", "channel_ids": [], **fields}
        return self.juliet.post(f"/users/me/teams/{self.team['id']}/channels/categories", body, expect=(200, 201))


def in_channel(play, tail="", private=False):
    return f"/channels/{(play.private if private else play.channel)['id']}{tail}"


def twice(first, second):
    def act(play):
        first(play)
        second(play)
    return act


ACTS = {
    "a post": lambda p: p.romeo.say(p.channel, "hello"),
    "a post of one's own elsewhere": lambda p: p.juliet.say(p.channel, "from my phone"),
    "a mention": lambda p: p.romeo.say(p.channel, "@juliet come"),
    "a mention of all": lambda p: p.romeo.say(p.channel, "@channel come"),
    "a reply": lambda p: p.reply,
    "a mention in a reply": lambda p: p.romeo.say(p.channel, "@juliet", root_id=p.root["id"]),
    "an edit": lambda p: p.romeo.put(f"/posts/{p.other['id']}/patch", {"message": "better"}),
    "a deleted post": lambda p: p.romeo.delete(f"/posts/{p.other['id']}"),
    "a deleted root with replies": twice(lambda p: p.reply, lambda p: p.admin.delete(f"/posts/{p.root['id']}")),
    "a deleted reply": lambda p: p.romeo.delete(f"/posts/{p.reply['id']}"),
    "a pin": lambda p: p.romeo.post(f"/posts/{p.other['id']}/pin"),
    "an unpin": twice(lambda p: p.romeo.post(f"/posts/{p.other['id']}/pin"), lambda p: p.romeo.post(f"/posts/{p.other['id']}/unpin")),
    "a reaction": lambda p: p.romeo.post("/reactions", {"user_id": p.romeo.id, "post_id": p.root["id"], "emoji_name": "heart"}, expect=(200, 201)),
    "a reaction taken back": twice(
        lambda p: p.romeo.post("/reactions", {"user_id": p.romeo.id, "post_id": p.root["id"], "emoji_name": "heart"}, expect=(200, 201)),
        lambda p: p.romeo.delete(f"/users/{p.romeo.id}/posts/{p.root['id']}/reactions/heart")),
    "reading a channel": lambda p: p.juliet.post("/channels/members/me/view", {"channel_id": p.channel["id"], "collapsed_threads_supported": True}),
    "marking unread": lambda p: p.juliet.post(f"/users/me/posts/{p.other['id']}/set_unread", {"collapsed_threads_supported": True}),
    "a renamed channel": lambda p: p.romeo.put(in_channel(p, "/patch"), {"display_name": "New name"}),
    "a new header": lambda p: p.romeo.put(in_channel(p, "/patch"), {"header": "New header"}),
    "a channel made private": lambda p: p.admin.put(in_channel(p, "/privacy"), {"privacy": "P"}),
    "an archived channel": lambda p: p.admin.delete(in_channel(p)),
    "an archived private channel": lambda p: p.romeo.delete(in_channel(p, private=True)),
    "a restored channel": twice(lambda p: p.admin.delete(in_channel(p)), lambda p: p.admin.post(in_channel(p, "/restore"))),
    "being added to a channel": lambda p: p.romeo.make_channel(p.team, p.juliet),
    "being removed from a channel": lambda p: p.romeo.delete(in_channel(p, f"/members/{p.juliet.id}", private=True)),
    "leaving a channel elsewhere": lambda p: p.juliet.delete(in_channel(p, f"/members/{p.juliet.id}")),
    "somebody leaving": lambda p: p.romeo.delete(in_channel(p, f"/members/{p.romeo.id}")),
    "becoming channel admin": lambda p: p.admin.put(in_channel(p, f"/members/{p.juliet.id}/roles"), {"roles": "channel_user channel_admin"}),
    "muting a channel": lambda p: p.juliet.put(in_channel(p, f"/members/{p.juliet.id}/notify_props"), {"mark_unread": "mention"}),
    "a channel of one's own made elsewhere": lambda p: p.juliet.make_channel(p.team),
    "a direct message": lambda p: p.paris.say(p.paris.direct(p.juliet), "hear me"),
    "a group message": lambda p: p.romeo.post("/channels/group", [p.juliet.id, p.paris.id, p.admin.id], expect=201),
    "a renamed team": lambda p: p.admin.put(f"/teams/{p.team['id']}/patch", {"display_name": "Other"}),
    "being added to a team": lambda p: p.admin.join_team(p.admin.make_team(), p.juliet),
    "becoming team admin": lambda p: p.admin.put(f"/teams/{p.team['id']}/members/{p.juliet.id}/roles", {"roles": "team_user team_admin"}),
    "somebody leaving the team": lambda p: p.romeo.delete(f"/teams/{p.team['id']}/members/{p.romeo.id}"),
    "a new name of somebody": lambda p: p.romeo.put(f"/users/{p.romeo.id}/patch", {"nickname": unique("nick")}),
    "a new name of one's own": lambda p: p.juliet.put(f"/users/{p.juliet.id}/patch", {"nickname": unique("nick")}),
    "a custom status": lambda p: p.juliet.put("/users/me/status/custom", {"emoji": "rose", "text": "away"}),
    "do not disturb": lambda p: p.juliet.put("/users/me/status", {"user_id": p.juliet.id, "status": "dnd"}),
    "a preference": lambda p: p.juliet.put("/users/me/preferences", [{"user_id": p.juliet.id, "category": "display_settings", "name": "x", "value": "1"}]),
    "a preference deleted": twice(
        lambda p: p.juliet.put("/users/me/preferences", [{"user_id": p.juliet.id, "category": "display_settings", "name": "y", "value": "1"}]),
        lambda p: p.juliet.post("/users/me/preferences/delete", [{"user_id": p.juliet.id, "category": "display_settings", "name": "y", "value": "1"}])),
    "a favourite": lambda p: p.juliet.put("/users/me/preferences", [{"user_id": p.juliet.id, "category": "favorite_channel", "name": p.channel["id"], "value": "true"}]),
    "a new category": lambda p: p.category(),
    "a category with channels": lambda p: p.category(channel_ids=[p.channel["id"]]),
    "a renamed category": lambda p: (lambda c: p.juliet.put(f"/users/me/teams/{p.team['id']}/channels/categories/{c['id']}", {**c, "display_name": "Other"}))(p.category()),
    "a deleted category": lambda p: (lambda c: p.juliet.delete(f"/users/me/teams/{p.team['id']}/channels/categories/{c['id']}"))(p.category()),
    "categories in another order": lambda p: (lambda order: p.juliet.put(f"/users/me/teams/{p.team['id']}/channels/categories/order", order[::-1]))(
        p.juliet.get(f"/users/me/teams/{p.team['id']}/channels/categories")["order"]),
    "unfollowing a thread": twice(lambda p: p.reply, lambda p: p.juliet.delete(f"/users/me/teams/{p.team['id']}/threads/{p.root['id']}/following")),
    "reading a thread": twice(lambda p: p.reply, lambda p: p.juliet.put(f"/users/me/teams/{p.team['id']}/threads/{p.root['id']}/read/{p.reply['create_at']}")),
    "reading all threads": twice(lambda p: p.reply, lambda p: p.juliet.put(f"/users/me/teams/{p.team['id']}/threads/read")),
    "a draft": lambda p: p.juliet.post("/drafts", {"channel_id": p.channel["id"], "message": "Dear"}, expect=201),
    "a draft deleted": twice(lambda p: p.juliet.post("/drafts", {"channel_id": p.channel["id"], "message": "Dear"}, expect=201),
                             lambda p: p.juliet.delete(f"/users/me/channels/{p.channel['id']}/drafts")),
    "an emoji": lambda p: p.admin.post("/emoji", data={"emoji": json.dumps({"name": unique("rose").replace("-", "_"), "creator_id": p.admin.id})},
                                       files={"image": ("rose.png", png(32, 32), "image/png")}, expect=(200, 201)),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_was_known_plus_events_is_a_fresh_load(world, sockets, act):
    play = Play(world)
    socket = sockets(play.juliet)
    known = Known(play.juliet, play.team, [play.channel, play.private])
    socket.fence(play.juliet)
    with socket.changed:
        begin = len(socket.heard)
    ACTS[act](play)
    socket.fence(play.juliet)
    assert socket.failure is None, socket.failure
    for frame in socket.heard[begin:]:
        known.apply(frame)
    fresh = Known(play.juliet, play.team, [play.channel, play.private])
    heard = [frame["event"] for frame in socket.heard[begin:]]
    for part, value in fresh.told().items():
        assert known.told()[part] == value, f"{act}: {part} differs; events: {heard}"
