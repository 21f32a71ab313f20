import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseBackend, stackFolder } from "./backend.ts";
import { chosenPassphrase, passphraseEnvironment } from "./passphrase.ts";

function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), "swarm-passphrase-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

test.each([
  { title: "an empty variable", env: { PULUMI_CONFIG_PASSPHRASE: "" }, words: "is empty" },
  { title: "a line break alone", env: { PULUMI_CONFIG_PASSPHRASE: " \n" }, words: "nothing but spaces" },
  {
    title: "an empty variable that hides a good file",
    env: { PULUMI_CONFIG_PASSPHRASE: "", PULUMI_CONFIG_PASSPHRASE_FILE: "good" },
    words: "PULUMI_CONFIG_PASSPHRASE is empty",
  },
  { title: "an empty file", env: { PULUMI_CONFIG_PASSPHRASE_FILE: "empty" }, words: "is empty" },
  { title: "a file with a line break alone", env: { PULUMI_CONFIG_PASSPHRASE_FILE: "break" }, words: "is empty" },
  { title: "a missing file", env: { PULUMI_CONFIG_PASSPHRASE_FILE: "none" }, words: "is missing" },
  { title: "a folder", env: { PULUMI_CONFIG_PASSPHRASE_FILE: "." }, words: "is not a regular file" },
  { title: "a device", env: { PULUMI_CONFIG_PASSPHRASE_FILE: "/dev/null" }, words: "is not a regular file" },
])("$title is refused", ({ env, words }) => {
  const dir = scratch();
  for (const [name, text] of Object.entries({ good: "word\n", empty: "", break: "\n" })) {
    writeFileSync(join(dir, name), text);
  }
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  const full = {
    ...env,
    ...(file !== undefined && !file.startsWith("/") && { PULUMI_CONFIG_PASSPHRASE_FILE: join(dir, file) }),
  };
  expect(() => chosenPassphrase(full)).toThrow(
    expect.objectContaining({ code: "SW511", message: expect.stringContaining(words) }),
  );
});

test("a choice is handed on: the variable as it is, a file by its absolute path", () => {
  const file = join(scratch(), "word");
  writeFileSync(file, "word\n");
  expect(chosenPassphrase({ PULUMI_CONFIG_PASSPHRASE: "word\n" })).toEqual({ PULUMI_CONFIG_PASSPHRASE: "word\n" });
  expect(chosenPassphrase({ PULUMI_CONFIG_PASSPHRASE_FILE: file })).toEqual({ PULUMI_CONFIG_PASSPHRASE_FILE: file });
  expect(chosenPassphrase({ PULUMI_CONFIG_PASSPHRASE_FILE: "" })).toBeUndefined();
  expect(chosenPassphrase({ PULUMI_CONFIG_PASSPHRASE: "" }, { mayBeEmpty: true })).toEqual({
    PULUMI_CONFIG_PASSPHRASE: "",
  });
});

test("a passphrase of our own that a power loss emptied is made anew, unless states need the old one", async () => {
  const dir = scratch();
  const backend = parseBackend(`file://${dir}`);
  const file = join(dir, "swarmstack-passphrase");
  writeFileSync(file, "");
  expect(await passphraseEnvironment(backend, {})).toEqual({ PULUMI_CONFIG_PASSPHRASE_FILE: file });
  expect(readFileSync(file, "utf8")).toHaveLength(43);
  mkdirSync(stackFolder(dir, "stacks"), { recursive: true });
  writeFileSync(join(stackFolder(dir, "stacks"), "team.json"), "{}");
  writeFileSync(file, "");
  await expect(passphraseEnvironment(backend, {})).rejects.toMatchObject({
    code: "SW602",
    message: expect.stringContaining("power loss"),
  });
});

test("a kept passphrase that others can read is refused, with the command that mends it", async () => {
  const dir = scratch();
  const backend = parseBackend(`file://${dir}`);
  const { PULUMI_CONFIG_PASSPHRASE_FILE: file = "" } = await passphraseEnvironment(backend, {});
  chmodSync(file, 0o644);
  await expect(passphraseEnvironment(backend, {})).rejects.toMatchObject({
    code: "SW512",
    message: `the passphrase ${file} of user ${process.getuid?.()} has mode 0644: it can be read or written by others`,
    hints: [`chmod 600 ${file}`, expect.any(String)],
  });
  expect(await passphraseEnvironment(backend, { PULUMI_CONFIG_PASSPHRASE: "own" })).toEqual({
    PULUMI_CONFIG_PASSPHRASE: "own",
  });
  chmodSync(file, 0o600);
  expect(await passphraseEnvironment(backend, {})).toEqual({ PULUMI_CONFIG_PASSPHRASE_FILE: file });
});
