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
  /** Exit status of swarmctl: 1 failed, 4 busy (a retry may succeed), 130 interrupted. */
  readonly exit: 1 | 4 | 130;
  readonly http: number;
}

export const catalogue = {
  SW500: { family: "validation", title: "Blueprint is not valid", exit: 1, http: 422 },
  SW501: { family: "resource", title: "No Pulumi engine", exit: 1, http: 503 },
  SW502: { family: "resource", title: "Building the engine failed", exit: 1, http: 503 },
  SW503: { family: "resource", title: "No Node.js language host", exit: 1, http: 503 },
  SW504: { family: "timeout", title: "Another process is still building the engine", exit: 4, http: 503 },
  SW505: { family: "resource", title: "No provider plugin for the target", exit: 1, http: 503 },
  SW506: { family: "resource", title: "Package for the target is not installed", exit: 1, http: 503 },
  SW507: { family: "resource", title: "Node.js is too old", exit: 1, http: 503 },
  SW508: { family: "validation", title: "Pulumi.yaml does not name the swarmstack plugin", exit: 1, http: 422 },
  SW601: { family: "state", title: "Cluster is locked by another operation", exit: 4, http: 409 },
  SW602: { family: "validation", title: "Passphrase is wrong or missing", exit: 1, http: 422 },
  SW603: { family: "resource", title: "State backend is not usable", exit: 1, http: 503 },
  SW604: { family: "resource", title: "Update failed", exit: 1, http: 500 },
  SW605: { family: "state", title: "No such cluster", exit: 1, http: 404 },
  SW606: { family: "state", title: "Operation was interrupted", exit: 130, http: 409 },
  SW607: { family: "state", title: "Stack runs another blueprint", exit: 1, http: 409 },
  SW608: { family: "validation", title: "Desired state is not possible", exit: 1, http: 422 },
  SW609: { family: "validation", title: "Shared backend lacks a required setting", exit: 1, http: 422 },
  SW610: { family: "state", title: "Cluster runs on another target or context", exit: 1, http: 409 },
  SW611: { family: "validation", title: "Kubeconfig does not reach a control plane", exit: 1, http: 422 },
  SW612: { family: "network", title: "Control plane does not respond", exit: 1, http: 502 },
  SW613: { family: "validation", title: "No such Docker daemon", exit: 1, http: 422 },
  SW614: { family: "network", title: "Docker daemon does not respond", exit: 1, http: 502 },
  SW615: { family: "resource", title: "Image is missing on the Docker host", exit: 1, http: 503 },
  SW616: { family: "resource", title: "Image cannot be built", exit: 1, http: 503 },
  SW620: { family: "state", title: "Not allowed in the cluster's state", exit: 1, http: 409 },
  SW621: { family: "state", title: "Cluster has an unfinished operation", exit: 1, http: 409 },
  SW622: { family: "validation", title: "No such operation", exit: 1, http: 404 },
  SW623: { family: "state", title: "Operation was rolled back", exit: 1, http: 409 },
  SW624: { family: "state", title: "Cluster was migrated to another stack", exit: 1, http: 410 },
  SW625: { family: "state", title: "Cluster cannot be migrated", exit: 1, http: 409 },
  SW626: { family: "state", title: "Cluster was migrated recently", exit: 1, http: 409 },
  SW627: { family: "state", title: "Cluster is not an environment", exit: 1, http: 409 },
  SW628: { family: "state", title: "Cluster belongs to a Pulumi program", exit: 1, http: 409 },
  SW701: { family: "resource", title: "Supervisor does not start", exit: 1, http: 503 },
  SW702: { family: "resource", title: "Port is in use", exit: 1, http: 503 },
  SW703: { family: "state", title: "Owned by another cluster", exit: 1, http: 409 },
  SW704: { family: "network", title: "Supervisor does not respond", exit: 1, http: 502 },
  SW705: { family: "validation", title: "No such agent or instance", exit: 1, http: 404 },
  SW706: { family: "state", title: "Cluster runs on another host", exit: 1, http: 409 },
  SW707: { family: "validation", title: "Token is missing or not valid", exit: 1, http: 401 },
  SW708: { family: "state", title: "Token does not permit this request", exit: 1, http: 403 },
  SW709: { family: "state", title: "Instance was replaced", exit: 1, http: 409 },
  SW710: { family: "state", title: "Value was changed concurrently", exit: 4, http: 409 },
  SW711: { family: "validation", title: "Request is too large", exit: 1, http: 413 },
  SW712: { family: "resource", title: "Too many requests", exit: 4, http: 429 },
  SW713: { family: "state", title: "Checkpoint is incomplete or corrupt", exit: 1, http: 409 },
  SW714: { family: "state", title: "Task lease was lost", exit: 1, http: 409 },
  SW715: { family: "validation", title: "No such task", exit: 1, http: 404 },
  SW716: { family: "state", title: "Cluster is being migrated", exit: 4, http: 503 },
  SW731: { family: "validation", title: "Kubeconfig is not valid", exit: 1, http: 422 },
  SW732: { family: "validation", title: "Kubeconfig does not select a cluster", exit: 1, http: 422 },
  SW733: { family: "validation", title: "Not supported by the offline Kubernetes plugin", exit: 1, http: 422 },
  SW734: { family: "validation", title: "Annotation is not valid", exit: 1, http: 422 },
  SW735: { family: "network", title: "Kubernetes API server does not respond", exit: 1, http: 502 },
  SW736: { family: "resource", title: "Kubernetes rejected a change", exit: 1, http: 500 },
  SW737: { family: "validation", title: "Not supported by the offline Docker plugin", exit: 1, http: 422 },
  SW738: { family: "resource", title: "Docker rejected a change", exit: 1, http: 500 },
  SW801: { family: "validation", title: "Command line is not valid", exit: 1, http: 400 },
  SW802: { family: "validation", title: "File cannot be read", exit: 1, http: 400 },
  SW900: { family: "internal", title: "Bug in swarmstack", exit: 1, http: 500 },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

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

/** A SwarmError as JSON, printed by `--json` and passed between processes. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly family: ErrorFamily;
  readonly message: string;
  readonly hints: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** Converts a thrown value to a SwarmError: an abort becomes SW606, an unknown error SW900 with the original as its cause. */
export function toSwarmError(thrown: unknown): SwarmError {
  if (thrown instanceof SwarmError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof Error && thrown.name === "AbortError") {
    return new SwarmError("SW606", "interrupted before completion", { cause: thrown });
  }
  return new SwarmError("SW900", message, { cause: thrown });
}

/** Restores a SwarmError from its JSON form. */
export function fromSerialized(error: SerializedError): SwarmError {
  return new SwarmError(error.code, error.message, { hints: error.hints, values: error.values });
}
