import { expect, test } from "vitest";
import type { AuditEntry } from "./audit.ts";
import { auditApart, limitRefusals, RefusalWindow } from "./refusals.ts";

test("the first refusals of a window are written, the others counted", () => {
  const window = new RefusalWindow(2, 7);
  expect([1, 2].map(() => window.admits())).toEqual([true, true]);
  expect(window.end(20)).toBeUndefined();
  expect([3, 4].map(() => window.admits())).toEqual([false, false]);
  expect(window.end(20)).toEqual({ suppressed: 2, fromMs: 7, toMs: 20 });
});

test("refusals are apart from what was done, and their number is written when their window ends", () => {
  const [done, refused]: [AuditEntry[], AuditEntry[]] = [[], []];
  const ends: (() => void)[] = [];
  const clock = {
    now: () => 5,
    after: (_delayMs: number, run: () => void) => {
      ends.push(run);
      return () => {};
    },
  };
  const limited = limitRefusals({ append: (entry) => refused.push(entry) }, { perWindow: 1, windowMs: 100 }, clock);
  const audit = auditApart({ append: (entry) => done.push(entry) }, limited);
  const of = (action: string): AuditEntry => ({ at: 5, actor: "unknown", action, detail: {} });
  const suppressed = (action: string, count: number) => ({
    ...{ at: 5, actor: "server", action: "calls.refused" },
    detail: { refused: action, problem: null, suppressed: count, fromMs: 5, toMs: 5 },
  });
  audit.append(of("agent.register"));
  const [agent, operator] = ["agent.refused", "operator.refused"] as const;
  for (const action of [agent, agent, operator, agent]) audit.append(of(action));
  expect(refused).toEqual([of(agent), of(operator)]);
  for (const end of ends) end();
  for (const action of [operator, operator]) audit.append(of(action));
  limited.close();
  expect(done).toEqual([of("agent.register")]);
  expect(refused.slice(2)).toEqual([suppressed(agent, 2), of(operator), suppressed(operator, 1)]);
});
