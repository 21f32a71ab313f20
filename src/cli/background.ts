import { SwarmError } from "../errors.ts";
import type { LifecycleEvent, Performed } from "../lifecycle/lifecycle.ts";
import type { OperationRequest } from "../lifecycle/request.ts";
import { callProcess, siblingModule } from "../platform/processes/channel.ts";
import type { Context } from "./context.ts";

/** The channel between a terminal and the process of the operation that it shows. */
export interface OperationChannel {
  readonly request: OperationRequest;
  readonly event: LifecycleEvent;
  readonly result: Performed;
}

const runner = siblingModule("runner", import.meta.url);

/**
 * Carries a request out in a process session of its own, which the terminal only shows: Ctrl-C and the end of the
 * terminal do not stop it. SIGTERM, and Ctrl-C before the operation is in the journal, stop it after its current step.
 *
 * @throws SwarmError as the request does; SW606 when its process ends early
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
    output.note(`operation ${operation} goes on in the background`);
    output.note(`  ${output.style("dim", "follow it")}  swarmctl ops follow ${operation}`);
    output.note(`  ${output.style("dim", "or look  ")}  swarmctl ops show ${operation}`);
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
  return new SwarmError("SW606", "the process of the operation ended early", {
    hints: operation === undefined ? [] : [`go on with it: swarmctl ops resume ${operation}`],
  });
}
