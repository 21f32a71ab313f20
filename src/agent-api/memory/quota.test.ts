import { expect, test } from "vitest";
import { guaranteed, quotas, refuseOverQuota } from "./quota.ts";

const none = { keys: 0, bytes: 0 };
const empty = { instance: none, agent: none, cluster: none };
const writer = { instance: "writer-0", agent: "writer" };
const some = { keys: guaranteed.keys, bytes: 1_000 };

test.each([
  { name: "the first key", beside: empty, refused: undefined },
  { name: "the last key of an instance", beside: { instance: { ...some, keys: quotas.instance.keys - 1 } } },
  { name: "one key more", beside: { instance: { ...some, keys: quotas.instance.keys } }, refused: "writer-0" },
  { name: "the last byte", beside: { instance: { ...some, bytes: quotas.instance.bytes - 10 } } },
  { name: "one byte more", beside: { instance: { ...some, bytes: quotas.instance.bytes - 9 } }, refused: "writer-0" },
  { name: "a full agent", beside: { instance: some, agent: quotas.agent }, refused: "agent writer" },
  { name: "a full cluster", beside: { instance: some, cluster: quotas.cluster }, refused: "the cluster" },
  { name: "a full cluster, within the guarantee", beside: { instance: none, cluster: quotas.cluster } },
  {
    name: "a full cluster, past the guarantee in bytes",
    beside: { instance: { keys: 1, bytes: guaranteed.bytes }, cluster: quotas.cluster },
    refused: "the cluster",
  },
])("$name: refused for $refused", ({ beside, refused }) => {
  const write = () => refuseOverQuota("k", 10, { ...empty, ...beside }, writer);
  if (refused === undefined) expect(write).not.toThrow();
  else expect(write).toThrow(expect.objectContaining({ code: "SW711", message: expect.stringContaining(refused) }));
});
