import type { Notation } from "./notation.ts";

const registry =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const segment = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;

/** Parses an image reference (the grammar of distribution/reference). */
export function parseImage(value: string | number | boolean): Notation<string> {
  const written = String(value);
  if (/\s/.test(written)) return { ok: false, why: "there is white space in it" };
  if (written.length > 512) return { ok: false, why: "it is longer than 512 characters" };
  if (/^[a-z]+:\/\//i.test(written)) {
    return { ok: false, why: "an image has no scheme", suggestion: written.replace(/^[a-z]+:\/\//i, "") };
  }
  const [named = "", digest, ...more] = written.split("@");
  if (more.length > 0) return { ok: false, why: "there are two @ in it" };
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return { ok: false, why: "the digest is not sha256: and 64 hexadecimal digits" };
  }
  return parseNamed(named, written);
}

function parseNamed(named: string, written: string): Notation<string> {
  const slash = named.lastIndexOf("/");
  const colon = named.indexOf(":", slash + 1);
  const path = colon === -1 ? named : named.slice(0, colon);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !tagForm.test(tag)) return { ok: false, why: `the tag "${tag.slice(0, 40)}" is not valid` };
  if (path.length > 255) return { ok: false, why: "its name is longer than 255 characters" };
  if (/^[0-9a-f]{64}$/.test(path))
    return { ok: false, why: "64 hexadecimal digits are the id of an image, not a name" };
  const segments = path.split("/");
  const [first = ""] = segments;
  const hasRegistry =
    segments.length > 1 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  if (hasRegistry && !registry.test(first))
    return { ok: false, why: `the registry "${first.slice(0, 40)}" is not valid` };
  for (const name of hasRegistry ? segments.slice(1) : segments) {
    if (segment.test(name)) continue;
    if (name === "") return { ok: false, why: "a part of its name is empty" };
    const lower = name.toLowerCase();
    const suggestion = segment.test(lower) ? written.replace(name, lower) : undefined;
    return {
      ok: false,
      why: suggestion === undefined ? `"${name.slice(0, 40)}" is not a valid name` : "names are in lower case",
      suggestion,
    };
  }
  return { ok: true, value: written };
}
