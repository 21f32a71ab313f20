import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const debianPostgres = "/usr/lib/postgresql";

/** The path of a program, from PATH or Debian's PostgreSQL folder; installed with apt-get if permitted. */
export async function findProgram(name: string, debianPackage: string): Promise<string | undefined> {
  const found = locate(name);
  if (found !== undefined) return found;
  const apt = locate("apt-get");
  if (apt === undefined || process.getuid?.() !== 0) return undefined;
  // The index may be outdated: it is updated only when the installation fails without.
  const install = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", debianPackage];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run(apt, install, { env });
  } catch {
    await run(apt, ["update"], { env }).catch(() => {});
    await run(apt, install, { env }).catch(() => {});
  }
  return locate(name);
}

function locate(name: string): string | undefined {
  const onPath = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...onPath, ...debianFolders()].map((folder) => join(folder, name)).find(isProgram);
}

function debianFolders(): string[] {
  try {
    const versions = readdirSync(debianPostgres).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(debianPostgres, version, "bin"));
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
