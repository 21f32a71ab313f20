import { type ChildProcess, spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parse } from "../../agent-api/http/parse.ts";
import { surroundings } from "../launch.ts";
import type { PoolSupervisor } from "../supervisor.ts";

const execBody = z.strictObject({
  command: z.array(z.string().regex(/^[^\0]*$/)).min(1),
  /** What the command reads; base64. */
  stdin: z.base64().optional(),
});

/** One line of the answer, as JSON. */
export type ExecLine =
  | { readonly stream: "stdout" | "stderr" /** base64 */; readonly data: string }
  | { readonly exit: number | null; readonly signal: string | null }
  | { readonly error: string };

const maxBodyBytes = 16 * 1024 * 1024;

type IdParams = { Params: { id: string } };

/** Runs a command with the environment and in the folder of an instance; its output comes as it is written, then its exit status. */
export function execRoutes(app: FastifyInstance, supervisor: PoolSupervisor): void {
  app.post<IdParams>("/v1/instances/:id/exec", { bodyLimit: maxBodyBytes }, async (request, reply) => {
    const { command, stdin } = parse(execBody, request.body);
    const { instance, spec } = supervisor.instance(request.params.id);
    const { environment, stateDir } = surroundings(supervisor.pad, spec, instance.ordinal);
    const [program = "", ...args] = command;
    const child = spawn(program, args, { cwd: stateDir, env: environment, detached: true, stdio: "pipe" });
    const { events, audit, clock } = supervisor.api;
    const detail = { instance: instance.id, program };
    events.add("instance.exec", detail);
    audit.append({ at: clock.now(), actor: "operator", action: "instance.exec", detail });
    // It may be silent for longer than other calls.
    request.raw.socket.setTimeout(0);
    reply.raw.once("close", () => kill(child));
    child.stdin.on("error", () => {});
    child.stdin.end(Buffer.from(stdin ?? "", "base64"));
    return reply.type("application/x-ndjson").send(linesOf(child));
  });
}

function linesOf(child: ChildProcess): PassThrough {
  const lines = new PassThrough();
  const write = (line: ExecLine) => lines.write(`${JSON.stringify(line)}\n`);
  for (const stream of ["stdout", "stderr"] as const) {
    const source = child[stream];
    source?.on("data", (data: Buffer) => {
      if (write({ stream, data: data.toString("base64") })) return;
      source.pause();
      lines.once("drain", () => source.resume());
    });
  }
  child.once("error", (error) => {
    write({ error: error.message });
    lines.end();
  });
  child.once("close", (exit, signal) => {
    if (lines.writableEnded) return;
    write({ exit, signal });
    lines.end();
  });
  return lines;
}

/** The caller has gone: the command goes with all that it has started. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
