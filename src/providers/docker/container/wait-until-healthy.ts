import type { ContainerInspectInfo } from "dockerode";
import { SwarmError } from "../../../errors.ts";
import { poll } from "../../../platform/wait.ts";
import type { CallContext } from "../../base/resource.ts";
import type { Daemon } from "../daemon.ts";
import type { ContainerInputs } from "./inputs.ts";

const standardSeconds = 60;
const lookEveryMs = 250;
const lastLines = 5;

/**
 * Waits for the container's own health check.
 *
 * @throws SwarmError SW738 with the last output of the check or the container, when it is not healthy in time or has exited for good
 */
export async function waitUntilHealthy(
  id: string,
  { name, waitTimeout = standardSeconds }: ContainerInputs,
  { log, signal }: Pick<CallContext, "log" | "signal">,
  daemon: Daemon,
): Promise<void> {
  let last: ContainerInspectInfo | undefined;
  const outcome = await poll(
    async () => {
      last = await daemon.ask((client) => client.getContainer(id).inspect());
      const { Health, Running, Restarting } = last.State;
      if (Health?.Status === "healthy") return "healthy";
      if (Health === undefined && Running) return "unchecked";
      if (!Running && !Restarting) return "ended";
      log.progress(`waiting for its health check: ${Health?.Status ?? "none yet"}`);
      return undefined;
    },
    { deadlineMs: waitTimeout * 1000, intervalMs: lookEveryMs, signal },
  );
  log.progress("");
  if (outcome === "healthy") return;
  throw new SwarmError("SW738", `container ${name} ${await why(outcome)}`, {
    values: { container: name, waitTimeout },
  });

  async function why(ending: "unchecked" | "ended" | undefined): Promise<string> {
    if (ending === "unchecked") return "has `wait` but no health check: add `healthcheck`, or remove `wait`";
    if (ending === "ended") {
      return `ended with exit status ${last?.State.ExitCode}${await lastWords(id, daemon)}`;
    }
    const checked = last?.State.Health?.Log.at(-1);
    const said = checked === undefined ? "it has not been checked" : saidBy(checked.Output, checked.ExitCode);
    return `is not healthy after ${waitTimeout} s (${last?.State.Health?.Status ?? "no health"}): ${said}`;
  }
}

function saidBy(output: string, exitCode: number): string {
  const text = output.trim();
  return `its check ended with ${exitCode}${text === "" ? " without output" : ` and said "${text}"`}`;
}

async function lastWords(id: string, daemon: Daemon): Promise<string> {
  const raw = await daemon
    .ask((client) => client.getContainer(id).logs({ stdout: true, stderr: true, tail: lastLines }))
    .catch(() => Buffer.alloc(0));
  const text = plainText(raw).trim();
  return text === "" ? " without output" : `; its last output: ${text}`;
}

/** Strips the frame headers of logs without a terminal: 8 bytes each (stream, three zeros, length). */
function plainText(raw: Buffer): string {
  if ((raw[0] ?? 0) > 2) return raw.toString();
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4);
    pieces.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString();
}
