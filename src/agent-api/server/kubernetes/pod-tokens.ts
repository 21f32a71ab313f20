import { createHash } from "node:crypto";
import { SwarmError } from "../../../errors.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Authenticator, TokenCheck } from "../../tokens.ts";

/** Whom the control plane says a projected token belongs to. */
export interface TokenOwner {
  readonly namespace: string;
  /** Undefined: the token is bound to no pod. */
  readonly pod: { readonly name: string; readonly uid: string } | undefined;
}

/** A pod as far as its token is about it. */
export interface TokenPod {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the control plane is asked. Both throw where it cannot be. */
export interface PodTokenQuestions {
  /** By TokenReview; undefined: no token, not for our audience, expired, or of a pod that is gone. */
  review(token: string): Promise<TokenOwner | undefined>;
  pod(name: string): Promise<TokenPod | undefined>;
}

export interface PodTokenOptions extends PodTokenQuestions {
  /** Unique id of the cluster, as in claims. */
  readonly uid: string;
  readonly namespace: string;
  /** Label and value that all pods of the cluster have. */
  readonly cluster: { readonly label: string; readonly value: string };
  /** Label that says which agent a pod is of, and what its values mean. */
  readonly agent: { readonly label: string; readonly keys: ReadonlyMap<string, string> };
  readonly clock: Clock;
}

export interface PodTokens {
  readonly authenticate: Authenticator;
  /** A pod is gone: its tokens are not believed any more. */
  forget(pod: string): void;
}

/** How long an answer is believed: so long a token outlasts its pod where nobody tells of its end, and a control plane that is away. */
const believedMs = 60_000;
/** Who is refused may become known in a moment; who guesses shall not keep the control plane busy. */
const refusedMs = 5_000;
const maxAnswers = 10_000;
const maxTokenLength = 8_192;

interface Answer {
  readonly check: Promise<TokenCheck>;
  untilMs: number;
  pod: string | undefined;
}

/**
 * Knows instances by the projected ServiceAccount tokens of their pods: the control plane says whose a token is, the pod's labels say which
 * agent that is. Answers are kept for a minute; while the control plane is away only who has one is let in.
 */
export function podTokens(options: PodTokenOptions): PodTokens {
  const { uid, namespace, cluster, agent, clock } = options;
  const answers = new Map<string, Answer>();

  async function ask(token: string): Promise<TokenCheck> {
    const owner = await options.review(token);
    if (owner === undefined) return { ok: false, problem: "not accepted by the control plane" };
    if (owner.pod === undefined) return { ok: false, problem: "of no pod" };
    const { name } = owner.pod;
    const pod = owner.namespace === namespace ? await options.pod(name) : undefined;
    const key = agent.keys.get(pod?.labels[agent.label] ?? "");
    const isOurs = pod?.uid === owner.pod.uid && pod.labels[cluster.label] === cluster.value && key !== undefined;
    const claims = { instance: name, agent: key ?? "", expiresAtMs: clock.now() + believedMs };
    // Whose it is stands in the audit, also when it is none of ours.
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
      // What could not be asked is asked again.
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
        throw new SwarmError(
          "SW704",
          "Whose token this is cannot be found out now: the control plane does not answer.",
          { cause },
        );
      }
    },
    forget(pod) {
      for (const [key, answer] of answers) if (answer.pod === pod) answers.delete(key);
    },
  };
}
