import { expect, test } from "vitest";
import { desired } from "./desired.ts";

const proposal = {
  cluster: "team-dev",
  place: { target: "local", by: "option" },
  blueprint: { id: "team", version: "1.0.0", digest: "one" },
  bounds: { agents: [{ key: "writer", min: 1, max: 9 }], minWorkers: 1, maxWorkers: 9 },
  embedded: true,
};

/** Nothing here speaks. */
const log = { progress() {}, info() {}, warning() {} };

function check(news: object, olds?: Readonly<Record<string, unknown>>) {
  const call = { urn: "urn", type: "swarmstack:index:Desired", signal: new AbortController().signal, log };
  const seed = Buffer.from("seed");
  const request = { ...call, timeoutMs: undefined, autonaming: undefined, seed, olds };
  return desired("/home/u/.swarmstack").check({ ...request, news: { ...proposal, ...news } });
}

const document = (counts: object) => ({ document: { counts } });

test("a size that a program names applies to a new cluster, and again only when it names another one", async () => {
  const first = await check({ targetWorkers: 3 });
  expect(first.inputs).toMatchObject({ ...document({ writer: 3 }), targetWorkers: 3 });
  // Changed elsewhere since.
  const grown = { ...first.inputs, document: { ...Object(first.inputs.document), counts: { writer: 5 } } };
  expect((await check({ targetWorkers: 3 }, grown)).inputs).toMatchObject(document({ writer: 5 }));
  expect((await check({ targetWorkers: 4 }, grown)).inputs).toMatchObject(document({ writer: 4 }));
  const unnamed = await check({}, grown);
  expect(unnamed.inputs).toMatchObject(document({ writer: 5 }));
  expect(unnamed.inputs).not.toHaveProperty("targetWorkers");
  expect((await check({ targetWorkers: 3 }, unnamed.inputs)).inputs).toMatchObject(document({ writer: 3 }));
});

test("an embedding program may run another blueprint; one of our own stacks does not by accident", async () => {
  const { inputs } = await check({});
  const other = { blueprint: { id: "other", version: "1.0.0", digest: "two" } };
  expect((await check(other, inputs)).failures ?? []).toEqual([]);
  expect((await check({ ...other, embedded: undefined }, inputs)).failures).toHaveLength(1);
});

test("an embedding program is not sent to a lifecycle command when its target changes", async () => {
  const { inputs } = await check({});
  const { failures } = await check({ place: { target: "docker", by: "option" } }, inputs);
  expect(failures?.[0]?.reason).toContain("runs on local");
  expect(failures?.[0]?.reason).not.toContain("swarmctl");
});
