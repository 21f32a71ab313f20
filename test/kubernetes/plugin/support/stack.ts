import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import {
  type EngineEvent,
  LocalWorkspace,
  type OpMap,
  type PulumiFn,
  type Stack,
  type StepEventMetadata,
} from "@pulumi/pulumi/automation/index.js";
import { packageRoot } from "../../../../src/stacks/project.ts";

/** The result of an engine operation. */
export interface Done {
  readonly ok: boolean;
  /** Number of resources by operation, from the summary. */
  readonly changes: OpMap;
  /** Operations in order, as `create-replacement conf`. */
  readonly steps: readonly string[];
  /** The same with types and parents. */
  readonly operations: readonly Operation[];
  /** Persistent messages of a resource (by name), or of the stack (""), as `error: text`. */
  messages(name: string): readonly string[];
  /** Errors of all resources, and of the stack. */
  readonly errors: readonly string[];
  /** All messages and output, without the engine's debug lines. */
  readonly text: string;
}

export interface Operation {
  /** Such as "create-replacement". */
  readonly op: string;
  /** Such as "kubernetes:apps/v1:Deployment". */
  readonly type: string;
  readonly name: string;
  /** Name of its parent component. */
  readonly parent: string;
}

/** Options of a stack besides its program. */
export interface Surroundings {
  /** Environment of the engine and the plugins. */
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, string>>;
}

export interface Recorded {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  readonly initErrors?: readonly string[];
}

/** The Automation API looks for the engine on this process's PATH. */
export function findEngineOnPath(engine: string): void {
  process.env.PATH = [dirname(engine), process.env.PATH ?? ""].join(delimiter);
}

/** A stack on the real engine, with the offline plugins; the program can change between operations. */
export class PluginStack {
  readonly folder = mkdtempSync(join(tmpdir(), "swarm-plugin-"));
  readonly name: string;
  readonly provider: string;
  readonly #surroundings: Surroundings;
  #stack: Promise<Stack> | undefined;
  #program: PulumiFn = async () => {};

  constructor(name: string, provider = "kubernetes", surroundings: Surroundings = {}) {
    this.name = name;
    this.provider = provider;
    this.#surroundings = surroundings;
  }

  preview(program: PulumiFn): Promise<Done> {
    return this.#run(program, (stack, onEvent) => stack.preview({ onEvent }));
  }

  up(program: PulumiFn, signal?: AbortSignal): Promise<Done> {
    return this.#run(program, (stack, onEvent) => stack.up({ onEvent, ...(signal && { signal }) }));
  }

  refresh(): Promise<Done> {
    return this.#run(this.#program, (stack, onEvent) => stack.refresh({ onEvent }));
  }

  destroy(): Promise<Done> {
    return this.#run(this.#program, (stack, onEvent) => stack.destroy({ onEvent }));
  }

  /** Removes the locks of a killed engine, and its pending creates. */
  async recover(): Promise<void> {
    const stack = await this.#open();
    await stack.cancel();
    await stack.refresh({ clearPendingCreates: true });
  }

  /** The state file; its secrets are encrypted. */
  state(): string {
    return readFileSync(join(this.folder, ".pulumi/stacks/plugin-test", `${this.name}.json`), "utf8");
  }

  /** The recorded resource with a name. */
  recorded(name: string): Recorded {
    const { checkpoint } = JSON.parse(this.state()) as { checkpoint: { latest: { resources: Recorded[] } } };
    const found = checkpoint.latest.resources.find(({ urn }) => urn.endsWith(`::${name}`));
    if (found === undefined) throw new Error(`the state has no ${name}`);
    return found;
  }

  /** The engine process that holds the lock. */
  enginePid(): number | undefined {
    const locks = join(this.folder, ".pulumi/locks/organization/plugin-test", this.name);
    try {
      const [lock] = readdirSync(locks).filter((file) => file.endsWith(".json"));
      return lock === undefined
        ? undefined
        : (JSON.parse(readFileSync(join(locks, lock), "utf8")) as { pid: number }).pid;
    } catch {
      return undefined;
    }
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #run(
    program: PulumiFn,
    act: (stack: Stack, onEvent: (event: EngineEvent) => void) => Promise<unknown>,
  ): Promise<Done> {
    this.#program = program;
    const events: EngineEvent[] = [];
    const stack = await this.#open();
    const problem = await act(stack, (event) => events.push(event)).then(
      () => undefined,
      (error: unknown) => error,
    );
    return doneOf(events, problem);
  }

  #open(): Promise<Stack> {
    this.#stack ??= this.#make();
    return this.#stack;
  }

  async #make(): Promise<Stack> {
    const url = `file://${this.folder}`;
    const workDir = join(this.folder, "work");
    mkdirSync(workDir);
    const { env = {}, config = {} } = this.#surroundings;
    const path = [join(packageRoot, "plugins", this.provider), process.env.PATH ?? ""];
    // The SDK's type omits plugins.
    const projectSettings = {
      name: "plugin-test",
      runtime: "nodejs",
      backend: { url },
      plugins: { providers: [{ name: "swarmstack", path: join(packageRoot, "plugins/swarmstack") }] },
    };
    return await LocalWorkspace.createOrSelectStack(
      { projectName: "plugin-test", stackName: this.name, program: () => this.#program() },
      {
        workDir,
        projectSettings,
        stackSettings: { [this.name]: { config: { ...config } } },
        envVars: {
          ...env,
          PATH: path.join(delimiter),
          PULUMI_BACKEND_URL: url,
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          SWARM_NODE: process.execPath,
        },
      },
    );
  }
}

function doneOf(events: readonly EngineEvent[], problem: unknown): Done {
  const told = events.filter(({ diagnosticEvent }) => String(diagnosticEvent?.severity) !== "debug");
  const kept = told.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent === undefined || diagnosticEvent.ephemeral === true
      ? []
      : [{ name: nameOf(diagnosticEvent.urn), line: `${diagnosticEvent.severity}: ${plain(diagnosticEvent.message)}` }],
  );
  return {
    ok: problem === undefined,
    changes: events.findLast(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent?.resourceChanges ?? {},
    steps: told.flatMap(({ resourcePreEvent }) =>
      resourcePreEvent === undefined
        ? []
        : [`${resourcePreEvent.metadata.op} ${nameOf(resourcePreEvent.metadata.urn)}`],
    ),
    errors: kept.flatMap(({ name, line }) => (line.startsWith("error: ") ? [`${name}: ${line.slice(7)}`] : [])),
    messages: (name) => kept.filter((message) => message.name === name).map(({ line }) => line),
    operations: told.flatMap(({ resourcePreEvent }) =>
      resourcePreEvent === undefined ? [] : [operationOf(resourcePreEvent.metadata)],
    ),
    text: JSON.stringify(told) + String(problem),
  };
}

function operationOf({ op, type, urn, new: next, old }: StepEventMetadata): Operation {
  return { op, type, name: nameOf(urn), parent: nameOf((next ?? old)?.parent) };
}

function nameOf(urn = ""): string {
  return urn.split("::").at(-1) ?? "";
}

function plain(message: string): string {
  return message.replaceAll(/<\{%[a-z]+%\}>/g, "").trim();
}
