import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readBuildContext } from "./build-context.ts";

const root = mkdtempSync(join(tmpdir(), "swarm-context-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A folder with a Dockerfile and these files. */
function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  for (const [path, content] of Object.entries({ Dockerfile: "FROM scratch\n", ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

test.each([
  { title: "nothing is left out", ignore: undefined, want: ["a", "a/b.log", "a/c", "d"] },
  { title: "a pattern", ignore: "**/*.log", want: ["a", "a/c", "d"] },
  { title: "a folder with all that is in it", ignore: "a", want: ["d"] },
  { title: "all but an exception below it", ignore: "*\n!a/c", want: ["a/c"] },
])("what is sent where .dockerignore has $title", ({ title, ignore, want }) => {
  const files = { "a/b.log": "1", "a/c": "2", d: "3" };
  const folder = folderOf(title, { ...files, ...(ignore !== undefined && { ".dockerignore": ignore }) });
  const always = [...(ignore === undefined ? [] : [".dockerignore"]), "Dockerfile"];
  expect(readBuildContext(folder).paths).toEqual([...always, ...want]);
});

test("the digest changes with contents, names, links and execute bits, and not with the location or other permissions", () => {
  const folder = folderOf("first", { "bin/run": "1" });
  const digest = () => readBuildContext(folder).digest;
  const before = digest();
  expect(readBuildContext(folderOf("second", { "bin/run": "1" })).digest).toBe(before);
  chmodSync(join(folder, "bin/run"), 0o600);
  expect(digest()).toBe(before);
  const seen = [before];
  for (const change of [
    () => chmodSync(join(folder, "bin/run"), 0o700),
    () => writeFileSync(join(folder, "bin/run"), "2"),
    () => renameSync(join(folder, "bin/run"), join(folder, "bin/walk")),
    () => symlinkSync("walk", join(folder, "bin/link")),
    () => mkdirSync(join(folder, "empty")),
  ]) {
    change();
    expect(seen).not.toContain(digest());
    seen.push(digest());
  }
});

test("a folder that cannot be built from is refused with its place", () => {
  expect(() => readBuildContext(join(root, "nowhere"))).toThrow(`there is no Dockerfile in ${join(root, "nowhere")}`);
});
