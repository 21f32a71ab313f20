import { Writable } from "node:stream";

/** A stream that hands on what is written to it. */
export function writingTo(take: ((bytes: Uint8Array) => void) | undefined): Writable {
  return new Writable({
    write(bytes: Buffer, _encoding, done) {
      take?.(bytes);
      done();
    },
  });
}
