/**
 * The error catalogue: every message that a user can meet has a stable code here, with its family, the exit status of
 * `swarmctl` and the HTTP status of the control service.
 *
 * Blueprint diagnostics have codes of their own (SW1xx to SW4xx, src/blueprint); this file begins at SW500.
 */

/** The five families of the command adapter, and `internal` for our own bugs. */
export type ErrorFamily = "validation" | "resource" | "network" | "state" | "timeout" | "internal";

interface CatalogueEntry {
  readonly family: ErrorFamily;
  readonly title: string;
  /** Exit status of swarmctl: 1 = failed, 4 = somebody else is at work and trying again may help, 130 = interrupted. */
  readonly exit: 1 | 4 | 130;
  readonly http: number;
}

export const catalogue = {
  SW500: { family: "validation", title: "Blueprint is not valid", exit: 1, http: 422 },
  SW501: { family: "resource", title: "No Pulumi engine", exit: 1, http: 503 },
  SW502: { family: "resource", title: "Building the engine failed", exit: 1, http: 503 },
  SW503: { family: "resource", title: "No Node.js language host", exit: 1, http: 503 },
  SW504: { family: "timeout", title: "Another process builds the engine and does not finish", exit: 4, http: 503 },
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
  SW608: { family: "validation", title: "Wish cannot be met", exit: 1, http: 422 },
  SW609: { family: "validation", title: "Shared backend without what it needs", exit: 1, http: 422 },
  SW610: { family: "state", title: "Cluster runs in another place", exit: 1, http: 409 },
  SW611: { family: "validation", title: "Kubeconfig leads to no control plane", exit: 1, http: 422 },
  SW612: { family: "network", title: "Control plane does not answer", exit: 1, http: 502 },
  SW613: { family: "validation", title: "No such docker daemon", exit: 1, http: 422 },
  SW614: { family: "network", title: "Docker daemon does not answer", exit: 1, http: 502 },
  SW615: { family: "resource", title: "Image is not on the docker host", exit: 1, http: 503 },
  SW616: { family: "resource", title: "Image cannot be made", exit: 1, http: 503 },
  SW620: { family: "state", title: "Not possible in the cluster's state", exit: 1, http: 409 },
  SW621: { family: "state", title: "Cluster is in the middle of an operation", exit: 1, http: 409 },
  SW622: { family: "validation", title: "No such operation", exit: 1, http: 404 },
  SW623: { family: "state", title: "Operation was taken back", exit: 1, http: 409 },
  SW624: { family: "state", title: "Cluster has moved elsewhere", exit: 1, http: 410 },
  SW625: { family: "state", title: "Cluster cannot be moved", exit: 1, http: 409 },
  SW626: { family: "state", title: "Cluster has moved only just now", exit: 1, http: 409 },
  SW627: { family: "state", title: "Cluster is no environment", exit: 1, http: 409 },
  SW628: { family: "state", title: "Cluster belongs to a Pulumi program", exit: 1, http: 409 },
  SW701: { family: "resource", title: "Supervisor does not start", exit: 1, http: 503 },
  SW702: { family: "resource", title: "Port is in use", exit: 1, http: 503 },
  SW703: { family: "state", title: "Owned by somebody else", exit: 1, http: 409 },
  SW704: { family: "network", title: "Supervisor does not answer", exit: 1, http: 502 },
  SW705: { family: "validation", title: "No such agent or instance", exit: 1, http: 404 },
  SW706: { family: "state", title: "Cluster runs on another host", exit: 1, http: 409 },
  SW707: { family: "validation", title: "Token is missing or not valid", exit: 1, http: 401 },
  SW708: { family: "state", title: "Token is not for this", exit: 1, http: 403 },
  SW709: { family: "state", title: "Instance was replaced", exit: 1, http: 409 },
  SW710: { family: "state", title: "Value was changed by somebody else", exit: 4, http: 409 },
  SW711: { family: "validation", title: "Request is too large", exit: 1, http: 413 },
  SW712: { family: "resource", title: "Too many requests", exit: 4, http: 429 },
  SW713: { family: "state", title: "Checkpoint is not whole", exit: 1, http: 409 },
  SW714: { family: "state", title: "Task is not yours any more", exit: 1, http: 409 },
  SW715: { family: "validation", title: "No such task", exit: 1, http: 404 },
  SW716: { family: "state", title: "Cluster is moving", exit: 4, http: 503 },
  SW731: { family: "validation", title: "Kubeconfig is not valid", exit: 1, http: 422 },
  SW732: { family: "validation", title: "Kubernetes provider is not configured", exit: 1, http: 422 },
  SW733: { family: "validation", title: "Not in the offline kubernetes plugin", exit: 1, http: 422 },
  SW734: { family: "validation", title: "Annotation is not understood", exit: 1, http: 422 },
  SW735: { family: "network", title: "Kubernetes API server does not answer", exit: 1, http: 502 },
  SW736: { family: "resource", title: "Kubernetes refused a change", exit: 1, http: 500 },
  SW737: { family: "validation", title: "Not in the offline docker plugin", exit: 1, http: 422 },
  SW738: { family: "resource", title: "Docker refused a change", exit: 1, http: 500 },
  SW801: { family: "validation", title: "Command line is not valid", exit: 1, http: 400 },
  SW802: { family: "validation", title: "File cannot be read", exit: 1, http: 400 },
  SW900: { family: "internal", title: "Bug in swarmstack", exit: 1, http: 500 },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

export interface ErrorDetails {
  /** What the user can do next, one step a line. */
  readonly hints?: readonly string[];
  /** The values behind the message, for `--json` and for the service. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error whose message is meant for the user: it is printed without a stack. Anything else that is thrown is our bug. */
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

/** A SwarmError as plain JSON: the shape printed by `--json` and passed between processes. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly family: ErrorFamily;
  readonly message: string;
  readonly hints: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

/** Turns whatever was thrown into a SwarmError; what is none becomes SW900 and keeps its cause (and stack). */
export function toSwarmError(thrown: unknown): SwarmError {
  if (thrown instanceof SwarmError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof Error && thrown.name === "AbortError") {
    return new SwarmError("SW606", "interrupted before anything was changed", { cause: thrown });
  }
  return new SwarmError("SW900", message, { cause: thrown });
}

/** Restores an error that crossed a process boundary as JSON. */
export function fromSerialized({ code, message, hints, values }: SerializedError, cause?: unknown): SwarmError {
  return new SwarmError(code, message, { hints, values, cause });
}
