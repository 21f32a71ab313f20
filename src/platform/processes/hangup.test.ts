import { expect, test } from "vitest";
import { outlivesTerminal } from "./hangup.ts";

const status = (mask: string) => `Name:\tsh\nSigBlk:\t0000000000010000\nSigIgn:\t${mask}\nSigCgt:\t0000000000000001\n`;

test.each([
  [undefined, undefined, false],
  ["/usr/bin/nohup", undefined, true],
  ["nohup", status("0000000000000000"), true],
  ["/usr/bin/node", status("0000000000000000"), false],
  ["/home/nohup/bin/node", undefined, false],
  [undefined, status("0000000000000001"), true],
  [undefined, status("0000000000001000"), false],
  [undefined, status("0000000000384005"), true],
])("started by %s, parent %j", (startedBy, parent, outlives) => {
  expect(outlivesTerminal(startedBy, parent)).toBe(outlives);
});
