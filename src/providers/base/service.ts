import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type Bags, openBags } from "./bags.ts";
import { diffResponse } from "./diff-response.ts";
import type { EngineLog } from "./engine-log.ts";
import { failureStatus } from "./failure.ts";
import type { Autonaming, CallContext, Provider, Resource, ResourceLog } from "./resource.ts";
import { readProperties } from "./values.ts";
import { type RequestOf, reply, type Wired } from "./wire/calls.ts";

type Handler<Request, Response> = (request: Request) => Promise<Response>;

interface ResourceCall {
  getUrn(): string;
  getTimeout?(): number;
}

/**
 * The gRPC service `pulumirpc.ResourceProvider` over a table of resources.
 *
 * Implements the protocol directly, because `pulumi.provider.main` drops the provider's configuration, the preview flag, timeouts, old
 * inputs and detailed diffs (protocol: proto/pulumi/provider.proto of the Pulumi SDK).
 */
export function providerService(definition: Provider, log: EngineLog): grpc.UntypedServiceImplementation {
  const running = new Set<AbortController>();

  /** Runs one call on a resource with its own abort signal, so that Cancel ends calls in flight and no later ones. */
  function onResource<Request extends Wired<ResourceCall, string>, Response>(
    act: (resource: Resource, request: Request, context: CallContext, bags: Bags) => Promise<Response>,
  ): grpc.handleUnaryCall<Request, Response> {
    return ({ request }, callback) => {
      const { message } = request;
      const controller = new AbortController();
      running.add(controller);
      const said = log.forResource(message.getUrn());
      let bags: Bags | undefined;
      async function run() {
        const urn = message.getUrn();
        const type = typeOf(urn);
        const resource = resourceOf(definition, type);
        bags = openBags(resource);
        const seconds = message.getTimeout?.() ?? 0;
        const timeoutMs = seconds > 0 ? seconds * 1000 : undefined;
        const context = { urn, type, signal: controller.signal, timeoutMs, log: hiding(said, bags) };
        return await act(resource, request, context, bags);
      }
      run()
        .finally(() => said.delivered())
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback(failureStatus(error, bags)),
        )
        .finally(() => running.delete(controller));
    };
  }

  return {
    getPluginInfo: unary(async () => new plugin.PluginInfo().setVersion(definition.version)),
    getSchema: unary(async () =>
      new provider.GetSchemaResponse().setSchema(
        JSON.stringify({ name: definition.name, version: definition.version, resources: {} }),
      ),
    ),
    checkConfig: unary(async ({ structs }: RequestOf<"checkConfig">) =>
      reply(new provider.CheckResponse(), { inputs: structs.news ?? new Uint8Array() }),
    ),
    diffConfig: unary(async ({ structs }: RequestOf<"diffConfig">) => {
      // A provider's outputs equal its inputs; prefer the inputs if sent.
      const olds = readProperties(structs.oldInputs ?? structs.olds).properties;
      const news = readProperties(structs.news).properties;
      return reply(diffResponse(definition.diffConfig?.(olds, news) ?? { changes: {} }));
    }),
    configure: unary(async ({ message, structs }: RequestOf<"configure">) => {
      await definition.configure?.(readProperties(structs.args).properties, { id: message.getId() || undefined });
      return reply(
        new provider.ConfigureResponse()
          .setAcceptsecrets(true)
          .setSupportspreview(true)
          .setSupportsAutonamingConfiguration(definition.autonaming ?? false),
      );
    }),

    check: onResource(async (resource, { message, structs }: RequestOf<"check">, context, bags) => {
      const { olds } = structs;
      const result = await resource.check({
        ...context,
        olds: olds === undefined || olds.length === 0 ? undefined : bags.open(olds),
        news: bags.inputs(structs.news),
        seed: message.getRandomseed_asU8(),
        autonaming: autonamingOf(message.getAutonaming()),
      });
      const response = new provider.CheckResponse();
      for (const failure of result.failures ?? []) {
        response.addFailures(new provider.CheckFailure().setProperty(failure.property).setReason(failure.reason));
      }
      return reply(response, { inputs: bags.seal(result.inputs) });
    }),

    diff: onResource(async (resource, request: RequestOf<"diff">, context, bags) =>
      reply(diffResponse(await resource.diff({ ...context, ...changeOf(request, bags) }))),
    ),

    create: onResource(async (resource, { message, structs }: RequestOf<"create">, context, bags) => {
      const inputs = bags.inputs(structs.properties);
      const created = await resource.create({ ...context, inputs, preview: message.getPreview() });
      const response = new provider.CreateResponse()
        .setId(created.id)
        .setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
      return reply(response, { properties: bags.seal(created.outputs) });
    }),

    read: onResource(async (resource, { message, structs }: RequestOf<"read">, context, bags) => {
      const olds = bags.open(structs.properties);
      const oldInputs = bags.inputs(structs.inputs);
      const found = await resource.read({ ...context, id: message.getId(), olds, oldInputs });
      const response = new provider.ReadResponse();
      if (found === undefined) return reply(response);
      response.setId(found.id).setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
      return reply(response, { inputs: bags.seal(found.inputs), properties: bags.seal(found.outputs) });
    }),

    update: onResource(async (resource, request: RequestOf<"update">, context, bags) => {
      const preview = request.message.getPreview();
      const outputs = await resource.update({ ...context, ...changeOf(request, bags), preview });
      const response = new provider.UpdateResponse().setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
      return reply(response, { properties: bags.seal(outputs) });
    }),

    delete: onResource(async (resource, { message, structs }: RequestOf<"delete">, context, bags) => {
      const olds = bags.open(structs.properties);
      const oldInputs = bags.open(structs.oldInputs);
      await resource.delete({ ...context, id: message.getId(), olds, oldInputs });
      return reply(new empty.Empty());
    }),

    cancel: unary(async () => {
      for (const controller of running) controller.abort();
      return new empty.Empty();
    }),

    ...(definition.unsupported !== undefined && refuseCalls(definition.unsupported)),
  };
}

