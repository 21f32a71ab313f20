import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

/** Preloaded by a test: writes the URLs of all modules that a process loads to the file LOADED_MODULES when it exits. */
const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
process.on("exit", () => writeFileSync(process.env.LOADED_MODULES ?? "", loaded.join("\n")));
