import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SwarmError } from "../../errors.ts";
import type { CacheEntry } from "./cache.ts";
import { fetchText } from "./fetch-text.ts";
import type { Machine } from "./machine.ts";
import { type Made, makeOnce } from "./make-once.ts";
import type { Environment, LookupOptions } from "./model.ts";
import { probeEngine } from "./probe.ts";
import { type ReportProgress, reporting } from "./reporting.ts";
import { run } from "./run.ts";
import { pinnedEngine } from "./version.ts";

const installDeadlineMs = 10 * 60_000;

/**
 * Downloads the official CLI of the pinned version, with its language hosts, into the cache, or waits for another process that
 * does. Returns a text with the reason on failure.
 *
 * Runs the vendor's install script, as `PulumiCommand.install` does, but with a short time-out and an abort signal.
 *
 * @throws SwarmError SW504, SW606.
 */
export async function downloadInCache(
  entry: CacheEntry,
  env: Environment,
  lookup: LookupOptions,
  machine: Machine,
): Promise<Made | string> {
  const { signal } = lookup;
  try {
    return await reporting(lookup, (report) =>
      makeOnce(entry, "download", { report, signal }, (folder) => install(folder, env, report, signal, machine)),
    );
  } catch (error) {
    if (error instanceof SwarmError) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

async function install(
  folder: string,
  env: Environment,
  report: ReportProgress,
  signal: AbortSignal | undefined,
  machine: Machine,
): Promise<string> {
  const { installer, reachMs } = machine;
  report("download", `asking ${new URL(installer).host}`);
  const script = join(folder, "install.sh");
  await writeFile(script, await fetchText(installer, reachMs, signal));

  report("download", `downloading the Pulumi CLI v${pinnedEngine}`);
  const args = [script, "--no-edit-path", "--install-root", join(folder, "install"), "--version", pinnedEngine];
  const installed = await run("/bin/sh", args, { env, timeoutMs: installDeadlineMs, signal });
  if (installed.status !== 0) {
    const lastLine = `${installed.stdout}\n${installed.stderr}`.trim().split("\n").at(-1);
    throw new Error(`the install script failed: ${installed.trouble ?? lastLine}`);
  }
  const bin = join(folder, "install", "bin");
  const verdict = await probeEngine(join(bin, "pulumi"), env);
  if ("objection" in verdict) throw new Error(`the downloaded CLI ${verdict.objection}`);
  return bin;
}
