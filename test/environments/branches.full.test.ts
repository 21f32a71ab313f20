import { expect, test } from "vitest";
import { agentPids, isAlive } from "../support/cluster.ts";
import { localTarget } from "../support/targets/local.ts";
import { env, listed, writeBlueprint } from "./support/environment.ts";

/** Two branches whose names differ only in characters that cluster names do not allow. */
const branches = [{ GITHUB_HEAD_REF: "feature/x" }, { CI_COMMIT_REF_NAME: "feature-x" }] as const;

test("two concurrent branches, one of them with two runs: each branch has its own environment with its own expiry", async ({
  onTestFinished,
}) => {
  const { sandbox, running } = localTarget.home(onTestFinished);
  const blueprint = writeBlueprint(sandbox);
  const ups = await Promise.all([...branches, branches[0]].map((branch) => env(sandbox, ["up", blueprint], branch)));
  const [one = "", other = "", again] = ups.map(({ name }) => name);
  expect(one).toMatch(/^feature-x-[0-9a-f]{8}$/);
  expect(other).toBe("feature-x");
  expect(again).toBe(one);
  expect(ups).toMatchObject([{ status: "ACTIVE" }, { status: "ACTIVE" }, { status: "ACTIVE" }]);
  // The second run of the branch found the environment of the first.
  expect([ups[0]?.kind, ups[2]?.kind].sort()).toEqual(["spawn", "update"]);
  expect((await listed(sandbox)).map(({ name, status }) => [name, status]).sort()).toEqual([
    [other, "ACTIVE"],
    [one, "ACTIVE"],
  ]);
  const ofOne = await agentPids(sandbox, one);
  const ofOther = await agentPids(sandbox, other);
  expect(new Set([...ofOne, ...ofOther]).size).toBe(4);

  const downs = [await env(sandbox, ["down"], branches[0]), await env(sandbox, ["down"], branches[0])];
  expect(downs).toMatchObject([
    { name: one, status: "DESTROYED", kind: "destroy" },
    { name: one, status: "DESTROYED", changes: {} },
  ]);
  expect(ofOne.filter(isAlive)).toEqual([]);
  expect(await agentPids(sandbox, other)).toEqual(ofOther);
  expect(await listed(sandbox)).toMatchObject([{ name: other, status: "ACTIVE" }]);
  expect((await running(one)).some((process) => process.includes(`${one}-`))).toBe(false);
});
