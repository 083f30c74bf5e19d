/* @mattermost/client, unmodified, against a running server (ANSER_URL; see tests/with-server). The tests run in order and
 * build on each other, as one session of two people would. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import clientPackage from "@mattermost/client";

const { Client4, WebSocketClient } = clientPackage;
const url = process.env.ANSER_URL;
const PASSWORD = "Wherefore-1597";
const person = (name) => ({ email: `${name}@verona.example`, username: name, password: PASSWORD });

function connect(token) {
    const client = new Client4();
    client.setUrl(url);
    client.setIncludeCookies(false);
    if (token) client.setToken(token);
    return client;
}

/** A client that has logged in. The token comes in a header the client does not show, so the login is watched. */
async function logIn(name) {
    const client = connect();
    const reply = await fetch(`${url}/api/v4/users/login`, { method: "POST", body: JSON.stringify({ login_id: name, password: PASSWORD }) });
    assert.equal(reply.status, 200);
    client.setToken(reply.headers.get("Token"));
    client.me = await client.getMe();
    return client;
}

/** The WebSocket client with what it heard; expect() waits for an event. */
function listen(client) {
    const socket = new WebSocketClient({ minWebSocketRetryTime: 200, reconnectJitterRange: 50, clientPingInterval: 2000 });
    const heard = [];
    const waiting = new Set();
    let missed = 0;
    socket.addMessageListener((message) => {
        heard.push(message);
        for (const look of waiting) look();
    });
    socket.addMissedMessageListener(() => missed++);
    const opened = new Promise((resolve) => socket.addFirstConnectListener(resolve));
    socket.initialize(`${url.replace("http", "ws")}/api/v4/websocket`, client.getToken(), true);
    return {
        socket,
        opened,
        heard,
        missed: () => missed,
        expect: (event, where = () => true) =>
            new Promise((resolve, reject) => {
                const look = () => {
                    const index = heard.findIndex((m) => m.event === event && where(m));
                    if (index < 0) return;
                    clearTimeout(timer);
                    waiting.delete(look);
                    resolve(heard.splice(index, 1)[0]);
                };
                const timer = setTimeout(() => {
                    waiting.delete(look);
                    reject(new Error(`no ${event}; heard ${heard.map((m) => m.event)}`));
                }, 10_000);
                waiting.add(look);
                look();
            }),
    };
}

let admin, romeo, juliet, team, channel, root;
const open = [];
const ears = {};

before(async () => {
    const nobody = connect();
    for (const name of ["admin", "romeo", "juliet"]) await nobody.createUser(person(name), "", "");
    admin = await logIn("admin");
    romeo = await logIn("romeo");
    juliet = await logIn("juliet");
});

after(() => {
    for (const ear of open) ear.socket.close();
});

test("the first account is the system admin, others are not", () => {
    assert.match(admin.me.roles, /system_admin/);
    assert.equal(romeo.me.roles, "system_user");
});

test("login by the client itself answers the user", async () => {
    const user = await connect().login("romeo@verona.example", PASSWORD);
    assert.equal(user.id, romeo.me.id);
});

test("a refused login is an error the client understands", async () => {
    await assert.rejects(connect().login("romeo", "wrong-password"), (error) => {
        assert.equal(error.status_code, 401);
        assert.equal(error.server_error_id, "api.user.login.invalid_credentials_email_username");
        assert.ok(error.message);
        return true;
    });
});

test("client configuration and licence are read", async () => {
    const config = await romeo.getClientConfig();
    assert.ok(Number(config.MaxPostSize) >= 16383);
    assert.equal(typeof config.CollapsedThreads, "string");
    assert.equal((await romeo.getClientLicenseOld()).IsLicensed, "false");
    assert.match(romeo.getServerVersion(), /^11\./);
});

test("a team is made and joined", async () => {
    team = await admin.createTeam({ name: "verona", display_name: "Verona", type: "O" });
    assert.match(team.id, /^[a-z0-9]{26}$/);
    for (const who of [romeo, juliet]) {
        const member = await admin.addToTeam(team.id, who.me.id);
        assert.equal(member.user_id, who.me.id);
    }
    const teams = await romeo.getMyTeams();
    assert.deepEqual(teams.map((t) => t.id), [team.id]);
    assert.equal((await romeo.getMyTeamMembers())[0].team_id, team.id);
    assert.equal((await romeo.getTeamByName("verona")).id, team.id);
});

test("a channel is made and joined", async () => {
    channel = await romeo.createChannel({ team_id: team.id, name: "balcony", display_name: "Balcony 阳台", type: "O" });
    await romeo.addToChannel(juliet.me.id, channel.id);
    const names = (await juliet.getMyChannels(team.id)).map((c) => c.name).sort();
    assert.deepEqual(names, ["balcony", "off-topic", "town-square"]);
    assert.equal((await juliet.getMyChannelMembers(team.id)).length, 3);
    const members = await juliet.getAllChannelsMembers(juliet.me.id, -1, 60);
    assert.deepEqual(members.map((m) => m.channel_id).includes(channel.id), true, "NDJSON with page -1");
});

