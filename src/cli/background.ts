import { SwarmError } from "../errors.ts";
import type { LifecycleEvent, Performed } from "../lifecycle/lifecycle.ts";
import type { OperationRequest } from "../lifecycle/request.ts";
import { callProcess, siblingModule } from "../platform/processes/channel.ts";
import type { Context } from "./context.ts";

/** The messages between a command and the process that performs its operation. */
export interface OperationChannel {
  readonly request: OperationRequest;
  readonly event: LifecycleEvent;
  readonly result: Performed;
}

const runner = siblingModule("runner", import.meta.url);

/**
 * Performs a request in a separate session, so that Ctrl-C or closing the terminal leaves it running. SIGTERM, or Ctrl-C before
 * the operation is in the journal, stops it after the running step.
 *
 * @throws SwarmError as the request does
 */
export async function inBackground(
  request: OperationRequest,
  context: Context,
  onEvent: (event: LifecycleEvent) => void,
  onDetach: () => void,
): Promise<Performed> {
  const { output, signal, onInterrupt } = context;
  let operation: string | undefined;
  const leaveAlone = onInterrupt(() => {
    if (operation === undefined) return false;
    onDetach();
    output.note(`operation ${operation} continues in the background`);
    output.note(`  ${output.style("dim", "follow")}  swarmctl ops follow ${operation}`);
    output.note(`  ${output.style("dim", "show  ")}  swarmctl ops show ${operation}`);
    process.exit(130);
  });
  try {
    return await callProcess<OperationChannel>(runner, request, {
      ...{ signal, stderr: "ignore" },
      onEvent(event) {
        if (event.type === "operation") operation = event.id;
        onEvent(event);
      },
      onEarlyEnd: () => ended(operation),
    });
  } finally {
    leaveAlone();
  }
}

function ended(operation: string | undefined): SwarmError {
  return new SwarmError("SW606", "the process of the operation exited before the operation ended", {
    hints: operation === undefined ? [] : [`resume it: swarmctl ops resume ${operation}`],
  });
}
