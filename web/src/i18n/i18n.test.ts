import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { en } from "./en";
import { fill, language, pieces, t, type Key, type Message } from ".";
import { zhCN } from "./zh-CN";

const keys = Object.keys(en) as Key[];
const formsOf = (message: Message): string[] => (typeof message === "string" ? [message] : Object.values(message).filter((form): form is string => form !== undefined));
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

function sourceFiles(folder: string): string[] {
    return readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) return name === "i18n" ? [] : sourceFiles(path);
        return /\.tsx?$/.test(name) && !name.includes(".test.") ? [path] : [];
    });
}

/** What an interpolated key may become: "settings.tab_" stands for all that begin so. */
const source = sourceFiles(join(import.meta.dirname, "..")).map((path) => readFileSync(path, "utf8")).join("\n");
const dynamic = [...source.matchAll(/`([a-z]+\.[a-z_]*)\$\{/g)].map((match) => match[1] ?? "");

afterEach(() => {
    language.value = "en";
});

describe("texts", () => {
    it("exist in both languages", () => {
        expect(Object.keys(zhCN).sort()).toEqual([...keys].sort());
        for (const key of keys) for (const form of [...formsOf(en[key]), ...formsOf(zhCN[key])]) expect(form.trim(), key).not.toBe("");
    });

    it("are translated: the Chinese ones are Chinese", () => {
        const untranslated = keys.filter((key) => !formsOf(zhCN[key]).some((form) => /\p{Script=Han}/u.test(form)));
        expect(untranslated).toEqual([]);
    });

    it("carry the same parameters", () => {
        for (const key of keys) {
            const wanted = placeholders(formsOf(en[key]).at(-1) ?? "");
            expect(placeholders(formsOf(zhCN[key]).join(" ")), key).toEqual(wanted);
        }
    });

    it("have forms by number only where there is a number", () => {
        expect(keys.filter((key) => typeof en[key] !== "string" && !formsOf(en[key]).at(-1)?.includes("{n}"))).toEqual([]);
    });

    it("are all used", () => {
        const unused = keys.filter((key) => !source.includes(`"${key}"`) && !dynamic.some((start) => key.startsWith(start)));
        expect(unused).toEqual([]);
    });

    it("keep their voice: no exclamation marks", () => {
        expect(keys.filter((key) => [...formsOf(en[key]), ...formsOf(zhCN[key])].some((form) => /[!！]/.test(form)))).toEqual([]);
    });
});

it("no view carries words of its own", () => {
    const suspicious = [...source.matchAll(/(?:aria-label|title|placeholder|label)="([^"]*[a-z]{3}[^"]*)"/g)].map((match) => match[1]).filter((text) => text !== "English");
    expect(suspicious).toEqual([]);
});

it("numbers choose their form", () => {
    expect([1, 2].map((n) => t("thread.replies", { n }))).toEqual(["1 reply", "2 replies"]);
    language.value = "zh-CN";
    expect([1, 2].map((n) => t("thread.replies", { n }))).toEqual(["1 条回复", "2 条回复"]);
});

it("a sentence can be cut at its names", () => {
    expect(pieces("system.add_to_channel")).toEqual([{ name: "user" }, " added ", { name: "other" }, " to the channel."]);
    expect(fill("{a} {b}", { a: 1 })).toBe("1 {b}");
});
