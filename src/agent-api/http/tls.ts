import { readFileSync } from "node:fs";
import { SwarmError } from "../../errors.ts";

/** Paths of a certificate (with its chain) and its private key, both PEM. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** @throws SwarmError SW802 when one of them cannot be read. */
export function readTls({ certificate, key }: TlsFiles): TlsPair {
  return { cert: read(certificate), key: read(key) };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new SwarmError("SW802", `${path} cannot be read: ${String(cause)}`, { cause, values: { path } });
  }
}
