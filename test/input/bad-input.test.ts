import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { packageRoot } from "../../src/stacks/project.ts";
import { team } from "../support/blueprints.ts";
import { up } from "../support/cluster.ts";
import { type Finished, Sandbox } from "../support/sandbox.ts";

const sandbox = new Sandbox();
const good = sandbox.write("team.yaml", team({ id: "team", workers: "1" }));
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});
afterAll(() => sandbox.dispose());

function expectRefusal({ status, stderr }: Finished, code: string, ...words: string[]): void {
  expect(status, stderr).toBe(1);
  expect(stderr).toContain(`error ${code}`);
  for (const word of words) expect(stderr).toContain(word);
  expect(stderr).not.toContain("    at ");
}

const clusters = () => {
  try {
    return readdirSync(join(sandbox.home, ".swarmstack", "clusters"));
  } catch {
    return [];
  }
};

test.each([
  { title: "a missing file", file: () => join(sandbox.home, "none.yaml"), code: "SW802", words: ["none.yaml"] },
  { title: "a folder", file: () => sandbox.home, code: "SW802", words: [] },
  { title: "an empty file", file: () => sandbox.write("empty.yaml", ""), code: "SW500", words: ["empty.yaml"] },
  {
    title: "a YAML syntax error",
    file: () => sandbox.write("broken.yaml", "a: [1,\n b: {"),
    code: "SW500",
    words: ["broken.yaml:"],
  },
  {
    title: "another kind of YAML document",
    file: () => sandbox.write("other.yaml", "apiVersion: v1\nkind: Pod\n"),
    code: "SW500",
    words: ["other.yaml:1:1"],
  },
])("$title is rejected before the engine runs, with its location", async ({ file, code, words }) => {
  expectRefusal(await sandbox.run(["up", file()]), code, ...words);
  expect(clusters()).toEqual([]);
});

test("a home folder that others can write to, or of another user, is refused before anything, and shown by doctor", async () => {
  const home = join(sandbox.home, "planted");
  mkdirSync(home);
  chmodSync(home, 0o777);
  for (const args of [["up", good], ["status"], ["task", "list"]]) {
    expectRefusal(
      await sandbox.run(args, { SWARM_HOME: home }),
      "SW512",
      `${home} of user ${process.getuid?.()} has mode 0777`,
      `chmod go-w ${home}`,
    );
  }
  expect(readdirSync(home)).toEqual([]);
  const { stdout } = await sandbox.run(["doctor", "--json"], { SWARM_HOME: home });
  const { checks } = JSON.parse(stdout) as { checks: { check: string; status: string; hint?: string }[] };
  expect(checks).toContainEqual(expect.objectContaining({ check: "home", status: "fail", hint: `chmod go-w ${home}` }));
  // Only root can give a folder to another user.
  if (process.getuid?.() !== 0) return;
  chmodSync(home, 0o700);
  chownSync(home, 12_345, 12_345);
  expectRefusal(await sandbox.run(["status"], { SWARM_HOME: home }), "SW512", "belongs to user 12345 (mode 0700)");
});

test("an unknown command is rejected with the most similar one", async () => {
  const { status, stderr } = await sandbox.run(["staus"]);
  expect(status).toBe(1);
  expect(stderr).toContain("Did you mean status?");
});

test("--json also applies to an invalid command line", async () => {
  const { status, stdout } = await sandbox.run(["status", "--jsno", "--json"]);
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "SW801", message: expect.stringContaining("--jsno") } });
});

test("down --if-present succeeds without a cluster", async () => {
  expect(await sandbox.run(["down", "--if-present", "--yes"])).toMatchObject({ status: 0 });
  expect(await sandbox.run(["down", "none", "--if-present", "--yes"])).toMatchObject({ status: 0 });
});

test("blueprint init creates missing folders, and fails below a file", async () => {
  const [below, file] = [join(sandbox.home, "new", "team.yaml"), sandbox.write("plain.txt", "")];
  expect(await sandbox.run(["blueprint", "init", below])).toMatchObject({ status: 0 });
  expect(await sandbox.run(["blueprint", "validate", below])).toMatchObject({ status: 0 });
  expectRefusal(await sandbox.run(["blueprint", "init", join(file, "team.yaml")]), "SW801", file);
});

