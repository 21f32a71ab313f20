import { afterAll, expect, test } from "vitest";
import { Sandbox } from "../support/sandbox.ts";

const sandbox = new Sandbox();

afterAll(() => sandbox.dispose());

function write(name: string, scaling: string): string {
  return sandbox.write(
    `${name}.yaml`,
    `metadata: { id: ${name}, name: Team, version: 1.0.0 }
cluster: { type: standard${scaling} }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [lead] }
  - { role: worker, name: Hand, count: 0-2, capabilities: [work], reports_to: Boss }
`,
  );
}

const words = "nothing executes the scaling rules of owner swarmstack yet: counts change with swarmctl scale";

test("scaling rules that nothing executes are one warning line in plan, up, status and env up", async () => {
  const file = write("scaled", ", scaling: { metric: task_queue_length }");
  const other = write("fixed", "");
  const warning = `warning[SW405] ${file}:2:28: ${words}`;
  const linesOf = ({ stderr }: { readonly stderr: string }) =>
    stderr.split("\n").filter((line) => line.startsWith("warning["));

  expect(linesOf(await sandbox.run(["plan", file]))).toEqual([warning]);
  expect(linesOf(await sandbox.run(["plan", other]))).toEqual([]);
  expect(linesOf(await sandbox.run(["up", file]))).toEqual([warning]);
  expect(linesOf(await sandbox.run(["status"]))).toEqual([`warning[SW405] scaled: ${words}`]);
  const { stdout } = await sandbox.run(["status", "scaled", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ warnings: [{ code: "SW405", message: words }] });
  expect((await sandbox.run(["destroy", "scaled", "--yes"])).status).toBe(0);
  expect(linesOf(await sandbox.run(["env", "up", file, "--cluster", "pr-1", "--ttl", "1h"]))).toEqual([warning]);
  expect((await sandbox.run(["destroy", "pr-1", "--yes"])).status).toBe(0);
});
