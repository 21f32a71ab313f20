import { Agent } from "node:http";
import { Duplex, PassThrough, type Readable, Transform, type Writable } from "node:stream";

/** A command that runs elsewhere, and whose streams are here. */
export interface Dialled {
  /** Nothing more comes from it. */
  readonly ended: Promise<unknown>;
  /** Drops the connection; the command then ends. */
  drop(): void;
}

export interface DialStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** What carries a connection to the control API of an agent server, where the server is. */
export const dialCommand = ["swarmctl", "agent-server", "dial"] as const;

/** The command was not started, and this is what was said instead of an answer: no call has reached the server. */
export class NotDialled extends Error {}

/** The end of the command's error output, for whoever asks why a connection broke. */
const keptBytes = 2_048;

/**
 * Connections to the control API of an agent server through a command beside it (`dialCommand`): no network between us and it is needed,
 * and whoever may run a command there may use it. They are kept for the next calls, until `destroy`.
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
      // A connection that is kept for later has nobody who would read its end.
      if (words !== "") stream.destroy(new Error(words.trim()));
      else if (stdout.readableLength + stream.readableLength === 0) stream.destroy();
      else stream.once("end", () => stream.destroy());
    });
    stream.once("close", drop);
    // One too many is destroyed by the agent after its answer, when nobody listens any more.
    stream.on("error", () => {});
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

const firstWord = "HTTP/";

/** A daemon that cannot start a command writes why into its output. */
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
