import { afterAll, expect, test } from "vitest";
import { isAlive } from "../support/cluster.ts";
import { Sandbox, until } from "../support/sandbox.ts";

const sandbox = new Sandbox();

afterAll(() => sandbox.dispose());

interface Line {
  readonly type?: string;
  readonly agents?: readonly { readonly state: string }[];
  readonly task?: { readonly state: string; readonly result?: { readonly value: unknown; readonly instance: string } };
  readonly holder?: string;
}

async function quickstart(): Promise<readonly Line[]> {
  const { status, stdout, stderr } = await sandbox.run(["quickstart", "--json"]);
  expect(status, stderr).toBe(0);
  return stdout
    .trim()
    .split("\n")
    .map((line): Line => JSON.parse(line))
    .slice(-3);
}

const pidOf = (holder: string) => Number(/\/(\d+)\./.exec(holder)?.[1]);

test("quickstart shows running agents, the result of a task and the autoscaler, also on a second run; the team grows with its work", async () => {
  const holders: string[] = [];
  for (const _ of ["first", "second"]) {
    const [agents, task, autoscaler] = await quickstart();
    expect(agents).toMatchObject({ type: "agents" });
    expect(agents?.agents?.length).toBeGreaterThanOrEqual(3);
    expect(agents?.agents?.every(({ state }) => state === "running")).toBe(true);
    expect(task).toMatchObject({ type: "task", task: { state: "done" } });
    expect(task?.task?.result).toMatchObject({
      value: expect.stringContaining("the spring campaign"),
      instance: "content-creator-0",
    });
    expect(autoscaler).toMatchObject({ type: "autoscaler", holder: expect.any(String) });
    holders.push(autoscaler?.holder ?? "");
  }
  const [first = "", second] = holders;
  expect(second).toBe(first);

  const many = ["task", "add", '{"skill":"sleep","ms":3000}', "--capability", "copywriting", "--count", "30"];
  expect((await sandbox.run(many)).status).toBe(0);
  const creators = async () => {
    const { agents } = await sandbox.json<{ agents: { agent: string }[] }>(["agents"]);
    return agents.filter(({ agent }) => agent === "content-creator").length;
  };
  await until("the team has grown", async () => (await creators()) > 1, 60_000);

  expect((await sandbox.run(["down", "marketing-v1", "--yes"])).status).toBe(0);
  await until("the autoscaler has ended", () => !isAlive(pidOf(first)), 60_000);
});
