import { join } from "node:path";

/** The programs of a control plane, in the order of their start. */
export const parts = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;

export type Part = (typeof parts)[number];

export interface Place {
  readonly folder: string;
  /** Port of the API server on the loopback interface. */
  readonly port: number;
  readonly programs: { readonly server: string; readonly kwok: string };
  /** Whether each request is recorded. */
  readonly audit: boolean;
}

/** Longer than a loaded machine needs to renew a lease. */
const nodeSeconds = { lease: 80, grace: 180 };

/** The command line of each part. All listeners are on loopback or on a socket in the folder. */
export function commandOf(part: Part, { folder, port, programs, audit }: Place): readonly string[] {
  const pki = (file: string): string => join(folder, "pki", file);
  const flags = (entries: Readonly<Record<string, string | number | boolean>>): string[] =>
    Object.entries(entries).map(([name, value]) => `--${name}=${value}`);
  const etcd = `unix://${join(folder, "etcd.sock")}`;
  const kubeconfig = join(folder, "kubeconfig", part);
  switch (part) {
    case "etcd":
      return [
        programs.server,
        part,
        ...flags({
          name: part,
          "data-dir": join(folder, "etcd"),
          "listen-client-urls": etcd,
          // etcd cannot advertise a socket; no client uses this address.
          "advertise-client-urls": "http://localhost:2379",
          "initial-cluster": `${part}=http://localhost:2380`,
          "listen-peer-urls": `unix://${join(folder, "etcd-peer.sock")}`,
          // The data end with the fixture.
          "unsafe-no-fsync": true,
          "log-level": "warn",
        }),
      ];
    case "kube-apiserver":
      return [
        programs.server,
        part,
        ...flags({
          "etcd-servers": etcd,
          "bind-address": "127.0.0.1",
          "advertise-address": "127.0.0.1",
          "endpoint-reconciler-type": "none",
          "secure-port": port,
          "tls-cert-file": pki("apiserver.crt"),
          "tls-private-key-file": pki("apiserver.key"),
          "client-ca-file": pki("ca.crt"),
          "authorization-mode": "Node,RBAC",
          "enable-admission-plugins": "NodeRestriction",
          "allow-privileged": true,
          "service-cluster-ip-range": "10.96.0.0/16",
          "service-account-issuer": `https://127.0.0.1:${port}`,
          "service-account-key-file": pki("service-accounts.pub"),
          "service-account-signing-key-file": pki("service-accounts.key"),
          "requestheader-client-ca-file": pki("front-proxy-ca.crt"),
          "requestheader-allowed-names": "front-proxy-client",
          "requestheader-username-headers": "X-Remote-User",
          "requestheader-group-headers": "X-Remote-Group",
          "requestheader-extra-headers-prefix": "X-Remote-Extra-",
          "proxy-client-cert-file": pki("front-proxy-client.crt"),
          "proxy-client-key-file": pki("front-proxy-client.key"),
          "kubelet-client-certificate": pki("apiserver-kubelet-client.crt"),
          "kubelet-client-key": pki("apiserver-kubelet-client.key"),
          "kubelet-preferred-address-types": "InternalIP,Hostname",
          ...(audit && { "audit-policy-file": join(folder, "audit-policy.yaml"), "audit-log-path": auditLog(folder) }),
        }),
      ];
    case "kube-controller-manager":
      return [
        programs.server,
        part,
        ...flags({
          kubeconfig,
          "secure-port": 0,
          "leader-elect": false,
          "use-service-account-credentials": true,
          "service-account-private-key-file": pki("service-accounts.key"),
          "root-ca-file": pki("ca.crt"),
          "cluster-signing-cert-file": pki("ca.crt"),
          "cluster-signing-key-file": pki("ca.key"),
          "node-monitor-grace-period": `${nodeSeconds.grace}s`,
          "kube-api-qps": 500,
          "kube-api-burst": 1000,
          "concurrent-deployment-syncs": 20,
          "concurrent-replicaset-syncs": 20,
          "concurrent-statefulset-syncs": 20,
        }),
      ];
    case "kube-scheduler":
      return [
        programs.server,
        part,
        ...flags({ kubeconfig, "secure-port": 0, "leader-elect": false, "kube-api-qps": 1000, "kube-api-burst": 2000 }),
      ];
    case "kwok":
      return [
        programs.kwok,
        ...flags({
          kubeconfig,
          config: join(folder, "stages.yaml"),
          "manage-nodes-with-annotation-selector": "kwok.x-k8s.io/node=fake",
          "node-lease-duration-seconds": nodeSeconds.lease,
          "node-ip": "127.0.0.1",
          cidr: "10.244.0.0/16",
        }),
      ];
  }
}

export function auditLog(folder: string): string {
  return join(folder, "audit.log");
}
