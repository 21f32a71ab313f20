import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { SwarmError } from "../../errors.ts";

const algorithm = "aes-256-gcm";
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts a chunk before it leaves the machine: salt, nonce, AES-256-GCM ciphertext and tag. Each chunk has a key of its own,
 * derived from `key` and the salt (HKDF, RFC 5869), so the number of chunks under one key is not bounded by the nonce.
 *
 * @param key 32 bytes.
 * @param place what the chunk is (its hash, its manifest): `open` refuses it in any other place.
 */
export function seal(key: Uint8Array, place: string, bytes: Uint8Array): Buffer {
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, chunkKey(key, salt), nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(place));
  return Buffer.concat([salt, nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** @throws SwarmError SW713 when it was changed, is of another place, or was sealed with another key. */
export function open(key: Uint8Array, place: string, sealed: Uint8Array): Buffer {
  const salt = sealed.subarray(0, saltBytes);
  const nonce = sealed.subarray(saltBytes, saltBytes + nonceBytes);
  const end = sealed.length - tagBytes;
  if (end < saltBytes + nonceBytes) throw notOpened(place);
  const decipher = createDecipheriv(algorithm, chunkKey(key, salt), nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(saltBytes + nonceBytes, end)), decipher.final()]);
  } catch (cause) {
    throw notOpened(place, cause);
  }
}

function chunkKey(key: Uint8Array, salt: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new RangeError(`a key has 32 bytes, this one ${key.length}`);
  return new Uint8Array(hkdfSync("sha256", key, salt, "swarmstack checkpoint", 32));
}

function notOpened(place: string, cause?: unknown): SwarmError {
  return new SwarmError("SW713", `The sealed chunk for ${place} was changed, belongs elsewhere, or has another key.`, {
    cause,
  });
}
