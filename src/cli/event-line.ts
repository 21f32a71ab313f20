import type { RuntimeEvent } from "../runtime/events/ring.ts";

/** An event of a cluster for people, one line. */
export function eventLine({ at, kind, offset: _offset, ...details }: RuntimeEvent): string {
  const shown = Object.entries(details).map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [new Date(at).toISOString(), kind.padEnd(20), ...shown].join(" ");
}
