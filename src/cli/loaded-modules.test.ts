import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "swarm-modules-"));
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** The npm packages that a run of swarmctl loads. */
async function packagesOf(args: readonly string[]): Promise<readonly string[]> {
  const list = join(home, "modules");
  await run(process.execPath, ["--import", here("loaded-modules.fixture.ts"), here("main.ts"), ...args], {
    env: { PATH: process.env.PATH, HOME: home, LOADED_MODULES: list },
  });
  const names = (await readFile(list, "utf8")).split("\n").flatMap((url) => {
    const path = url.split("/node_modules/").at(-1) ?? "";
    return path === url ? [] : [path.split("/", path.startsWith("@") ? 2 : 1).join("/")];
  });
  return [...new Set(names)].sort();
}

test.each(["--help", "--version", "version", "help"])("%s loads the parser of arguments alone", async (word) => {
  expect(await packagesOf([word])).toEqual(["commander"]);
});
