import { expect, test, vi } from "vitest";
import { renewedTogether } from "./renewed-together.ts";

test("renewals of one interval run in one turn, until each ends", () => {
  vi.useFakeTimers();
  try {
    const ran: string[] = [];
    const endFirst = renewedTogether(100, () => ran.push("first"));
    vi.advanceTimersByTime(50);
    const endSecond = renewedTogether(100, () => ran.push("second"));
    vi.advanceTimersByTime(50);
    expect(ran).toEqual(["first", "second"]);
    endFirst();
    vi.advanceTimersByTime(100);
    expect(ran).toEqual(["first", "second", "second"]);
    endSecond();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
