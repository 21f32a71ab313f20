import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onPath } from "./executables.ts";
import { fakeMachine, fakePulumi } from "./fakes.fixture.ts";

test("gives what is on PATH in its order, each once, and nothing that is ours or cannot run", async () => {
  const machine = await fakeMachine();
  const first = await machine.script("first/pulumi", fakePulumi("3.1.0"));
  const second = await machine.script("second/pulumi", fakePulumi("3.259.0"));
  await machine.script("shim/pulumi", "exec swarmctl pulumi");
  await machine.script("cache/engine/3.259.0-linux-x64/pulumi", fakePulumi("3.259.0"));
  await chmod(await machine.script("plain/pulumi", "not for running"), 0o644);
  await mkdir(join(machine.root, "folder/pulumi"), { recursive: true });
  await mkdir(join(machine.root, "link"));
  await symlink(join(machine.root, "shim/pulumi"), join(machine.root, "link/pulumi"));
  await symlink(join(machine.root, "cache/engine/3.259.0-linux-x64"), join(machine.root, "linked-folder"));
  const folders = ["shim", "link", "linked-folder", "plain", "folder", "missing", "first", "second", "first"];
  const PATH = [...folders.map((folder) => join(machine.root, folder)), ""].join(":");
  const env = { ...machine.env, PATH, SWARM_SHIM_DIR: join(machine.root, "shim") };
  expect(await onPath("pulumi", env)).toEqual([first, second]);
});