/** The change of a resource, as in requests of diff and update. */
function changeOf({ message, structs }: RequestOf<"diff"> | RequestOf<"update">, bags: Bags) {
  return {
    id: message.getId(),
    olds: bags.open(structs.olds),
    oldInputs: bags.open(structs.oldInputs),
    news: bags.inputs(structs.news),
    ignoreChanges: message.getIgnorechangesList(),
  };
}

/** The type token at the end of a URN's type chain. */
function typeOf(urn: string): string {
  const chain = urn.split("::")[2] ?? "";
  return chain.slice(chain.lastIndexOf("$") + 1);
}

function resourceOf({ name, version, resources }: Provider, type: string): Resource {
  if (typeof resources === "function") return resources(type);
  const resource = resources[type];
  if (resource === undefined) {
    throw new Error(
      `provider ${name} ${version} has no resource ${type} (it has ${Object.keys(resources).join(", ")})`,
    );
  }
  return resource;
}

function hiding(log: ResourceLog, bags: Bags): ResourceLog {
  return {
    progress: (message, severity) => log.progress(bags.hide(message), severity),
    info: (message) => log.info(bags.hide(message)),
    warning: (message) => log.warning(bags.hide(message)),
  };
}

function autonamingOf(options: provider.CheckRequest.AutonamingOptions | undefined): Autonaming | undefined {
  if (options === undefined) return undefined;
  const { Mode } = provider.CheckRequest.AutonamingOptions;
  if (options.getMode() === Mode.DISABLE) return { mode: "disable" };
  return { mode: options.getMode() === Mode.ENFORCE ? "enforce" : "propose", name: options.getProposedName() };
}

/** Handlers for unsupported kinds of call: UNIMPLEMENTED with a message. */
function refuseCalls(details: string): grpc.UntypedServiceImplementation {
  const refuse: grpc.handleUnaryCall<unknown, unknown> = (_call, callback) =>
    callback({ code: grpc.status.UNIMPLEMENTED, details });
  return { invoke: refuse, call: refuse, construct: refuse };
}

function unary<Request, Response>(handle: Handler<Request, Response>): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(failureStatus(error)),
    );
  };
}
