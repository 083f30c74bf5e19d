import { describe, expect, it } from "vitest";
import { isInsideFence, typedAt } from "./complete";
import { makeLink, toggleMarks, togglePrefix, type Edit } from "./format";
import { isForInputMethod } from "./ime";
import { matchScore } from "./match";
import { channelNameFrom, isTeamName, isUsername, teamNameFrom } from "./names";
import { tableFromCells } from "./paste";
import { initialsOf } from "./pinyin";
import { sizeText } from "./size";

const apply = (text: string, edit: Edit): string => text.slice(0, edit.start) + edit.text + text.slice(edit.end);

describe("input method", () => {
    it("owns the key while composing, in every browser's way of saying so", () => {
        expect(isForInputMethod({ isComposing: true, keyCode: 13, key: "Enter" })).toBe(true);
        expect(isForInputMethod({ isComposing: false, keyCode: 229, key: "Enter" })).toBe(true);
        expect(isForInputMethod({ key: "Process" })).toBe(true);
        expect(isForInputMethod({ isComposing: false, keyCode: 13, key: "Enter" })).toBe(false);
    });
});

describe("completion", () => {
    const typed = (text: string) => {
        const found = typedAt(text, text.length);
        return found && `${found.trigger}${found.word}`;
    };

    it("begins at a trigger that stands alone", () => {
        expect(typed("hello @rom")).toBe("@rom");
        expect(typed("@")).toBe("@");
        expect(typed("see ~off")).toBe("~off");
        expect(typed("nice :ta")).toBe(":ta");
        expect(typed("/aw")).toBe("/aw");
    });

    it("begins right after Chinese text", () => {
        expect(typed("你好@李")).toBe("@李");
    });

    it("does not begin in an address, a time, a path or code", () => {
        expect(typed("romeo@exa")).toBeNull();
        expect(typed("10:30")).toBeNull();
        expect(typed("a /aw")).toBeNull();
        expect(typed("`@rom")).toBeNull();
        expect(typed("```\n@rom")).toBeNull();
    });

    it("waits for two letters of an emoji", () => {
        expect(typed(":t")).toBeNull();
    });

    it("knows an open fence", () => {
        expect(isInsideFence("```js\nx")).toBe(true);
        expect(isInsideFence("```js\nx\n```\n")).toBe(false);
    });
});

describe("formatting", () => {
    it("puts marks on and takes them off", () => {
        const on = toggleMarks("say hello", 4, 9, "**");
        expect(apply("say hello", on)).toBe("say **hello**");
        const off = toggleMarks("say **hello**", on.selectFrom, on.selectTo, "**");
        expect(apply("say **hello**", off)).toBe("say hello");
    });

    it("starts lines with a prefix, all or none", () => {
        expect(apply("a\nb", togglePrefix("a\nb", 0, 3, "> "))).toBe("> a\n> b");
        expect(apply("> a\n> b", togglePrefix("> a\n> b", 0, 7, "> "))).toBe("a\nb");
    });

    it("makes a link of words or of an address", () => {
        expect(apply("plan", makeLink("plan", 0, 4))).toBe("[plan](url)");
        expect(apply("https://e.org", makeLink("https://e.org", 0, 13))).toBe("[](https://e.org)");
    });
});

describe("names", () => {
    it("of channels come from what was typed, or from the time for Chinese", () => {
        expect(channelNameFrom("Marketing & Sales 2", 0)).toBe("marketing-sales-2");
        expect(channelNameFrom("Ünïcode", 0)).toBe("unicode");
        expect(channelNameFrom("市场部", 46_656)).toBe("c-1000");
        expect(channelNameFrom("市场部 Q1", 46_656)).toBe("c-1000");
    });

    it("of teams keep clear of reserved words", () => {
        expect(teamNameFrom("Admin Office", 0)).toBe("team-admin-office");
        expect(isTeamName(teamNameFrom("设计", 1))).toBe(true);
        expect(isTeamName("login-crew")).toBe(false);
        expect(isTeamName("a")).toBe(false);
    });

    it("of users begin with a letter", () => {
        expect(isUsername("friar.laurence")).toBe(true);
        expect(isUsername("1romeo")).toBe(false);
        expect(isUsername("Romeo")).toBe(false);
    });
});

it("the best match is the whole, then the start, then a word's start, then inside", () => {
    const scores = ["engineering", "eng", "web-engineering", "avenge", "e-n-g"].map((name) => matchScore(name, "eng"));
    expect(scores[1]).toBeGreaterThan(scores[0] ?? 0);
    expect(scores[0]).toBeGreaterThan(scores[2] ?? 0);
    expect(scores[2]).toBeGreaterThan(scores[3] ?? 0);
    expect(scores[3]).toBeGreaterThan(scores[4] ?? 0);
    expect(matchScore("town", "eng")).toBe(0);
});

it("Chinese names are found by the first letters of their reading", () => {
    expect(initialsOf("设计评审")).toBe("sjps");
    expect(initialsOf("产品 2 组")).toBe("cp2z");
    expect(initialsOf("阿里巴巴测试")).toBe("albbcs");
    expect(matchScore("设计评审", "sj")).toBeGreaterThan(matchScore("sxj", "sj"));
});

it("cells from a spreadsheet become a table; other tabs stay", () => {
    expect(tableFromCells("a\tb\n1\t2|3\n", "<table><tr>")).toBe("| a | b |\n| --- | --- |\n| 1 | 2\\|3 |");
    expect(tableFromCells("a\tb\n1\t2", "<pre>")).toBeNull();
    expect(tableFromCells("a\tb", "<table>")).toBeNull();
});

it("sizes are told in units people know", () => {
    expect([0, 1023, 1024, 1_500_000, 5e9].map(sizeText)).toEqual(["0 B", "1023 B", "1.0 KB", "1.4 MB", "4.7 GB"]);
});
