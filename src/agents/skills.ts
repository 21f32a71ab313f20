import { setTimeout as delay } from "node:timers/promises";

/** What a task of the reference agent asks for. */
export interface Payload {
  readonly skill?: string;
  readonly text?: string;
  readonly numbers?: readonly number[];
  readonly ms?: number;
}

export interface SkillContext {
  readonly capabilities: readonly string[];
  /** Aborted when there is no more time. */
  readonly signal: AbortSignal;
}

export type Skill = (payload: Payload, context: SkillContext) => unknown;

/** What the reference agent can do: small, and the same every time. */
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

/** What has no skill of its own is drafted. */
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
