import type { FastifyInstance } from "fastify";
import { SwarmError } from "../errors.ts";
import { systemCode } from "../platform/files.ts";
import { poll } from "../platform/wait.ts";

/** Time to wait for the port of a killed supervisor, whose threads end one by one. */
const lastOwnerMs = 1_000;

export interface ListenOptions {
  /** Required port; undefined: any. */
  readonly fixed: number | undefined;
  /** Tried first if any port will do: running instances know it from their environment. */
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
    throw new SwarmError("SW702", `port ${options.fixed} of 127.0.0.1 is in use`, {
      hints: ["Set SWARM_API_PORT to a free port, or unset it to use any free port"],
      values: { port: options.fixed },
    });
  }
  const { preferred } = options;
  if (preferred !== undefined && (await poll(() => whenFree(app, preferred), { deadlineMs: lastOwnerMs })))
    return preferred;
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error(`unexpected listening address: ${address}`);
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
 * The port in SWARM_API_PORT; undefined when it is unset, empty or 0; "off" for no port.
 * @throws SwarmError SW702 when it is not a port number.
 */
export function fixedPort(text: string | undefined): number | "off" | undefined {
  if (text === undefined || text === "" || text === "0") return undefined;
  if (text === "off") return text;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new SwarmError("SW702", `SWARM_API_PORT is ${JSON.stringify(text)}, which is neither a port number nor "off"`);
}
