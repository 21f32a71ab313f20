import { Writable } from "node:stream";

/** A stream that passes written bytes to a function. */
export function writingTo(take: ((bytes: Uint8Array) => void) | undefined): Writable {
  return new Writable({
    write(bytes: Buffer, _encoding, done) {
      take?.(bytes);
      done();
    },
  });
}
