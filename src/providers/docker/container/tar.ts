const blockBytes = 512;
const nameBytes = 100;

export interface TarFile {
  /** Without the leading slash. */
  readonly path: string;
  readonly content: Buffer;
  /** Such as 0o644. */
  readonly mode: number;
}

/** Builds a tar archive of files owned by root (POSIX.1-2001: ustar, with pax records for long paths). */
export function tarOf(files: readonly TarFile[]): Buffer {
  const entries = files.flatMap(({ path, content, mode }) => [
    ...(Buffer.byteLength(path) > nameBytes ? entry("pax", "x", paxRecord("path", path), 0o644) : []),
    ...entry(path, "0", content, mode),
  ]);
  return Buffer.concat([...entries, Buffer.alloc(2 * blockBytes)]);
}

function entry(path: string, type: string, content: Buffer, mode: number): Buffer[] {
  const padding = (blockBytes - (content.length % blockBytes)) % blockBytes;
  return [header(path, type, content.length, mode), content, Buffer.alloc(padding)];
}

function header(path: string, type: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  Buffer.from(path).copy(block, 0, 0, nameBytes);
  const octal = (value: number, at: number, digits: number) =>
    block.write(`${value.toString(8).padStart(digits, "0")}\0`, at);
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write(type, 156);
  block.write("ustar\x0000", 257);
  // The checksum treats its own field as blanks.
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** "LENGTH key=value\n"; LENGTH includes its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}
