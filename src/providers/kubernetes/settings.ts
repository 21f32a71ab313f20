import { SwarmError } from "../../errors.ts";
import type { Properties } from "../base/values.ts";

/** The provider's configuration: arguments of a Provider resource, or `kubernetes:<key>` of the stack. */
export interface KubernetesProviderSettings {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly mutable: { readonly configMaps: boolean; readonly secrets: boolean };
  readonly patchForce: boolean;
  readonly upsertExistingObjects: boolean;
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
  readonly suppressDeprecationWarnings: boolean;
}

/** Environment variables that set the flags. */
const variables = {
  deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  enableServerSideApply: "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
  skipUpdateUnreachable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
  suppressDeprecationWarnings: "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
} as const;

/**
 * Reads the configuration; nested and boolean values arrive as strings.
 *
 * @throws SwarmError SW733 for settings that this plugin does not support
 */
export function readSettings(args: Properties, env: NodeJS.ProcessEnv): KubernetesProviderSettings {
  const flag = (name: keyof typeof variables) => String(args[name] ?? env[variables[name]] ?? "").toLowerCase();
  const isOn = (name: keyof typeof variables) => ["true", "1"].includes(flag(name));
  if (["false", "0"].includes(flag("enableServerSideApply"))) {
    throw new SwarmError(
      "SW733",
      "the offline kubernetes plugin has server-side apply only: enableServerSideApply is false",
    );
  }
  if (textOf(args.renderYamlToDirectory) !== undefined) {
    throw new SwarmError("SW733", "the offline kubernetes plugin renders no YAML: renderYamlToDirectory is set");
  }
  return {
    kubeconfig: textOf(args.kubeconfig),
    context: textOf(args.context),
    cluster: textOf(args.cluster),
    namespace: textOf(args.namespace),
    mutable: { configMaps: isOn("enableConfigMapMutable"), secrets: isOn("enableSecretMutable") },
    patchForce: isOn("enablePatchForce"),
    upsertExistingObjects: isOn("upsertExistingObjects"),
    deleteUnreachable: isOn("deleteUnreachable"),
    skipUpdateUnreachable: isOn("skipUpdateUnreachable"),
    suppressDeprecationWarnings: isOn("suppressDeprecationWarnings"),
  };
}

/** Accepts a kubeconfig as text or as an object. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
