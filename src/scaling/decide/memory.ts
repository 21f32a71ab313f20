/** A count that was wanted at a time. */
export interface Wanted {
  readonly at: number;
  readonly count: number;
}

/** What one decision leaves to the next, for one agent. Times are milliseconds since the epoch. */
export interface AgentMemory {
  /** Decreasing counts, oldest first: the first is the maximum of the window. */
  readonly window: readonly Wanted[];
  readonly changedAt: number | undefined;
  /** The last decrease. */
  readonly loweredAt: number | undefined;
  /** The window is this many times as long: see `learnPatience`. */
  readonly patience: number;
  /** Since when no signal is known. */
  readonly failingSince: number | undefined;
  /** No decrease before this time, after a burst. */
  readonly panicUntil: number | undefined;
  /** A raise whose instances are not all up. */
  readonly raise: Wanted | undefined;
  /** Durations from a raise until its instances were up, the newest last. */
  readonly startsMs: readonly number[];
}

/** Plain JSON; stored between runs, so that a restart forgets no window and no cool-down. */
export interface ScalingMemory {
  /** When the memory began: no count falls within the first window. */
  readonly since: number;
  readonly agents: Readonly<Record<string, AgentMemory>>;
}

export function newMemory(now: number): ScalingMemory {
  return { since: now, agents: {} };
}

export const noAgentMemory: AgentMemory = {
  window: [],
  changedAt: undefined,
  loweredAt: undefined,
  patience: 1,
  failingSince: undefined,
  panicUntil: undefined,
  raise: undefined,
  startsMs: [],
};

/**
 * Adds a count to a window.
 *
 * Only counts that can still become the maximum are kept (a monotonic queue; D. Lemire, "Streaming maximum-minimum filter", 2006),
 * so a window is short however often it is asked.
 */
export function addWanted(window: readonly Wanted[], wanted: Wanted, windowMs: number): readonly Wanted[] {
  const present = window.filter(
    ({ at, count }) => at > wanted.at - windowMs && at <= wanted.at && count > wanted.count,
  );
  return [...present, wanted];
}

/** The largest count of a window. */
export function largestWanted(window: readonly Wanted[]): number | undefined {
  return window[0]?.count;
}

const mostPatience = 4;

/**
 * How long a count that was wanted keeps the count from falling: the window, longer after decreases that came too early, and at least
 * as long as instances take to start, up to four times the window. What takes long to come back is not let go for less.
 */
export function settlesMs(memory: AgentMemory, windowMs: number): number {
  return Math.max(memory.patience * windowMs, Math.min(startTimeOf(memory) ?? 0, mostPatience * windowMs));
}

/** The memory without times to come: after a clock was set back, no delay is longer than it would have been. */
export function untilNow(memory: ScalingMemory, now: number): ScalingMemory {
  const past = (at: number | undefined) => at && Math.min(at, now);
  const agents = Object.entries(memory.agents).map(([agent, known]) => {
    const { changedAt, loweredAt, failingSince, raise } = known;
    const times = { changedAt: past(changedAt), loweredAt: past(loweredAt), failingSince: past(failingSince) };
    return [agent, { ...known, ...times, raise: raise && { ...raise, at: Math.min(raise.at, now) } }] as const;
  });
  return { since: Math.min(memory.since, now), agents: Object.fromEntries(agents) };
}

/** The memory after decisions that were not applied: of these agents, what was observed stays, and what would have been done goes. */
export function withoutChanges(before: ScalingMemory, after: ScalingMemory, agents: readonly string[]): ScalingMemory {
  const kept = agents.flatMap((agent) => {
    const is = after.agents[agent];
    if (is === undefined) return [];
    const { changedAt, loweredAt, patience, raise } = before.agents[agent] ?? noAgentMemory;
    return [[agent, { ...is, changedAt, loweredAt, patience, raise }] as const];
  });
  return { ...after, agents: { ...after.agents, ...Object.fromEntries(kept) } };
}

/**
 * Learns from decreases that came too early. A raise within a window of one doubles the window, up to four times; a decrease that
 * lasted longer than a window halves it.
 */
export function learnPatience(memory: AgentMemory, action: "up" | "down", windowMs: number, now: number): AgentMemory {
  const { loweredAt, patience } = memory;
  const lasted = loweredAt === undefined || now - loweredAt >= patience * windowMs;
  if (action === "up") {
    return lasted ? memory : { ...memory, loweredAt: undefined, patience: Math.min(mostPatience, 2 * patience) };
  }
  return {
    ...memory,
    loweredAt: now,
    patience: lasted && loweredAt !== undefined ? Math.max(1, patience / 2) : patience,
  };
}

const keptStarts = 20;

/** Learns how long instances take to start: from the raise until as many are up. */
export function learnStart(memory: AgentMemory, up: number, now: number): AgentMemory {
  const { raise } = memory;
  if (raise === undefined || up < raise.count) return memory;
  return { ...memory, raise: undefined, startsMs: [...memory.startsMs, now - raise.at].slice(-keptStarts) };
}

/** The time within which nine of ten raises were up, in milliseconds; undefined without history. */
export function startTimeOf({ startsMs }: AgentMemory): number | undefined {
  const sorted = startsMs.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(0.9 * sorted.length))];
}
