import { type Priority, priorities } from "../task.ts";

/** Where an agent's tasks wait, when its blueprint names the stream. */
export interface StreamName {
  readonly stream: string;
  readonly group: string;
}

const defaultGroup = "swarmstack";

/**
 * The stream of a selector, named as in the original: `<type>:jobs`, behind the cluster's name, since a Redis can serve
 * several. Its length (XLEN) is the number of tasks that wait or are worked on.
 */
export function streamOf(cluster: string, selector: string, named: Readonly<Record<string, StreamName>>): StreamName {
  const [kind, value = ""] = selector.split(":", 2);
  const name = kind === "agent" ? named[value] : undefined;
  return name ?? { stream: `${cluster}:${kind === "agent" ? value : selector}:jobs`, group: defaultGroup };
}

/** Tasks of another priority wait in a stream of their own beside it. */
export function lineOf(stream: string, priority: Priority): string {
  return priority === "normal" ? stream : `${stream}:${priority}`;
}

/** Highest first. */
export const descending: readonly Priority[] = priorities.toReversed();
