import { calling, connect, unlessMissing } from "../../../control-plane/client.ts";
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
 * The pods of a cluster, known by their projected ServiceAccount tokens. The server's own account must be let `create` tokenreviews, and
 * `get`, `list` and `watch` pods of the namespace.
 *
 * @throws SwarmError SW611 where no control plane is configured.
 */
export async function podMembership(
  { cluster, uid, resource, agents }: ServedCluster,
  { namespace, clock, onProblem }: PodMembershipOptions,
): Promise<Membership> {
  const client = await connect({});
  const { library, config } = client;
  const core = config.makeApiClient(library.CoreV1Api);
  const authentication = config.makeApiClient(library.AuthenticationV1Api);
  const tokens = podTokens({
    ...{ uid, namespace, clock },
    cluster: { label: labelKeys.cluster, value: resource },
    agent: { label: labelKeys.agent, keys: new Map(agents.map((agent) => [agent.resource, agent.key])) },
    async review(token) {
      const body = { spec: { token, audiences: [agentApi.audience] } };
      const { status } = await calling(client, () => authentication.createTokenReview({ body }));
      if (status?.authenticated !== true || !status.audiences?.includes(agentApi.audience)) return undefined;
      return ownerOf(status.user?.username ?? "", status.user?.extra ?? {});
    },
    async pod(name) {
      const pod = await unlessMissing(calling(client, () => core.readNamespacedPod({ namespace, name })));
      return pod && { uid: pod.metadata?.uid ?? "", labels: pod.metadata?.labels ?? {} };
    },
  });
  let watch: PodWatch | undefined;
  return {
    tokens: {
      authenticate: tokens.authenticate,
      issue() {
        throw new SwarmError(
          "SW705",
          `There is no POST /agent/v1/token in ${cluster}: the kubelet renews the token's file.`,
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
        onError: (error) => onProblem(`pods are not watched: ${String(error)}`),
      });
      return () => watch?.stop();
    },
  };
}

/** `system:serviceaccount:<namespace>:<name>`, with the pod beside it. @returns undefined for anybody else. */
function ownerOf(username: string, extra: Readonly<Record<string, readonly string[]>>): TokenOwner | undefined {
  const namespace = /^system:serviceaccount:([^:]+):[^:]+$/.exec(username)?.[1];
  if (namespace === undefined) return undefined;
  const [name] = extra["authentication.kubernetes.io/pod-name"] ?? [];
  const [uid] = extra["authentication.kubernetes.io/pod-uid"] ?? [];
  return { namespace, pod: name === undefined || uid === undefined ? undefined : { name, uid } };
}
