import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Task } from "../../../src/tasks/task.ts";
import type { Backend } from "../support/backends.ts";
import { isOpen } from "./model.ts";
import { Play } from "./play.ts";
import { steps } from "./steps.ts";

export interface Extent {
  readonly seeds: readonly number[];
  /** Sequences for each seed. */
  readonly runs: number;
  /** Maximum number of steps in a sequence. */
  readonly length: number;
}

/** Workers that lease, settle, lose and restart in any order: the queue agrees with the model, and no task is lost. */
export function describeModel(backend: Backend, { seeds, runs, length }: Extent): void {
  describe.each(seeds)("any interleaving, seed %i", (seed) => {
    test(`${runs} sequences of up to ${length} steps agree with the model`, async () => {
      const sequences = fc.array(steps, { minLength: length / 2, maxLength: length });
      const property = fc.asyncProperty(sequences, async (sequence) => {
        const play = new Play(backend);
        for (const step of sequence) await play.take(step);
        await agree(play);
        await play.drain();
        await agree(play);
        expect([...play.model.tasks.values()].filter(isOpen)).toEqual([]);
      });
      await fc.assert(property, { seed, numRuns: runs, endOnFailure: true });
    });
  });
}

/** Every task exists, in the model's state, with the one accepted result. */
async function agree({ queue, model }: Play): Promise<void> {
  const { items } = await queue.list({ limit: 10_000 });
  expect(items.map(essence)).toEqual(
    [...model.tasks.values()].toReversed().map((task) => ({
      id: task.id,
      state: model.stateOf(task),
      attempt: task.attempt,
      handedBack: task.handedBack,
      death: task.death,
      result: task.accepted?.value,
      by: task.accepted?.instance,
    })),
  );
  const { total, bySelector } = await queue.counts();
  // What is in streams is known as tasks.
  expect((await queue.counts(Object.keys(bySelector))).total).toEqual(total);
  for (const [state, count] of Object.entries(total)) {
    expect([state, count]).toEqual([state, items.filter((task) => task.state === state).length]);
  }
}

function essence({ id, state, attempt, handedBack, death, result }: Task) {
  return { id, state, attempt, handedBack, death, result: result?.value, by: result?.instance };
}
