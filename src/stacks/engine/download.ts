import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "./build-progress.ts";
import type { Environment } from "./model.ts";
import { run } from "./run.ts";
import { pinnedEngine } from "./version.ts";

export interface DownloadOptions {
  readonly env: Environment;
  readonly report: Report;
  readonly signal?: AbortSignal | undefined;
  /** Where the vendor's install script lies. */
  readonly installer?: string;
  /** How long the script itself may take to arrive: a closed network must not hold anybody up. */
  readonly reachMs?: number;
  readonly installMs?: number;
}

const officialInstaller = "https://get.pulumi.com/install.sh";

/**
 * Installs the official CLI of the pinned version, with its language hosts, by the vendor's install script, as
 * `PulumiCommand.install` does; that function has no time-out below two minutes and cannot be ended.
 *
 * Returns the folder with the executables.
 *
 * @throws Error with a reason in words when the network is closed or the script fails.
 */
export async function download(folder: string, options: DownloadOptions): Promise<string> {
  const url = options.installer ?? officialInstaller;
  options.report("download", `asking ${new URL(url).host}`);
  const script = join(folder, "install.sh");
  await writeFile(script, await fetchText(url, options.reachMs ?? 5000, options.signal));

  options.report("download", `downloading the Pulumi CLI v${pinnedEngine}`);
  const args = [script, "--no-edit-path", "--install-root", join(folder, "install"), "--version", pinnedEngine];
  const { env, signal } = options;
  const installed = await run("/bin/sh", args, { env, timeoutMs: options.installMs ?? 10 * 60_000, signal });
  if (installed.status !== 0) {
    const lastLine = `${installed.stdout}\n${installed.stderr}`.trim().split("\n").at(-1);
    throw new Error(`the install script failed: ${installed.trouble ?? lastLine}`);
  }
  return join(folder, "install", "bin");
}

async function fetchText(url: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<string> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(url, { signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return await answer.text();
  } catch (error) {
    if (timeout.aborted) throw new Error(`no answer from ${new URL(url).host} within ${timeoutMs / 1000} s`);
    throw new Error(`${new URL(url).host} cannot be reached: ${reason(error)}`);
  }
}

/** `fetch` says "fetch failed" and hides the reason one level down. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
