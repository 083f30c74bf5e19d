/** Cells copied from a spreadsheet come as lines with tabs: they become a table. Null when this is not what was copied. */
export function tableFromCells(plain: string, html: string): string | null {
    if (!/<table[\s>]/i.test(html) || !plain.includes("\t")) return null;
    const rows = plain.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((line) => line.split("\t").map((cell) => cell.trim().replace(/\|/g, "\\|")));
    const width = Math.max(...rows.map((row) => row.length));
    if (rows.length < 2 || width < 2) return null;
    const line = (cells: readonly string[]) => `| ${Array.from({ length: width }, (_, i) => cells[i] ?? "").join(" | ")} |`;
    const [head = [], ...body] = rows;
    return [line(head), `|${" --- |".repeat(width)}`, ...body.map(line)].join("\n");
}