test("an unknown cluster", async () => {
  expectRefusal(await sandbox.run(["agents", "no-such-cluster"]), "SW605", "no-such-cluster");
  expectRefusal(await sandbox.run(["down", "no-such-cluster", "--yes"]), "SW605", "no-such-cluster");
});

test("an error is JSON with --json", async () => {
  const { status, stdout } = await sandbox.run(["up", join(sandbox.home, "none.yaml"), "--json"]);
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "SW802", family: "validation" } });
});

// Without Go and network: src/stacks/engine/*.test.ts, where the machine is a parameter.
test("without an engine the error names the three ways to get one", async () => {
  const { status, stderr } = await sandbox.run(["up", good], {
    SWARM_ENGINE: "",
    SWARM_ENGINE_SOURCES: "path,home,cache",
    SWARM_CACHE: join(sandbox.home, "empty-cache"),
    PATH: "/nonexistent",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("error SW501");
  for (const way of [/PATH/, /download/, /Go/]) expect(stderr).toMatch(way);
});

test("a backend that is a file, and read-only and full ones", async () => {
  const file = sandbox.write("file", "");
  expectRefusal(await sandbox.run(["up", good], { SWARM_BACKEND: `file://${file}` }), "SW603", file);
  const shut = join(sandbox.home, "shut");
  mkdirSync(shut);
  chmodSync(shut, 0o500);
  if (process.getuid?.() !== 0) {
    expectRefusal(await sandbox.run(["up", good], { SWARM_BACKEND: `file://${shut}` }), "SW603", shut);
    return;
  }
  // Root ignores permissions, but not a read-only mount.
  execFileSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", shut]);
  cleanups.push(() => execFileSync("umount", [shut]));
  expectRefusal(await sandbox.run(["up", good], { SWARM_BACKEND: `file://${shut}` }), "SW603", shut);
});

test.skipIf(process.getuid?.() !== 0)("a full backend disk (needs root, for a small disk in memory)", async () => {
  const full = join(sandbox.home, "full");
  mkdirSync(full);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", full]);
  cleanups.push(() => execFileSync("umount", [full]));
  expectRefusal(await sandbox.run(["up", good], { SWARM_BACKEND: `file://${full}` }), "SW603", "no room", full);
  expect(clusters()).toEqual([]);
});

test("a port in use", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const { status, stderr } = await sandbox.run(["up", good], { SWARM_API_PORT: String(port) });
  expect(status, stderr).toBe(1);
  expect(stderr).toContain(String(port));
  expect(stderr).toMatch(/in use/);
});

test("a wrong passphrase is rejected and changes nothing", async () => {
  await up(sandbox, [good]);
  const edited = sandbox.write("edited.yaml", team({ id: "team", workers: "3" }));
  const wrong = { PULUMI_CONFIG_PASSPHRASE: "wrong" };
  expectRefusal(await sandbox.run(["up", edited], wrong), "SW602", "team");
  expect(await sandbox.json<{ counts: unknown }>(["status", "team"])).toMatchObject({ counts: { worker: 1 } });
  expect((await up(sandbox, [good])).changes).toEqual({ same: 5 });
});

test("a command that changes something outlives the readers of its output", async () => {
  const scaled = sandbox.write("scaled.yaml", team({ id: "team", workers: "1-3" }));
  const { child, finished } = sandbox.start(["up", scaled, "--target-workers", "3", "--json"]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  expect(await finished).toMatchObject({ status: 0 });
  expect(await sandbox.json(["status", "team"])).toMatchObject({ counts: { worker: 2 } });
  await up(sandbox, [good]);
});

test("a command that only shows something ends without a word when its reader is gone, and fails on a full device", async () => {
  const { child, finished } = sandbox.start(["blueprint", "schema"]);
  child.stdout?.destroy();
  expect(await finished).toMatchObject({ status: 0, stderr: "" });
  const script = `"$0" "$1" blueprint schema > /dev/full`;
  const shell = ["-c", script, process.execPath, join(packageRoot, "bin", "swarmctl.js")];
  const full = spawnSync("sh", shell, { env: sandbox.env, encoding: "utf8" });
  expect(full).toMatchObject({ status: 1, stderr: "error SW510  standard output cannot be written (ENOSPC)\n" });
});

test.each<[string, NodeJS.ProcessEnv, string, string]>([
  ["an empty HOME", { HOME: "" }, "SW509", "HOME is empty"],
  ["a relative HOME", { HOME: "me" }, "SW509", "not an absolute path"],
  ["a TMPDIR that is missing", { TMPDIR: "/no/such/folder" }, "SW509", "set TMPDIR"],
  ["a SWARM_HOME below a file", { SWARM_HOME: "/dev/null/home" }, "SW509", "set SWARM_HOME"],
  ["an empty passphrase", { PULUMI_CONFIG_PASSPHRASE: "" }, "SW511", "PULUMI_CONFIG_PASSPHRASE is empty"],
  ["a passphrase file that is missing", { PULUMI_CONFIG_PASSPHRASE_FILE: "/none" }, "SW511", "/none"],
])("%s is refused before anything begins", async (_title, variables, code, words) => {
  const backend = { SWARM_BACKEND: `file://${sandbox.backend}` };
  const before = await sandbox.json<{ operations: unknown }>(["ops", "list"]);
  expectRefusal(await sandbox.run(["up", good], { ...backend, ...variables }), code, words);
  expect(await sandbox.json(["ops", "list"])).toEqual(before);
});

test("a working folder that was deleted: absolute paths work, and others say so", async () => {
  const swarmctl = (line: string) => {
    const script = `cd "$(mktemp -d)" && rmdir "$PWD" && exec "$0" "$1" ${line}`;
    return spawnSync("sh", ["-c", script, process.execPath, join(packageRoot, "bin", "swarmctl.js")], {
      env: sandbox.env,
      encoding: "utf8",
    });
  };
  expect(swarmctl(`up ${good}`)).toMatchObject({ status: 0 });
  expectRefusal(swarmctl("up team.yaml"), "SW509", "working folder");
  expectRefusal(swarmctl("pulumi stack ls"), "SW509", "working folder");
});

test("one damaged state is named with its copies, and the others are listed; a damaged lock is cleared", async () => {
  const stacks = join(sandbox.backend, ".pulumi", "stacks", "swarmstack");
  const damaged = join(stacks, "damaged.json");
  writeFileSync(damaged, '{"version":3,"check');
  cleanups.push(() => rmSync(damaged));
  const { status, stdout, stderr } = await sandbox.run(["status"]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/damaged .*unreadable/);
  expect(stdout).toMatch(/team .*running/);
  expect(stderr).toContain(`SW630 the state of cluster damaged (${damaged}) is damaged`);
  const locks = join(sandbox.backend, ".pulumi", "locks", "organization", "swarmstack", "team");
  mkdirSync(locks, { recursive: true });
  writeFileSync(join(locks, "lost.json"), "");
  utimesSync(join(locks, "lost.json"), 0, 0);
  expect(await sandbox.run(["up", good])).toMatchObject({ status: 0 });
});

test("the blueprint of another folder is rejected by plan as by up", async () => {
  mkdirSync(join(sandbox.home, "elsewhere"));
  const elsewhere = sandbox.write("elsewhere/team.yaml", team({ id: "team", workers: "2" }));
  for (const verb of ["plan", "up"]) expectRefusal(await sandbox.run([verb, elsewhere]), "SW607", elsewhere);
});

test("another blueprint for a running cluster is rejected with both names", async () => {
  const other = sandbox.write("other-team.yaml", team({ id: "other-team", workers: "1" }));
  expectRefusal(await sandbox.run(["up", other, "--name", "team"]), "SW607", '"team"', '"other-team"');
});
