import { Agent } from "node:http";
import { Duplex, PassThrough } from "node:stream";
import type { Client } from "../../../control-plane/client.ts";
import { agentApi } from "../../../names.ts";
import { runRemotely } from "./remote-command.ts";

export interface DialTarget {
  readonly namespace: string;
  readonly pod: string;
}

/** The end of the command's error output, for whoever asks why a connection broke. */
const keptBytes = 2_048;

/**
 * Connections to the control API of an agent server through its pod: no network between us and it is needed, and whoever may run a command
 * there may use it. They are kept for the next calls, until `destroy`.
 */
export class DialAgent extends Agent {
  readonly #client: Client;
  readonly #target: () => Promise<DialTarget>;

  constructor(client: Client, target: () => Promise<DialTarget>) {
    super({ keepAlive: true, maxSockets: 4 });
    this.#client = client;
    this.#target = target;
  }

  override createConnection(_options: unknown, done?: (error: Error | null, stream: Duplex) => void): undefined {
    this.#dial().then(
      (stream) => done?.(null, stream),
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error)), new PassThrough()),
    );
    return undefined;
  }

  async #dial(): Promise<Duplex> {
    const { namespace, pod } = await this.#target();
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    let words = "";
    stderr.on("data", (bytes: Buffer) => {
      words = (words + bytes.toString()).slice(-keptBytes);
    });
    const { ended, drop } = await runRemotely(this.#client, {
      ...{ namespace, pod, container: agentApi.part, stdin, stdout, stderr },
      command: ["swarmctl", "agent-server", "dial"],
    });
    const stream = Duplex.from({ readable: stdout, writable: stdin });
    void ended.then(() => {
      stdout.end();
      // A connection that is kept for later has nobody who would read its end.
      if (words !== "") stream.destroy(new Error(words.trim()));
      else if (stdout.readableLength + stream.readableLength === 0) stream.destroy();
      else stream.once("end", () => stream.destroy());
    });
    stream.once("close", drop);
    // What http asks of a socket, and a pipe has nothing to do for.
    return Object.assign(stream, {
      setTimeout: () => stream,
      setNoDelay: () => stream,
      setKeepAlive: () => stream,
      ref: () => stream,
      unref: () => stream,
    });
  }
}
