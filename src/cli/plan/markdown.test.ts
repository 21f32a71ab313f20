import { expect, test } from "vitest";
import { planMarkdown } from "./markdown.ts";
import type { PlannedStep } from "./step.ts";

const urn = "urn:pulumi:team::swarmstack::swarmstack:index:AgentPool::team-worker";
const resource = { urn, type: "swarmstack:index:AgentPool", name: "team-worker" };
const step = (more: Partial<PlannedStep>): PlannedStep => ({ op: "update", resource, changes: [], drift: [], ...more });
const changing = (path: string, old: unknown, next: unknown) => step({ changes: [{ path, old, new: next }] });

/** Rows of the table without the outer pipes. */
function rowsOf(text: string): string[] {
  const rows = text.split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(1).map((row) => row.slice(2, -2));
}

function page(steps: readonly PlannedStep[], limit?: number): string {
  return planMarkdown({ cluster: "team", summary: "some", steps }, limit);
}

test("a plan without changes is one line", () => {
  expect(planMarkdown({ cluster: "pr-12", summary: "no change", steps: [] })).toBe("### Plan of `pr-12`: no change\n");
});

test("a plan is a summary line and a table, destructive changes first", () => {
  const summary = "1 to create, 1 to update, 1 to replace, 1 to delete";
  const ops = ["create", "update", "replace", "delete"] as const;
  const steps = ops.map((op) => step({ op, resource: { ...resource, name: `the-${op}` } }));
  expect(planMarkdown({ cluster: "team", summary, steps })).toBe(`### Plan of \`team\`: ${summary}

| | Resource | Kind | Changes |
|---|---|---|---|
| deleted | \`the-delete\` | AgentPool |  |
| **replaced** | \`the-replace\` | AgentPool |  |
| changed | \`the-update\` | AgentPool | not as recorded |
| created | \`the-create\` | AgentPool |  |
`);
});

test.each([
  ["a number", changing("count", 1, 5), "`count` `1` → `5`"],
  ["a new value", changing("env.A", null, "b"), '`env.A` `null` → `"b"`'],
  [
    "a secret, as the plan has it",
    changing("env.KEY", "[secret]", "[secret] "),
    '`env.KEY` `"[secret]"` → `"[secret] "`',
  ],
  ["a pipe", changing("run", "a | b", "a || b"), '`run` `"a \\| b"` → `"a \\|\\| b"`'],
  ["backticks", changing("run", "`a`", "``a``"), '`run` ``"`a`"`` → ```"``a``"```'],
  ["a line break", changing("text", "a\nb", "a\r\nb"), '`text` `"a\\nb"` → `"a\\r\\nb"`'],
  ["a line break in a name", changing("a\n|b", 1, 2), "`a \\|b` `1` → `2`"],
  ["HTML", changing("text", "</details>", "<b>"), '`text` `"</details>"` → `"<b>"`'],
  ["a mention", changing("text", "@all", "#1"), '`text` `"@all"` → `"#1"`'],
  ["a long value", changing("text", "", "x".repeat(99)), `\`text\` \`""\` → \`"${"x".repeat(78)}…\``],
  ["a truncated surrogate pair", changing("text", "", "🙂".repeat(99)), `\`text\` \`""\` → \`"${"🙂".repeat(78)}…\``],
  ["a map", changing("labels", { a: 1 }, { a: 2 }), '`labels` `{"a":1}` → `{"a":2}`'],
  ["drift", step({ drift: [{ path: "replicas", old: 3, new: 2 }] }), "not as recorded: `replicas` `3` → `2`"],
  [
    "two changes",
    step({ changes: [changing("a", 1, 2), changing("b", 1, 2)].flatMap(({ changes }) => changes) }),
    "`a` `1` → `2`<br>`b` `1` → `2`",
  ],
])("renders %s", (_what, changed, cell) => {
  expect(rowsOf(page([changed]))).toEqual([`changed | \`team-worker\` | AgentPool | ${cell}`]);
});

test("shows the first of many changes of a resource", () => {
  const changes = Array.from({ length: 20 }, (_, index) => ({ path: `p${index}`, old: 1, new: 2 }));
  const [row = ""] = rowsOf(page([step({ changes })]));
  expect(row).toContain("`p7` `1` → `2`<br>and 12 more");
});

test("a name cannot leave its cell", () => {
  const [row] = rowsOf(page([step({ op: "create", resource: { ...resource, name: "a`|b" } })]));
  expect(row).toBe("created | ``a`\\|b`` | AgentPool | ");
});

test("a long table is collapsed and complete", () => {
  const steps = Array.from({ length: 16 }, () => changing("count", 1, 2));
  const text = page(steps);
  expect(text).toContain("<details><summary>16 resources</summary>\n\n| | Resource");
  expect(text.trimEnd().endsWith("</details>")).toBe(true);
  expect(rowsOf(text)).toHaveLength(16);
  expect(page(steps.slice(1))).not.toContain("<details>");
});

test.each([1_000, 5_000, 65_536])("at most %i characters; omitted rows are counted", (limit) => {
  const steps = Array.from({ length: 2_000 }, (_, index) => changing(`p${index}`, "a".repeat(60), "b".repeat(60)));
  const text = page(steps, limit);
  const rows = rowsOf(text).length;
  expect(text.length).toBeLessThanOrEqual(limit);
  // One more row does not fit.
  expect(text.length).toBeGreaterThan(limit - 250);
  expect(text).toContain(`<summary>2000 resources</summary>`);
  expect(text).toContain(`\n\n${2_000 - rows} more rows are omitted here: \`swarmctl plan\` shows all.`);
});
