import { isIP } from "node:net";
import type { EgressRule } from "../model.ts";
import type { Notation } from "./notation.ts";

const hostLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Parses a rule for outgoing traffic: a CIDR with an optional port, or a host name with its port. IPv6 CIDRs with a
 * port need brackets.
 * @example parseEgress("10.0.0.0/8:5432") // { ok: true, value: { kind: "cidr", cidr: "10.0.0.0/8", port: 5432 } }
 */
export function parseEgress(value: string | number | boolean): Notation<EgressRule> {
  const written = String(value).trim();
  const url = /^([a-z]+):\/\/([^/:]+)(?::(\d+))?/i.exec(written);
  if (url !== null) {
    return {
      ok: false,
      why: "a rule is not a URL",
      suggestion: `${url[2]}:${url[3] ?? (url[1] === "http" ? 80 : 443)}`,
    };
  }
  const [, bracketed, plain, portText] =
    /^(?:\[([^\]]+)\]|([^[\]]*?))(?::(\d{1,6}))?$/.exec(withoutIpv6Port(written)) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined || address === "") return { ok: false, why: "an address or host name is expected" };
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && (port < 1 || port > 65_535))
    return { ok: false, why: `port ${port} is not from 1 to 65535` };
  if (address.includes("/")) return parseCidr(address, port);
  const version = isIP(address);
  if (version !== 0) {
    const bits = version === 4 ? 32 : 128;
    return {
      ok: false,
      why: "an address needs the length of its prefix",
      suggestion: withPort(`${address}/${bits}`, port),
    };
  }
  return parseHost(address, port);
}

/** An IPv6 CIDR without brackets has no port: all colons belong to the address. */
function withoutIpv6Port(written: string): string {
  const isAddress = /^[0-9a-f:.]+(?:\/\d+)?$/i.test(written) && written.indexOf(":") !== written.lastIndexOf(":");
  return isAddress ? `[${written}]` : written;
}

function parseCidr(cidr: string, port: number | undefined): Notation<EgressRule> {
  const [address = "", prefix = "", ...more] = cidr.split("/");
  const version = isIP(address);
  if (version === 0 || more.length > 0) return { ok: false, why: `"${address.slice(0, 40)}" is not an IP address` };
  const most = version === 4 ? 32 : 128;
  if (!/^(?:0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > most)
    return { ok: false, why: `the prefix is a number from 0 to ${most}` };
  if (/[%.]/.test(address) && version === 6)
    return { ok: false, why: "an IPv6 network has neither a zone nor an IPv4 part" };
  const network = version === 4 ? networkOf(address, Number(prefix)) : networkOf6(address, Number(prefix));
  if (network !== (version === 4 ? address : networkOf6(address, 128))) {
    return { ok: false, why: "bits are set behind the prefix", suggestion: withPort(`${network}/${prefix}`, port) };
  }
  return { ok: true, value: { kind: "cidr", cidr, port } };
}

function networkOf(address: string, prefix: number): string {
  const bits = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - prefix);
  const base = Math.floor(bits / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".");
}

/** The network of an IPv6 address in its canonical spelling (RFC 5952). */
function networkOf6(address: string, prefix: number): string {
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const all = [...first, ...Array(tail === undefined ? 0 : 8 - first.length - last.length).fill(0), ...last];
  const kept = all.map((group: number, index) => {
    const bits = Math.min(16, Math.max(0, prefix - index * 16));
    return (Math.floor(group / 2 ** (16 - bits)) * 2 ** (16 - bits)).toString(16);
  });
  return new URL(`http://[${kept.join(":")}]`).hostname.slice(1, -1);
}

function parseHost(host: string, port: number | undefined): Notation<EgressRule> {
  if (host.includes("*")) return { ok: false, why: "wildcards are not supported", fix: "write one rule for each host" };
  const labels = host.replace(/\.$/, "").split(".");
  if (host.length > 253 || !labels.every((label) => hostLabel.test(label)) || /^[\d.]+$/.test(host)) {
    return { ok: false, why: `"${host.slice(0, 40)}" is neither a CIDR nor a host name` };
  }
  if (port === undefined) return { ok: false, why: "a host name needs a port", suggestion: `${host}:443` };
  return { ok: true, value: { kind: "host", host: labels.join(".").toLowerCase(), port } };
}

function withPort(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
