import { expect, test } from "vitest";
import { stringify } from "yaml";
import { locateKey } from "../blueprint/locate-key.ts";
import { parseBlueprint } from "../blueprint/parse.ts";
import { compile } from "./compile.ts";
import { extensionApis, hintsFor, lacks, requiredApis } from "./required-apis.ts";

const worker = { role: "worker", name: "Worker", count: "1-4", capabilities: ["work"] };
const hpa = (metric: string, target: number | string = 5) => ({
  scaling: { owner: "hpa", signals: [{ metric, target }] },
});
const keda = { scaling: { owner: "keda", metric: "load_percentage", scale_up_threshold: 80 } };

function source(cluster: object, agent: object = {}, rest: object = {}) {
  const document = {
    metadata: { id: "a", name: "A", version: "1.0.0" },
    cluster: { type: "project", min_workers: 1, max_workers: 9, target: "kubernetes", ...cluster },
    ...rest,
    agents: [
      { ...worker, name: "First", count: 1 },
      { ...worker, reports_to: "First", ...agent },
    ],
  };
  return { file: "a.yaml", text: stringify(document) };
}

const spot = { gpu_pools: [{ name: "l4", gpu: "nvidia-l4", nodes: "0-2", spot: {} }] };
const onGpu = { resources: { gpu: 1, gpu_pool: "l4" }, count: "0-2" };

test.each([
  { title: "nothing of other projects", text: source({}), want: [] },
  { title: "an owner of the cluster", text: source(keda), want: ["KEDA owner"] },
  { title: "an owner of an agent", text: source({}, keda), want: ["KEDA owner"] },
  { title: "spot nodes", text: source({}, onGpu, spot), want: ["Karpenter spot"] },
  {
    title: "nodes that are there",
    text: source({}, onGpu, { gpu_pools: [{ name: "l4", gpu: "nvidia-l4", nodes: "0-2" }] }),
    want: [],
  },
  {
    title: "host names by Cilium",
    text: source({ network: { provider: "cilium", egress: ["pypi.org:443"] } }),
    want: ["Cilium provider"],
  },
  { title: "Cilium without a list of hosts", text: source({ network: { provider: "cilium" } }), want: [] },
  {
    title: "cpu for an HPA",
    text: source({}, { ...hpa("load_percentage"), resources: { cpu: 1 } }),
    want: ["metrics-server owner"],
  },
  {
    title: "response times for an HPA",
    text: source({}, hpa("avg_response_time", "2 seconds")),
    want: ["an adapter such as prometheus-adapter owner"],
  },
  {
    title: "queues for an HPA",
    text: source({}, hpa("task_queue_length")),
    want: ["an adapter such as prometheus-adapter owner"],
  },
])("$title: $want", ({ text, want }) => {
  const { blueprint, diagnostics } = parseBlueprint(text.text, { file: text.file });
  if (blueprint === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const found = requiredApis(compile(blueprint, { cluster: "a" })).map(({ api, keys }) => {
    const [, line = "", column = ""] = locateKey(text, keys).split(":");
    const key = /[\w]+/.exec((text.text.split("\n")[Number(line) - 1] ?? "").slice(Number(column) - 1))?.[0];
    return `${api.project} ${key}`;
  });
  expect(found).toEqual(want);
});

test("without a file the key is named", () => {
  expect(locateKey(undefined, [["agents", 1, "scaling", "owner"]])).toBe("agents[1].scaling.owner");
});

test.each(extensionApis)("the hints for $group name its installation, and no other", (api) => {
  const message = lacks("https://a", [{ api, place: "a.yaml:1:1" }]);
  expect(hintsFor(message)).toEqual([api.install, `or ${api.instead}`]);
});

test("all that is missing is one message", () => {
  const [first, second] = extensionApis.filter(({ kind }) => kind !== undefined);
  if (first === undefined || second === undefined) throw new TypeError("no kinds");
  const missing = [first, second].map((api, index) => ({ api, place: `a.yaml:${index + 1}:1` }));
  expect(lacks("https://a", missing)).toBe(
    "the control plane https://a lacks the kind NodePool of karpenter.sh/v1, which a.yaml:1:1 needs and Karpenter serves; " +
      "it lacks the kind ScaledObject of keda.sh/v1alpha1, which a.yaml:2:1 needs and KEDA serves",
  );
});
