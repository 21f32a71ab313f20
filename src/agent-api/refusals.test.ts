import { expect, test } from "vitest";
import type { AuditEntry } from "./audit.ts";
import { auditApart, limitRefusals, RefusalWindow } from "./refusals.ts";

test("the first refusals of a window are written, the others counted until it ends", () => {
  const window = new RefusalWindow({ perWindow: 2, windowMs: 100 });
  const written = [0, 10, 20, 30].map((atMs) => window.count(atMs));
  expect(written).toEqual([true, true, false, false].map((isWritten) => ({ isWritten, ended: undefined })));
  expect(window.count(100)).toEqual({ isWritten: true, ended: { suppressed: 2, fromMs: 0, toMs: 100 } });
  expect(window.end(150)).toBeUndefined();
  // The clock was set back.
  expect([window.count(200), window.count(50)].map(({ isWritten }) => isWritten)).toEqual([true, true]);
});

test("refusals are apart from what was done, and their number is written when their window ends", () => {
  const [done, refused]: [AuditEntry[], AuditEntry[]] = [[], []];
  let end = () => {};
  const clock = {
    now: () => 5,
    after: (_delayMs: number, run: () => void) => {
      end = run;
      return () => {};
    },
  };
  const limited = limitRefusals({ append: (entry) => refused.push(entry) }, { perWindow: 1, windowMs: 100 }, clock);
  const audit = auditApart({ append: (entry) => done.push(entry) }, limited);
  const of = (action: string): AuditEntry => ({ at: 5, actor: "unknown", action, detail: {} });
  audit.append(of("agent.register"));
  for (const action of ["agent.refused", "operator.refused", "agent.refused"]) audit.append(of(action));
  end();
  end();
  limited.close();
  expect(done).toEqual([of("agent.register")]);
  expect(refused).toEqual([
    of("agent.refused"),
    { at: 5, actor: "server", action: "calls.refused", detail: { suppressed: 2, fromMs: 5, toMs: 5 } },
  ]);
});
