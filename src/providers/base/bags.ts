import type { Resource } from "./resource.ts";
import {
  type Properties,
  readProperties,
  type SecretPath,
  secretTexts,
  withoutSecrets,
  writeProperties,
} from "./values.ts";

/** The property bags of one call: decodes secrets for the resource and marks them again for the engine. */
export interface Bags {
  /** Decodes the bag whose secret paths are also secret in the reply. */
  inputs(struct: Uint8Array | undefined): Properties;
  open(struct: Uint8Array | undefined): Properties;
  seal(bag: Properties): Uint8Array;
  /** Redacts the secrets of all decoded bags in a message. */
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
