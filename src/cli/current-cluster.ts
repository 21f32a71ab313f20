import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeText } from "../platform/files.ts";

const fileOf = (home: string) => join(home, "current-cluster");

/** Returns the cluster that `swarmctl use` recorded in a home folder. */
export function readCurrentCluster(home: string): string | undefined {
  try {
    return readFileSync(fileOf(home), "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Records the cluster for the commands that name none. */
export function writeCurrentCluster(home: string, cluster: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeText(fileOf(home), `${cluster}\n`);
}

/** Removes the record. @param cluster when given, only a record of this cluster */
export function forgetCurrentCluster(home: string, cluster?: string): void {
  if (cluster === undefined || readCurrentCluster(home) === cluster) rmSync(fileOf(home), { force: true });
}
