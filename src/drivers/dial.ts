import { Agent } from "node:http";
import { Duplex, PassThrough, type Readable, Transform, type Writable } from "node:stream";

/** A remote command with local streams. */
export interface Dialled {
  /** Resolves when the command has ended. */
  readonly ended: Promise<unknown>;
  /** Drops the connection, which ends the command. */
  drop(): void;
}

export interface DialStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Connects stdin and stdout to the control API of an agent server, on the server's machine. */
export const dialCommand = ["swarmctl", "agent-server", "dial"] as const;

/** The command was not started; the message is its output. No request has reached the server. */
export class NotDialled extends Error {}

/** How much of the command's error output is kept to explain a lost connection. */
const keptBytes = 2_048;

/**
 * Connections to the control API of an agent server through a command on its machine (`dialCommand`): they need no
 * network route to it, and authorisation is that of running a command there. Connections are kept for later calls,
 * until `destroy`.
 */
export class DialAgent extends Agent {
  readonly #run: (streams: DialStreams) => Promise<Dialled>;

  constructor(run: (streams: DialStreams) => Promise<Dialled>) {
    super({ keepAlive: true, maxSockets: 4 });
    this.#run = run;
  }

  override createConnection(_options: unknown, done?: (error: Error | null, stream: Duplex) => void): undefined {
    this.#dial().then(
      (stream) => done?.(null, stream),
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error)), new PassThrough()),
    );
    return undefined;
  }

  async #dial(): Promise<Duplex> {
    const [stdin, stdout, stderr] = [new PassThrough(), answersOnly(), new PassThrough()];
    let words = "";
    stderr.on("data", (bytes: Buffer) => {
      words = (words + bytes.toString()).slice(-keptBytes);
    });
    const { ended, drop } = await this.#run({ stdin, stdout, stderr });
    const stream = Duplex.from({ readable: stdout, writable: stdin });
    void ended.then(() => {
      stdout.end();
      // An idle connection has no reader that would see its end.
      if (words !== "") stream.destroy(new Error(words.trim()));
      else if (stdout.readableLength + stream.readableLength === 0) stream.destroy();
      else stream.once("end", () => stream.destroy());
    });
    stream.once("close", drop);
    // The agent destroys a surplus connection after its answer, when no listener is left.
    stream.on("error", () => {});
    // Socket methods that http calls and a pipe does not need.
    return Object.assign(stream, {
      setTimeout: () => stream,
      setNoDelay: () => stream,
      setKeepAlive: () => stream,
      ref: () => stream,
      unref: () => stream,
    });
  }
}

const firstWord = "HTTP/";

/** Separates answers from an error that the daemon writes to the output when it cannot start the command. */
function answersOnly(): Transform {
  let isAnswer = false;
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      isAnswer ||= firstWord.startsWith(bytes.toString("latin1", 0, firstWord.length));
      if (isAnswer) done(null, bytes);
      else done(new NotDialled(bytes.toString("utf8", 0, keptBytes).trim()));
    },
  });
}
