/* What the browser tests share: one Chromium, a fresh server for each test file, people in contexts of their own. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PASSWORD = "Wherefore-1597";
const SCREENSHOTS = new URL("../../build/screenshots/", import.meta.url).pathname;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };
export const personOf = (name) => ({ email: `${name}@verona.example`, username: name, password: PASSWORD });

/** Opens the browser and orders a server. `page()` gives a person's page; `close()` ends both. */
export async function openStage() {
    const ordered = await fetch(process.env.ANSER_STARTER, { method: "POST" });
    assert.equal(ordered.status, 200, "no server");
    const url = await ordered.text();
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
    const pages = [];
    return {
        url,
        pages,
        /** A new context: its own cookies, locale and size. Errors of its console and uncaught ones are kept in page.troubles. */
        async page(options = {}) {
            const context = await browser.newContext({ baseURL: url, viewport: DESKTOP, locale: "en-US", ...options });
            context.setDefaultTimeout(15_000);
            const page = await context.newPage();
            page.troubles = [];
            page.on("pageerror", (error) => page.troubles.push(`uncaught: ${error.message}`));
            page.on("console", (message) => {
                // A refused request is written to the console by the browser itself: a 401 before login is no trouble.
                if (message.type() === "error" && !/Failed to load resource/.test(message.text())) page.troubles.push(message.text());
            });
            pages.push(page);
            return page;
        },
        async close() {
            await browser.close();
        },
    };
}

export async function signUp(page, name, path = "/signup") {
    const { email, username, password } = personOf(name);
    await page.goto(path);
    await page.getByLabel("Email", { exact: true }).fill(email);
    await page.getByLabel("Username", { exact: true }).fill(username);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Create account" }).click();
}

export async function logIn(page, name, { field = "Email or username", secret = "Password", button = "Log in" } = {}) {
    await page.goto("/login");
    await page.getByLabel(field, { exact: true }).fill(name);
    await page.getByLabel(secret, { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: button, exact: true }).click();
}

/** People and a team made over the API, for tests that are not about signing up. The first name is the admin. */
export async function prepare(url, names, team = "verona") {
    const call = async (method, path, body, token) => {
        const reply = await fetch(`${url}/api/v4${path}`, {
            method,
            body: body && JSON.stringify(body),
            headers: token ? { Authorization: `Bearer ${token}` } : {},
        });
        assert.ok(reply.ok, `${method} ${path}: ${reply.status}`);
        return [await reply.json(), reply.headers.get("Token")];
    };
    const users = {};
    for (const name of names) [users[name]] = await call("POST", "/users", personOf(name));
    const [, token] = await call("POST", "/users/login", { login_id: names[0], password: PASSWORD });
    const [made] = await call("POST", "/teams", { name: team, display_name: "Verona", type: "O" }, token);
    for (const name of names.slice(1)) await call("POST", `/teams/${made.id}/members`, { team_id: made.id, user_id: users[name].id }, token);
    return { users, team: made, call, token };
}

export const composer = (page) => page.getByRole("textbox", { name: /^Write to/ });
export const timeline = (page) => page.getByRole("log").first();
export const post = (page, text) => timeline(page).getByRole("article").filter({ hasText: text });

/** Posts; waits until the message shows, which may look other than it was typed. */
export async function say(page, text, shown = text) {
    await composer(page).first().fill(text);
    await composer(page).first().press("Enter");
    await post(page, shown).first().waitFor();
}

export async function shoot(page, name) {
    await page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
}

/** No serious or critical accessibility violations (axe-core). */
export async function assertAccessible(page, where) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const bad = violations.filter((v) => ["serious", "critical"].includes(v.impact));
    assert.deepEqual(bad.map((v) => `${where}: ${v.id}: ${v.nodes.length}× ${v.nodes[0]?.html}`), []);
}
