import { SwarmError } from "../errors.ts";
import { hintsFor } from "../plan/required-apis.ts";
import type { StateBackend } from "./backend.ts";
import { explainBackend } from "./backend-failures.ts";
import type { EngineRunEvent } from "./events.ts";
import { notReady } from "./not-ready.ts";

/** A failed engine run: the engine's output and the error messages it sent. */
export interface EngineFailure {
  /** Undefined if all stacks were listed. */
  readonly stack: string | undefined;
  /** Names the files of the state in the error. */
  readonly backend?: StateBackend | undefined;
  readonly kind: string;
  readonly text: string;
  readonly messages: readonly Extract<EngineRunEvent, { type: "message" }>[];
  readonly aborted: boolean;
}

interface Pattern {
  readonly match: RegExp;
  readonly make: (failure: EngineFailure, found: RegExpExecArray) => SwarmError;
}

/** The plugin's message about a pool whose instances do not start (src/drivers/process/pool-calls.ts), up to the next such pool. */
const notStarted = /agent \S+: \d+ of \d+ instances have started after \d+ s(?:\n.*)*/;

/** The engine has no error codes, so its messages are matched, most specific first. */
const patterns: readonly Pattern[] = [
  {
    match: notStarted,
    make: ({ messages, text, stack }) => {
      const told = [...messages.map((message) => message.text), text].flatMap((one) => notStarted.exec(one)?.[0] ?? []);
      return new SwarmError("SW640", [...new Set(told.map((one) => one.trimEnd()))].join("\n"), {
        hints: [`swarmctl agents ${stack}`, "correct what their last lines name, then run it again: swarmctl up"],
      });
    },
  },
  {
    match: /(incorrect passphrase|passphrase must be set|message authentication failed)/,
    make: ({ stack }) =>
      new SwarmError("SW602", `the passphrase does not open the state of cluster ${stack}`, {
        hints: ["set PULUMI_CONFIG_PASSPHRASE_FILE (or PULUMI_CONFIG_PASSPHRASE) to the passphrase that encrypted it"],
      }),
  },
  {
    match:
      /(?:no resource plugin|could not (?:find|download) plugin|failed to (?:install|load) plugin|resource plugin) '?(?:pulumi-resource-)?(kubernetes|docker|aws)/,
    make: (_failure, [, plugin = ""]) =>
      new SwarmError("SW505", `the ${plugin} plugin of the engine is not installed and cannot be downloaded here`, {
        hints: [`on a machine with a network: pulumi plugin install resource ${plugin}`, "or choose another --target"],
        values: { plugin },
      }),
  },
  {
    match: /no stack named '([^']+)' found/,
    make: ({ stack }) =>
      new SwarmError("SW605", `there is no cluster ${stack}`, { hints: ["swarmctl status lists them"] }),
  },
  {
    match: /this stack runs blueprint .*?(?=;|$)/m,
    make: (_failure, [message]) =>
      new SwarmError("SW607", message, {
        hints: ["use the file that it runs, or replace it with --take"],
      }),
  },
  {
    match: /this cluster runs on .*?(?=;|$)/m,
    make: (_failure, [message]) =>
      new SwarmError("SW610", message, {
        hints: [
          "leave --target out to update it where it is; for a control plane with a new address: --take",
          "or move it, with the state of its agents: swarmctl migrate",
        ],
      }),
  },
  {
    match: /this cluster is in the middle of operation (\S+) [^;\n]*/,
    make: (_failure, [message, operation = ""]) =>
      new SwarmError("SW621", message, {
        hints: [`finish it: swarmctl ops resume ${operation}`, `or roll it back: swarmctl ops rollback ${operation}`],
        values: { operation },
      }),
  },
  {
    match:
      /(?:there is no kubeconfig|the kubeconfig has no|context \S+ names the cluster|\S+ is not a kubeconfig|failed to parse kubeconfig|kubeconfig \S+ cannot be read)[^\n]*/,
    make: (_failure, [message]) =>
      new SwarmError("SW611", message, {
        hints: ["let KUBECONFIG name the right file, or cluster.target.context the context"],
      }),
  },
  {
    match:
      /(?:the control plane \S+ does not answer|configured Kubernetes cluster is unreachable|failed to read resource state due to unreachable cluster)[^\n]*/,
    make: (_failure, [message]) =>
      new SwarmError("SW612", message, {
        hints: ["what had ended is recorded: run it again once kubectl get nodes answers"],
      }),
  },
  {
    match: /the control plane \S+ lacks the kind [^\n]*/,
    make: (_failure, [message]) => new SwarmError("SW617", message, { hints: hintsFor(message) }),
  },
  {
    match: /"[^"\n]*" fits on no node of pool [^\n]*/,
    make: (_failure, [message]) =>
      new SwarmError("SW608", message, { hints: ["lower the agent's resources, or add a larger node"] }),
  },
  {
    match: /(?:target_workers \(|the cluster's size \(|\S+ cannot have \d+ instances: ).*?(?=;|$)/m,
    make: (_failure, [message]) => new SwarmError("SW608", message),
  },
  {
    match: /this cluster's processes run on host [^\n]*/,
    make: (_failure, [message]) => new SwarmError("SW706", message, { hints: ["run the command there"] }),
  },
];

/** Converts the engine's failure to an error of the catalogue. */
export function explainFailure(failure: EngineFailure): SwarmError {
  const errors = failure.messages.filter((message) => message.severity === "error");
  const words = [...errors.map((message) => message.text), failure.text].join("\n");
  if (failure.aborted) {
    return new SwarmError(
      "SW606",
      `${failure.kind} of ${subjectOf(failure)} was interrupted; what had ended is recorded`,
      {
        hints: [`run it again to finish: swarmctl ${failure.kind === "destroy" ? "down" : "up"}`],
      },
    );
  }
  for (const { match, make } of patterns) {
    const found = match.exec(words);
    if (found !== null) return make(failure, found);
  }
  const ofState = explainBackend({
    ...{ stack: failure.stack, backend: failure.backend, text: words },
    isOfResource: errors.some(({ resource }) => resource !== undefined),
  });
  if (ofState !== undefined) return ofState;
  const unready = notReady(failure.messages);
  if (unready !== undefined) return unready;
  const reasons = errors.filter(({ text }) => !/^(update|preview|destroy) failed$/.test(text)).map(reasonOf);
  const first = reasons[0] ?? lastLines(failure.text);
  return new SwarmError("SW604", `${failure.kind} of ${subjectOf(failure)} failed: ${first}`, {
    hints: failure.kind === "up" ? ["completed steps and the desired state are recorded: run it again"] : [],
    values: { reasons: [...new Set(reasons)] },
  });
}

function subjectOf({ stack }: EngineFailure): string {
  return stack === undefined ? "the states of the backend" : `cluster ${stack}`;
}

function reasonOf(message: EngineFailure["messages"][number]): string {
  return message.resource === undefined ? message.text : `${message.resource.name}: ${message.text}`;
}

function lastLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !/^(code|stdout|stderr|err\?):/.test(line))
    .slice(-3)
    .join(" ");
}
