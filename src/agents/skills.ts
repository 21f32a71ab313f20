import { setTimeout as delay } from "node:timers/promises";

/** Payload of a task of the reference agent. */
export interface Payload {
  readonly skill?: string;
  readonly text?: string;
  readonly numbers?: readonly number[];
  readonly ms?: number;
}

export interface SkillContext {
  readonly capabilities: readonly string[];
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
}

export type Skill = (payload: Payload, context: SkillContext) => unknown;

/** Skills of the reference agent: small and deterministic. */
const skills: Readonly<Record<string, Skill>> = {
  echo: (payload) => payload.text ?? "",
  "word-count": ({ text = "" }) => text.split(/\s+/).filter((word) => word !== "").length,
  sum: ({ numbers = [] }) => numbers.reduce((sum, number) => sum + number, 0),
  sleep: ({ ms = 0 }, { signal }) => delay(ms, ms, { signal }).catch(() => 0),
  fail: ({ text = "asked to" }) => {
    throw new Error(text);
  },
  draft: ({ text = "nothing" }, { capabilities }) =>
    `A draft about ${text}, by an agent for ${capabilities.length === 0 ? "everything" : capabilities.join(", ")}.`,
};

/** A payload with fields; a list, a number or null becomes its text. */
export function asPayload(payload: unknown): Payload {
  const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
  return isObject ? payload : { text: typeof payload === "string" ? payload : JSON.stringify(payload) };
}

/** The skill of a task; the default is `draft`. */
export function skillOf(payload: unknown): Skill {
  const name = typeof payload === "object" && payload !== null && "skill" in payload ? String(payload.skill) : "draft";
  const skill = Object.hasOwn(skills, name) ? skills[name] : undefined;
  return skill ?? noSkill(name);
}

function noSkill(name: string): Skill {
  return () => {
    throw new Error(`no skill "${name}"; there are: ${Object.keys(skills).join(", ")}`);
  };
}
