import { expect, test } from "vitest";
import { healthOf, heartbeatIntervalMs, type Signs } from "./health.ts";

const alive: Signs = {
  process: "running",
  mustRegister: false,
  registration: undefined,
  heartbeatIntervalMs: 2_000,
  cpu: undefined,
  directive: undefined,
};
const heard = (state: "idle" | "busy" | "drained" | "failed" | undefined, silentMs = 0) => ({
  registration: { state, silentMs },
});

test.each<{ name: string; signs: Partial<Signs>; health: string | undefined }>([
  { name: "just started", signs: { process: "starting" }, health: "starting" },
  { name: "alive, but the reference agent has not registered", signs: { mustRegister: true }, health: "starting" },
  { name: "registered, and has not reported", signs: heard(undefined), health: "starting" },
  { name: "registered while its process settles", signs: { process: "starting", ...heard("idle") }, health: "idle" },
  { name: "idle", signs: heard("idle"), health: "idle" },
  { name: "busy", signs: heard("busy"), health: "busy" },
  { name: "drained", signs: heard("drained"), health: "drained" },
  {
    name: "idle, back after it drained",
    signs: { isDrained: true, directive: "hold", ...heard("idle") },
    health: "drained",
  },
  {
    name: "back after it drained, and has not reported",
    signs: { isDrained: true, ...heard(undefined) },
    health: "starting",
  },
  { name: "reported failed", signs: heard("failed"), health: "failed" },
  { name: "silent, but not too long", signs: heard("idle", 7_000), health: "idle" },
  { name: "silent for three heartbeats and a second", signs: heard("idle", 7_001), health: "unresponsive" },
  { name: "silent since it registered", signs: heard(undefined, 60_000), health: "unresponsive" },
  { name: "without the API, not measured yet", signs: {}, health: "busy" },
  { name: "without the API, at work", signs: { cpu: 0.9 }, health: "busy" },
  { name: "without the API, at rest", signs: { cpu: 0.01 }, health: "idle" },
  { name: "without the API, idle and told to drain", signs: { cpu: 0.01, directive: "drain" }, health: "drained" },
  { name: "without the API, busy and told to drain", signs: { cpu: 0.9, directive: "drain" }, health: "busy" },
  { name: "waiting for its restart", signs: { process: "backing-off" }, health: "failed" },
  { name: "not startable", signs: { process: "failed" }, health: "failed" },
  { name: "being stopped", signs: { process: "stopping", ...heard("busy") }, health: undefined },
  { name: "stopped", signs: { process: "stopped" }, health: undefined },
])("$name: $health", ({ signs, health }) => {
  expect(healthOf({ ...alive, ...signs })).toBe(health);
});

test.each([
  { instances: 0, intervalMs: 2_000 },
  { instances: 200, intervalMs: 2_000 },
  { instances: 1_000, intervalMs: 10_000 },
  { instances: 100_000, intervalMs: 30_000 },
])("$instances instances report every $intervalMs ms", ({ instances, intervalMs }) => {
  expect(heartbeatIntervalMs(instances)).toBe(intervalMs);
});
