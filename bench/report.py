"""Turns a kept run into bench/RESULTS.md and bench/results.svg: python3 bench/report.py bench/results/RUN.json"""
import json
import math
import pathlib
import sys


def ratio(row, other):
    """How many times better than `other`; above 1 is better, whichever way the row counts."""
    if not other or not row["value"]:
        return None
    return other / row["value"] if row["lower_is_better"] else row["value"] / other


def times(value):
    return "" if value is None else f"{value:.2f}"


def number(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def chart(rows):
    """A bar a row: how many times better than its goal, on a logarithmic scale from 1/4 to 4."""
    rows = [row for row in rows if ratio(row, row["goal"])]
    left, width, step = 330, 420, 22
    at = lambda value: left + width * (min(max(math.log2(value), -2), 2) + 2) / 4  # noqa: E731
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 70}" height="{step * len(rows) + 44}" font-family="sans-serif" font-size="12">',
             '<rect width="100%" height="100%" fill="#fff"/>']
    for value in (0.25, 0.5, 1, 2, 4):
        x = at(value)
        lines.append(f'<line x1="{x}" y1="28" x2="{x}" y2="{step * len(rows) + 34}" stroke="{"#444" if value == 1 else "#ddd"}"/>'
                     f'<text x="{x}" y="20" text-anchor="middle">{"goal" if value == 1 else f"×{value:g}"}</text>')
    title = ""
    for i, row in enumerate(rows):
        if not row["title"].startswith("…"):
            title = row["title"]
        label = row["title"] if not row["title"].startswith("…") else title.split(":")[0].split(" (")[0] + row["title"].replace("…", ",", 1).replace(", ", ": ", 1)
        value = ratio(row, row["goal"])
        y, x, zero = 34 + i * step, at(value), at(1)
        lines.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{label.replace("&", "&amp;").replace("<", "&lt;")}</text>'
                     f'<rect x="{min(x, zero):.1f}" y="{y}" width="{max(abs(x - zero), 1):.1f}" height="{step - 6}" fill="{"#2f7d5b" if value >= 1 else "#c0612b"}"/>'
                     f'<text x="{max(x, zero) + 5:.1f}" y="{y + 13}">{value:.2f}</text>')
    return "\n".join(lines + ["</svg>", ""])


def table(rows):
    lines = ["| row | measured | goal | × goal | peer | × peer | limit | × limit | | repeat with |", "|---|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        lines.append(f"| {row['title']} | {number(row['value'])} {row['unit']} | {number(row['goal'])} | {times(ratio(row, row['goal']))} | {number(row['peer'])} | "
                     f"{times(ratio(row, row['peer']))} | {number(row['limit'])} | {times(ratio(row, row['limit']))} | {row['note']} | {'`' + row['command'] + '`' if row['command'] else ''} |")
    return "\n".join(lines)


def write_report(result, folder):
    rows = result["rows"]
    measured = [row for row in rows if not row["name"].startswith("limit_")]
    limits = [row for row in rows if row["name"].startswith("limit_")]
    missed = [row for row in measured if (ratio(row, row["goal"]) or 1) < 1]
    text = f"""# Results

Written by `bench/run` on {result['when']}, commit {result['commit']}: {result['machine']}; load average before: {result['load_average_before']:.2f};
{result['seconds']} s a row. Server, database and load tool share the machine. A factor above 1 is better, whichever way the row counts. The peer is
Mattermost 11.6 with PostgreSQL 15 (`load/baseline/`), measured on another day: only its order of magnitude counts. Limits are of the same run.

{table(measured)}

![each row against its goal](results.svg)

## What the machine allows
{table(limits)}

## Missed in this run
{chr(10).join(f"- {row['title']} ({row['name']}): {number(row['value'])} {row['unit']}, goal {number(row['goal'])}" for row in missed) or "Nothing."}
"""
    (folder / "RESULTS.md").write_text(text)
    (folder / "results.svg").write_text(chart(measured))


if __name__ == "__main__":
    write_report(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(__file__).parent)
