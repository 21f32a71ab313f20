import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { parseBlueprint } from "../../../src/blueprint/parse.ts";
import { compile } from "../../../src/plan/compile.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { samples } from "../../components/shipped.ts";
import { edited } from "../edits/edit.ts";
import { applied } from "../edits/table.ts";

/** A blueprint on Kubernetes, and the folder of its files. */
export interface Variant {
  readonly title: string;
  readonly document: unknown;
  /** Code of the diagnostic, where the validator refuses it: then nothing is sent. */
  readonly refused?: string;
}

type Document = { cluster: { target?: unknown } };

/** The blueprints after each edit of the table that changes objects, in turn. */
export function editedBlueprints(): readonly Variant[] {
  return samples().flatMap(({ name, file }) => {
    let document: unknown = onKubernetes(parse(readFileSync(file, "utf8")) as Document);
    return applied
      .filter(({ blueprint }) => blueprint === name)
      .flatMap((edit, round) => {
        document = edited(document, edit);
        const objectsChange = typeof edit.does !== "string" && edit.does.length > 0;
        return objectsChange ? [{ title: `${name}, edit ${round}`, document }] : [];
      });
  });
}

function onKubernetes(document: Document): Document {
  const { target } = document.cluster;
  const kind = typeof target === "object" && target !== null && "kind" in target ? target.kind : target;
  return kind === "kubernetes" ? document : { ...document, cluster: { ...document.cluster, target: "kubernetes" } };
}

const one = { role: "worker", name: "Only", count: 1, capabilities: ["work"] };

function blueprint(cluster: object, agents: readonly object[], rest: object = {}): unknown {
  return {
    metadata: { id: "edge", name: "Edge", version: "1.0.0" },
    cluster: { type: "project", min_workers: 1, max_workers: 5, target: "kubernetes", ...cluster },
    agents,
    ...rest,
  };
}

const agent = (more: object) => blueprint({}, [{ ...one, ...more }]);

/** Values that an API server writes in its own way, or leaves out. */
export const edges: readonly Variant[] = [
  { title: "one agent of a role without permissions", document: blueprint({}, [one]) },
  { title: "an empty variable", document: agent({ env: { EMPTY: "", FULL: "1" } }) },
  ...["1000m", "1", 2, 0.5, 0.1, "1500m", "999m"].map((cpu) => ({
    title: `cpu ${cpu}`,
    document: agent({ resources: { cpu } }),
  })),
  ...["512Mi", "1000Mi", "1G", "500M", "1536Mi", "1Ti"].map((size) => ({
    title: `memory and state of ${size}`,
    document: agent({ resources: { memory: size }, state: { size, path: "/state" } }),
  })),
  { title: "a shared volume of 1 TB", document: blueprint({ shared: { volume: "1T" } }, [one]) },
  { title: "a thousand pods", document: blueprint({ max_workers: 2000 }, [{ ...one, count: "1-1997" }]) },
  ...[1, 0.5, 1000, 2500].map((threshold) => ({
    title: `a queue of ${threshold}`,
    document: blueprint({ scaling: { owner: "hpa", metric: "task_queue_length", scale_up_threshold: threshold } }, [
      { ...one, count: "1-3" },
    ]),
  })),
  ...["1 second", "1500 ms", "30 seconds"].map((target) => ({
    title: `responses in ${target}`,
    document: blueprint({}, [
      { ...one, count: "1-3", scaling: { owner: "hpa", signals: [{ metric: "avg_response_time", target }] } },
    ]),
  })),
  { title: "no reach at all", document: blueprint({ network: { egress: [] } }, [one]) },
  { title: "one address", document: blueprint({ network: { egress: ["10.0.0.0/8"] } }, [one]) },
  {
    title: "an empty file and an empty folder of knowledge",
    document: blueprint(
      {
        shared: {
          knowledge: [
            { name: "empty-file", path: "./empty.md" },
            { name: "empty-folder", path: "./nothing" },
          ],
        },
      },
      [one],
    ),
  },
  { title: "an empty command", document: agent({ command: [] }), refused: "SW216" },
  { title: "empty lists and maps", document: agent({ env: {}, labels: {}, config: {}, secrets: [] }) },
];

/** The plan of a variant; undefined where the validator or the compiler refuses it. */
export function planOf({ document }: Variant, cluster: string): Plan | { readonly refused: string } {
  const { blueprint: parsed, diagnostics } = parseBlueprint(stringify(document), { file: "edge.yaml" });
  if (parsed === undefined) return { refused: diagnostics.map(({ code, message }) => `${code} ${message}`).join("; ") };
  try {
    return compile({ ...parsed, digest: "[digest]" }, { cluster });
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}
