import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { SwarmError } from "../errors.ts";
import type { DockerAddress } from "./address.ts";

/** A client of a daemon; its library is loaded on first use, and no request is sent yet. @throws SwarmError SW613 for an unsupported URL */
export async function connectDocker({ url, tls }: DockerAddress): Promise<Docker> {
  const { default: Client } = await import("dockerode");
  return new Client({ ...nowhere, ...endpointOf(new URL(url)), ...(tls !== undefined && tlsFiles(tls)) });
}

/** Otherwise the library reads it from DOCKER_HOST. */
const nowhere = { host: undefined, port: undefined, socketPath: undefined, protocol: undefined, username: undefined };

function endpointOf({ protocol, hostname, port, username, pathname, href }: URL): Docker.DockerOptions {
  switch (protocol) {
    case "unix:":
      return { socketPath: decodeURIComponent(pathname) };
    case "tcp:":
    case "http:":
      return { host: hostname, port: port || 2375, protocol: "http" };
    case "https:":
      return { host: hostname, port: port || 2376, protocol: "https" };
    case "ssh:":
      return { host: hostname, port: port || 22, protocol: "ssh", username };
    default:
      throw new SwarmError("SW613", `${href} is not the URL of a docker daemon: use unix, tcp, https or ssh`, {
        values: { url: href },
      });
  }
}

function tlsFiles(folder: string): Docker.DockerOptions {
  const [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map((name) => readFileSync(join(folder, name)));
  return { ca, cert, key, protocol: "https" };
}

/** An error response of the daemon. */
export class DockerFailure extends Error {
  override readonly name = "DockerFailure";
  readonly status: number;

  constructor(status: number, message: string, cause: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** Sends a request and classifies its failures. @throws DockerFailure with the daemon's message, SwarmError SW614 where it does not answer */
export async function callingDocker<Result>({ url }: DockerAddress, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof SwarmError) throw error;
    const { statusCode, json, message } = error as {
      statusCode?: number;
      json?: { message?: string };
      message?: string;
    };
    if (statusCode !== undefined) throw new DockerFailure(statusCode, json?.message ?? message ?? "", error);
    throw new SwarmError("SW614", `the docker daemon on ${url} does not answer: ${message}`, {
      cause: error,
      hints: ["start it, or name another with DOCKER_HOST or the target's context"],
      values: { url },
    });
  }
}
