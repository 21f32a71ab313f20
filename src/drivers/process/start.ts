import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { parseError } from "../../agent-api/control/wire.ts";
import { SwarmError } from "../../errors.ts";
import { baseEnvironment } from "../../supervisor/environment.ts";
import type { SitePaths } from "../../supervisor/site.ts";

/** How a supervisor ended that was just started. */
export interface EarlyEnd {
  /** 0: another one has the site already. null: killed, or not started at all. */
  readonly code: number | null;
  /** Why, when it could tell. */
  readonly error: SwarmError | undefined;
}

export interface StartedProcess {
  readonly ended: () => EarlyEnd | undefined;
}

/**
 * Starts a supervisor as a process in a session of its own: it outlives the caller and its terminal. It inherits none of the
 * caller's secrets, and none of its marks: a runner that ends the processes of an operation must not find it.
 */
export function startSupervisor(paths: SitePaths, port: string | undefined): StartedProcess {
  const log = openSync(paths.supervisorLog, "a", 0o600);
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const main = fileURLToPath(new URL(`../../supervisor/main.${extension}`, import.meta.url));
  const environment = { ...baseEnvironment(process.env), ...(port !== undefined && { SWARM_API_PORT: port }) };
  const child = spawn(process.execPath, [main, paths.dir, "3"], {
    cwd: "/",
    detached: true,
    env: environment,
    stdio: ["ignore", log, log, "pipe"],
  });
  closeSync(log);
  child.unref();

  let report = "";
  const pipe = child.stdio[3];
  if (pipe instanceof Socket) {
    pipe.unref();
    pipe.on("data", (chunk: Buffer) => {
      report += chunk.toString("utf8");
    });
    pipe.on("error", () => {});
  }
  let end: EarlyEnd | undefined;
  child.once("close", (code) => {
    end ??= { code, error: parseError(report) };
  });
  child.once("error", (cause) => {
    end ??= {
      code: null,
      error: new SwarmError("SW701", `${process.execPath} cannot be started: ${cause.message}`, { cause }),
    };
  });
  return { ended: () => end };
}
