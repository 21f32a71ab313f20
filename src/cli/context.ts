import { SwarmError } from "../errors.ts";
import { listNamed } from "../lifecycle/records/cluster-names.ts";
import { type Engine, findEngine } from "../stacks/engine/index.ts";
import { readSettings, type Settings } from "../stacks/settings.ts";
import { createOutput, duration, type Output } from "./output.ts";

/** What every command works with. */
export interface Context {
  readonly output: Output;
  readonly settings: Settings;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /**
   * Hears Ctrl-C first; what it returns tells whether that is all there is to it.
   *
   * @returns what ends that
   */
  readonly onInterrupt: (hear: () => boolean) => () => void;
}

export interface GlobalOptions {
  readonly json?: boolean;
}

export function createContext(options: GlobalOptions): Context {
  const controller = new AbortController();
  const output = createOutput(options.json ?? false);
  let first = (): boolean => false;
  const stop = () => {
    if (controller.signal.aborted) {
      output.note("ended at once; what was begun and has not ended: swarmctl ops list");
      process.exit(130);
    }
    output.note("stopping after the running step; again: at once");
    controller.abort();
  };
  process.on("SIGINT", () => {
    if (!first()) stop();
  });
  process.on("SIGTERM", stop);
  return {
    ...{ output, settings: readSettings(), signal: controller.signal },
    onInterrupt(hear) {
      first = hear;
      return () => {
        first = () => false;
      };
    },
  };
}

/** The engine, with progress where it has to be downloaded or built. */
export async function requireEngine({ output, settings, signal }: Omit<Context, "onInterrupt">): Promise<Engine> {
  let told = 0;
  return await findEngine({
    env: settings.env,
    signal,
    onProgress({ phase, message, elapsedMs, fraction }) {
      // Plain lines: now and then, as a log; a build takes minutes.
      if (!output.live && elapsedMs - told < 10_000 && told > 0) return;
      told = elapsedMs;
      const share = fraction === undefined ? "" : ` ${Math.round(fraction * 100)}%`;
      const line = `engine: ${phase}${share} ${message} (${duration(elapsedMs)})`;
      if (output.live) process.stderr.write(`\r\u001b[2K${line}`);
      else output.note(line);
    },
  }).finally(() => {
    if (output.live && told > 0) process.stderr.write("\n");
  });
}

/**
 * The cluster that a command means: the one named, or the only one there is.
 *
 * @throws SwarmError SW605 when there is none, SW801 when there are several to choose from
 */
export async function chooseCluster(context: Context, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const engine = await requireEngine(context);
  const clusters = (await listNamed(context.settings, engine)).map(({ cluster }) => cluster);
  const [only, ...others] = clusters;
  if (only === undefined) {
    throw new SwarmError("SW605", "there is no cluster", { hints: ["start one: swarmctl quickstart"] });
  }
  if (others.length > 0) {
    throw new SwarmError("SW801", `which cluster? There are ${clusters.length}: ${clusters.join(", ")}`);
  }
  return only;
}
