import type { Phase } from "./model.ts";

/** Says what is going on; the caller adds the time. */
export type Report = (phase: Phase, message: string, fraction?: number) => void;

/** Turns the lines that go prints into progress. */
export function buildReporter(report: Report): {
  readonly onModuleLine: (line: string) => void;
  readonly onPackageLine: (total: number, target: string) => (line: string) => void;
} {
  let modules = 0;
  return {
    onModuleLine(line) {
      const name = /^go: downloading (\S+)/.exec(line)?.[1];
      if (name === undefined) return;
      modules += 1;
      report("modules", `downloading Go module ${modules}: ${name}`);
    },
    onPackageLine(total, target) {
      let compiled = 0;
      return (line) => {
        if (line === target) return report("link", "linking", 1);
        if (line.includes(" ") || line === "") return;
        compiled += 1;
        report("compile", `compiling, ${compiled} of at most ${total} packages`, Math.min(compiled / total, 1));
      };
    },
  };
}
