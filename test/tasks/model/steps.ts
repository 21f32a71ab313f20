import fc from "fast-check";
import type { Priority, Selector } from "../../../src/tasks/task.ts";

/** One step of one of the workers or of the user; numbers choose among what is there. */
export type Step =
  | {
      readonly do: "add";
      readonly selector: Selector;
      readonly priority: Priority;
      readonly maxAttempts: number;
      readonly deadlineMs: number | undefined;
    }
  | { readonly do: "lease"; readonly worker: number; readonly limit: number }
  | { readonly do: "ack" | "extend" | "handBack"; readonly proof: number }
  | { readonly do: "fail"; readonly proof: number; readonly retryable: boolean }
  | { readonly do: "cancel" | "requeue"; readonly task: number }
  | { readonly do: "restart"; readonly worker: number }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "sweep" };

export const workers = 4;

const worker = fc.nat(workers - 1);
const choice = fc.nat(1_000);

function step<Kind extends Step["do"]>(kind: Kind, rest: object): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constant(kind), ...rest }) as unknown as fc.Arbitrary<Step>;
}

const add = step("add", {
  selector: fc.constantFrom<Selector>({ agent: "writer" }, { role: "worker" }, { capability: "seo" }),
  priority: fc.constantFrom<Priority>("low", "normal", "normal", "high"),
  maxAttempts: fc.integer({ min: 1, max: 3 }),
  deadlineMs: fc.option(fc.integer({ min: 1, max: 30_000 }), { nil: undefined, freq: 5 }),
});

export const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: add },
  { weight: 8, arbitrary: step("lease", { worker, limit: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 6, arbitrary: step("ack", { proof: choice }) },
  { weight: 3, arbitrary: step("fail", { proof: choice, retryable: fc.boolean() }) },
  { weight: 2, arbitrary: step("extend", { proof: choice }) },
  { weight: 2, arbitrary: step("handBack", { proof: choice }) },
  { weight: 1, arbitrary: step("cancel", { task: choice }) },
  { weight: 2, arbitrary: step("requeue", { task: choice }) },
  { weight: 2, arbitrary: step("restart", { worker }) },
  { weight: 5, arbitrary: step("wait", { ms: fc.integer({ min: 1, max: 15_000 }) }) },
  { weight: 1, arbitrary: step("sweep", {}) },
);
