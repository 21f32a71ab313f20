import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import type plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import type { ChangeKind } from "../../../../src/providers/base/resource.ts";
import {
  type Properties,
  readProperties,
  type SecretPath,
  writeProperties,
} from "../../../../src/providers/base/values.ts";
import { packageRoot } from "../../../../src/stacks/project.ts";
import { type EngineDouble, startEngineDouble } from "./engine-double.ts";

/** A resource in the engine's state. */
export interface Kept {
  readonly urn: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The error of a call when the object exists but is not ready. */
export class NotLive extends Error {
  readonly kept: Omit<Kept, "urn">;
  readonly reasons: readonly string[];

  constructor(message: string, detail: provider.ErrorResourceInitFailed) {
    super(message);
    this.reasons = detail.getReasonsList();
    this.kept = {
      id: detail.getId(),
      inputs: propertiesOf(detail.getInputs()),
      outputs: propertiesOf(detail.getProperties()),
    };
  }
}

export interface Options {
  readonly timeoutSeconds?: number;
  readonly ignoreChanges?: readonly string[];
  readonly preview?: boolean;
  /** Paths of the inputs that are sent to the plugin as secrets. */
  readonly secrets?: readonly SecretPath[];
  readonly autonaming?: "disable" | string;
}

/**
 * A plugin process started like the engine does, called over its own port: the process, its messages, and the calls
 * of pulumirpc.ResourceProvider in a short form.
 */
export class Plugin {
  readonly #child: ChildProcess;
  readonly #engine: EngineDouble;
  readonly client: services.ResourceProviderClient;

