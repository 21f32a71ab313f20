import { expect, test } from "vitest";
import { GroupCommit } from "./group-commit.ts";

/** Records groups as lists of job results; a commit can be made to fail. */
function recorder(failing: ReadonlySet<number> = new Set()) {
  const groups: string[][] = [];
  const commit = new GroupCommit<string[]>(async (jobs) => {
    const done: string[] = [];
    groups.push(done);
    const index = groups.length;
    for (const job of jobs) await job(done).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (failing.has(index)) throw new Error("disk full");
  });
  const say = (word: string) => commit.run(async (done) => done.push(word));
  return { groups, commit, say };
}

test("waiting jobs form one group, later ones another", async () => {
  const { groups, say } = recorder();
  const first = [say("a"), say("b")];
  await Promise.resolve();
  await Promise.resolve();
  const second = [say("c"), say("d")];
  expect(await Promise.all([...first, ...second])).toEqual([1, 2, 1, 2]);
  expect(groups).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
});

test("only the failed job gets its error", async () => {
  const { commit, say } = recorder();
  const bad = commit.run(async () => Promise.reject(new Error("mine")));
  const good = say("a");
  await expect(bad).rejects.toThrow("mine");
  expect(await good).toBe(1);
});

test("a failed commit rejects all jobs of the group, and the next group runs", async () => {
  const { say } = recorder(new Set([1]));
  const group = await Promise.allSettled([say("a"), say("b")]);
  expect(group.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await say("c")).toBe(1);
});

test("the size of a group is bounded", async () => {
  const { groups, say } = recorder();
  await Promise.all(Array.from({ length: 100 }, (_, n) => say(String(n))));
  expect(groups.map((group) => group.length)).toEqual([64, 36]);
});
