import { join } from "node:path";
import { SwarmError } from "../errors.ts";
import { type StateBackend, stackFolder } from "./backend.ts";

/** A failure that the engine reported, which may concern a state, a backend or a folder. */
export interface BackendFailure {
  /** Undefined if all stacks were listed. */
  readonly stack: string | undefined;
  readonly backend: StateBackend | undefined;
  readonly text: string;
  /** A resource reported the error, so its paths are not those of the backend. */
  readonly isOfResource: boolean;
}

/**
 * Converts a failure of a state, its backend or a local folder to an error of the catalogue; undefined for any other. Names the
 * file, and distinguishes the backend's folder from others.
 */
export function explainBackend(failure: BackendFailure): SwarmError | undefined {
  return unreachable(failure) ?? damagedState(failure) ?? unusableFolder(failure);
}

const newer =
  /unsupported (?:checkpoint|deployment) version (\d+)|(?:uses|requires|has) (?:an? )?(?:unsupported|unknown) feature[^\n]*/;
const damaged =
  /(?:failed to load checkpoint: |could not (?:deserialize|unmarshal) [a-z ]+: |place 1: |corrupt store: )([^\n]*)|(?:unexpected end of JSON input|invalid character '[^\n]*|cannot unmarshal [^\n]*)/;

function damagedState({ stack, backend, text }: BackendFailure): SwarmError | undefined {
  const tooNew = newer.exec(text);
  const broken = damaged.exec(text);
  if (tooNew === null && broken === null) return undefined;
  const subject = stack === undefined ? "a state of the backend" : `the state of cluster ${stack}`;
  const file = stateFile(stack, backend);
  const place = file === undefined ? "" : ` (${file})`;
  if (tooNew !== null) {
    return new SwarmError("SW630", `${subject}${place} was written by a newer engine: ${tooNew[0]}`, {
      hints: [
        "install the Pulumi CLI that wrote it, or a newer one: swarmctl takes the first that works on PATH",
        "swarmctl doctor shows the engine in use",
      ],
      values: { stack, file },
    });
  }
  const reason = broken?.[1] ?? broken?.[0] ?? "";
  return new SwarmError("SW630", `${subject}${place} is damaged: ${reason}`, {
    hints: [...copies(file, stack, backend), "then compare it with what runs: swarmctl plan, swarmctl up"],
    values: { stack, file },
  });
}

function stateFile(stack: string | undefined, backend: StateBackend | undefined): string | undefined {
  if (stack === undefined || backend?.kind !== "folder") return undefined;
  return join(stackFolder(backend.dir, "stacks"), `${stack}.json`);
}

/** Hints to restore a copy that the engine keeps: the state before its last step, or that after an update. */
function copies(
  file: string | undefined,
  stack: string | undefined,
  backend: StateBackend | undefined,
): readonly string[] {
  if (file === undefined || stack === undefined || backend?.kind !== "folder") {
    return ["put a copy of the state back, from the versions or backups of the backend"];
  }
  return [
    `put the copy from before its last step back: cp ${file}.bak ${file} && rm -f ${file}.attrs`,
    `or the newest of the history: ls -t ${join(stackFolder(backend.dir, "history"), stack)}/*.checkpoint.json`,
  ];
}

const credentials =
  /no EC2 IMDS role found|get credentials|NoCredentialProviders|could not find default credentials|missing google credentials|AccountName is required|DefaultAzureCredential|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|AccessDenied|code=PermissionDenied|Invalid region|MissingRegion|not logged in|PULUMI_ACCESS_TOKEN/;
const bucket =
  /unable to open bucket|code=(?:NotFound|Unknown|PermissionDenied|DeadlineExceeded)|NoSuchBucket|no such host|connection refused/;

const setUp: Readonly<Record<string, string>> = {
  s3: "set AWS_REGION and AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  gs: "set GOOGLE_APPLICATION_CREDENTIALS, or run: gcloud auth application-default login",
  azblob: "set AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY, or run: az login",
  https: "set PULUMI_ACCESS_TOKEN",
};

const damagedText = /invalid character|end of JSON|EOF$/m;

function unreachable({ backend, text }: BackendFailure): SwarmError | undefined {
  if (backend?.kind !== "shared") return undefined;
  const isDenied = credentials.test(text);
  if (damagedText.test(text)) return undefined;
  if (!isDenied && !bucket.test(text)) return undefined;
  const scheme = backend.url.split(":")[0] ?? "";
  // Omits the rest of the address, which may contain a key.
  const address = backend.url.replace(/\?.*$/, "").replace(/\/\/[^/@]*@/, "//");
  const why = isDenied ? "has no credentials that it accepts" : "cannot be reached";
  return new SwarmError("SW603", `the state backend ${address} ${why}: ${firstLine(text)}`, {
    hints: [setUp[scheme] ?? "set the credentials of its provider", "or name another backend with SWARM_BACKEND"],
    values: { backend: address },
  });
}

const reasons = "permission denied|read-only file system|no space left on device|disk quota exceeded";
/** Messages of Go (`open /x/y: permission denied`) and of Node (`EACCES: permission denied, open '/x/y'`). */
const ofGo = new RegExp(`(?:^|[\\s:])(?:[a-z]+|fork/exec) (/[^:\\n]+): (${reasons})`);
const ofNode = new RegExp(`E[A-Z]+: (${reasons}), [a-z]+ '([^'\\n]+)'`);

function unusableFolder({ stack, backend, text, isOfResource }: BackendFailure): SwarmError | undefined {
  const [, goPath, goReason] = ofGo.exec(text) ?? [];
  const [, nodeReason, nodePath] = ofNode.exec(text) ?? [];
  const path = goPath ?? nodePath;
  const reason = goReason ?? nodeReason;
  const isBackends = path !== undefined && backend?.kind === "folder" && path.startsWith(backend.dir);
  if (isBackends || (path === undefined && /unable to open state directory|failed to save snapshot/.test(text))) {
    const said = reason ?? new RegExp(reasons).exec(text)?.[0] ?? firstLine(text);
    const subject = stack === undefined ? "the states" : `the state of cluster ${stack}`;
    return new SwarmError("SW603", `${subject} cannot be written: ${path === undefined ? "" : `${path}: `}${said}`, {
      hints: ["repair the backend, then run the command again: it compares the state with what runs"],
      values: { detail: firstLine(text), ...(path !== undefined && { path }) },
    });
  }
  if (path === undefined || reason === undefined || isOfResource) return undefined;
  return new SwarmError("SW509", `${path}: ${reason}`, {
    hints: [
      `look at it: ls -ld ${path}`,
      "a cache or home of another user: set SWARM_CACHE, PULUMI_HOME or SWARM_HOME to folders of your own",
    ],
    values: { path, reason },
  });
}

function firstLine(text: string): string {
  return (
    text
      .split("\n")
      .map((line) => line.trim().replace(/^(?:error|Error): /, ""))
      .find((line) => line !== "" && !/^(?:code|stdout|stderr|err\?):/.test(line)) ?? ""
  );
}
