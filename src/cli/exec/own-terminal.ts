import type { Terminal } from "../../drivers/attach.ts";

/** The terminal of this process. */
export const ownTerminal: Terminal = {
  size: () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 }),
  onResize(hear) {
    process.stdout.on("resize", hear);
    return () => process.stdout.off("resize", hear);
  },
  passKeys() {
    process.stdin.setRawMode(true);
    return () => process.stdin.setRawMode(false);
  },
};
