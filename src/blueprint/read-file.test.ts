import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isStream, readBlueprintBytes, recordedName } from "./read-file.ts";

function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), "swarm-read-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

function pipe(): string {
  const file = join(scratch(), "pipe");
  execFileSync("mkfifo", [file]);
  return file;
}

const text = async (file: string) => Buffer.from(await readBlueprintBytes(file)).toString();

test("a pipe is read to its end, whenever its writer comes and however it writes", async () => {
  const file = pipe();
  const read = text(file);
  const writer = spawn("sh", ["-c", `(printf one; sleep 0.2; printf two) > "${file}"`]);
  expect(await read).toBe("onetwo");
  writer.kill();
});

test("a pipe that gives nothing in time is refused, and a signal ends the wait", async () => {
  const file = pipe();
  await expect(readBlueprintBytes(file, { patienceMs: 10 })).rejects.toMatchObject({
    code: "SW802",
    message: expect.stringContaining("gave nothing"),
  });
  const controller = new AbortController();
  const read = readBlueprintBytes(file, { signal: controller.signal });
  controller.abort();
  await expect(read).rejects.toMatchObject({ code: "SW606", values: { untouched: true } });
});

test.each([
  ["/dev/null", "it is a device"],
  ["/dev/zero", "it is a device"],
  ["/", "it is a directory"],
  ["/no/such/file", "there is no such file"],
  ["/dev/null/file", "a part of its path is not a directory"],
])("%s is refused: %s", async (file, reason) => {
  await expect(readBlueprintBytes(file)).rejects.toMatchObject({ code: "SW802", values: { reason } });
});

test("more than 1 MiB is refused, from a file and from a pipe without an end", async () => {
  const file = join(scratch(), "large");
  writeFileSync(file, "");
  truncateSync(file, 1024 * 1024 + 1);
  await expect(readBlueprintBytes(file)).rejects.toMatchObject({
    values: { reason: expect.stringContaining("larger") },
  });
  const endless = pipe();
  const writer = spawn("sh", ["-c", `exec yes > "${endless}"`]);
  await expect(readBlueprintBytes(endless)).rejects.toMatchObject({
    values: { reason: expect.stringContaining("larger") },
  });
  writer.kill();
});

test("standard input, as a pipe, as a file and by its other names", () => {
  const script = `import { readBlueprintBytes } from ${JSON.stringify(join(import.meta.dirname, "read-file.ts"))};
    console.log(Buffer.from(await readBlueprintBytes(process.argv[1], { patienceMs: 5000 })).toString());`;
  const file = join(scratch(), "in");
  writeFileSync(file, "from a file");
  const run = (name: string, shell: string) =>
    spawnSync("bash", ["-c", shell, process.execPath, script, name, file], { encoding: "utf8" });
  const node = `"$0" --experimental-strip-types --no-warnings --input-type=module -e "$1"`;
  expect(run("-", `printf piped | ${node} "$2"`)).toMatchObject({ stdout: "piped\n" });
  expect(run("/dev/stdin", `${node} "$2" < "$3"`)).toMatchObject({ stdout: "from a file\n" });
  expect(run("", `${node} <(printf substituted)`)).toMatchObject({ stdout: "substituted\n" });
});

test.each([
  ["-", true],
  ["/dev/fd/63", true],
  ["/proc/self/fd/12", true],
  ["/dev/stdin", true],
  ["./-", false],
  ["/home/me/team.yaml", false],
])("%s is a stream: %s", (file, is) => {
  expect(isStream(file)).toBe(is);
  expect(recordedName(file)).toBe(is ? join(process.cwd(), "<stdin>") : file);
});
