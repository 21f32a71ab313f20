import { randomBytes } from "node:crypto";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const timeDigits = 10;
const randomDigits = 16;

let lastTime = 0;
let lastTail: number[] = [];

/**
 * A new id, `<prefix>-<time><random>`: ids sort by creation time, and by order of creation within one millisecond of
 * one process. The layout is that of ULID, in lower case.
 * @param now milliseconds since the epoch.
 */
export function newId(prefix: string, now: number): string {
  if (now > lastTime || lastTail.length === 0) lastTail = Array.from(randomBytes(randomDigits), (byte) => byte & 31);
  else lastTail = successor(lastTail);
  lastTime = Math.max(now, lastTime);
  return `${prefix}-${timePart(lastTime)}${lastTail.map((digit) => alphabet[digit]).join("")}`;
}

function timePart(now: number): string {
  let rest = Math.floor(now);
  let text = "";
  for (let place = 0; place < timeDigits; place++) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function successor(digits: readonly number[]): number[] {
  const next = [...digits];
  for (let place = next.length - 1; place >= 0; place--) {
    const digit = next[place] ?? 0;
    if (digit < 31) {
      next[place] = digit + 1;
      return next;
    }
    next[place] = 0;
  }
  return next;
}
