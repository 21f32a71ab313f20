import type { Resource } from "./resource.ts";
import {
  type Properties,
  readProperties,
  type SecretPath,
  secretTexts,
  withoutSecrets,
  writeProperties,
} from "./values.ts";

/** The property bags of one call: opened for the resource, sealed again for the engine. */
export interface Bags {
  /** Opens the bag whose secrets mark the places of secrets in the reply. */
  inputs(struct: Uint8Array | undefined): Properties;
  open(struct: Uint8Array | undefined): Properties;
  seal(bag: Properties): Uint8Array;
  /** A message without the secrets of all bags that were opened. */
  hide(message: string): string;
}

export function openBags(resource: Resource): Bags {
  let given: readonly SecretPath[] = [];
  const texts = new Set<string>();

  function open(struct: Uint8Array | undefined) {
    const bag = readProperties(struct);
    for (const text of secretTexts(bag)) texts.add(text);
    return bag;
  }

  return {
    open: (struct) => open(struct).properties,
    inputs(struct) {
      const { properties, secrets } = open(struct);
      given = secrets;
      return properties;
    },
    seal: (bag) => writeProperties(bag, resource.secretPlaces?.(bag, given) ?? given),
    hide: (message) => withoutSecrets(message, [...texts]),
  };
}
