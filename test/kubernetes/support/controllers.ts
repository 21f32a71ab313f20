import { setTimeout as delay } from "node:timers/promises";
import type { ControlPlane } from "../../../tools/control-plane/control-plane.ts";

const condition = {
  type: "Ready",
  status: "True",
  reason: "Seen",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

/**
 * Says of custom resources that they are ready, where their own controllers (KEDA, Karpenter) do not run: these are proved
 * in tests of their own. Ends when `stop` is called.
 */
export function sayReady(plane: ControlPlane, kinds: readonly string[]): { stop(): Promise<void> } {
  const ended = new AbortController();
  const work = (async () => {
    while (!ended.signal.aborted) {
      for (const kind of kinds) await markAll(plane, kind).catch(() => undefined);
      await delay(500, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      ended.abort();
      await work;
    },
  };
}

async function markAll(plane: ControlPlane, kind: string): Promise<void> {
  const { items } = JSON.parse(await plane.runKubectl(["get", kind, "-A", "-o", "json"])) as { items: Resource[] };
  for (const { metadata, status } of items) {
    if (status?.conditions?.some(({ type }) => type === "Ready")) continue;
    const where = metadata.namespace === undefined ? [] : ["-n", metadata.namespace];
    const patch = JSON.stringify({ status: { conditions: [condition] } });
    await plane.runKubectl([
      "patch",
      kind,
      metadata.name,
      ...where,
      "--subresource=status",
      "--type=merge",
      "-p",
      patch,
    ]);
  }
}

interface Resource {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string }[] };
}
