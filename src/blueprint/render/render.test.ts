import { expect, test } from "vitest";
import { parseBlueprint } from "../parse.ts";
import { renderDiagnostics } from "./render.ts";

function finding(text: string, file = "team.yaml") {
  return { file, text, diagnostics: parseBlueprint(text, { file }).diagnostics };
}

const head = "metadata: { id: a, name: A, version: 1.0.0 }\ncluster: { type: standard }\n";
const broken = finding(`${head}agents:\n  - { rol: worker, name: W, count: 5-1 }\n`);

test("text: place, line, caret, suggestion", () => {
  expect(renderDiagnostics([broken], "text")).toBe(
    [
      'error[SW201]: unknown key "rol" in the agent',
      " --> team.yaml:4:7",
      "  |",
      "4 |   - { rol: worker, name: W, count: 5-1 }",
      "  |       ^^^",
      "  = did you mean role?",
      "",
      "error[SW313]: min (5) is over max (1)",
      " --> team.yaml:4:36",
      "  |",
      "4 |   - { rol: worker, name: W, count: 5-1 }",
      "  |                                    ^^^",
      "  = did you mean 1-5?",
      "",
      "2 errors",
    ].join("\n"),
  );
});

test("the caret is aligned under wide characters and tabs", () => {
  const text = renderDiagnostics([finding(`${head}agents: [{ role: worker, name: 营销, x: 1 }]\n`)], "text").split(
    "\n",
  );
  expect(text[4]).toBe(`  | ${" ".repeat(31)}    ${"  "}^`);
});

test("a secret is never printed in any format, whatever other problems its line has", () => {
  const key = `sk-${"a1B2c3D4".repeat(4)}`;
  const texts = [
    `${head}agents: [{ role: worker, name: W, env: { KEY: ${key} }, x: 1 }]\n`,
    `${head}secrets: { KEY: ${key} }\nagents: [{ role: worker, name: W, secrets: [KEY] }]\n`,
    `${head}secrets: { KEY: hunter2 }\nagents: [{ role: worker, name: W, secrets: [KEY] }]\n`,
    `${head}agents: [{ role: worker, name: W, env: { DB_PASSWORD: hunter2hunter2 } }]\n`,
    `metadata: id: ${key}\n`,
  ];
  for (const text of texts) {
    const found = finding(text);
    expect(found.diagnostics.length).toBeGreaterThan(0);
    for (const format of ["text", "json", "sarif", "github"] as const) {
      const rendered = renderDiagnostics([found], format);
      expect(rendered).not.toContain(key);
      expect(rendered).not.toContain("hunter2");
    }
  }
});

test("control characters are not printed", () => {
  const rendered = renderDiagnostics([finding(`${head}agents: [{ role: "\u001b[31mworker", name: W }]\n`)], "text");
  expect(rendered).not.toContain("\u001b");
});

test("a long line is cut around the position", () => {
  const rendered = renderDiagnostics(
    [finding(`${head}agents: [{ role: worker, name: W, labels: { a: ${"x".repeat(5000)} }, y: 1 }]\n`)],
    "text",
  );
  expect(Math.max(...rendered.split("\n").map((line) => line.length))).toBeLessThan(220);
});

test("json: counts and data", () => {
  expect(JSON.parse(renderDiagnostics([broken], "json"))).toMatchObject({
    errors: 2,
    warnings: 0,
    files: [
      {
        file: "team.yaml",
        diagnostics: [
          { code: "SW201", path: ["agents", 0, "rol"], suggestion: "role" },
          { code: "SW313", values: { min: 5, max: 1 } },
        ],
      },
    ],
  });
});

test("sarif: rules, regions and replacements", () => {
  const log = JSON.parse(renderDiagnostics([broken], "sarif"));
  expect(log.version).toBe("2.1.0");
  const [run] = log.runs;
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(["SW201", "SW313"]);
  expect(run.results[0]).toMatchObject({
    ruleId: "SW201",
    ruleIndex: 0,
    level: "error",
    locations: [{ physicalLocation: { region: { startLine: 4, startColumn: 7, endLine: 4, endColumn: 10 } } }],
    fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: "role" } }] }] }],
  });
});

test("github: one command a problem, escaped", () => {
  const lines = renderDiagnostics([{ ...broken, file: "a,b:c%.yaml" }], "github").split("\n");
  expect(lines[0]).toBe(
    '::error file=a%2Cb%3Ac%25.yaml,line=4,col=7,endLine=4,endColumn=10,title=SW201::unknown key "rol" in the agent%0Adid you mean role?',
  );
  expect(lines).toHaveLength(2);
});

test("no findings give an empty text", () => {
  const fine = finding(`${head}agents: [{ role: worker, name: W }]\n`);
  expect(renderDiagnostics([fine], "text")).toBe("");
  expect(renderDiagnostics([fine], "github")).toBe("");
  expect(JSON.parse(renderDiagnostics([fine], "sarif")).runs[0].results).toEqual([]);
});