  private constructor(child: ChildProcess, engine: EngineDouble, port: string) {
    this.#child = child;
    this.#engine = engine;
    this.client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  /**
   * @param args the arguments of the Provider resource
   * @param id of the provider resource: another id is another owner
   */
  static async start(
    args: Properties,
    { id = "provider-1", env = {}, name = "kubernetes" }: { id?: string; env?: NodeJS.ProcessEnv; name?: string } = {},
  ) {
    const started = await Plugin.startBare(env, name);
    try {
      await started.configure(args, id);
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** @param name of the provider */
  static async startBare(env: NodeJS.ProcessEnv = {}, name = "kubernetes"): Promise<Plugin> {
    const engine = await startEngineDouble();
    const child = spawn(join(packageRoot, "plugins", name, `pulumi-resource-${name}`), [engine.address], {
      env: { PATH: process.env.PATH, HOME: "/nonexistent", SWARM_NODE: process.execPath, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(createInterface({ input: child.stdout ?? process.stdin }), "line")) as [string];
    return new Plugin(child, engine, port);
  }

  /** All log messages for a resource, as `severity: text`; ephemeral ones are in brackets. */
  messages(urn: string): readonly string[] {
    return this.#engine.messages(urn);
  }

  configure(args: Properties, id: string): Promise<provider.ConfigureResponse> {
    const request = new provider.ConfigureRequest().setArgs(structOf(args)).setId(id).setAcceptsecrets(true);
    return call((done) => this.client.configure(request, done));
  }

  async version(): Promise<string> {
    return (await call<plugin.PluginInfo>((done) => this.client.getPluginInfo(new empty.Empty(), done))).getVersion();
  }

  async diffConfig(olds: Properties, news: Properties): Promise<readonly string[]> {
    const request = new provider.DiffRequest().setOldInputs(structOf(olds)).setNews(structOf(news));
    return (await call<provider.DiffResponse>((done) => this.client.diffConfig(request, done))).getReplacesList();
  }

  async check(urn: string, news: Properties, olds?: Properties, options: Options = {}): Promise<Properties> {
    return propertiesOf((await this.checked(urn, news, olds, options)).getInputs());
  }

  async checked(
    urn: string,
    news: Properties,
    olds?: Properties,
    { autonaming, secrets }: Options = {},
  ): Promise<provider.CheckResponse> {
    const request = new provider.CheckRequest()
      .setUrn(urn)
      .setNews(structOf(news, secrets))
      .setRandomseed(Buffer.from(urn));
    if (olds !== undefined) request.setOlds(structOf(olds));
    if (autonaming !== undefined) {
      const { AutonamingOptions } = provider.CheckRequest;
      const mode = autonaming === "disable" ? AutonamingOptions.Mode.DISABLE : AutonamingOptions.Mode.PROPOSE;
      request.setAutonaming(new AutonamingOptions().setMode(mode).setProposedName(autonaming));
    }
    return await call((done) => this.client.check(request, done));
  }

  /** Check, then create: the engine's calls for a new resource. */
  async create(urn: string, news: Properties, options: Options = {}): Promise<Kept> {
    const inputs = await this.check(urn, news, undefined, options);
    const request = new provider.CreateRequest()
      .setUrn(urn)
      .setProperties(structOf(inputs, options.secrets))
      .setTimeout(options.timeoutSeconds ?? 0)
      .setPreview(options.preview ?? false);
    const reply = await call<provider.CreateResponse>((done) => this.client.create(request, done));
    return { urn, id: reply.getId(), inputs, outputs: propertiesOf(reply.getProperties()) };
  }

  async diff(
    kept: Kept,
    news: Properties,
    { ignoreChanges = [] }: Options = {},
  ): Promise<{ changes: Record<string, ChangeKind>; deleteBeforeReplace: boolean }> {
    const request = new provider.DiffRequest()
      .setUrn(kept.urn)
      .setId(kept.id)
      .setOlds(structOf(kept.outputs))
      .setOldInputs(structOf(kept.inputs))
      .setNews(structOf(await this.check(kept.urn, news, kept.inputs)))
      .setIgnorechangesList([...ignoreChanges]);
    const reply = await call<provider.DiffResponse>((done) => this.client.diff(request, done));
    const changes: Record<string, ChangeKind> = {};
    reply.getDetaileddiffMap().forEach((detail: provider.PropertyDiff, path: string) => {
      changes[path] = kinds[detail.getKind()] ?? "update";
    });
    return { changes, deleteBeforeReplace: reply.getDeletebeforereplace() };
  }

  /** Check, then update: the engine's calls for an update in place. */
  async update(kept: Kept, news: Properties, options: Options = {}): Promise<Kept> {
    const inputs = await this.check(kept.urn, news, kept.inputs);
    const request = new provider.UpdateRequest()
      .setUrn(kept.urn)
      .setId(kept.id)
      .setOlds(structOf(kept.outputs))
      .setOldInputs(structOf(kept.inputs))
      .setNews(structOf(inputs, options.secrets))
      .setTimeout(options.timeoutSeconds ?? 0)
      .setIgnorechangesList([...(options.ignoreChanges ?? [])])
      .setPreview(options.preview ?? false);
    const reply = await call<provider.UpdateResponse>((done) => this.client.update(request, done));
    return { ...kept, inputs, outputs: propertiesOf(reply.getProperties()) };
  }

  /** A refresh; undefined when the object is gone. */
  async read(kept: Pick<Kept, "urn" | "id"> & Partial<Kept>): Promise<Kept | undefined> {
    const request = new provider.ReadRequest().setUrn(kept.urn).setId(kept.id);
    if (kept.outputs !== undefined) request.setProperties(structOf(kept.outputs));
    if (kept.inputs !== undefined) request.setInputs(structOf(kept.inputs));
    const reply = await call<provider.ReadResponse>((done) => this.client.read(request, done));
    if (reply.getId() === "") return undefined;
    return {
      urn: kept.urn,
      id: reply.getId(),
      inputs: propertiesOf(reply.getInputs()),
      outputs: propertiesOf(reply.getProperties()),
    };
  }

  async delete(kept: Kept, { timeoutSeconds = 0 }: Options = {}): Promise<void> {
    const request = new provider.DeleteRequest()
      .setUrn(kept.urn)
      .setId(kept.id)
      .setProperties(structOf(kept.outputs))
      .setOldInputs(structOf(kept.inputs))
      .setTimeout(timeoutSeconds);
    await call<empty.Empty>((done) => this.client.delete(request, done));
  }

  async invoke(token: string): Promise<void> {
    await call<provider.InvokeResponse>((done) => this.client.invoke(new provider.InvokeRequest().setTok(token), done));
  }

  async cancel(): Promise<void> {
    await call<empty.Empty>((done) => this.client.cancel(new empty.Empty(), done));
  }

  async stop(): Promise<void> {
    this.client.close();
    this.#engine.stop();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGINT");
    await once(this.#child, "exit");
  }
}

/** The engine's side speaks through generated code, so that each call compares it with the plugin's codec. */
function structOf(properties: Properties, secrets: readonly SecretPath[] = []): structs.Struct {
  return structs.Struct.deserializeBinary(writeProperties(properties, secrets));
}

function propertiesOf(struct: structs.Struct | undefined): Properties {
  return readProperties(struct?.serializeBinary()).properties;
}

const kinds: Readonly<Record<number, ChangeKind>> = {
  0: "add",
  1: "add-replace",
  2: "delete",
  3: "delete-replace",
  4: "update",
  5: "update-replace",
};

function call<Reply>(send: (done: (error: grpc.ServiceError | null, reply: Reply) => void) => unknown): Promise<Reply> {
  return new Promise((resolve, reject) => {
    send((error, reply) => (error === null ? resolve(reply) : reject(failure(error))));
  });
}

function failure(error: grpc.ServiceError): Error {
  const [trailer] = error.metadata.get("grpc-status-details-bin");
  if (trailer === undefined) return new Error(error.details);
  const [packed] = status.Status.deserializeBinary(trailer as Buffer).getDetailsList();
  return new NotLive(
    error.details,
    provider.ErrorResourceInitFailed.deserializeBinary(packed?.getValue_asU8() ?? new Uint8Array()),
  );
}

/** The URN of a resource in a stack of this test. */
export function urnOf(type: string, name: string, stack = "dev", provider = "kubernetes"): string {
  return `urn:pulumi:${stack}::plugin-test::${provider}:${type}::${name}`;
}
