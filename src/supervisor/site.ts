import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { SwarmError } from "../errors.ts";
import { readJson, systemCode } from "../platform/files.ts";
import { type Host, sameHost, thisHost } from "../platform/host.ts";

/** A cluster's folder on this machine, with everything that its supervisor writes. */
export interface Site {
  /** Absolute path. */
  readonly dir: string;
  readonly cluster: string;
  /** Unique id of the cluster; a later cluster of the same name has another one. */
  readonly uid: string;
  /** Display name of the stack, e.g. "organization/swarmstack/marketing". */
  readonly owner: string;
  /** Id of the operation that migrates its state here; undefined unless the cluster is being migrated. */
  readonly arrival?: string | undefined;
}

export interface SiteRecord extends Omit<Site, "dir"> {
  /** Random: distinguishes a site from a deleted one at the same path. */
  readonly id: string;
  readonly host: Host;
}

const siteRecordSchema: z.ZodType<SiteRecord> = z.object({
  id: z.string(),
  cluster: z.string(),
  uid: z.string(),
  owner: z.string(),
  arrival: z.string().optional(),
  host: z.object({ name: z.string(), id: z.string() }),
});

/** Paths in a site. */
export interface SitePaths {
  /** Canonical path of the folder, also the mark in the environment of its processes. */
  readonly dir: string;
  readonly site: string;
  readonly settings: string;
  readonly supervisor: string;
  readonly supervisorLog: string;
  readonly token: string;
  readonly lock: string;
  /** Folder of the API's socket. */
  readonly api: string;
  readonly pools: string;
  readonly instances: string;
  readonly logs: string;
  readonly state: string;
  readonly checkpoints: string;
  /** Token files, one for each instance. */
  readonly tokens: string;
  /** Agent configurations and knowledge bundles. */
  readonly config: string;
  readonly knowledge: string;
  /** Database of registrations, directives and shared memory. */
  readonly database: string;
  readonly store: string;
}

export function sitePaths(folder: string): SitePaths {
  const dir = canonical(folder);
  return {
    dir,
    site: join(dir, "site.json"),
    settings: join(dir, "settings.json"),
    supervisor: join(dir, "supervisor.json"),
    supervisorLog: join(dir, "supervisor.log"),
    token: join(dir, "token"),
    lock: join(dir, "lock"),
    api: join(dir, "api"),
    pools: join(dir, "pools"),
    instances: join(dir, "instances"),
    logs: join(dir, "logs"),
    state: join(dir, "state"),
    checkpoints: join(dir, "checkpoints"),
    tokens: join(dir, "tokens"),
    config: join(dir, "config"),
    knowledge: join(dir, "knowledge"),
    database: join(dir, "ledger.db"),
    store: join(dir, "store.db"),
  };
}

/**
 * Creates the folder of a site, or opens the existing one; safe for concurrent callers.
 * @throws SwarmError SW703 when the folder belongs to another cluster, SW706 when it was created on another host.
 */
export function createSite(site: Site): SitePaths {
  mkdirSync(site.dir, { recursive: true, mode: 0o700 });
  const paths = sitePaths(site.dir);
  const { pools, instances, logs, state, checkpoints, tokens, config, knowledge } = paths;
  for (const folder of [pools, instances, logs, state, checkpoints, tokens, config, knowledge]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const { cluster, uid, owner, arrival } = site;
  const record: SiteRecord = { id: randomBytes(8).toString("hex"), cluster, uid, owner, arrival, host: thisHost() };
  createOnce(paths.token, randomBytes(32).toString("base64url"));
  createOnce(paths.site, `${JSON.stringify(record, null, 2)}\n`);
  const present = readSite(paths);
  if (present && present.uid !== site.uid) {
    throw new SwarmError(
      "SW703",
      `${paths.dir} belongs to cluster ${present.cluster} of ${present.owner}, not to ${site.owner}`,
      {
        values: { dir: paths.dir, present, wished: { cluster: site.cluster, uid: site.uid, owner: site.owner } },
      },
    );
  }
  return paths;
}

/**
 * The record of a site; undefined when the folder is not a site.
 * @throws SwarmError SW706 when it was created on another host: its process ids are meaningless here.
 */
export function readSite(paths: SitePaths): SiteRecord | undefined {
  const record = readJson(paths.site, siteRecordSchema);
  const here = thisHost();
  if (record && !sameHost(record.host, here)) {
    throw new SwarmError(
      "SW706",
      `cluster ${record.cluster} runs on host ${record.host.name}; this host is ${here.name}`,
      {
        hints: [`Run the command on ${record.host.name}`],
        values: { dir: paths.dir, host: record.host, here },
      },
    );
  }
  return record;
}

/** The bearer token of a site's supervisor; undefined when the folder does not exist. */
export function readToken(paths: SitePaths): string | undefined {
  try {
    return readFileSync(paths.token, "utf8").trim();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a complete file unless it exists: unlike a rename, a link replaces nothing. */
function createOnce(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600, flag: "wx", flush: true });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function canonical(folder: string): string {
  const absolute = resolve(folder);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(canonical(parent), basename(absolute));
  }
}
