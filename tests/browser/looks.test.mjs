/* Screens in both sizes, both themes and two languages: pictures for people, and the accessibility checks of axe-core. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, composer, DESKTOP, logIn, openStage, PHONE, post, prepare, shoot } from "./stage.mjs";

let stage;

before(async () => {
    stage = await openStage();
    const { team, call, token, users } = await prepare(stage.url, ["romeo", "juliet"]);
    const [square] = await call("GET", `/teams/${team.id}/channels/name/town-square`, undefined, token);
    const lines = [
        "But soft, what light through yonder window breaks?",
        "It is the *east*, and **Juliet** is the sun. `arise()`",
        "> Arise, fair sun, and kill the envious moon\n\n- one\n- two",
        "```c\nint main(void) { return 0; }\n```",
        "我们明天早上九点在阳台见面，@juliet 请带上书信。",
        "| Montague | Capulet |\n|---|---|\n| Romeo | Juliet |",
    ];
    for (const message of lines) await call("POST", "/posts", { channel_id: square.id, message }, token);
    assert.ok(users.juliet.id);
});
after(() => stage?.close());

for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    for (const colorScheme of ["light", "dark"]) {
        test(`${size}, ${colorScheme}: the entrance and the channel are shown and accessible`, async () => {
            const page = await stage.page({ viewport, colorScheme, hasTouch: size === "phone", isMobile: size === "phone" });
            await page.goto("/login");
            await page.getByRole("button", { name: "Log in", exact: true }).waitFor();
            await shoot(page, `login-${size}-${colorScheme}`);
            await assertAccessible(page, "login");
            await logIn(page, "juliet");
            await page.waitForURL(/\/verona/);
            await page.goto("/verona/channels/town-square");
            await composer(page).first().waitFor();
            await post(page, "It is the east").first().waitFor();
            await shoot(page, `channel-${size}-${colorScheme}`);
            await assertAccessible(page, "channel");
            const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            assert.ok(sideways <= 0, `scrolls sideways by ${sideways} px`);
            assert.deepEqual(page.troubles, []);
            await page.context().close();
        });
    }
}

test("in Chinese the entrance and the channel are Chinese", async () => {
    const page = await stage.page({ locale: "zh-CN" });
    await page.goto("/login");
    await page.getByRole("button", { name: "登录" }).first().waitFor();
    assert.match(await page.evaluate(() => document.documentElement.lang), /^zh/);
    await shoot(page, "login-chinese");
    const fields = page.locator("form").getByRole("textbox");
    await fields.first().fill("juliet");
    await page.locator("input[type=password]").fill("Wherefore-1597");
    await page.locator("form button[type=submit], form button:not([type])").first().click();
    await page.waitForURL(/\/verona/);
    await page.goto("/verona/channels/town-square");
    await post(page, "我们明天早上九点").first().waitFor();
    const text = await page.evaluate(() => document.body.innerText);
    assert.match(text, /频道/);
    await shoot(page, "channel-chinese");
});
