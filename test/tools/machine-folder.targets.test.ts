import { existsSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { controlGroup, machineFolder } from "../../tools/docker/machine.ts";

const hierarchy = "/sys/fs/cgroup/cpu";
const groupOf = (folder: string) => join(hierarchy, controlGroup(folder));

test("a new dockerd folder keeps the control groups of running ones, and removes leftovers", ({
  skip,
  onTestFinished,
}) => {
  if (process.getuid?.() !== 0 || !existsSync(hierarchy))
    return skip("control groups of version 1 need Linux and root");
  const [left, alive] = [machineFolder(), machineFolder()];
  rmSync(left, { recursive: true });
  const second = machineFolder();
  onTestFinished(() => {
    for (const folder of [alive, second]) {
      rmdirSync(groupOf(folder));
      rmSync(folder, { recursive: true });
    }
  });
  expect([alive, second].map((folder) => existsSync(groupOf(folder)))).toEqual([true, true]);
  expect(existsSync(groupOf(left))).toBe(false);
});
