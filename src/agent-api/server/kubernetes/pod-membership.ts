import { connect } from "../../../control-plane/client.ts";
import { unlessMissing } from "../../../control-plane/failure.ts";
import { namespacePath } from "../../../control-plane/paths.ts";
import { parsePod } from "../../../control-plane/pods.ts";
import { reviewToken } from "../../../control-plane/token-review.ts";
import { SwarmError } from "../../../errors.ts";
import { agentApi, labelKeys } from "../../../names.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { ServedCluster } from "../cluster-file.ts";
import type { Membership } from "../membership.ts";
import { podRoster } from "./pod-roster.ts";
import { podTokens, type TokenOwner } from "./pod-tokens.ts";
import { type PodWatch, watchPods } from "./pods.ts";

export interface PodMembershipOptions {
  readonly namespace: string;
  readonly clock: Clock;
  readonly onProblem: (message: string) => void;
}

/**
 * Membership by pods, authenticated by their projected ServiceAccount tokens. The server's account needs `create` on
 * tokenreviews, and `get`, `list` and `watch` on pods of the namespace.
 * @throws SwarmError SW611 when no control plane is configured.
 */
export async function podMembership(
  { cluster, uid, resource, agents }: ServedCluster,
  { namespace, clock, onProblem }: PodMembershipOptions,
): Promise<Membership> {
  const client = await connect({});
  const { api } = client;
  const tokens = podTokens({
    ...{ uid, namespace, clock },
    cluster: { label: labelKeys.cluster, value: resource },
    agent: { label: labelKeys.agent, keys: new Map(agents.map((agent) => [agent.resource, agent.key])) },
    async review(token) {
      const status = await reviewToken(client, token, agentApi.audience);
      if (!status.authenticated || !status.audiences.includes(agentApi.audience)) return undefined;
      return ownerOf(status.user.username, status.user.extra);
    },
    async pod(name) {
      const path = namespacePath(namespace, "pods", name);
      const found = await unlessMissing(api.request({ method: "GET", path }));
      return found && parsePod(found.body).metadata;
    },
  });
  let watch: PodWatch | undefined;
  return {
    tokens: {
      authenticate: tokens.authenticate,
      issue() {
        throw new SwarmError(
          "SW705",
          `POST /agent/v1/token does not exist in ${cluster}: the kubelet renews the token file`,
        );
      },
    },
    roster: (directives) => podRoster(agents, () => watch, directives),
    watch({ registered, stopping, ended }) {
      watch = watchPods(client, {
        namespace,
        selector: `${labelKeys.cluster}=${resource},${labelKeys.agent}`,
        agentLabel: labelKeys.agent,
        onList: (names) =>
          registered()
            .filter((instance) => !names.has(instance))
            .forEach(ended),
        onStopping: stopping,
        onGone(name) {
          tokens.forget(name);
          ended(name);
        },
        onError: (error) => onProblem(`the watch of pods failed: ${String(error)}`),
      });
      return () => watch?.stop();
    },
  };
}

/**
 * Parses `system:serviceaccount:<namespace>:<name>` and the pod in `extra`.
 * @returns undefined for any other user.
 */
function ownerOf(username: string, extra: Readonly<Record<string, readonly string[]>>): TokenOwner | undefined {
  const namespace = /^system:serviceaccount:([^:]+):[^:]+$/.exec(username)?.[1];
  if (namespace === undefined) return undefined;
  const [name] = extra["authentication.kubernetes.io/pod-name"] ?? [];
  const [uid] = extra["authentication.kubernetes.io/pod-uid"] ?? [];
  return { namespace, pod: name === undefined || uid === undefined ? undefined : { name, uid } };
}
