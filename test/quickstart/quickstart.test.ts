import { afterAll, expect, test } from "vitest";
import { Sandbox } from "../support/sandbox.ts";

const sandbox = new Sandbox();

afterAll(() => sandbox.dispose());

interface Line {
  readonly type?: string;
  readonly agents?: readonly { readonly state: string }[];
  readonly task?: { readonly state: string; readonly result?: { readonly value: unknown; readonly instance: string } };
}

test("quickstart shows running agents and the result of a task, also on a second run", async () => {
  for (const _ of ["first", "second"]) {
    const { status, stdout } = await sandbox.run(["quickstart", "--json"]);
    expect(status).toBe(0);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line): Line => JSON.parse(line));
    const [agents, task] = lines.slice(-2);
    expect(agents).toMatchObject({
      type: "agents",
      agents: [{ state: "running" }, { state: "running" }, { state: "running" }],
    });
    expect(task).toMatchObject({ type: "task", task: { state: "done" } });
    expect(task?.task?.result).toMatchObject({
      value: expect.stringContaining("the spring campaign"),
      instance: "content-creator-0",
    });
  }
  expect((await sandbox.run(["down", "marketing-v1", "--yes"])).status).toBe(0);
});
