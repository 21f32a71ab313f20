import { execFile } from "node:child_process";
import { cp, mkdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Copies the shared libraries of programs, with the loader, to the loader's search path.
 * @param from folders that are searched before the machine's own.
 */
export async function copyLibraries(
  programs: readonly string[],
  root: string,
  from: readonly string[] = [],
): Promise<void> {
  const env = { ...process.env, ...(from.length > 0 && { LD_LIBRARY_PATH: from.join(":") }) };
  const found = new Map<string, string>();
  for (const program of programs) {
    const { stdout } = await run("ldd", [program], { env }).catch(ofStatic);
    for (const line of stdout.split("\n")) {
      const [, name = "", path = ""] = /^\s*(\S+) => (\S+)/.exec(line) ?? /^\s*(\/\S+)()/.exec(line) ?? [];
      if (path === "not") throw new Error(`${program} needs ${name}, which is not installed`);
      if (path !== "") found.set(join("/lib", name), path);
      else if (name !== "") found.set(name, name);
    }
  }
  for (const [target, source] of found) {
    await mkdir(dirname(join(root, target)), { recursive: true });
    await cp(await realpath(source), join(root, target));
  }
}

/** ldd fails for a static program, which has no libraries. */
function ofStatic(error: { readonly stderr?: string; readonly stdout?: string }): { readonly stdout: string } {
  if (/not a dynamic executable|statically linked/.test(`${error.stderr}${error.stdout}`)) return { stdout: "" };
  throw error;
}
