import { MultiErrorReply } from "redis";
import type { RedisClient } from "../../../tasks/redis/connect.ts";
import { type Signal, signalOf, unknown } from "../../signal.ts";

/** A consumer group as XINFO GROUPS replies it. */
export interface GroupInfo {
  readonly name: string;
  readonly pending: number;
  readonly "last-delivered-id": string;
  /** Null: the server cannot tell, as entries were deleted. Absent before Redis 7. */
  readonly lag?: number | null;
}

/** A stream that other programs own. */
export interface StreamFacts {
  readonly stream: string;
  readonly length: number;
  /** Undefined: there is no such stream. */
  readonly groups: readonly GroupInfo[] | undefined;
  /** Id of the newest entry that was ever added. */
  readonly lastId: string;
}

/** Reads a stream in one transaction. */
export async function readStream(client: RedisClient, stream: string): Promise<StreamFacts> {
  if ((await client.exists(stream)) === 0) return { stream, length: 0, groups: undefined, lastId: "0-0" };
  const [info, groups] = await client.multi().xInfoStream(stream).xInfoGroups(stream).exec().catch(firstOf);
  const { length, "last-generated-id": lastId } = info as unknown as { length: number; "last-generated-id": string };
  return { stream, length, groups: groups as unknown as readonly GroupInfo[], lastId };
}

/** The error of the first command that failed. */
function firstOf(error: unknown): never {
  throw error instanceof MultiErrorReply ? ([...error.errors()][0] ?? error) : error;
}

/**
 * What a consumer group has to do: its lag and what its consumers hold. Without a group the length of the stream. What the server
 * cannot tell is zero only where nothing was added after the last entry that the group was given.
 */
export function backlogSignal({ stream, length, groups, lastId }: StreamFacts, group: string | undefined): Signal {
  if (groups === undefined) return unknown(`there is no stream ${stream}`);
  if (group === undefined) return signalOf(length, `the length of ${stream}`);
  const found = groups.find(({ name }) => name === group);
  if (found === undefined) {
    return length === 0 ? { kind: "value", value: 0 } : unknown(`stream ${stream} has no group ${group}`);
  }
  const { pending, lag, "last-delivered-id": delivered } = found;
  if (typeof lag === "number" && lag >= 0) return signalOf(lag + pending, `the backlog of ${group}`);
  if (length === 0 || delivered === lastId) return signalOf(pending, `the backlog of ${group}`);
  return unknown(`the lag of group ${group} of ${stream} is ${lag ?? "not known to the server"}`);
}
