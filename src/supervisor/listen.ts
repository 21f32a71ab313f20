import type { FastifyInstance } from "fastify";
import { SwarmError } from "../errors.ts";
import { systemCode } from "../platform/files.ts";
import { poll } from "../platform/wait.ts";

/** A supervisor that was killed is gone a moment before its port is: its threads end one by one. */
const lastOwnerMs = 1_000;

export interface ListenOptions {
  /** Must be had; undefined: any. */
  readonly fixed: number | undefined;
  /** Tried first where any will do: instances that live on know it from their environment. */
  readonly preferred: number | undefined;
}

/**
 * Listens on 127.0.0.1.
 *
 * @returns the port.
 * @throws SwarmError SW702 when a fixed port is in use.
 */
export async function listen(app: FastifyInstance, options: ListenOptions): Promise<number> {
  if (options.fixed !== undefined) {
    if (await tryPort(app, options.fixed)) return options.fixed;
    throw new SwarmError("SW702", `Port ${options.fixed} of 127.0.0.1 is in use.`, {
      hints: ["Set SWARM_API_PORT to a free port, or unset it: then a free one is taken."],
      values: { port: options.fixed },
    });
  }
  const { preferred } = options;
  if (preferred !== undefined && (await poll(() => whenFree(app, preferred), { deadlineMs: lastOwnerMs })))
    return preferred;
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error(`listens on ${address}`);
  return address.port;
}

async function whenFree(app: FastifyInstance, port: number): Promise<true | undefined> {
  return (await tryPort(app, port)) ? true : undefined;
}

async function tryPort(app: FastifyInstance, port: number): Promise<boolean> {
  try {
    await app.listen({ host: "127.0.0.1", port });
    return true;
  } catch (error) {
    if (systemCode(error) === "EADDRINUSE" || systemCode(error) === "EACCES") return false;
    throw error;
  }
}

/**
 * The port named by SWARM_API_PORT; undefined when it is not set, empty or 0.
 *
 * @throws SwarmError SW702 when it is no port.
 */
export function fixedPort(text: string | undefined): number | undefined {
  if (text === undefined || text === "" || text === "0") return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new SwarmError("SW702", `SWARM_API_PORT is ${JSON.stringify(text)}, which is no port.`);
}
