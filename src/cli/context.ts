import { constants } from "node:os";
import { printable } from "../platform/printable.ts";
import { onTermination } from "../platform/processes/hangup.ts";
import type { Engine } from "../stacks/engine/index.ts";
import { requireOwnHome } from "../stacks/home-folder.ts";
import { readSettings, type Settings } from "../stacks/settings.ts";
import { createOutput, duration, type Output } from "./output.ts";

/** The output, settings and signals of a command. */
export interface Context {
  readonly output: Output;
  readonly settings: Settings;
  /** Aborted by Ctrl-C, SIGTERM, or SIGHUP. */
  readonly signal: AbortSignal;
  /** Finds the engine, once, and reports the progress of its download or build. */
  readonly engine: () => Promise<Engine>;
  /**
   * Registers a handler of Ctrl-C that runs first; it returns whether it handled the signal.
   *
   * @returns a function that removes the handler
   */
  readonly onInterrupt: (hear: () => boolean) => () => void;
}

export interface GlobalOptions {
  readonly json?: boolean;
}

/** Creates the context of a command; Ctrl-C, SIGTERM and SIGHUP abort its signal, a second one exits. */
export function createContext(options: GlobalOptions): Context {
  return listening(options, ({ output, abort }) => {
    if (abort.signal.aborted) {
      output.note("stopped; list unfinished operations: swarmctl ops list");
      process.exit(130);
    }
    output.note("stopping after this step; press Ctrl-C again to stop now");
    abort.abort();
  });
}

/** Creates the context of a command that only reads: Ctrl-C, SIGTERM and SIGHUP end it at once and without a message. */
export function createReadingContext(options: GlobalOptions & { readonly anyHome?: boolean }): Context {
  return listening(options, ({ abort, signal }) => {
    abort.abort();
    process.exit(128 + constants.signals[signal]);
  });
}

interface Heard {
  readonly output: Output;
  readonly abort: AbortController;
  readonly signal: "SIGINT" | "SIGTERM" | "SIGHUP";
}

function listening(options: GlobalOptions & { readonly anyHome?: boolean }, stop: (heard: Heard) => void): Context {
  const abort = new AbortController();
  const output = createOutput(options.json ?? false);
  let first = (): boolean => false;
  process.on("SIGINT", () => {
    if (!first()) stop({ output, abort, signal: "SIGINT" });
  });
  // A terminal that hangs up leaves an operation that runs in the background alone, as Ctrl-C does.
  onTermination((signal) => {
    if (signal === "SIGTERM" || !first()) stop({ output, abort, signal });
  });
  const surroundings = { output, settings: readSettings(), signal: abort.signal };
  if (!options.anyHome) requireOwnHome(surroundings.settings.home);
  let engine: Promise<Engine> | undefined;
  return {
    ...surroundings,
    engine() {
      engine ??= requireEngine(surroundings);
      return engine;
    },
    onInterrupt(hear) {
      first = hear;
      return () => {
        first = () => false;
      };
    },
  };
}

/** Finds the engine and reports the progress of its download or build. */
export async function requireEngine({
  output,
  settings,
  signal,
}: Pick<Context, "output" | "settings" | "signal">): Promise<Engine> {
  const { findEngine } = await import("../stacks/engine/index.ts");
  let told = 0;
  return await findEngine({
    env: settings.env,
    signal,
    onProgress({ phase, message, elapsedMs, fraction }) {
      // A build takes minutes: without live rows, one line every ten seconds.
      if (!output.live && elapsedMs - told < 10_000 && told > 0) return;
      told = elapsedMs;
      const share = fraction === undefined ? "" : ` ${Math.round(fraction * 100)}%`;
      const line = `engine: ${phase}${share} ${message} (${duration(elapsedMs)})`;
      if (output.live) process.stderr.write(`\r\u001b[2K${printable(line)}`);
      else output.note(line);
    },
  }).finally(() => {
    if (output.live && told > 0) process.stderr.write("\n");
  });
}
