import grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { EngineLog } from "./engine-log.ts";
import { type CallContext, InitializationFailed, type Provider, type Resource } from "./resource.ts";
import { type Properties, readProperties, type SecretPath, writeProperties } from "./values.ts";

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
    act: (resource: Resource, request: Request, context: CallContext) => Promise<Response>,
  ): grpc.handleUnaryCall<Request, Response> {
    return unary(async (request: Request) => {
      const controller = new AbortController();
      running.add(controller);
      try {
        const seconds = request.getTimeout?.() ?? 0;
        return await act(resourceOf(definition, request.getUrn()), request, {
          urn: request.getUrn(),
          signal: controller.signal,
          timeoutMs: seconds > 0 ? seconds * 1000 : undefined,
          log: log.forResource(request.getUrn()),
        });
      } finally {
        running.delete(controller);
      }
    });
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
    diffConfig: unary(async () => new provider.DiffResponse().setChanges(provider.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(async (request: provider.ConfigureRequest) => {
      await definition.configure?.(readProperties(request.getArgs()).properties);
      return new provider.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),

    check: onResource(async (resource, request: provider.CheckRequest, context) => {
      const news = readProperties(request.getNews());
      const olds = request.getOlds();
      const result = await resource.check({
        ...context,
        olds: olds === undefined || olds.getFieldsMap().getLength() === 0 ? undefined : readProperties(olds).properties,
        news: news.properties,
        seed: request.getRandomseed_asU8(),
      });
      const response = new provider.CheckResponse().setInputs(writeProperties(result.inputs, news.secrets));
      for (const failure of result.failures ?? []) {
        response.addFailures(new provider.CheckFailure().setProperty(failure.property).setReason(failure.reason));
      }
      return response;
    }),

    diff: onResource(async (resource, request: provider.DiffRequest, context) => {
      const result = await resource.diff({
        ...context,
        id: request.getId(),
        olds: readProperties(request.getOlds()).properties,
        oldInputs: readProperties(request.getOldInputs()).properties,
        news: readProperties(request.getNews()).properties,
      });
      return diffResponse(result.changes, result.deleteBeforeReplace ?? false);
    }),

    create: onResource(async (resource, request: provider.CreateRequest, context) => {
      const inputs = readProperties(request.getProperties());
      const created = await withSecrets(inputs.secrets, () =>
        resource.create({ ...context, inputs: inputs.properties, preview: request.getPreview() }),
      );
      return new provider.CreateResponse()
        .setId(created.id)
        .setProperties(writeProperties(created.outputs, inputs.secrets))
        .setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
    }),

    read: onResource(async (resource, request: provider.ReadRequest, context) => {
      const oldInputs = readProperties(request.getInputs());
      const found = await withSecrets(oldInputs.secrets, () =>
        resource.read({
          ...context,
          id: request.getId(),
          olds: readProperties(request.getProperties()).properties,
          oldInputs: oldInputs.properties,
        }),
      );
      const response = new provider.ReadResponse();
      if (found === undefined) return response;
      return response
        .setId(found.id)
        .setInputs(writeProperties(found.inputs, oldInputs.secrets))
        .setProperties(writeProperties(found.outputs, oldInputs.secrets))
        .setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
    }),

    update: onResource(async (resource, request: provider.UpdateRequest, context) => {
      const news = readProperties(request.getNews());
      const outputs = await withSecrets(news.secrets, () =>
        resource.update({
          ...context,
          id: request.getId(),
          olds: readProperties(request.getOlds()).properties,
          oldInputs: readProperties(request.getOldInputs()).properties,
          news: news.properties,
          preview: request.getPreview(),
        }),
      );
      return new provider.UpdateResponse()
        .setProperties(writeProperties(outputs, news.secrets))
        .setRefreshBeforeUpdate(resource.refreshBeforeUpdate ?? false);
    }),

    delete: onResource(async (resource, request: provider.DeleteRequest, context) => {
      const olds = readProperties(request.getProperties()).properties;
      await resource.delete({ ...context, id: request.getId(), olds });
      return new empty.Empty();
    }),

    cancel: unary(async () => {
      for (const controller of running) controller.abort();
      return new empty.Empty();
    }),
  };
}

/** The type token at the end of a URN's type chain. */
function typeOf(urn: string): string {
  const chain = urn.split("::")[2] ?? "";
  return chain.slice(chain.lastIndexOf("$") + 1);
}

function resourceOf(definition: Provider, urn: string): Resource {
  const token = typeOf(urn);
  const resource = definition.resources[token];
  if (resource === undefined) {
    const known = Object.keys(definition.resources).join(", ");
    throw new Error(`provider ${definition.name} ${definition.version} has no resource ${token} (it has ${known})`);
  }
  return resource;
}

function diffResponse(changes: Readonly<Record<string, string>>, deleteBeforeReplace: boolean): provider.DiffResponse {
  const paths = Object.keys(changes);
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse()
    .setChanges(paths.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(paths)
    .setReplacesList(paths.filter((path) => changes[path]?.endsWith("-replace")))
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const [path, kind] of Object.entries(changes)) {
    response.getDetaileddiffMap().set(path, new provider.PropertyDiff().setKind(detailedKinds[kind] ?? 0));
  }
  return response;
}

const detailedKinds: Readonly<Record<string, provider.PropertyDiff.Kind>> = {
  add: provider.PropertyDiff.Kind.ADD,
  "add-replace": provider.PropertyDiff.Kind.ADD_REPLACE,
  delete: provider.PropertyDiff.Kind.DELETE,
  "delete-replace": provider.PropertyDiff.Kind.DELETE_REPLACE,
  update: provider.PropertyDiff.Kind.UPDATE,
  "update-replace": provider.PropertyDiff.Kind.UPDATE_REPLACE,
};

/** Remembers the secret places of a call, so that a half-made resource is recorded without plain secrets. */
async function withSecrets<Result>(secrets: readonly SecretPath[], act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof InitializationFailed) throw new GrpcFailure(initializationStatus(error, secrets));
    throw error;
  }
}

function initializationStatus(error: InitializationFailed, secrets: readonly SecretPath[]): Partial<grpc.StatusObject> {
  const detail = new provider.ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(writeProperties(error.outputs as Properties, secrets))
    .setReasonsList([...error.reasons]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const message = new status.Status().setCode(grpc.status.UNKNOWN).setMessage(error.message);
  // Not chained: addDetails returns the detail.
  message.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(message.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: error.message, metadata };
}

/** An error whose gRPC status is ready to be sent. */
class GrpcFailure extends Error {
  readonly status: Partial<grpc.StatusObject>;

  constructor(status: Partial<grpc.StatusObject>) {
    super(status.details ?? "");
    this.status = status;
  }
}

function unary<Request, Response>(handle: Handler<Request, Response>): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(grpcError(error)),
    );
  };
}

function grpcError(error: unknown): Partial<grpc.StatusObject> {
  if (error instanceof GrpcFailure) return error.status;
  return { code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}
