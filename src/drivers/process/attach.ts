import { spawn } from "node:child_process";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import type { AttachOptions } from "../attach.ts";
import type { ExecResult } from "../driver.ts";
import { exec } from "./exec-call.ts";

const surroundingsSchema = z.object({
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  uid: z.int().optional(),
  gid: z.int().optional(),
});

/** Prints environment and folder of the instance as the last line; a preload may print before it. */
const tellSurroundings = `process.stdout.write("\\n" + JSON.stringify({
  cwd: process.cwd(), env: process.env, uid: process.getuid?.(), gid: process.getgid?.(),
}))`;

/**
 * Runs a command with the environment and in the folder of an instance, on the terminal or the streams of this process. An
 * instance of the local target is a process of this host, so signals, size and job control of the terminal work directly.
 * @throws SwarmError as `exec`
 */
export async function attach(
  dir: string,
  instance: string,
  command: readonly string[],
  { stdin, terminal, signal }: AttachOptions,
): Promise<ExecResult> {
  const { cwd, env, uid, gid } = await surroundingsOf(dir, instance, signal);
  const [program = "", ...args] = command;
  const isOther = uid !== undefined && uid !== process.getuid?.();
  const child = spawn(program, args, {
    cwd,
    env: { ...env, ...(terminal !== undefined && { TERM: process.env.TERM ?? "xterm" }) },
    stdio: [stdin === undefined ? "ignore" : "inherit", "inherit", "inherit"],
    ...(isOther && { uid, gid }),
  });
  const end = () => child.kill("SIGTERM");
  signal?.addEventListener("abort", end, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", (error) =>
        reject(new SwarmError("SW604", `${program} cannot be started: ${error.message}`, { cause: error })),
      );
      child.once("close", (exit, killedBy) => resolve({ exit, signal: killedBy }));
    });
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

async function surroundingsOf(dir: string, instance: string, signal: AbortSignal | undefined) {
  const chunks: Uint8Array[] = [];
  await exec(dir, instance, [process.execPath, "-e", tellSurroundings], {
    onStdout: (bytes) => chunks.push(bytes),
    ...(signal && { signal }),
  });
  const text = Buffer.concat(chunks).toString("utf8");
  return surroundingsSchema.parse(JSON.parse(text.slice(text.lastIndexOf("\n") + 1)));
}
