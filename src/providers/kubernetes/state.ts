import { recordAt, textAt } from "../../platform/json.ts";
import type { Properties, SecretPath } from "../base/values.ts";
import type { KubeObject } from "./object.ts";

/** State of an object besides the live object, in exactly the official provider's format. */
export interface Bookkeeping {
  readonly manager: string;
  readonly initialApiVersion: string;
  /** The inputs as last sent. */
  readonly inputs: Properties;
}

const bookkeeping = ["__fieldManager", "__initialApiVersion", "__inputs"];

export function outputsOf(live: KubeObject, { manager, initialApiVersion, inputs }: Bookkeeping): Properties {
  return { __fieldManager: manager, __initialApiVersion: initialApiVersion, __inputs: inputs, ...live };
}

/** The live object in recorded outputs. */
export function liveOf(outputs: Properties): KubeObject {
  return Object.fromEntries(Object.entries(outputs).filter(([key]) => !bookkeeping.includes(key)));
}

export const managerOf = (outputs: Properties) => textAt(outputs, "__fieldManager");
export const initialApiVersionOf = (outputs: Properties) =>
  textAt(outputs, "__initialApiVersion") ?? textAt(outputs, "apiVersion") ?? "";

/**
 * Paths of secrets in inputs and outputs: those of the secret inputs, also in the recorded copy of the inputs, and all
 * data of a Secret, even if not marked as secret.
 */
export function secretPlaces(bag: Properties, given: readonly SecretPath[]): readonly SecretPath[] {
  const own: readonly SecretPath[] =
    bag.kind === "Secret" && bag.apiVersion === "v1" ? [["data"], ["stringData"], lastApplied] : [];
  const places = [...given, ...own];
  const copied = "__inputs" in bag && Object.keys(recordAt(bag, "__inputs")).length > 0;
  return copied ? [...places, ...places.map((place) => ["__inputs", ...place])] : places;
}

/** Where `kubectl apply` keeps a copy of its input. */
const lastApplied: SecretPath = ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"];
