import { SwarmError } from "../errors.ts";
import { didYouMean } from "../platform/did-you-mean.ts";
import type { QueueCounts } from "../tasks/queue.ts";
import { parseSelector, selectorsOf, selectorWord } from "../tasks/selector.ts";
import type { Selector } from "../tasks/task.ts";
import type { TaskTaker } from "./roster.ts";

/**
 * Refuses a task that no agent of the cluster may lease.
 *
 * @throws SwarmError SW717 with the nearest name
 */
export function refuseUnknown(selector: Selector, takers: readonly TaskTaker[]): void {
  const known = selectorsOfAll(takers);
  if (known.has(selectorWord(selector))) return;
  const [[kind = "", name = ""] = []] = Object.entries(selector);
  const names = [...known]
    .flatMap((word) => Object.entries(parseSelector(word)))
    .flatMap(([of, value]) => (of === kind ? [value] : []));
  const nearest = didYouMean(name, names);
  const some = names.slice(0, 8).join(", ");
  throw new SwarmError(
    "SW717",
    `the cluster has no ${kind === "agent" ? "agent" : `agent with the ${kind}`} "${name}"`,
    {
      hints: [
        nearest === undefined ? (some === "" ? [] : `there are: ${some}`) : `did you mean ${nearest}?`,
        "--allow-unknown adds it for an agent that comes later",
      ].flat(),
      values: { kind, name, ...(nearest !== undefined && { nearest }) },
    },
  );
}

/** The selectors of waiting tasks that no agent of the cluster may lease. */
export function unmatchedSelectors({ bySelector }: QueueCounts, takers: readonly TaskTaker[]): readonly string[] {
  const known = selectorsOfAll(takers);
  return Object.entries(bySelector).flatMap(([word, { waiting }]) => (waiting > 0 && !known.has(word) ? [word] : []));
}

/** The selectors of all tasks that agents of the cluster may lease. */
export function selectorsOfAll(takers: readonly TaskTaker[]): ReadonlySet<string> {
  return new Set(
    takers.flatMap(({ agent, role, capabilities }) =>
      selectorsOf({ agent, role, capabilities: capabilities.map((name) => name.normalize("NFC")) }),
    ),
  );
}
