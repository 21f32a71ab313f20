import { createHash } from "node:crypto";
import { SwarmError } from "../../../errors.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Authenticator, TokenCheck } from "../../tokens.ts";

/** The owner of a projected token according to the control plane. */
export interface TokenOwner {
  readonly namespace: string;
  /** Undefined: the token is bound to no pod. */
  readonly pod: { readonly name: string; readonly uid: string } | undefined;
}

/** The part of a pod that its token refers to. */
export interface TokenPod {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Calls to the control plane. Both throw while it is unavailable. */
export interface PodTokenQuestions {
  /** Calls TokenReview; undefined: not a token, not for this audience, expired, or of a deleted pod. */
  review(token: string): Promise<TokenOwner | undefined>;
  pod(name: string): Promise<TokenPod | undefined>;
}

export interface PodTokenOptions extends PodTokenQuestions {
  /** Unique id of the cluster, as in claims. */
  readonly uid: string;
  readonly namespace: string;
  /** Label and value of all pods of the cluster. */
  readonly cluster: { readonly label: string; readonly value: string };
  /** Label of the agent of a pod, and agent keys by its values. */
  readonly agent: { readonly label: string; readonly keys: ReadonlyMap<string, string> };
  readonly clock: Clock;
}

export interface PodTokens {
  readonly authenticate: Authenticator;
  /** A pod is gone: drops its cached answers. */
  forget(pod: string): void;
}

/**
 * How long an answer is cached: the longest time that a token outlives an unreported pod, and that a control plane
 * may be unavailable.
 */
const believedMs = 60_000;
/** How long a refusal is cached: short for pods that become known, long enough to limit calls to the control plane. */
const refusedMs = 5_000;
const maxAnswers = 10_000;
const maxTokenLength = 8_192;

interface Answer {
  readonly check: Promise<TokenCheck>;
  untilMs: number;
  pod: string | undefined;
}

/**
 * Authenticates instances by the projected ServiceAccount tokens of their pods: TokenReview names the pod, its label
 * names the agent. Answers are cached for a minute; while the control plane is unavailable only cached tokens are
 * admitted.
 */
export function podTokens(options: PodTokenOptions): PodTokens {
  const { uid, namespace, cluster, agent, clock } = options;
  const answers = new Map<string, Answer>();

  async function ask(token: string): Promise<TokenCheck> {
    const owner = await options.review(token);
    if (owner === undefined) return { ok: false, problem: "not accepted by the control plane" };
    if (owner.pod === undefined) return { ok: false, problem: "of no pod" };
    const { name } = owner.pod;
    const isHere = owner.namespace === namespace;
    const pod = isHere ? await options.pod(name) : undefined;
    // The control plane may accept the token of a deleted pod for some seconds more.
    if (isHere && pod === undefined) return { ok: false, problem: "of a deleted pod" };
    const key = agent.keys.get(pod?.labels[agent.label] ?? "");
    const isOurs = pod?.uid === owner.pod.uid && pod.labels[cluster.label] === cluster.value && key !== undefined;
    const claims = { instance: name, agent: key ?? "", expiresAtMs: clock.now() + believedMs };
    // The audit records the owner, also of a foreign pod.
    return { ok: true, claims: { ...claims, cluster: isOurs ? uid : `${owner.namespace}/${name}` } };
  }

  function remember(key: string, token: string): Answer {
    if (answers.size >= maxAnswers)
      for (const [old, { untilMs }] of answers) if (untilMs <= clock.now()) answers.delete(old);
    const answer: Answer = { check: ask(token), untilMs: clock.now() + refusedMs, pod: undefined };
    answers.set(key, answer);
    answer.check.then(
      (check) => {
        if (!check.ok) return;
        answer.untilMs = clock.now() + believedMs;
        answer.pod = check.claims.instance;
      },
      // A failed call is not cached.
      () => answers.delete(key),
    );
    return answer;
  }

  return {
    async authenticate(authorization) {
      if (authorization === undefined || authorization === "") return { ok: false, problem: "missing" };
      const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
      if (token === undefined || token.length > maxTokenLength) return { ok: false, problem: "not a token" };
      const key = createHash("sha256").update(token).digest("base64");
      const known = answers.get(key);
      try {
        return await (known !== undefined && known.untilMs > clock.now() ? known : remember(key, token)).check;
      } catch (cause) {
        throw new SwarmError("SW704", "the token cannot be verified: the control plane does not answer", { cause });
      }
    },
    forget(pod) {
      // A pending answer may name this pod.
      for (const [key, answer] of answers) if (answer.pod === pod || answer.pod === undefined) answers.delete(key);
    },
  };
}
