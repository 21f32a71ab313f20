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

type Handler<Request, Response> = (request: Request) => Promise<Response>;

interface ResourceCall {
  getUrn(): string;
  getTimeout?(): number;
}

/**
 * The gRPC service `pulumirpc.ResourceProvider` over a table of resources.
 *
 * Spoken directly, because `pulumi.provider.main` drops the provider's configuration, the preview flag, timeouts, old
 * inputs and detailed diffs (protocol: proto/pulumi/provider.proto of the Pulumi SDK).
 */
export function providerService(definition: Provider, log: EngineLog): grpc.UntypedServiceImplementation {
  const running = new Set<AbortController>();

  /** Runs one call on a resource with its own abort signal, so that Cancel ends what is in flight and nothing later. */
  function onResource<Request extends ResourceCall, Response>(
    act: (resource: Resource, request: Request, context: CallContext, bags: Bags) => Promise<Response>,
  ): grpc.handleUnaryCall<Request, Response> {
    return ({ request }, callback) => {
      const controller = new AbortController();
      running.add(controller);
      const said = log.forResource(request.getUrn());
      let bags: Bags | undefined;
      async function run() {
        const urn = request.getUrn();
        const type = typeOf(urn);
        const resource = resourceOf(definition, type);
        bags = openBags(resource);
        const seconds = request.getTimeout?.() ?? 0;
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
    checkConfig: unary(async (request: provider.CheckRequest) =>
      new provider.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary(async (request: provider.DiffRequest) => {
      // Inputs where the engine sends them: a provider's outputs are its inputs.
      const olds = readProperties(request.getOldInputs() ?? request.getOlds()).properties;
      const news = readProperties(request.getNews()).properties;
      return diffResponse(definition.diffConfig?.(olds, news) ?? { changes: {} });
    }),
    configure: unary(async (request: provider.ConfigureRequest) => {
      await definition.configure?.(readProperties(request.getArgs()).properties, { id: request.getId() || undefined });
      return new provider.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(definition.autonaming ?? false);
    }),

    check: onResource(async (resource, request: provider.CheckRequest, context, bags) => {
      const olds = request.getOlds();
      const result = await resource.check({
        ...context,
        olds: olds === undefined || olds.getFieldsMap().getLength() === 0 ? undefined : bags.open(olds),
        news: bags.inputs(request.getNews()),
        seed: request.getRandomseed_asU8(),
        autonaming: autonamingOf(request.getAutonaming()),
      });
      const response = new provider.CheckResponse().setInputs(bags.seal(result.inputs));
      for (const failure of result.failures ?? []) {
        response.addFailures(new provider.CheckFailure().setProperty(failure.property).setReason(failure.reason));
      }
      return response;
    }),

    diff: onResource(async (resource, request: provider.DiffRequest, context, bags) =>
      diffResponse(
        await resource.diff({
          ...context,
          id: request.getId(),
          olds: bags.open(request.getOlds()),
          oldInputs: bags.open(request.getOldInputs()),
          news: bags.inputs(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      ),
    ),

    create: onResource(async (resource, request: provider.CreateRequest, context, bags) => {
      const inputs = bags.inputs(request.getProperties());
      const created = await resource.create({ ...context, inputs, preview: request.getPreview() });
      return new provider.CreateResponse()
        .setId(created.id)
        .setProperties(bags.seal(created.outputs))
        .setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
    }),

    read: onResource(async (resource, request: provider.ReadRequest, context, bags) => {
      const olds = bags.open(request.getProperties());
      const oldInputs = bags.inputs(request.getInputs());
      const found = await resource.read({ ...context, id: request.getId(), olds, oldInputs });
      const response = new provider.ReadResponse();
      if (found === undefined) return response;
      return response
        .setId(found.id)
        .setInputs(bags.seal(found.inputs))
        .setProperties(bags.seal(found.outputs))
        .setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
    }),

    update: onResource(async (resource, request: provider.UpdateRequest, context, bags) => {
      const outputs = await resource.update({
        ...context,
        id: request.getId(),
        olds: bags.open(request.getOlds()),
        oldInputs: bags.open(request.getOldInputs()),
        news: bags.inputs(request.getNews()),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
      });
      return new provider.UpdateResponse()
        .setProperties(bags.seal(outputs))
        .setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
    }),

    delete: onResource(async (resource, request: provider.DeleteRequest, context, bags) => {
      const olds = bags.open(request.getProperties());
      const oldInputs = bags.open(request.getOldInputs());
      await resource.delete({ ...context, id: request.getId(), olds, oldInputs });
      return new empty.Empty();
    }),

    cancel: unary(async () => {
      for (const controller of running) controller.abort();
      return new empty.Empty();
    }),

    ...(definition.unsupported !== undefined && refuseCalls(definition.unsupported)),
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

/** The other kinds of call, answered with words instead of a bare UNIMPLEMENTED. */
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
