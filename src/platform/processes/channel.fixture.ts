import { SwarmError } from "../../errors.ts";
import { type ProcessChannel, serveProcess } from "./channel.ts";

/** The child of channel.test.ts. */
export interface EchoChannel extends ProcessChannel {
  readonly request: { readonly mode: "echo" | "refuse" | "fault" | "exit" | "until-aborted" };
  readonly event: { readonly text: string };
  readonly result: { readonly mode: string; readonly wasAborted: boolean };
}

const modes = ["echo", "refuse", "fault", "exit", "until-aborted"] as const;

function parse(message: unknown): EchoChannel["request"] {
  const mode = modes.find(
    (one) => typeof message === "object" && message !== null && "mode" in message && message.mode === one,
  );
  if (mode === undefined) throw new SwarmError("SW801", "this is no request");
  return { mode };
}

serveProcess<EchoChannel, EchoChannel["request"]>(parse, async ({ mode }, { signal, onEvent }) => {
  for (const text of ["first", "second"]) onEvent({ text });
  if (mode === "refuse") throw new SwarmError("SW601", "busy", { hints: ["wait"], values: { holder: 7 } });
  if (mode === "fault") throw new TypeError("a bug");
  if (mode === "exit") {
    process.stderr.write("out of luck\n");
    process.exit(3);
  }
  if (mode === "until-aborted" && !signal.aborted) {
    // An IPC channel without a parent keeps no process running.
    const running = setInterval(() => {}, 1_000);
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    clearInterval(running);
  }
  return { mode, wasAborted: signal.aborted };
});
