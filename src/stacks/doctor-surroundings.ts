import { SwarmError } from "../errors.ts";
import { removedFrom } from "../platform/environment/child-environment.ts";
import { proxiesOf } from "../platform/environment/loopback.ts";
import { workingFolder } from "../platform/folders.ts";
import { whyForeign } from "../platform/own-folder.ts";
import type { DoctorRow } from "./engine/index.ts";
import type { Environment } from "./engine/model.ts";
import { foreignPassphrase, passphraseSource } from "./passphrase.ts";
import { neededFolders, whyUnusable } from "./prepare-operation.ts";
import type { Settings } from "./settings.ts";

/** Checks environment variables and folders that affect the engine; changes nothing. */
export function checkSurroundings(settings: Settings): readonly DoctorRow[] {
  return [checkHome(settings), checkFolders(settings), checkPassphrase(settings), checkEnvironment(settings.env)];
}

/** Checks whether another user can write to the home folder or read the files in it. */
function checkHome({ home }: Settings): DoctorRow {
  const check = "home";
  const foreign = whyForeign(home, "write");
  if (foreign === undefined) return { check, status: "ok", detail: home };
  return { check, status: "fail", detail: foreign.reason, hint: foreign.hints.join("; ") };
}

function checkFolders(settings: Settings): DoctorRow {
  const check = "folders";
  const folders = neededFolders(settings);
  const unusable = folders.flatMap((folder) => {
    const reason = whyUnusable(folder);
    return reason === undefined ? [] : [`${folder.variable}: ${reason}`];
  });
  const gone = workingFolder() === undefined ? ["the working folder was deleted"] : [];
  if (unusable.length > 0) {
    const hint = "Set the variables to folders that this user can write, with free space.";
    return { check, status: "fail", detail: [...unusable, ...gone].join("; "), hint };
  }
  if (gone.length > 0)
    return { check, status: "warn", detail: gone.join(), hint: "Give absolute paths, or change to a folder." };
  return { check, status: "ok", detail: folders.map(({ variable, path }) => `${variable} ${path}`).join(", ") };
}

function checkPassphrase({ backend, env }: Settings): DoctorRow {
  const check = "passphrase";
  try {
    const detail = passphraseSource(backend, env);
    const foreign = foreignPassphrase(backend, env);
    if (foreign === undefined) return { check, status: "ok", detail };
    return { check, status: "fail", detail: foreign.reason, hint: foreign.hints.join("; ") };
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    return { check, status: "fail", detail: error.message, hint: error.hints.join("; ") };
  }
}

/** Lists variables removed from the environment of engine, plugins and workers, and proxies, from which loopback is exempt. Shows no values. */
export function checkEnvironment(env: Environment): DoctorRow {
  const removed = removedFrom(env);
  const proxies = proxiesOf(env);
  const found = [
    ...removed.map(({ name, why }) => `${name}: ${why}`),
    ...(proxies.length === 0 ? [] : [`${proxies.join(", ")}: not used for loopback`]),
  ];
  const check = "environment";
  if (removed.length === 0) return { check, status: "ok", detail: found[0] ?? "nothing disturbs the engine" };
  const hint = "Engine and plugins start without them; unset them where a bare `pulumi` fails.";
  return { check, status: "warn", detail: found.join("; "), hint };
}
