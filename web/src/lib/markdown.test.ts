import { describe, expect, it } from "vitest";
import { isJumbo, parseInline, parseMarkdown, plainText, safeHref, type Inline } from "./markdown";

const inline = (text: string): readonly Inline[] => {
    const block = parseMarkdown(text)[0];
    return block?.kind === "paragraph" ? block.children : [];
};
const kinds = (text: string): string[] => inline(text).map((each) => each.kind);

describe("dialect", () => {
    it("finds mentions, channels, hashtags and emoji", () => {
        expect(kinds("@romeo ~off-topic #verona :tada:")).toEqual(["mention", "text", "channel", "text", "hashtag", "text", "emoji"]);
    });

    it("leaves the full stop after a mention to the sentence", () => {
        expect(inline("ask @friar.laurence.")).toEqual([{ kind: "text", text: "ask " }, { kind: "mention", name: "friar.laurence" }, { kind: "text", text: "." }]);
    });

    it("finds a mention right after Chinese text", () => {
        expect(inline("你好@juliet，看")).toEqual([{ kind: "text", text: "你好" }, { kind: "mention", name: "juliet" }, { kind: "text", text: "，看" }]);
    });

    it("takes no mention from an e-mail address", () => {
        expect(kinds("romeo@example.com")).toEqual(["link"]);
    });

    it("keeps what is in code as it is", () => {
        expect(inline("`@romeo :tada: #x`")).toEqual([{ kind: "code", text: "@romeo :tada: #x" }]);
        expect(parseMarkdown("```js\n@a ~b\n```")).toEqual([{ kind: "code", language: "js", text: "@a ~b" }]);
    });

    it("does not take times for emoji", () => {
        expect(kinds("at 10:30:45")).toEqual(["text"]);
    });

    it("strikes through with two tildes only", () => {
        expect(kinds("~~gone~~")).toEqual(["del"]);
        expect(kinds("~one and ~two")).toEqual(["channel", "text", "channel"]);
    });

    it("keeps an escaped sign from starting anything", () => {
        expect(plainText(inline("\\@romeo"))).toBe("@romeo");
        expect(kinds("\\@romeo")).not.toContain("mention");
    });

    it("breaks lines where one broke them", () => {
        expect(kinds("a\nb")).toEqual(["text", "break", "text"]);
    });

    it("reads tables, tasks and quotes", () => {
        expect(parseMarkdown("| a | b |\n|:-:|--:|\n| 1 | 2 |")[0]).toMatchObject({ kind: "table", header: [{ align: "center" }, { align: "right" }] });
        expect(parseMarkdown("- [x] done\n- [ ] open\n- plain")[0]).toMatchObject({ kind: "list", items: [{ task: "done" }, { task: "open" }, { task: "none" }] });
        expect(parseMarkdown("> wise")[0]).toMatchObject({ kind: "quote" });
    });

    it("does not make code of indented text, nor a heading of a dash line", () => {
        expect(parseMarkdown("    indented")[0]?.kind).toBe("paragraph");
        expect(parseMarkdown("text\n---").map((block) => block.kind)).toEqual(["paragraph", "rule"]);
    });
});

describe("Chinese", () => {
    it("ends an address where Chinese text begins", () => {
        expect(inline("见 https://example.com/a_b，然后")).toEqual([
            { kind: "text", text: "见 " },
            { kind: "link", href: "https://example.com/a_b", children: [{ kind: "text", text: "https://example.com/a_b" }] },
            { kind: "text", text: "，然后" },
        ]);
    });

    it("makes bold what ends with full-width punctuation", () => {
        expect(kinds("**注意：**请看")).toEqual(["strong", "text"]);
    });
});

describe("addresses", () => {
    it("drops the punctuation of the sentence, keeps balanced brackets", () => {
        expect(inline("(see https://e.org/a_(b)).")[1]).toMatchObject({ href: "https://e.org/a_(b)" });
        expect(inline("https://e.org.")[0]).toMatchObject({ href: "https://e.org" });
    });

    it("refuses addresses that run code", () => {
        expect(safeHref("javascript:alert(1)")).toBe("");
        expect(safeHref(" JaVaScRiPt:alert(1)")).toBe("");
        expect(safeHref("data:text/html,x")).toBe("");
        expect(safeHref("//evil.example")).toBe("");
        expect(kinds("[x](javascript:alert(1))")).toEqual(["text"]);
    });

    it("shows HTML as typed", () => {
        expect(plainText(inline("<b onclick=x>hi</b>"))).toBe("<b onclick=x>hi</b>");
        expect(parseMarkdown("<script>alert(1)</script>")[0]).toMatchObject({ kind: "paragraph" });
    });
});

describe("shapes", () => {
    it("shows one to three emoji larger", () => {
        expect(isJumbo(parseMarkdown("🎉🎉"))).toBe(true);
        expect(isJumbo(parseMarkdown(":tada: :wave:"))).toBe(true);
        expect(isJumbo(parseMarkdown("🎉 nice"))).toBe(false);
        expect(isJumbo(parseMarkdown("1"))).toBe(false);
    });

    it("puts a message on one line for previews", () => {
        expect(plainText(parseInline("# Title\n\n- a\n- b"))).toBe("Title a b");
    });
});
