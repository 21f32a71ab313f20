import type { AgentObservation, LiveInstances } from "../observation.ts";
import { checked, describeSignal, type Signal } from "../signal.ts";
import { type Clamped, clampTo } from "./clamps.ts";
import type { AgentScaling, ScalingRules } from "./config.ts";
import type { Clamp, Proposal } from "./decision.ts";
import { type AgentMemory, addWanted, largestWanted, learnStart, settlesMs } from "./memory.ts";
import { propose } from "./propose.ts";

/** What an agent's own signals and rules want, before the limits of the cluster. */
export interface OwnDecision {
  readonly memory: AgentMemory;
  readonly proposals: readonly Proposal[];
  readonly wanted: Clamped;
  /** Why the signals want their count. */
  readonly cause: Clamp;
}

interface Opinion {
  readonly count: number;
  readonly cause: Clamp;
}

interface Moment {
  readonly now: number;
  /** When the memory of the cluster began. */
  readonly since: number;
}

/** Decides for one agent by its own signals. Up at once; down after the window, the cool-down and any burst. */
export function decideAgent(
  { agent, min, max }: AgentScaling,
  rules: ScalingRules,
  live: LiveInstances,
  observed: AgentObservation,
  before: AgentMemory,
  moment: Moment,
): OwnDecision {
  const { now } = moment;
  const learned = learnStart(before, live.idle + live.busy, now);
  const proposals = propose(rules, live, observed);
  const failingSince = isAllUnknown(proposals) ? (learned.failingSince ?? now) : undefined;
  const { count, cause } = startFirst(
    wantedBy(rules, live, proposals, failingSince, now),
    live,
    checked(observed.waiting),
  );
  const inRange = toRange({ count, clamps: [] }, { agent, min, max });
  const window = addWanted(learned.window, { at: now, count: inRange.count }, settlesMs(learned, rules.windowMs));
  const isBurst = inRange.count > live.desired && inRange.count >= rules.panicFactor * Math.max(1, live.desired);
  const panicMs = isBurst ? rules.windowMs : Math.min(rules.windowMs, (learned.panicUntil ?? now) - now);
  const panicUntil = panicMs > 0 ? now + panicMs : undefined;
  const memory = { ...learned, window, failingSince, panicUntil };
  const wanted = limitFall(limitStep(inRange, rules, live), rules, live, memory, moment);
  return { memory, proposals, wanted, cause };
}

/** From none, a waiting task starts the first instance, whatever the thresholds and other signals say. */
function startFirst(given: Opinion, { desired }: LiveInstances, waiting: Signal): Opinion {
  if (desired > 0 || given.count > 1 || waiting.kind === "unknown" || waiting.value === 0) return given;
  const wait = `${describeSignal(waiting)} ${waiting.value === 1 ? "task waits" : "tasks wait"}`;
  return { count: 1, cause: { code: "demand", reason: `${wait} and no instance runs: the first one starts` } };
}

function isAllUnknown(proposals: readonly Proposal[]): boolean {
  return proposals.every(({ value }) => value.kind === "unknown");
}

/** The largest count that a signal wants; an unknown or stale signal never lowers. */
function wantedBy(
  rules: ScalingRules,
  { desired }: LiveInstances,
  proposals: readonly Proposal[],
  failingSince: number | undefined,
  now: number,
): Opinion {
  const unsure = proposals.filter(({ value }) => value.kind !== "value");
  if (failingSince !== undefined) {
    const values = unsure.map(({ signal, value }) => `${signal} is ${describeSignal(value)}`).join(", ");
    if (now - failingSince < rules.failForMs || rules.fallback === undefined) {
      return { count: desired, cause: { code: "unknown-signal", reason: `${values}: ${desired} stay` } };
    }
    const count = Math.max(desired, rules.fallback);
    const reason = `${values} for ${seconds(now - failingSince)}: the fallback is ${rules.fallback}`;
    return { count, cause: { code: "fallback", reason } };
  }
  const opinions = proposals.filter((proposal) => proposal.wants !== undefined);
  const largest = opinions.toSorted((a, b) => (b.wants ?? 0) - (a.wants ?? 0))[0];
  const wants = largest?.wants ?? desired;
  if (unsure.length > 0 && wants < desired) {
    const values = unsure.map(({ signal, value }) => `${signal} is ${describeSignal(value)}`).join(", ");
    return {
      count: desired,
      cause: { code: "unknown-signal", reason: `${values}: ${desired} do not become ${wants}` },
    };
  }
  const said =
    largest === undefined ? "no signal wants a change" : `${largest.signal} is ${describeSignal(largest.value)}`;
  if (wants === desired) return { count: desired, cause: { code: "steady", reason: `${said}: ${desired} are right` } };
  const exact = largest?.exact ?? wants;
  const isSmall = desired > 0 && wants > 0 && Math.abs(exact - desired) <= rules.tolerance * desired;
  if (isSmall) {
    const reason = `${said}: ${wants} instead of ${desired} is within the tolerance of ${Math.round(100 * rules.tolerance)} %`;
    return { count: desired, cause: { code: "tolerance", reason } };
  }
  return { count: wants, cause: { code: "demand", reason: `${said}: ${wants} are wanted` } };
}

function toRange(given: Clamped, { agent, min, max }: Pick<AgentScaling, "agent" | "min" | "max">): Clamped {
  const capped = clampTo(given, Math.min(given.count, max), "at-max", `${agent} has at most ${max}`);
  return clampTo(capped, Math.max(capped.count, min), "at-min", `${agent} has at least ${min}`);
}

function limitStep(given: Clamped, { maxStep }: ScalingRules, { desired }: LiveInstances): Clamped {
  if (maxStep === undefined) return given;
  const count = Math.min(desired + maxStep, Math.max(desired - maxStep, given.count));
  return clampTo(given, count, "max-step", `one decision changes at most ${maxStep}`);
}

/** All that delays or forbids a decrease; a raise passes. */
function limitFall(
  given: Clamped,
  rules: ScalingRules,
  { desired, busy }: LiveInstances,
  memory: AgentMemory,
  { now, since }: Moment,
): Clamped {
  if (given.count >= desired) return given;
  const { window, changedAt, panicUntil } = memory;
  const { cooldownMs, windowMs } = rules;
  // What was wanted or changed before the memory began is not known.
  const watchesMs = Math.max(windowMs, cooldownMs);
  if (now - since < watchesMs) {
    const reason = `the autoscaler has watched for ${seconds(now - since)} of ${seconds(watchesMs)}`;
    return clampTo(given, desired, "restarted", reason);
  }
  if (panicUntil !== undefined && now < panicUntil) {
    return clampTo(given, desired, "panic", `a burst: no decrease for another ${seconds(panicUntil - now)}`);
  }
  if (changedAt !== undefined && now - changedAt < cooldownMs) {
    const left = seconds(cooldownMs - (now - changedAt));
    return clampTo(given, desired, "cooldown", `the cool-down of ${seconds(cooldownMs)} has ${left} left`);
  }
  const held = Math.min(desired, Math.max(given.count, largestWanted(window) ?? desired));
  const inWindow = clampTo(
    given,
    held,
    "window",
    `${held} were wanted within the last ${seconds(settlesMs(memory, windowMs))}`,
  );
  const kept = Math.min(desired, Math.max(inWindow.count, busy));
  return clampTo(inWindow, kept, "busy", `${busy} hold a task`);
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}
