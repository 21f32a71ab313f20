/**
 * The error catalogue: each user-facing error has a stable code, a family, an exit status of `swarmctl` and an HTTP status of
 * the control service.
 *
 * Blueprint diagnostics have separate codes (SW1xx to SW4xx, src/blueprint); this file starts at SW500.
 */

/** The five families of the command adapter, and `internal` for bugs in swarmstack. */
export type ErrorFamily = "validation" | "resource" | "network" | "state" | "timeout" | "internal";

interface CatalogueEntry {
  readonly family: ErrorFamily;
  readonly title: string;
  /** Why the error occurs, one sentence. */
  readonly cause: string;
  /** What resolves it, one sentence. */
  readonly remedy: string;
  /** Exit status of swarmctl: 1 failed, 4 busy (a retry may succeed), 130 interrupted. */
  readonly exit: 1 | 4 | 130;
  readonly http: number;
}

export const catalogue = {
  SW500: {
    family: "validation",
    title: "Blueprint is not valid",
    exit: 1,
    http: 422,
    cause: "The blueprint has one or more diagnostics (SW1xx to SW4xx).",
    remedy: "Correct the places that are listed; `swarmctl blueprint validate FILE` checks again.",
  },
  SW501: {
    family: "resource",
    title: "No Pulumi engine",
    exit: 1,
    http: 503,
    cause: "No usable Pulumi CLI is installed, none can be downloaded, and building one is switched off or failed.",
    remedy: "Install the Pulumi CLI, or Go for a build; `swarmctl doctor` shows each way and why it failed.",
  },
  SW502: {
    family: "resource",
    title: "Building the engine failed",
    exit: 1,
    http: 503,
    cause: "Go is missing, a Go module cannot be downloaded, or the compiler failed.",
    remedy: "Read the reason in the message, then check Go, `GOPROXY` and the space in `SWARM_CACHE`.",
  },
  SW503: {
    family: "resource",
    title: "No Node.js language host",
    exit: 1,
    http: 503,
    cause: "A bare `pulumi up` needs `pulumi-language-nodejs`, which no installed CLI has and which was not built.",
    remedy: "Install the official Pulumi CLI, or use `swarmctl pulumi`, which builds the language host.",
  },
  SW504: {
    family: "timeout",
    title: "Another process is still building the engine",
    exit: 4,
    http: 503,
    cause: "A process that runs on this machine holds the build lock of the engine.",
    remedy: "Wait for that process or end it (its id is in the message), then repeat the command.",
  },
  SW505: {
    family: "resource",
    title: "No provider plugin for the target",
    exit: 1,
    http: 503,
    cause: "The engine has no plugin for the target and cannot download one.",
    remedy: "`pulumi plugin install resource NAME VERSION`, or run once on a machine with a network.",
  },
  SW506: {
    family: "resource",
    title: "Package for the target is not installed",
    exit: 1,
    http: 503,
    cause: "The SDK of the target is an optional peer dependency and is not in the project.",
    remedy: "Run the `npm install` command of the message.",
  },
  SW507: {
    family: "resource",
    title: "Node.js is too old",
    exit: 1,
    http: 503,
    cause: "The Node.js that runs `swarmctl` is older than 22.19.",
    remedy: "Install a newer Node.js, or `npm install node@24` in the project.",
  },
  SW508: {
    family: "validation",
    title: "Pulumi.yaml does not name the swarmstack plugin",
    exit: 1,
    http: 422,
    cause: "`plugins.providers` in the project's `Pulumi.yaml` lacks the plugin.",
    remedy: "`swarmctl init --pulumi` writes the lines.",
  },
  SW509: {
    family: "validation",
    title: "Folder of the environment cannot be used",
    exit: 1,
    http: 422,
    cause:
      "A folder that the environment names is missing, not writable, full or no absolute path, or the working folder was deleted.",
    remedy: "Set the variable of the message to a folder that this user can write; `swarmctl doctor` checks them all.",
  },
  SW510: {
    family: "resource",
    title: "Standard output cannot be written",
    exit: 1,
    http: 503,
    cause: "The device or file behind standard output is full, or failed.",
    remedy: "Make room there, or send the output elsewhere; a command that changes something has ended all the same.",
  },
  SW511: {
    family: "validation",
    title: "Passphrase is empty",
    exit: 1,
    http: 422,
    cause: "`PULUMI_CONFIG_PASSPHRASE` is empty, or its file is empty, missing or no regular file.",
    remedy: "Set it to the passphrase, or unset it: a folder backend keeps one of its own.",
  },
  SW512: {
    family: "validation",
    title: "Files of another user",
    exit: 1,
    http: 422,
    cause:
      "`SWARM_HOME` belongs to another user, or the group or others can write to it; or others can read or write the passphrase that is kept beside the states.",
    remedy:
      "Run the command of the message, or set `SWARM_HOME` to a folder of your own; `swarmctl doctor` shows it too.",
  },
  SW513: {
    family: "resource",
    title: "Engine mirror is not usable",
    exit: 1,
    http: 503,
    cause:
      "The archive of `SWARM_ENGINE_URL` cannot be downloaded, has another hash than `SWARM_ENGINE_SHA256`, or holds no usable engine.",
    remedy: "Correct the address or the hash, or unset `SWARM_ENGINE_URL`: then another engine is looked for.",
  },
  SW601: {
    family: "state",
    title: "Cluster is locked by another operation",
    exit: 4,
    http: 409,
    cause: "Another operation or process holds the cluster's lease or the stack's lock.",
    remedy: "Wait with `--wait 5m`, or follow it: `swarmctl ops follow ID`.",
  },
  SW602: {
    family: "validation",
    title: "Passphrase is wrong or missing",
    exit: 1,
    http: 422,
    cause: "The secrets in the state are encrypted with another passphrase, or none is set.",
    remedy: "Set `PULUMI_CONFIG_PASSPHRASE` or `PULUMI_CONFIG_PASSPHRASE_FILE` to the one that encrypted the stack.",
  },
  SW603: {
    family: "resource",
    title: "State backend is not usable",
    exit: 1,
    http: 503,
    cause: "The state backend or the store cannot be opened, or a newer version wrote it.",
    remedy: "Check `SWARM_BACKEND`, `DATABASE_URL`, credentials and free space.",
  },
  SW604: {
    family: "resource",
    title: "Update failed",
    exit: 1,
    http: 500,
    cause: "The engine or a step reported a failure; the resources that were applied are recorded.",
    remedy: "Correct what the message names, then `swarmctl ops resume ID` or `swarmctl ops rollback ID`.",
  },
  SW605: {
    family: "state",
    title: "No such cluster",
    exit: 1,
    http: 404,
    cause: "No cluster of this name is in the store of this home folder and backend.",
    remedy: "`swarmctl status` lists the clusters; check `SWARM_HOME`, `SWARM_BACKEND` and `DATABASE_URL`.",
  },
  SW606: {
    family: "state",
    title: "Operation was interrupted",
    exit: 130,
    http: 409,
    cause: "A signal or a lost process stopped the operation; completed steps are recorded.",
    remedy: "`swarmctl ops resume ID` continues, `swarmctl ops rollback ID` restores the state before.",
  },
  SW607: {
    family: "state",
    title: "Stack runs another blueprint",
    exit: 1,
    http: 409,
    cause: "The stack was created from a blueprint with another id, or the file is older than the applied one.",
    remedy: "Choose another name with `--cluster`, or apply this file on purpose with `--take`.",
  },
  SW608: {
    family: "validation",
    title: "Desired state is not possible",
    exit: 1,
    http: 422,
    cause: "The requested value lies outside what the blueprint, the plan or the target allows.",
    remedy: "Change the value to one in the limits of the message.",
  },
  SW609: {
    family: "validation",
    title: "Shared backend lacks a required setting",
    exit: 1,
    http: 422,
    cause: "A shared state backend needs a shared journal and a passphrase that all its users have.",
    remedy: "Set `DATABASE_URL` and `PULUMI_CONFIG_PASSPHRASE`.",
  },
  SW610: {
    family: "state",
    title: "Cluster runs on another target or context",
    exit: 1,
    http: 409,
    cause: "The target, context or address differs from the one that is recorded for the cluster.",
    remedy: "Omit `--target`, or `--take` for a new address of the same place; `swarmctl migrate` moves a cluster.",
  },
  SW611: {
    family: "validation",
    title: "Kubeconfig does not reach a control plane",
    exit: 1,
    http: 422,
    cause: "The kubeconfig is missing or not valid, or the context or its cluster is not in it.",
    remedy:
      "Set `KUBECONFIG`, or name a context of the kubeconfig with `--context`; to a provider pass its content or its path.",
  },
  SW612: {
    family: "network",
    title: "Control plane does not respond",
    exit: 1,
    http: 502,
    cause: "The Kubernetes API server is down, unreachable, or rejects the credentials.",
    remedy: "Check the connection with `kubectl version`, then repeat the command.",
  },
  SW613: {
    family: "validation",
    title: "No such Docker daemon",
    exit: 1,
    http: 422,
    cause: "`DOCKER_HOST` or the context names no address of a daemon.",
    remedy: "`docker context ls` shows the contexts; `DOCKER_HOST` takes a URL such as `unix:///run/docker.sock`.",
  },
  SW614: {
    family: "network",
    title: "Docker daemon does not respond",
    exit: 1,
    http: 502,
    cause: "The Docker daemon is down, or its socket is not accessible.",
    remedy: "Start the daemon, or select another with `DOCKER_HOST` or `--context`.",
  },
  SW615: {
    family: "resource",
    title: "Image is missing on the Docker host",
    exit: 1,
    http: 503,
    cause: "The built-in images are built for each daemon; no registry has them.",
    remedy: "`swarmctl images build`, with `--context` for another daemon.",
  },
  SW616: {
    family: "resource",
    title: "Image cannot be built",
    exit: 1,
    http: 503,
    cause: "A file or package that the image consists of is missing on this machine.",
    remedy: "Build on Linux, install what the message names, then repeat `swarmctl images build`.",
  },
  SW617: {
    family: "validation",
    title: "Control plane lacks a kind",
    exit: 1,
    http: 422,
    cause:
      "The blueprint uses Karpenter, KEDA or Cilium, and the control plane does not have the CRDs of that project.",
    remedy: "Install the project that the message names, or change the key of the blueprint that asks for it.",
  },
  SW618: {
    family: "timeout",
    title: "Custom resource is not Ready",
    exit: 1,
    http: 504,
    cause: "The kind is defined, and its controller (Karpenter, KEDA) does not run or does not accept the resource.",
    remedy: "Start or correct the controller; the `kubectl` command of the message shows its output.",
  },
  SW620: {
    family: "state",
    title: "Not allowed in the cluster's state",
    exit: 1,
    http: 409,
    cause: "The state table of the cluster does not allow the request now.",
    remedy: "Make one of the requests that the message lists; `swarmctl ops list` shows an open operation.",
  },
  SW621: {
    family: "state",
    title: "Cluster has an unfinished operation",
    exit: 1,
    http: 409,
    cause: "An operation of several steps is open and owns the stack.",
    remedy: "`swarmctl ops resume ID` completes it, `swarmctl ops rollback ID` reverts it.",
  },
  SW622: {
    family: "validation",
    title: "No such operation",
    exit: 1,
    http: 404,
    cause: "The journal has no operation of this id.",
    remedy: "`swarmctl ops list` shows the ids.",
  },
  SW623: {
    family: "state",
    title: "Operation was rolled back",
    exit: 1,
    http: 409,
    cause: "A step failed and the operation restored the state before it.",
    remedy: "Correct the reason in the message and repeat the request.",
  },
  SW624: {
    family: "state",
    title: "Cluster was migrated to another stack",
    exit: 1,
    http: 410,
    cause: "The stack is the tombstone of a cluster that was migrated.",
    remedy: "Use the cluster by its name; the message has the stack that is active now.",
  },
  SW625: {
    family: "state",
    title: "Cluster cannot be migrated",
    exit: 1,
    http: 409,
    cause: "The destination is the present one, its format differs, or some agents do not speak the agent API.",
    remedy: "Follow the hint of the message; `--dry-run` checks again without a change.",
  },
  SW626: {
    family: "state",
    title: "Cluster was migrated recently",
    exit: 1,
    http: 409,
    cause: "The cool-down after the previous migration has not ended.",
    remedy: "Wait, or set `--cool-down 0s`.",
  },
  SW627: {
    family: "state",
    title: "Cluster is not an environment",
    exit: 1,
    http: 409,
    cause: "`env` commands work only on clusters that `env up` created.",
    remedy: "Choose another `--cluster`, or use `swarmctl up` and `swarmctl down` for the cluster.",
  },
  SW628: {
    family: "state",
    title: "Cluster belongs to a Pulumi program",
    exit: 1,
    http: 409,
    cause: "The cluster is a component of a Pulumi program, which alone may change it.",
    remedy: "Change the program and run `pulumi up`.",
  },
  SW630: {
    family: "state",
    title: "State of the cluster cannot be read",
    exit: 1,
    http: 409,
    cause: "The file of the state is empty, cut off or damaged, or a newer engine wrote it.",
    remedy: "Put back the copy that the message names, or use the engine that wrote it.",
  },
  SW640: {
    family: "resource",
    title: "Instances have not started",
    exit: 1,
    http: 500,
    cause:
      "Instances ended within their start period, again and again, or did not register with the agent API in time.",
    remedy: "Correct what their last lines name, or set a longer `start_period`, then run `swarmctl up` again.",
  },
  SW641: {
    family: "validation",
    title: "Inputs of the blueprint are missing",
    exit: 1,
    http: 422,
    cause: "A secret has no value, or a file or folder that the blueprint names cannot be read; nothing was changed.",
    remedy: "Set the variables and create the files at the places of the message, then repeat the command.",
  },
  SW650: {
    family: "validation",
    title: "No autoscaler for this orchestrator yet",
    exit: 1,
    http: 422,
    cause: "The orchestrator is one that the original product supports and this one does not yet.",
    remedy: "Choose one of those that the message names.",
  },
  SW651: {
    family: "validation",
    title: "Not a trace of decisions",
    exit: 1,
    http: 400,
    cause: "A line of the file is not a decision as `swarmctl autoscale why CLUSTER --trace` prints it.",
    remedy: "Record the trace again, with the version of swarmstack that replays it or an older one.",
  },
  SW652: {
    family: "state",
    title: "Nothing of the cluster is scaled by swarmstack",
    exit: 1,
    http: 409,
    cause: "Its agents have a fixed count, or an autoscaler of Kubernetes writes their counts.",
    remedy: "Give an agent a range as its count, and `owner: swarmstack` in `scaling`.",
  },
  SW701: {
    family: "resource",
    title: "Supervisor does not start",
    exit: 1,
    http: 503,
    cause: "The supervisor of a local cluster failed while it started, or its folder is incomplete.",
    remedy: "Read the log that the message names, then `swarmctl up` again.",
  },
  SW702: {
    family: "resource",
    title: "Port is in use",
    exit: 1,
    http: 503,
    cause: "`SWARM_API_PORT` is in use or is not a port number.",
    remedy: "Set it to a free port, or unset it.",
  },
  SW703: {
    family: "state",
    title: "Owned by another cluster",
    exit: 1,
    http: 409,
    cause: "An object of this name exists and another stack or tool owns it.",
    remedy: "Remove it where it was declared, or choose another name.",
  },
  SW704: {
    family: "network",
    title: "Supervisor does not respond",
    exit: 1,
    http: 502,
    cause: "The supervisor or agent server is down, starting or unreachable.",
    remedy: "`swarmctl plan` shows the drift, `swarmctl up` repairs it.",
  },
  SW705: {
    family: "validation",
    title: "No such agent or instance",
    exit: 1,
    http: 404,
    cause: "No agent, instance, log or path of this name exists in the cluster.",
    remedy: "`swarmctl agents` lists the instances.",
  },
  SW706: {
    family: "state",
    title: "Cluster runs on another host",
    exit: 1,
    http: 409,
    cause: "The processes of a local cluster run on the host that started them.",
    remedy: "Run the command on the host of the message.",
  },
  SW707: {
    family: "validation",
    title: "Token is missing or not valid",
    exit: 1,
    http: 401,
    cause: "The request has no token, or an expired or foreign one.",
    remedy: "Read `SWARM_TOKEN_FILE` again; it is renewed before it expires.",
  },
  SW708: {
    family: "state",
    title: "Token does not permit this request",
    exit: 1,
    http: 403,
    cause: "The token belongs to another instance or to no instance of this cluster.",
    remedy: "Use the token of the instance that makes the call.",
  },
  SW709: {
    family: "state",
    title: "Instance was replaced",
    exit: 1,
    http: 409,
    cause: "The instance registered again, which started a new epoch.",
    remedy: "End the process of the old epoch.",
  },
  SW710: {
    family: "state",
    title: "Value was changed concurrently",
    exit: 4,
    http: 409,
    cause: "Another writer changed the value, or used the idempotency key, since it was read.",
    remedy: "Read the value again and repeat the change.",
  },
  SW711: {
    family: "validation",
    title: "Request is too large",
    exit: 1,
    http: 413,
    cause: "A body, chunk, value or the number of keys exceeds the limit of the agent API.",
    remedy: "Send less; the limit is in the message.",
  },
  SW712: {
    family: "resource",
    title: "Too many requests",
    exit: 4,
    http: 429,
    cause: "The instance has more calls open than the agent API allows.",
    remedy: "Wait for open calls, then repeat.",
  },
  SW713: {
    family: "state",
    title: "Checkpoint is incomplete or corrupt",
    exit: 1,
    http: 409,
    cause: "A chunk or state is missing or its hash differs from the recorded one.",
    remedy: "Keep the archive and `swarmctl ops rollback ID`; a checkpoint that is incomplete is never restored.",
  },
  SW714: {
    family: "state",
    title: "Task lease was lost",
    exit: 1,
    http: 409,
    cause: "The lease of the task ended, or the task was cancelled.",
    remedy: "Drop the result; the task has another holder or none.",
  },
  SW715: {
    family: "validation",
    title: "No such task",
    exit: 1,
    http: 404,
    cause: "No task of this id is in the queue.",
    remedy: "`swarmctl task list` shows the ids.",
  },
  SW716: {
    family: "state",
    title: "Cluster is being migrated",
    exit: 4,
    http: 503,
    cause: "The write fence is closed while the cluster migrates.",
    remedy: "Repeat the call; `swarmctl ops list` shows the migration.",
  },
  SW717: {
    family: "validation",
    title: "No agent takes such a task",
    exit: 1,
    http: 422,
    cause: "The cluster has no agent with this key, role or capability, so the task would wait indefinitely.",
    remedy: "Correct the name; `--allow-unknown` adds the task for an agent that comes later.",
  },
  SW718: {
    family: "state",
    title: "Count was not applied",
    exit: 4,
    http: 409,
    cause:
      "The count of an autoscaler was decided for another desired state, or the cluster is in the middle of an operation.",
    remedy: "Nothing is to be done: the next decision uses the current desired state.",
  },
  SW720: {
    family: "state",
    title: "Saved state is frozen",
    exit: 1,
    http: 409,
    cause:
      "The instance is on hold, or has drained: its saved state was verified, and must not change until it is resumed.",
    remedy: "Nothing is lost: the instance keeps its state, and saves again when `hold` ends.",
  },
  SW732: {
    family: "validation",
    title: "Kubernetes provider is not configured",
    exit: 1,
    http: 422,
    cause: "The engine asked the provider for a resource before it configured it.",
    remedy: "Update swarmstack, and report it as a bug if it stays.",
  },
  SW733: {
    family: "validation",
    title: "Not supported by the offline Kubernetes plugin",
    exit: 1,
    http: 422,
    cause: "The offline kubernetes plugin implements only the kinds and options that it documents.",
    remedy: "Install the official `kubernetes` plugin.",
  },
  SW734: {
    family: "validation",
    title: "Annotation is not valid",
    exit: 1,
    http: 422,
    cause: "The value of a `pulumi.com/` annotation has an unknown form.",
    remedy: "Correct the annotation as the message describes.",
  },
  SW736: {
    family: "resource",
    title: "Kubernetes rejected a change",
    exit: 1,
    http: 500,
    cause: "The API server rejected an object.",
    remedy: "Correct the field or permission that the message names.",
  },
  SW737: {
    family: "validation",
    title: "Not supported by the offline Docker plugin",
    exit: 1,
    http: 422,
    cause: "The offline docker plugin implements only the types and options that it documents.",
    remedy: "Install the official `docker` plugin.",
  },
  SW738: {
    family: "resource",
    title: "Docker rejected a change",
    exit: 1,
    http: 500,
    cause: "The Docker daemon rejected a request, or a container or build failed.",
    remedy: "Correct what the message names; the last lines of the log are in it.",
  },
  SW740: {
    family: "validation",
    title: "Spawn configuration is not valid",
    exit: 1,
    http: 422,
    cause: "A field of the spawn configuration is outside of its range.",
    remedy: "Use a value of the range that the message names.",
  },
  SW741: {
    family: "validation",
    title: "Node is not valid",
    exit: 1,
    http: 422,
    cause: "The type of a node is not registered, or its type does not have these settings.",
    remedy: "Use a registered type, and only settings that it has.",
  },
  SW742: {
    family: "state",
    title: "Spawn refused",
    exit: 1,
    http: 409,
    cause: "The limit of spawned nodes, the cool-down or the depth of clones does not allow another node.",
    remedy: "Wait for the cool-down, despawn a node, or raise the limit.",
  },
  SW801: {
    family: "validation",
    title: "Command line is not valid",
    exit: 1,
    http: 400,
    cause: "A command, option or argument is unknown or has a wrong form.",
    remedy: "`swarmctl COMMAND --help` shows the usage.",
  },
  SW802: {
    family: "validation",
    title: "File cannot be read",
    exit: 1,
    http: 400,
    cause: "The file or folder is missing, not readable or changed since it was declared.",
    remedy: "Check the path and its permissions.",
  },
  SW900: {
    family: "internal",
    title: "Bug in swarmstack",
    exit: 1,
    http: 500,
    cause: "Swarmstack reached a state that it should not.",
    remedy: "Report it with the output of `swarmctl doctor` and the stack trace.",
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** Codes of earlier versions, with the one that is used instead. They are never given to another error. */
export const retiredCodes: Readonly<Record<string, ErrorCode>> = { SW731: "SW611", SW735: "SW612" };

export interface ErrorDetails {
  /** Commands or short instructions, one per line. */
  readonly hints?: readonly string[];
  /** Values of the message, for `--json` and the service. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** A user-facing error, printed without a stack; any other thrown value is a bug in swarmstack. */
export class SwarmError extends Error {
  override readonly name = "SwarmError";
  readonly code: ErrorCode;
  readonly hints: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hints = details.hints ?? [];
    this.values = details.values ?? {};
  }

  get family(): ErrorFamily {
    return catalogue[this.code].family;
  }

  get exitStatus(): number {
    return catalogue[this.code].exit;
  }

  toJSON(): SerializedError {
    return { code: this.code, family: this.family, message: this.message, hints: this.hints, values: this.values };
  }
}

/** The same error, marked as thrown before anything was changed: the request is refused, and the cluster stays as it was. */
export function untouched(error: SwarmError): SwarmError {
  const { code, message, hints, values, cause } = error;
  return new SwarmError(code, message, { hints, values: { ...values, untouched: true }, cause });
}

/** A SwarmError as JSON, printed by `--json` and passed between processes. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly family: ErrorFamily;
  readonly message: string;
  readonly hints: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** Converts a thrown value to a SwarmError: an abort becomes SW606, a deleted working folder SW509, an unknown error SW900 with the original as its cause. */
export function toSwarmError(thrown: unknown): SwarmError {
  if (thrown instanceof SwarmError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof Error && thrown.name === "AbortError") {
    return new SwarmError("SW606", "interrupted before completion", { cause: thrown });
  }
  if (thrown instanceof Error && "syscall" in thrown && thrown.syscall === "uv_cwd") {
    return new SwarmError("SW509", "the working folder of this command was deleted", {
      hints: ["change to an existing folder, or use absolute paths"],
      cause: thrown,
    });
  }
  return new SwarmError("SW900", message, { cause: thrown });
}

/** Restores a SwarmError from its JSON form. @param cause as it was before it was serialized, where that is known */
export function fromSerialized({ code, message, hints, values }: SerializedError, cause?: unknown): SwarmError {
  return new SwarmError(code, message, { hints, values, cause });
}
