import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { z } from "zod";
import { parseError } from "../../agent-api/control/wire.ts";
import { SwarmError } from "../../errors.ts";
import { sitePaths } from "../../supervisor/site.ts";
import { begin } from "../control/http.ts";
import type { ExecOptions, ExecResult } from "../driver.ts";
import { endpointOf } from "./connection.ts";

const lineSchema = z.union([
  z.object({ stream: z.enum(["stdout", "stderr"]), data: z.base64() }),
  z.object({ exit: z.int().nullable(), signal: z.string().nullable() }),
  z.object({ error: z.string() }),
]);

/**
 * Runs a command with the environment and in the folder of an instance, and waits for its end. When the caller ends first, so does the
 * command.
 *
 * @throws SwarmError SW705 when there is no such instance, SW604 when the command cannot be started, SW704 when the supervisor goes
 * away, SW606 when aborted.
 */
export async function exec(
  dir: string,
  instance: string,
  command: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const stdin = options.stdin && { stdin: Buffer.from(options.stdin).toString("base64") };
  try {
    const path = `/v1/instances/${encodeURIComponent(instance)}/exec`;
    const { signal } = options;
    const answer = await begin(endpointOf(sitePaths(dir)), {
      method: "POST",
      path,
      body: { command, ...stdin },
      signal,
    });
    return await read(answer, command, options);
  } catch (error) {
    if (error instanceof SwarmError) throw error;
    if (options.signal?.aborted) throw new SwarmError("SW606", "The command was interrupted.", { cause: error });
    throw new SwarmError("SW704", "The supervisor went away while the command ran.", { cause: error });
  }
}

async function read(answer: IncomingMessage, command: readonly string[], options: ExecOptions): Promise<ExecResult> {
  if ((answer.statusCode ?? 0) >= 300) throw await refusal(answer);
  for await (const text of createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY })) {
    const line = lineSchema.parse(JSON.parse(text));
    if ("error" in line) throw new SwarmError("SW604", `${command[0]} cannot be started: ${line.error}`);
    if ("exit" in line) return line;
    (line.stream === "stdout" ? options.onStdout : options.onStderr)?.(Buffer.from(line.data, "base64"));
  }
  throw new Error("the answer ended before the command");
}

async function refusal(answer: IncomingMessage): Promise<Error> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return parseError(Buffer.concat(chunks).toString("utf8")) ?? new Error(`HTTP ${answer.statusCode}`);
}
