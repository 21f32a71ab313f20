import { SwarmError } from "../../errors.ts";

export interface AttachFlags {
  /** `-i`. */
  readonly interactive?: boolean;
  /** `-t`; false for `-T`. */
  readonly tty?: boolean;
}

/** Which of this process's streams are terminals. */
interface Terminals {
  readonly stdin: boolean;
  readonly stdout: boolean;
}

/**
 * How a command is attached: "output" has no input, "streams" has this process's input as it is, and "terminal" a terminal. Where
 * input and output are terminals and no flag is given, it gets one too.
 *
 * @throws SwarmError SW801 for a terminal without one on standard input
 */
export function attachMode(
  { interactive = false, tty }: AttachFlags,
  at: Terminals,
): "output" | "streams" | "terminal" {
  if (tty && !at.stdin) {
    throw new SwarmError("SW801", "-t needs a terminal, and standard input is none", {
      hints: ["without a terminal: swarmctl exec -i INSTANCE -- COMMAND"],
    });
  }
  if (tty ?? (!interactive && at.stdin && at.stdout)) return "terminal";
  return interactive ? "streams" : "output";
}
