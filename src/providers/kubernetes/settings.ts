import { SwarmError } from "../../errors.ts";
import type { Properties } from "../base/values.ts";

/** The provider's configuration: arguments of a Provider resource, or `kubernetes:<key>` of the stack. */
export interface Settings {
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

/**
 * Reads the configuration; nested and boolean values arrive as texts. Flags can come from the environment too
 * (`enablePatchForce`: `PULUMI_K8S_ENABLE_PATCH_FORCE`).
 *
 * @throws SwarmError SW733 for what this plugin does not do
 */
export function readSettings(args: Properties, env: NodeJS.ProcessEnv): Settings {
  const flag = (name: string) => String(args[name] ?? env[variableOf(name)] ?? "").toLowerCase();
  const isOn = (name: string) => ["true", "1"].includes(flag(name));
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

function variableOf(name: string): string {
  return `PULUMI_K8S_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** A kubeconfig can be passed as an object; it arrives as JSON text, or as it is. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
