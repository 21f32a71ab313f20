import type { SecretReference } from "../model.ts";
import { mapOf } from "../shape/collections.ts";
import { object } from "../shape/object.ts";
import { text } from "../shape/scalars.ts";
import { type Draft, type Invalid, invalid, known, optional, type Shape } from "../shape/shape.ts";

/** A valid name of an environment variable. */
export const variableName = text({
  what: "a name of letters, digits and underscores that does not begin with a digit",
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  maxLength: 256,
  near: (name) => name.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^(\d)/, "_$1"),
});

const fields = {
  env: optional(variableName, "Environment variable of swarmctl."),
  file: optional(text({ what: "a path" }), "File with the value, relative to the blueprint."),
  config: optional(text({ what: "a key" }), "Key of the stack's Pulumi configuration."),
  kubernetes: optional(
    text({
      what: "a secret and its key, such as tokens/openai",
      pattern: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[A-Za-z0-9._-]+$/,
    }),
    "Existing Kubernetes Secret, as secret/key.",
  ),
};

const locations = object(fields, { name: "the secret" });

const reference: Shape<SecretReference> = {
  ...locations,
  expects: "a reference such as { env: OPENAI_API_KEY }",
  json: () => ({ ...locations.json(), minProperties: 1, maxProperties: 1 }),
  read(node, path, report) {
    if (node.kind === "scalar") {
      // The value may be a secret: it is not printed.
      report(
        "SW361",
        { span: node.span, path },
        { what: "a secret's value" },
        { fix: `write { env: ${String(path.at(-1))} }` },
      );
      return invalid;
    }
    const draft = locations.read(node, path, report);
    if (draft === invalid || node.kind !== "map") return invalid;
    const kinds = [...node.entries.keys()].filter((key) => Object.hasOwn(fields, key));
    const named = Object.values(draft).some((value) => value !== undefined);
    if (kinds.length > 1 || !named) {
      report(
        "SW215",
        { span: node.span, path },
        { kinds },
        { fix: `write for example { env: ${String(path.at(-1))} }` },
      );
      return invalid;
    }
    return toReference(draft);
  },
};

function toReference(draft: Draft<typeof fields>): SecretReference | Invalid {
  if (known(draft.env)) return { kind: "env", variable: draft.env };
  if (known(draft.file)) return { kind: "file", path: draft.file };
  if (known(draft.config)) return { kind: "config", key: draft.config };
  if (known(draft.kubernetes)) {
    const slash = draft.kubernetes.indexOf("/");
    return { kind: "kubernetes", secret: draft.kubernetes.slice(0, slash), key: draft.kubernetes.slice(slash + 1) };
  }
  return invalid;
}

export const secrets = mapOf(reference, { name: variableName });
