import { tmpdir } from "node:os";
import { pipeline } from "node:stream/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import {
  followCounts,
  parseCluster,
  readClusterFile,
  type ServedCluster,
} from "../../agent-api/server/cluster-file.ts";
import { readSecret } from "../../agent-api/server/secret.ts";
import { controlSocket, dialSocket } from "../../agent-api/server/socket.ts";
import { keepTokenFiles, ownSecret } from "../../agent-api/server/token-files.ts";
import { tokenMembership } from "../../agent-api/server/token-membership.ts";
import { tokenIssuer } from "../../agent-api/token-issuer.ts";
import { loadBlueprint } from "../../blueprint/load.ts";
import { SwarmError } from "../../errors.ts";
import { allocate, defaultTarget } from "../../plan/allocate.ts";
import { compile } from "../../plan/compile.ts";
import { systemClock } from "../../platform/clock.ts";
import { packageVersion } from "../../version.ts";
import { parseName } from "../cluster-name.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { examples } from "../examples.ts";
import { eventLine } from "./events.ts";

interface ServerOptions extends GlobalOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly folder: string;
  readonly agents: string;
  readonly cluster?: string;
  readonly uid?: string;
  readonly secretFile?: string;
  readonly namespace?: string;
  readonly tokens?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly arrival?: string;
}

const text = `
Each option has an environment variable, shown in brackets. REDIS_URL or DATABASE_URL selects the task queue; without them tasks
are stored in the folder. With DATABASE_URL that database stores the audit log too. GET /healthz and /readyz need no token.
The control API is a socket in the folder; ${"`swarmctl agent-server dial`"} forwards HTTP from standard input to it.`;

/** Serves the agent API on targets without a supervisor. */
export function agentServerCommand(): Command {
  return serverCommand().addCommand(tokenCommand()).addCommand(dialCommand());
}

function serverCommand(): Command {
  return new Command("agent-server")
    .addOption(
      new Option("--agents <file>", "the cluster's blueprint (.yaml), or its plan as JSON").env("SWARM_SERVER_AGENTS"),
    )
    .addOption(folderOption())
    .addOption(
      new Option("--listen <host:port>", "address of the agent API; port 0 selects a free port")
        .env("SWARM_SERVER_LISTEN")
        .argParser(parseAddress)
        .default({ host: "127.0.0.1", port: 7700 }, "127.0.0.1:7700"),
    )
    .addOption(nameOption())
    .addOption(uidOption())
    .addOption(secretOption())
    .addOption(
      new Option(
        "--namespace <name>",
        "accept the service account tokens of pods in this Kubernetes namespace, instead of a secret",
      ).env("SWARM_SERVER_NAMESPACE"),
    )
    .addOption(
      new Option("--tokens <folder>", "write a token for each instance folder in this folder, instead of a secret").env(
        "SWARM_SERVER_TOKENS",
      ),
    )
    .addOption(
      new Option(
        "--arrival <operation>",
        "id of the migration that imports the state; agents are not served before it completes",
      ).env("SWARM_SERVER_ARRIVAL"),
    )
    .addOption(new Option("--tls-cert <file>", "certificate with its chain (PEM)").env("SWARM_SERVER_TLS_CERT"))
    .addOption(new Option("--tls-key <file>", "its private key (PEM)").env("SWARM_SERVER_TLS_KEY"))
    .option("--json", "print JSON for scripts")
    .addHelpText("after", text)
    .addHelpText(
      "after",
      examples([
        "swarmctl agent-server --agents team.yaml --folder /var/lib/team --secret-file /etc/team/secret",
        "swarmctl agent-server token writer-0 writer --agents team.yaml --secret-file /etc/team/secret > token",
      ]),
    )
    .action(async (_options: ServerOptions, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>();
      const { output, signal } = createContext(options);
      const known = tokensOf(options);
      const cluster = await readCluster(options);
      // Loaded here, so that other commands start faster.
      const { serve } = await import("../../agent-api/server/serve.ts");
      const report = (message: string) => (output.json ? output.event({ problem: message }) : output.note(message));
      const serving = await serve({
        ...{ cluster, version: packageVersion(), listen: options.listen, tls: tlsFiles(options) },
        folder: required(options.folder, "--folder"),
        redis: process.env.REDIS_URL || undefined,
        database: process.env.DATABASE_URL || undefined,
        arrival: options.arrival || undefined,
        async membership(clock) {
          if (known.kind === "secret") return tokenMembership(cluster, tokenIssuer(known.secret, cluster.uid, clock));
          if (known.kind === "files") {
            const tokens = tokenIssuer(ownSecret(known.server), cluster.uid, clock);
            const stop = keepTokenFiles(cluster, { folder: known.folder, tokens, clock, onProblem: report });
            const members = tokenMembership(cluster, tokens, followCounts(known.agents, cluster.counts));
            return { ...members, watch: () => stop };
          }
          const { podMembership } = await import("../../agent-api/server/kubernetes/pod-membership.ts");
          return podMembership(cluster, { namespace: known.namespace, clock, onProblem: report });
        },
        onProblem: report,
        signal,
      });
      const ready = { type: "ready", cluster: cluster.cluster, uid: cluster.uid, url: serving.url };
      if (output.json) output.event(ready);
      else output.note(`serving cluster ${cluster.cluster} on ${serving.url}`);
      for await (const event of serving.events.follow(signal)) {
        if (output.json) output.event(event);
        else output.line(eventLine(event));
      }
      await serving.close();
    });
}

