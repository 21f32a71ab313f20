import type { Readable } from "node:stream";

/** The lines of a stream of text, without their ends; the last one may lack its end. @throws what the stream fails with */
export async function* linesOf(stream: Readable): AsyncGenerator<string, void, undefined> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  if (rest !== "") yield rest;
}
