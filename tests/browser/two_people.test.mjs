/* From nothing to a conversation: two people, two browsers. The tests go on from each other. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { composer, logIn, openStage, post, say, shoot, signUp, timeline } from "./stage.mjs";

let stage, romeo, juliet, invitation;

before(async () => {
    stage = await openStage();
    romeo = await stage.page();
    juliet = await stage.page();
});
after(() => stage?.close());

test("the first person signs up and makes a team", async () => {
    await signUp(romeo, "romeo");
    await romeo.getByLabel("Team name").waitFor();
    await romeo.getByLabel("Team name").fill("Verona");
    await romeo.getByRole("button", { name: "Create team" }).click();
    await composer(romeo).waitFor();
    await romeo.getByRole("link", { name: /Town Square/ }).first().waitFor();
    assert.match(romeo.url(), /\/verona\/channels\/town-square/);
});

test("an invitation link is offered", async () => {
    await romeo.getByRole("button", { name: "Invite people" }).first().click();
    const dialog = romeo.getByRole("dialog");
    await dialog.waitFor();
    const link = /https?:\/\/\S*\/signup_user_complete\/?\?id=[a-z0-9]{26}/;
    await romeo.waitForFunction((source) => {
        const dialog = document.querySelector("dialog[open], [role=dialog]");
        const text = [dialog?.textContent ?? "", ...[...(dialog?.querySelectorAll("input, textarea") ?? [])].map((field) => field.value)].join(" ");
        globalThis.invitation = text.match(new RegExp(source))?.[0];
        return Boolean(globalThis.invitation);
    }, link.source);
    invitation = await romeo.evaluate(() => globalThis.invitation);
    await shoot(romeo, "invite");
    await romeo.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
});

test("the second person signs up through the link and is in the team", async () => {
    const { pathname, search } = new URL(invitation);
    await signUp(juliet, "juliet", pathname + search);
    await composer(juliet).waitFor();
    assert.match(juliet.url(), /\/verona\/channels\//);
});

test("a post is seen live by the other", async () => {
    await say(romeo, "But soft, what light 鸿雁");
    await post(juliet, "But soft, what light 鸿雁").first().waitFor();
    await say(juliet, "Ay me!");
    await post(romeo, "Ay me!").first().waitFor();
});

test("markdown is shown as such and never as markup", async () => {
    await say(romeo, "**bold** and <img src=x onerror=alert(1)>", "bold and <img src=x onerror=alert(1)>");
    const seen = post(juliet, "and <img src=x onerror=alert(1)>").first();
    await seen.waitFor();
    await seen.locator("strong", { hasText: "bold" }).waitFor();
});

test("a reply in a thread is seen by the root's author", async () => {
    const root = post(juliet, "But soft, what light").first();
    await root.hover();
    await root.getByRole("button", { name: /^Reply/ }).first().click();
    const box = juliet.getByRole("textbox", { name: /^(Reply|Write a reply|Write to)/ }).last();
    await box.fill("O Romeo, Romeo!");
    await box.press("Enter");
    await juliet.getByText("O Romeo, Romeo!").first().waitFor();
    await post(romeo, "But soft, what light").first().getByText(/1 reply/i).waitFor();
});

test("a reload shows the same", async () => {
    await juliet.reload();
    await post(juliet, "But soft, what light").first().waitFor();
    await post(juliet, "Ay me!").first().waitFor();
    await shoot(juliet, "after-reload");
});

test("a server that is away is said, and nothing is lost", async () => {
    await juliet.context().setOffline(true);
    await composer(juliet).first().fill("Parting is such sweet sorrow");
    await composer(juliet).first().press("Enter");
    await juliet.context().setOffline(false);
    // Sent by itself on reconnecting, or on the person's word.
    const retry = juliet.getByRole("button", { name: /retry|send again|try again/i }).first();
    const arrived = post(romeo, "Parting is such sweet sorrow").first();
    await Promise.race([arrived.waitFor(), retry.waitFor().then(() => retry.click())]);
    await arrived.waitFor();
    assert.equal(await post(romeo, "Parting is such sweet sorrow").count(), 1);
});

test("a new channel is made and opened", async () => {
    await romeo.getByRole("button", { name: "New channel" }).first().click();
    const dialog = romeo.getByRole("dialog");
    await dialog.getByLabel(/name/i).first().fill("Friar's cell");
    await dialog.getByRole("button", { name: /create/i }).click();
    await romeo.getByRole("link", { name: /Friar's cell/ }).first().waitFor();
    await say(romeo, "Holy Saint Francis");
});

test("a direct message reaches the other", async () => {
    await romeo.getByRole("button", { name: "New direct message" }).first().click();
    const dialog = romeo.getByRole("dialog");
    await dialog.getByRole("textbox").or(dialog.getByRole("combobox")).or(dialog.getByRole("searchbox")).first().fill("juliet");
    await dialog.getByText("juliet").last().click();
    const go = dialog.getByRole("button", { name: /^(go|start|open|message|write)/i });
    if (await go.count()) await go.first().click();
    await composer(romeo).first().waitFor();
    await say(romeo, "secretly");
    await juliet.getByRole("link", { name: /romeo/ }).first().click();
    await post(juliet, "secretly").first().waitFor();
});

test("logging in again shows the same", async () => {
    const again = await stage.page();
    await logIn(again, "juliet@verona.example");
    await composer(again).first().waitFor();
    await again.getByRole("link", { name: /Town Square/ }).first().click();
    await post(again, "Ay me!").first().waitFor();
    await timeline(again).waitFor();
});

test("a wrong password is said", async () => {
    const page = await stage.page();
    await page.goto("/login");
    await page.getByLabel("Email or username", { exact: true }).fill("juliet");
    await page.getByLabel("Password", { exact: true }).fill("not-the-word");
    await page.getByRole("button", { name: "Log in", exact: true }).click();
    await page.getByRole("alert").first().waitFor();
});

test("no page had an error", () => {
    for (const page of stage.pages) assert.deepEqual(page.troubles.filter((t) => !/WebSocket|ERR_INTERNET_DISCONNECTED/.test(t)), []);
});
