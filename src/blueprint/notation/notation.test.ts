import { describe, expect, test } from "vitest";
import { parseCron } from "./cron.ts";
import { parseDuration } from "./duration.ts";
import { parseEgress } from "./egress.ts";
import { parseImage } from "./image.ts";
import type { Notation } from "./notation.ts";
import { parseBytes, parseCpu } from "./quantity.ts";
import { parseRange } from "./range.ts";
import { parseRedis } from "./redis.ts";
import { parseTimeZone } from "./time-zone.ts";
import { parseVersion } from "./version.ts";

/** The value, or the reason. */
function outcome<T>(parsed: Notation<T>): T | string {
  return parsed.ok ? parsed.value : parsed.why;
}

describe("durations, in milliseconds", () => {
  test.each([
    ["250 ms", 250],
    ["1 second", 1000],
    ["90s", 90_000],
    ["1.5 hours", 5_400_000],
    ["1 hour 30 minutes", 5_400_000],
    ["7 days", 604_800_000],
    ["4 Hours", 14_400_000],
    [30, "it has no unit"],
    ["", "it is zero"],
    ["-1 hour", "it is negative"],
    ["1 hour and more", 'a number with a unit is expected at "and more"'],
    ["1 fortnight", 'there is no unit "fortnight"'],
    ["4000 days", "it is longer than ten years"],
    [0, "it is zero"],
    [-1, "it is negative"],
    ["0", "it is zero"],
    ["0.0001 ms", "it is shorter than a millisecond"],
    ["1M", "M is minutes or months"],
    ["2 weeks", 'there is no unit "weeks"'],
  ])("%s", (written, expected) => expect(outcome(parseDuration(written))).toBe(expected));
});

describe("counts and ranges", () => {
  test.each([
    [0, { min: 0, max: 0 }],
    ["0-5", { min: 0, max: 5 }],
    ["2 - 10", { min: 2, max: 10 }],
    ["5", "it is text"],
    ["0...5", "a range is written with a dash"],
    [100_001, "it is over 100000"],
    ["1-99999999999999999999", "a whole number or a range such as 0-5 is expected"],
  ])("%s", (written, expected) => expect(outcome(parseRange(written))).toEqual(expected));
});

describe("quantities", () => {
  test.each([
    ["500m", 500],
    [2, 2000],
    ["0.25", 250],
    ["0.0005", "it is finer than a thousandth of a core (1m)"],
    ["0", "it is zero"],
  ])("CPU %s", (written, expected) => expect(outcome(parseCpu(written))).toBe(expected));

  test.each([
    ["512Mi", 536_870_912],
    ["2Gi", 2_147_483_648],
    ["1.5Gi", 1_610_612_736],
    ["10G", 10_000_000_000],
    ["1 Gi", "there is a space in it"],
    ["1gb", 'there is no unit "gb"'],
    ["16384Ti", "it is over 8 PiB"],
  ])("bytes %s", (written, expected) => expect(outcome(parseBytes(written))).toBe(expected));
});

describe("cron expressions", () => {
  test.each([
    ["0 20 * * 1-5", "0 20 * * 1-5"],
    ["*/5  0 1,15 jan-mar MON-FRI", "*/5 0 1,15 jan-mar MON-FRI"],
    ["0 0 * * FRI-SUN", "0 0 * * FRI-SUN"],
    ["0 0 * * 7", "0 0 * * 7"],
    ["60 * * * *", 'minute "60" is not a value from 0 to 59'],
    ["* * 0 * *", 'day of month "0" is not a value from 1 to 31'],
    ["* * * * MOON", 'day of week "MOON" is not a value from 0 to 7'],
    ["5-1 * * * *", "minute 5-1 runs backwards"],
    ["*/0 * * * *", 'minute "*/0" has no valid step'],
    ["@daily", "it has 1 field instead of 5"],
  ])("%s", (written, expected) => expect(outcome(parseCron(written))).toBe(expected));
});

describe("egress rules", () => {
  test.each([
    ["10.0.0.0/8", { kind: "cidr", cidr: "10.0.0.0/8", port: undefined }],
    ["10.0.0.0/8:5432", { kind: "cidr", cidr: "10.0.0.0/8", port: 5432 }],
    ["2001:db8::/32", { kind: "cidr", cidr: "2001:db8::/32", port: undefined }],
    ["[2001:db8::/32]:443", { kind: "cidr", cidr: "2001:db8::/32", port: 443 }],
    ["API.openai.com:443", { kind: "host", host: "api.openai.com", port: 443 }],
    ["10.0.0.1", "an address needs the length of its prefix"],
    ["*.openai.com:443", "wildcards are not supported"],
    ["2001:db8::1/32", "bits are set behind the prefix"],
    ["fe80::1%eth0/64", "an IPv6 network has neither a zone nor an IPv4 part"],
    ["10.0.0.0/08", "the prefix is a number from 0 to 32"],
    ["api.openai.com.:443", { kind: "host", host: "api.openai.com", port: 443 }],
    ["host:0", "port 0 is not from 1 to 65535"],
    ["-bad-.example:443", '"-bad-.example" is neither a CIDR nor a host name'],
    ["", "an address or host name is expected"],
  ])("%s", (written, expected) => expect(outcome(parseEgress(written))).toEqual(expected));
});

describe("images", () => {
  test.each([
    ["agent", true],
    ["registry.example:5000/team/agent_x:1.4-rc.1", true],
    [`agent@sha256:${"a".repeat(64)}`, true],
    ["https://registry.example/agent", false],
    ["agent:", false],
    ["a//b", false],
    ["agent@sha512:abc", false],
    ["Agent", false],
    ["a b", false],
    ["a".repeat(256), false],
    ["0123456789abcdef".repeat(4), false],
  ])("%s", (written, valid) => expect(parseImage(written).ok).toBe(valid));
});

test.each([
  ["1.0.0", true],
  ["1.0.0-rc.1+build.5", true],
  ["01.0.0", false],
  ["1.0", false],
])("version %s", (written, valid) => expect(parseVersion(written).ok).toBe(valid));

test.each([
  ["UTC", true],
  ["America/Argentina/Buenos_Aires", true],
  ["Mars/Olympus", false],
  ["+01:00", false],
])("time zone %s", (written, valid) => expect(parseTimeZone(written).ok).toBe(valid));

describe("addresses of Redis", () => {
  test.each([
    ["redis://cache", { host: "cache", port: 6379, tls: false }],
    ["rediss://user@10.0.0.9:6400/3", { host: "10.0.0.9", port: 6400, tls: true }],
    ["redis://[2001:db8::1]:6379", { host: "2001:db8::1", port: 6379, tls: false }],
  ])("%s", (url, expected) => expect(parseRedis(url)).toEqual({ ok: true, value: { url, ...expected } }));

  test.each([
    ["http://cache", "an address such as redis://host:6379 is expected"],
    ["redis://", "an address such as redis://host:6379 is expected"],
    ["redis://cache:99999", "an address such as redis://host:6379 is expected"],
    ["redis://:p@cache", "it contains a password"],
    ["redis://cache/jobs", "the database /jobs is not a number"],
    ["redis://cache?x=1", "an address has no parameters"],
    ["redis://cache:0", "port 0 is not from 1 to 65535"],
  ])("%s: %s", (url, why) => expect(outcome(parseRedis(url))).toBe(why));
});
