import { nameTells, secretIn } from "../secret-patterns.ts";
import type { Node, Path } from "../source/tree.ts";
import type { RuleContext } from "./context.ts";

const fix = "put it under secrets as a reference, list its name in the agent's secrets, and change the secret";
/** Shortest secret with a recognisable form. */
const shortest = 12;

/** Checks that the file has no secrets: values that look like one, and variables with the name of one. */
export function checkLiterals({ root, report }: RuleContext): void {
  const seen = new Set<Node>();
  const visit = (node: Node, path: Path): void => {
    if (seen.has(node)) return;
    if (node.kind === "list") {
      seen.add(node);
      for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    } else if (node.kind === "map") {
      seen.add(node);
      for (const [key, entry] of node.entries) {
        // A value under secrets that is not a reference is reported where it is parsed.
        if (path.length > 0 || key !== "secrets") visit(entry.value, [...path, key]);
      }
    } else if (node.kind === "scalar" && typeof node.value === "string" && node.value.length >= 8) {
      const what = node.value.length < shortest ? undefined : secretIn(node.value);
      if (what !== undefined) report("SW361", { span: node.span, path }, { what }, { fix });
      else if (path.at(-2) === "env" && nameTells(String(path.at(-1)), node.value)) {
        report(
          "SW361",
          { span: node.span, path },
          { what: "a secret, by the name of its variable" },
          { severity: "warning", fix },
        );
      }
    }
  };
  visit(root, []);
}
