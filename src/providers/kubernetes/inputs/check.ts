import { SwarmError } from "../../../errors.ts";
import type { CheckRequest, CheckResult } from "../../base/resource.ts";
import { unknownValue } from "../../base/values.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { apiVersionOf, isNamespaced, type Kind, kindOf, kindOfType } from "../kind.ts";
import { type KubeObject, namespaceOf, recordAt } from "../object.ts";
import { withName } from "./auto-name.ts";
import { refuseUnsupported } from "./refusals.ts";
import { foldStringData } from "./string-data.ts";
import { withoutNulls } from "./without-nulls.ts";

/** Completes the inputs of an object: kind, name, namespace; a Secret's `stringData` becomes `data`. */
export async function checkInputs(request: CheckRequest, cluster: Cluster): Promise<CheckResult> {
  const { urn, type, news, olds, seed, autonaming } = request;
  const typed = kindOfType(type);
  const given = { apiVersion: apiVersionOf(typed), kind: typed.kind, ...withoutNulls(news) };
  if (news.metadata === unknownValue) return { inputs: given };
  const kind = kindOf(given) ?? typed;
  try {
    refuseUnsupported(kind, type, given);
    const folded = kind.kind === "Secret" && kind.group === "" ? foldStringData(given) : given;
    const named = withName(folded, { resource: urn.split("::").at(-1) ?? "", olds, seed, autonaming });
    return { inputs: await withNamespace(named, kind, olds, cluster) };
  } catch (error) {
    if (!(error instanceof SwarmError) || error.code !== "SW733") throw error;
    return { inputs: given, failures: [{ property: "", reason: error.message }] };
  }
}

async function withNamespace(
  inputs: KubeObject,
  kind: Kind,
  olds: KubeObject | undefined,
  { discovery, namespace }: Cluster,
): Promise<KubeObject> {
  if (namespaceOf(inputs) !== undefined) return inputs;
  // Where nobody knows it stays as it was; a new object is taken to live in a namespace, as most do.
  const assumed = olds === undefined || namespaceOf(olds) !== undefined;
  const namespaced =
    isNamespaced(kind) ??
    (await discovery.find(kind).then(
      (place) => place.namespaced,
      () => assumed,
    ));
  return namespaced ? { ...inputs, metadata: { ...recordAt(inputs, "metadata"), namespace } } : inputs;
}