function tokenCommand(): Command {
  return new Command("token")
    .description("print a token for an instance, valid for one hour")
    .argument("<instance>", "id of the instance (writer-0)")
    .argument("<agent>", "key of its agent (writer)")
    .addOption(new Option("--agents <file>", "the cluster's blueprint, or its plan").env("SWARM_SERVER_AGENTS"))
    .addOption(nameOption())
    .addOption(uidOption())
    .addOption(secretOption())
    .option("--json", "print JSON for scripts")
    .action(async (instance: string, agent: string, _options: ServerOptions, command: Command) => {
      const options = command.optsWithGlobals<ServerOptions>();
      const secret = readSecret(required(options.secretFile, "--secret-file"));
      const cluster = await readCluster(options);
      if (!cluster.agents.some(({ key }) => key === agent)) {
        const keys = cluster.agents.map(({ key }) => key).join(", ");
        throw new SwarmError("SW705", `cluster ${cluster.cluster} has no agent ${agent} (agents: ${keys})`);
      }
      const issued = tokenIssuer(secret, cluster.uid, systemClock).issue(instance, agent);
      createContext(options).output.result(issued, () => issued.token);
    });
}

function dialCommand(): Command {
  return new Command("dial")
    .description("connect standard input and output to the control API of the server in a folder")
    .addOption(folderOption())
    .action(async (_options: ServerOptions, command: Command) => {
      const folder = required(command.optsWithGlobals<ServerOptions>().folder, "--folder");
      const socket = await dialSocket(controlSocket(folder, tmpdir()));
      // Either end of the connection closes both directions.
      await Promise.race([pipeline(process.stdin, socket), pipeline(socket, process.stdout)]).catch(() => {});
      process.exit(0);
    });
}

const folderOption = () => new Option("--folder <folder>", "folder of its persistent data").env("SWARM_SERVER_FOLDER");

const nameOption = () =>
  new Option("--cluster <name>", "name of the cluster (default: the plan's, or the blueprint's id)")
    .env("SWARM_SERVER_CLUSTER")
    .argParser(parseName);

const uidOption = () =>
  new Option("--uid <id>", "unique id of the cluster in tokens and tasks (default: its name)").env("SWARM_SERVER_UID");

const secretOption = () =>
  new Option("--secret-file <file>", "file with the key that signs tokens, at least 32 random characters").env(
    "SWARM_SERVER_SECRET_FILE",
  );

/** Reads a plan, or compiles a blueprint. */
async function readCluster({ agents, cluster, uid }: ServerOptions): Promise<ServedCluster> {
  const file = required(agents, "--agents");
  const known = /\.ya?ml$/.test(file) ? await fromBlueprint(file, cluster) : readClusterFile(file);
  const named = { ...known, ...(cluster !== undefined && { cluster }) };
  return { ...named, uid: uid ?? (cluster !== undefined && known.uid === known.cluster ? cluster : known.uid) };
}

async function fromBlueprint(file: string, cluster: string | undefined): Promise<ServedCluster> {
  const blueprint = await loadBlueprint(file);
  const plan = compile(blueprint, { cluster: cluster ?? blueprint.metadata.id });
  return parseCluster(file, { ...plan, counts: allocate(defaultTarget(plan.bounds), plan.bounds) });
}

function tokensOf({ secretFile, namespace, tokens, folder, agents }: ServerOptions) {
  const given = [secretFile, namespace, tokens].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw new SwarmError("SW801", "--secret-file, --namespace and --tokens exclude each other");
  }
  if (namespace !== undefined) return { kind: "pods", namespace } as const;
  if (tokens === undefined)
    return { kind: "secret", secret: readSecret(required(secretFile, "--secret-file")) } as const;
  const server = required(folder, "--folder");
  return { kind: "files", folder: tokens, server, agents: required(agents, "--agents") } as const;
}

function tlsFiles({ tlsCert: certificate, tlsKey: key }: ServerOptions) {
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  if (certificate === undefined && key === undefined) return undefined;
  throw new SwarmError("SW801", "--tls-cert and --tls-key must be given together");
}

function required(value: string | undefined, option: string): string {
  if (value !== undefined && value !== "") return value;
  throw new SwarmError("SW801", `${option} is missing`, { hints: ["swarmctl agent-server --help"] });
}

/** `7700`, `127.0.0.1:7700`, `[::]:7700`. */
function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const [, host = "127.0.0.1", port = ""] = /^(?:(?:\[?([^\]]+?)\]?):)?(\d{1,5})$/.exec(text) ?? [];
  if (port !== "" && Number(port) < 65_536) return { host, port: Number(port) };
  throw new InvalidArgumentError(`"${text}" is not an address such as 0.0.0.0:7700`);
}
