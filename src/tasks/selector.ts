import type { Worker } from "./queue.ts";
import type { Selector } from "./task.ts";

/** A selector as text: `agent:<key>`, `role:<role>` or `capability:<word>`. */
export function selectorWord(selector: Selector): string {
  if ("agent" in selector) return `agent:${selector.agent}`;
  if ("role" in selector) return `role:${selector.role}`;
  return `capability:${selector.capability}`;
}

export function parseSelector(word: string): Selector {
  const colon = word.indexOf(":");
  const kind = word.slice(0, colon);
  const value = word.slice(colon + 1);
  if (kind === "agent") return { agent: value };
  if (kind === "role") return { role: value };
  if (kind === "capability") return { capability: value };
  throw new Error(`no selector: ${word}`);
}

/** The selectors that match a worker. */
export function selectorsOf({
  agent,
  role,
  capabilities,
}: Pick<Worker, "agent" | "role" | "capabilities">): readonly string[] {
  const selectors: Selector[] = [{ agent }, { role }, ...capabilities.map((capability) => ({ capability }))];
  return [...new Set(selectors.map(selectorWord))];
}
