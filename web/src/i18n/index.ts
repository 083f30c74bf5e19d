/** Words. `t` reads the language signal, so that views written with it follow a change at once. */
import { signal } from "@preact/signals";
import { en } from "./en";
import { zhCN } from "./zh-CN";

/** A sentence, or its forms by number: Chinese has only "other". */
export type Message = string | { readonly one?: string; readonly other: string };
export type Key = keyof typeof en;
export type Language = "en" | "zh-CN";
export type Params = { readonly [name: string]: string | number };

const TABLES: { readonly [language in Language]: { readonly [key in Key]: Message } } = { en, "zh-CN": zhCN };

export const language = signal<Language>(fromTag(typeof navigator === "undefined" ? "en" : navigator.language));

export function fromTag(tag: string): Language {
    return tag.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export function t(key: Key, params: Params = {}): string {
    const message = TABLES[language.value][key];
    return fill(typeof message === "string" ? message : formFor(message, Number(params["n"] ?? 0)), params);
}

function formFor(message: { readonly one?: string; readonly other: string }, n: number): string {
    const form = rulesOf(language.value).select(n);
    return form === "one" ? (message.one ?? message.other) : message.other;
}

const rules = new Map<Language, Intl.PluralRules>();

function rulesOf(tag: Language): Intl.PluralRules {
    const known = rules.get(tag) ?? new Intl.PluralRules(tag);
    rules.set(tag, known);
    return known;
}

export function fill(text: string, params: Params): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => (params[name] === undefined ? whole : String(params[name])));
}

/** A sentence cut at its parameters, for places where a parameter is a link or a button rather than text. */
export function pieces(key: Key, params: Params = {}): (string | { readonly name: string })[] {
    const message = TABLES[language.value][key];
    const text = typeof message === "string" ? message : formFor(message, Number(params["n"] ?? 0));
    return text.split(/(\{\w+\})/).filter(Boolean).map((part) => {
        const name = /^\{(\w+)\}$/.exec(part)?.[1];
        if (!name) return part;
        return params[name] === undefined ? { name } : String(params[name]);
    });
}
