import { slug } from "../../names.ts";
import { parseVersion, semverPattern } from "../notation/version.ts";
import { object } from "../shape/object.ts";
import { text } from "../shape/scalars.ts";
import { invalid, required, type Shape } from "../shape/shape.ts";
import { cut } from "../source/describe.ts";

/** YAML parses 1.0 as a number: a version uses its text. */
const version: Shape<string> = {
  expects: "a version such as 1.0.0",
  json: () => ({ type: "string", pattern: semverPattern, examples: ["1.0.0"] }),
  read(node, path, report) {
    if (node.kind !== "scalar" || typeof node.value === "boolean")
      return text({ what: "a version such as 1.0.0" }).read(node, path, report);
    const written = typeof node.value === "string" ? node.value : node.source;
    const parsed = parseVersion(written);
    if (parsed.ok) return parsed.value;
    report("SW207", { span: node.span, path }, { value: cut(written) }, { suggestion: parsed.suggestion });
    return invalid;
  },
};

export const metadata = object({
  id: required(
    text({
      what: "an id of a-z, 0-9 and dashes, at most 63 characters",
      pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
      maxLength: 63,
      near: slug,
    }),
    "Identity of the blueprint: a-z, 0-9 and dashes, at most 63 characters.",
  ),
  name: required(text({ what: "a name", maxLength: 256 }), "Display name."),
  version: required(version, "Semantic version of the blueprint."),
});
