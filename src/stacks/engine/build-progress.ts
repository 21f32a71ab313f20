import type { ReportProgress } from "./reporting.ts";

/** Converts go's standard error into progress. */
interface BuildReporter {
  /** For `go list`, which downloads the modules. */
  readonly onModuleLine: (line: string) => void;
  /** For `go build -v`, which lists each package that it compiles, without cached ones. */
  readonly onPackageLine: (total: number, target: string) => (line: string) => void;
}

export function buildReporter(report: ReportProgress): BuildReporter {
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
      const count = (): void =>
        report("compile", `compiling, ${compiled} of at most ${total} packages`, Math.min(compiled / total, 1));
      count();
      return (line) => {
        if (line === target) return report("link", "linking", 1);
        if (line.includes(" ") || line === "") return;
        compiled += 1;
        count();
      };
    },
  };
}