test("sidebar categories are made on first read", async () => {
    const { categories, order } = await juliet.getChannelCategories(juliet.me.id, team.id);
    assert.deepEqual(categories.map((c) => c.type).sort(), ["channels", "direct_messages", "favorites"]);
    assert.equal(order.length, 3);
});

test("sockets open and say hello", async () => {
    for (const [name, client] of Object.entries({ romeo, juliet })) {
        ears[name] = listen(client);
        open.push(ears[name]);
        await ears[name].opened;
        await ears[name].expect("hello");
    }
});

test("a post is answered and heard by the other", async () => {
    const pending = `${romeo.me.id}:${Date.now()}`;
    root = await romeo.createPost({ channel_id: channel.id, message: "But soft, @juliet 鸿雁", pending_post_id: pending });
    assert.equal(root.pending_post_id, pending);
    const event = await ears.juliet.expect("posted", (m) => JSON.parse(m.data.post).id === root.id);
    assert.equal(event.data.sender_name, "@romeo");
    assert.deepEqual(JSON.parse(event.data.mentions), [juliet.me.id]);
    assert.equal(event.data.team_id, team.id);
});

test("unread and mention counts follow, and viewing clears them", async () => {
    const [before] = await juliet.getMyTeamUnreads(true);
    assert.equal(before.team_id, team.id);
    assert.ok(before.mention_count >= 1 && before.msg_count >= 1);
    const member = await juliet.getChannelMember(channel.id, juliet.me.id);
    assert.equal(member.mention_count, 2, "being added and being named");
    const unread = await juliet.getPostsUnread(channel.id, juliet.me.id);
    assert.ok(unread.order.includes(root.id));
    const viewed = await juliet.viewMyChannel(channel.id);
    assert.ok(viewed.last_viewed_at_times[channel.id] > 0);
    await ears.juliet.expect("multiple_channels_viewed", (m) => channel.id in m.data.channel_times);
    const [after] = await juliet.getMyTeamUnreads(true);
    assert.equal(after.mention_count, before.mention_count - 2);
});

test("a post set unread comes back as unread", async () => {
    const state = await juliet.markPostAsUnread(juliet.me.id, root.id);
    assert.equal(state.channel_id, channel.id);
    await ears.juliet.expect("post_unread");
    assert.equal((await juliet.getChannelMember(channel.id, juliet.me.id)).mention_count, 1);
    await juliet.viewMyChannel(channel.id);
});

test("a reply makes a thread that its root's author follows", async () => {
    const reply = await juliet.createPost({ channel_id: channel.id, message: "O Romeo", root_id: root.id });
    assert.equal(reply.root_id, root.id);
    const event = await ears.romeo.expect("thread_updated");
    assert.equal(JSON.parse(event.data.thread).id, root.id);
    const thread = await romeo.getPostThread(root.id);
    assert.deepEqual(new Set(thread.order), new Set([root.id, reply.id]));
    const { threads, total } = await romeo.getUserThreads(romeo.me.id, team.id, { perPage: 20, extended: false, totalsOnly: false, threadsOnly: false });
    assert.equal(total, 1);
    assert.equal(threads[0].id, root.id);
    assert.equal(threads[0].reply_count, 1);
    await romeo.updateThreadReadForUser(romeo.me.id, team.id, root.id, Date.now());
    assert.equal((await romeo.getUserThread(romeo.me.id, team.id, root.id)).unread_replies, 0);
});

test("reactions come and go", async () => {
    await juliet.addReaction(juliet.me.id, root.id, "heart");
    const added = await ears.romeo.expect("reaction_added");
    assert.equal(JSON.parse(added.data.reaction).emoji_name, "heart");
    assert.deepEqual((await romeo.getReactionsForPost(root.id)).map((r) => r.emoji_name), ["heart"]);
    await juliet.removeReaction(juliet.me.id, root.id, "heart");
    await ears.romeo.expect("reaction_removed");
});

test("a post is edited, pinned and deleted", async () => {
    const post = await romeo.createPost({ channel_id: channel.id, message: "first" });
    const edited = await romeo.patchPost({ id: post.id, message: "second" });
    assert.equal(edited.message, "second");
    assert.ok(edited.edit_at > 0);
    await ears.juliet.expect("post_edited", (m) => JSON.parse(m.data.post).message === "second");
    await romeo.pinPost(post.id);
    assert.ok((await romeo.getPinnedPosts(channel.id)).order.includes(post.id));
    await romeo.deletePost(post.id);
    await ears.juliet.expect("post_deleted", (m) => JSON.parse(m.data.post).id === post.id);
    await assert.rejects(romeo.getPost(post.id), (error) => error.status_code === 404);
});

