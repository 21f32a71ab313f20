import { expect, test } from "vitest";
import { createProgram } from "../program.ts";
import { candidates, type Sources } from "./candidates.ts";

const sources: Sources = {
  clusters: async () => ["marketing-v1", "team"],
  instances: async (cluster) => (cluster === "team" ? ["writer-0", "writer-1"] : ["lead-0"]),
  agents: async () => ["writer", "writer"],
  operations: async () => [{ word: "op-1", description: "scale of team, failed" }],
  tasks: async () => [{ word: "01J", description: "dead" }],
};

const complete = async (line: string) => {
  const words = line.split(" ");
  const found = await candidates(await createProgram(words), words, sources);
  return found?.map(({ word }) => word) ?? "files";
};

test.each([
  { line: "sta", found: ["status"] },
  { line: "task ca", found: ["cancel"] },
  { line: "agents ", found: ["marketing-v1", "team"] },
  { line: "agents t", found: ["team"] },
  { line: "scale te", found: ["team"] },
  { line: "logs --cluster m", found: ["marketing-v1"] },
  { line: "logs --cluster team ", found: ["writer-0", "writer-1", "writer"] },
  { line: "exec --cluster=team writer-", found: ["writer-0", "writer-1"] },
  { line: "exec l", found: ["lead-0"] },
  { line: "exec --stack shop/dev/team l", found: ["lead-0"] },
  { line: "task add text --agent ", found: ["writer"] },
  { line: "task list --state d", found: ["done", "dead"] },
  { line: "task show ", found: ["01J"] },
  { line: "up team.yaml --target k", found: ["kubernetes"] },
  { line: "up ", found: "files" },
  { line: "plan team.yaml --tar", found: ["--target", "--target-workers"] },
  { line: "ops resume ", found: ["op-1"] },
  { line: "ops list t", found: ["team"] },
  { line: "completion z", found: ["zsh"] },
  { line: "blueprint fmt a.yaml ", found: "files" },
  { line: "version ", found: [] },
  { line: "exec lead-0 ", found: "files" },
])("$line", async ({ line, found }) => {
  expect(await complete(line)).toEqual(found);
});

test("every command and option of the help text is offered, hidden ones are not", async () => {
  const program = await createProgram();
  const offered = await complete("");
  for (const { name } of program.commands.map((command) => ({ name: command.name() }))) expect(offered).toContain(name);
  expect(await complete("up a.yaml --na")).toEqual([]);
});