test("a file is uploaded, posted and read by the other", async () => {
    const form = new FormData();
    form.append("channel_id", channel.id);
    form.append("client_ids", "letter-1");
    form.append("files", new Blob(["My dear 鸿雁"], { type: "text/plain" }), "书信.txt");
    const upload = await romeo.uploadFile(form);
    assert.deepEqual(upload.client_ids, ["letter-1"]);
    const [info] = upload.file_infos;
    assert.equal(info.name, "书信.txt");
    const post = await romeo.createPost({ channel_id: channel.id, message: "read this", file_ids: [info.id] });
    const [found] = await juliet.getFileInfosForPost(post.id);
    assert.equal(found.id, info.id);
    const reply = await fetch(juliet.getFileUrl(info.id, 0), { headers: { Authorization: `Bearer ${juliet.getToken()}` } });
    assert.equal(await reply.text(), "My dear 鸿雁");
});

test("a search finds Latin and Chinese words", async () => {
    const plain = await romeo.createPost({ channel_id: channel.id, message: "the nightingale sings" });
    const chinese = await romeo.createPost({ channel_id: channel.id, message: "我们明天在阳台见面" });
    assert.deepEqual((await juliet.searchPosts(team.id, "nightingale", false)).order, [plain.id]);
    assert.deepEqual((await juliet.searchPosts(team.id, "明天", false)).order, [chinese.id]);
    assert.deepEqual((await juliet.searchPosts(team.id, "nonesuch", false)).order, []);
});

test("a direct channel carries a message", async () => {
    const direct = await romeo.createDirectChannel([romeo.me.id, juliet.me.id]);
    assert.equal(direct.type, "D");
    await ears.juliet.expect("direct_added");
    const post = await romeo.createPost({ channel_id: direct.id, message: "secretly" });
    const event = await ears.juliet.expect("posted", (m) => JSON.parse(m.data.post).id === post.id);
    assert.equal(event.data.channel_type, "D");
    assert.deepEqual(JSON.parse(event.data.mentions), [juliet.me.id]);
});

test("typing is heard by the other", async () => {
    ears.romeo.socket.userTyping(channel.id, "");
    const event = await ears.juliet.expect("typing");
    assert.equal(event.data.user_id, romeo.me.id);
});

test("statuses are asked and set", async () => {
    const statuses = await romeo.getStatusesByIds([romeo.me.id, juliet.me.id]);
    assert.deepEqual(statuses.map((s) => s.status), ["online", "online"]);
    await romeo.updateStatus({ user_id: romeo.me.id, status: "dnd", manual: true });
    assert.equal((await juliet.getStatus(romeo.me.id)).status, "dnd");
});

test("preferences are saved and announced", async () => {
    const row = { user_id: romeo.me.id, category: "display_settings", name: "use_military_time", value: "true" };
    await romeo.savePreferences(romeo.me.id, [row]);
    await ears.romeo.expect("preferences_changed");
    assert.ok((await romeo.getMyPreferences()).some((p) => p.name === row.name && p.value === "true"));
});

test("drafts are kept", async () => {
    const draft = { create_at: 0, update_at: 0, delete_at: 0, user_id: romeo.me.id, channel_id: channel.id, root_id: "", message: "unfinished", props: {}, file_ids: [] };
    assert.equal((await romeo.upsertDraft(draft, "")).message, "unfinished");
    assert.deepEqual((await romeo.getUserDrafts(team.id)).map((d) => d.message), ["unfinished"]);
    await romeo.deleteDraft(channel.id, "", "");
    assert.deepEqual(await romeo.getUserDrafts(team.id), []);
});

test("people are found", async () => {
    const found = await romeo.autocompleteUsers("jul", team.id, channel.id);
    assert.deepEqual(found.users.map((u) => u.username), ["juliet"]);
    assert.deepEqual((await romeo.searchUsers("juliet", {})).map((u) => u.username), ["juliet"]);
    assert.deepEqual((await romeo.getProfilesByIds([juliet.me.id])).map((u) => u.id), [juliet.me.id]);
});

test("the client's own heartbeat is answered and no event was missed", async () => {
    await new Promise((resolve) => setTimeout(resolve, 2500)); // one beat of clientPingInterval
    const post = await romeo.createPost({ channel_id: channel.id, message: "still here" });
    await ears.juliet.expect("posted", (m) => JSON.parse(m.data.post).id === post.id);
    assert.equal(ears.juliet.missed(), 0);
});

test("logout ends the session", async () => {
    const other = await logIn("juliet");
    await other.logout();
    await assert.rejects(other.getMe(), (error) => error.status_code === 401);
    assert.equal((await juliet.getMe()).id, juliet.me.id);
});
