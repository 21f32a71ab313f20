import type { Applied, Refused } from "./edit.ts";

/** Keys that our autoscaler reads, and no resource has. */
const autoscaling = {
  ...{ window: "2 minutes", tolerance: 0.2, max_step: 3, panic: 3, fail_for: "1 minute", fallback: 1, mode: "advise" },
};

/**
 * Edits that are taken, in order for each blueprint: the first of each are one update, then the second, and so on. Where an
 * edit changes several places, what it does tells them apart, or none of them does anything.
 */
export const applied: readonly Applied[] = [
  // Name, hibernation, and the owner and signals of scaling.
  {
    blueprint: "einkauf",
    edit: {
      "metadata.name": "Einkauf Nord",
      "metadata.version": "1.1.0",
      "cluster.hibernation.idle_timeout": "3 hours",
      "cluster.hibernation.sleep": "0 22 * * 1-5",
      "cluster.hibernation.wake": "0 6 * * 1-5",
      "cluster.hibernation.time_zone": "Europe/Vienna",
      "cluster.scaling.scale_up_threshold": 9,
      "agents.Bestellabwicklung.start_period": "10 seconds",
      ...Object.fromEntries(Object.entries(autoscaling).map(([key, value]) => [`cluster.scaling.${key}`, value])),
      "agents.Bestellabwicklung.scaling": autoscaling,
    },
    does: [],
  },
  { blueprint: "einkauf", edit: { "cluster.hibernation": { enabled: false } }, does: [] },
  { blueprint: "einkauf", edit: { "cluster.target": { kind: "kubernetes" } }, does: "the same blueprint" },
  { blueprint: "einkauf", edit: { "cluster.target": "kubernetes" }, does: "the same blueprint" },
  {
    blueprint: "einkauf",
    edit: { "agents.Bestellabwicklung.drain": "3 minutes" },
    does: ["update ConfigMap api", "update Deployment bestellabwicklung", "update StatefulSet api"],
  },
  {
    blueprint: "einkauf",
    edit: { "agents.Angebotsvergleich.scaling": { owner: "keda" } },
    does: ["create ScaledObject angebotsvergleich", "update Scale angebotsvergleich--scale"],
  },
  {
    blueprint: "einkauf",
    edit: { "agents.Angebotsvergleich.scaling.owner": "swarmstack" },
    does: ["delete ScaledObject angebotsvergleich", "update Scale angebotsvergleich--scale"],
  },

  // Settings, counts and identity of agents.
  {
    blueprint: "marketing",
    edit: {
      "agents.Marketing Supervisor.capabilities": ["strategy"],
      "agents.Content Lead.model": "large",
      "agents.Campaign Lead.labels": { team: "campaigns" },
      "agents.SEO Specialist.timeout": "5 minutes",
      "agents.Analytics Specialist.on_partition": "hold",
      "agents.Content Creator.config": { temperature: 0.2 },
    },
    does: [
      "update ConfigMap analytics-specialist--config",
      "update ConfigMap api",
      "update ConfigMap campaign-lead--config",
      "update ConfigMap content-creator--config",
      "update ConfigMap content-lead--config",
      "update ConfigMap marketing-supervisor--config",
      "update ConfigMap seo-specialist--config",
      "update Deployment analytics-specialist",
      "update Deployment campaign-lead",
      "update Deployment content-creator",
      "update Deployment content-lead",
      "update Deployment marketing-supervisor",
      "update Deployment seo-specialist",
      "update StatefulSet api",
    ],
  },
  {
    blueprint: "marketing",
    edit: { "agents.Content Creator.count": "1-6" },
    does: ["update ResourceQuota quota", "update Scale content-creator--scale"],
  },
  {
    blueprint: "marketing",
    edit: { "agents.SEO Specialist.reports_to": "Campaign Lead" },
    does: [
      "update ConfigMap api",
      "update ConfigMap seo-specialist--config",
      "update Deployment seo-specialist",
      "update StatefulSet api",
    ],
  },
  {
    blueprint: "marketing",
    edit: { "agents.SEO Specialist.role": "worker" },
    does: [
      "update ConfigMap api",
      "update ConfigMap seo-specialist--config",
      "update Deployment seo-specialist",
      "update StatefulSet api",
    ],
  },
  {
    blueprint: "marketing",
    edit: { "agents.Social Media Editor.name": "Editor" },
    does: [
      "create ConfigMap editor--config",
      "create Deployment editor",
      "create PodDisruptionBudget editor",
      "create Scale editor--scale",
      "delete ConfigMap social-media-editor--config",
      "delete Deployment social-media-editor",
      "delete PodDisruptionBudget social-media-editor",
      "delete Scale social-media-editor--scale",
      "update ConfigMap api",
      "update StatefulSet api",
    ],
  },
  {
    blueprint: "marketing",
    edit: { "cluster.min_workers": 5 },
    does: ["update Scale content-creator--scale", "update Scale editor--scale"],
  },
  {
    blueprint: "marketing",
    edit: {
      "cluster.max_workers": 12,
      "agents.Content Lead.command": ["node", "agent.js"],
      "agents.Campaign Lead.env": { LEVEL: "debug" },
      "agents.SEO Specialist.resources.cpu": "100m",
      "agents.Editor.resources.memory": "128Mi",
    },
    does: [
      "update Deployment campaign-lead",
      "update Deployment content-lead",
      "update Deployment editor",
      "update Deployment seo-specialist",
      "update ResourceQuota quota",
    ],
  },

  // Defaults of agents, and their egress.
  {
    blueprint: "standard",
    edit: { "defaults.image": "registry.example/agent:1" },
    does: ["update Deployment supervisor", "update Deployment worker"],
  },
  {
    blueprint: "standard",
    edit: { "agents.Worker.image": "registry.example/agent:2" },
    does: ["update Deployment worker"],
  },
  {
    blueprint: "standard",
    edit: { "defaults.env": { LEVEL: "info" } },
    does: ["update Deployment supervisor", "update Deployment worker"],
  },
  {
    blueprint: "standard",
    edit: { "defaults.resources.cpu": "100m" },
    does: ["update Deployment supervisor", "update Deployment worker"],
  },
  {
    blueprint: "standard",
    edit: { "defaults.resources.memory": "64Mi" },
    does: ["update Deployment supervisor", "update Deployment worker"],
  },
  {
    blueprint: "standard",
    edit: { "cluster.network.egress": ["10.0.0.0/8", "api.openai.com:443"] },
    does: [
      "create ConfigMap egress",
      "create Deployment egress",
      "create NetworkPolicy proxy",
      "create PodDisruptionBudget egress",
      "create Service egress",
      "update Deployment supervisor",
      "update Deployment worker",
      "update NetworkPolicy agents",
      "update NetworkPolicy api",
      "update ResourceQuota quota",
    ],
  },
  {
    blueprint: "standard",
    edit: { "cluster.network.provider": "cilium" },
    does: [
      "create CiliumNetworkPolicy agents",
      "delete ConfigMap egress",
      "delete Deployment egress",
      "delete NetworkPolicy agents",
      "delete NetworkPolicy proxy",
      "delete PodDisruptionBudget egress",
      "delete Service egress",
      "update Deployment supervisor",
      "update Deployment worker",
      "update ResourceQuota quota",
    ],
  },

  // Lifetime, cost, and shared resources.
  {
    blueprint: "temporary-review",
    edit: {
      "cluster.ttl": "5 hours",
      "cluster.shared.memory": false,
      "cluster.budget.max_hourly_usd": 10,
      "cluster.budget.max_monthly_usd": 5000,
    },
    does: [],
  },
  {
    blueprint: "temporary-review",
    edit: { "cluster.shared.volume": "1Gi" },
    does: [
      "create PersistentVolumeClaim shared",
      "update Deployment review-supervisor",
      "update Deployment reviewer",
      "update Deployment security-reviewer",
    ],
  },
  {
    blueprint: "temporary-review",
    edit: { "cluster.shared.volume": "2Gi" },
    does: ["update PersistentVolumeClaim shared"],
  },
  {
    blueprint: "temporary-review",
    edit: { "cluster.shared.knowledge": [{ name: "brand", path: "./brand" }] },
    does: [
      "create ConfigMap knowledge-brand",
      "update Deployment review-supervisor",
      "update Deployment reviewer",
      "update Deployment security-reviewer",
    ],
  },
  {
    blueprint: "temporary-review",
    edit: { "cluster.shared.knowledge.brand.path": "./other" },
    does: [
      "update ConfigMap knowledge-brand",
      "update Deployment review-supervisor",
      "update Deployment reviewer",
      "update Deployment security-reviewer",
    ],
  },
  {
    blueprint: "temporary-review",
    edit: { "cluster.shared.knowledge.brand.name": "style" },
    does: [
      "create ConfigMap knowledge-style",
      "delete ConfigMap knowledge-brand",
      "update Deployment review-supervisor",
      "update Deployment reviewer",
      "update Deployment security-reviewer",
    ],
  },
  { blueprint: "temporary-review", edit: { "cluster.type": "project" }, does: [] },

  // Scaling of the cluster by KEDA.
  {
    blueprint: "project-template",
    edit: { "cluster.scaling.owner": "keda" },
    does: [
      "create ScaledObject contributor",
      "create ScaledObject researcher",
      "update Scale contributor--scale",
      "update Scale researcher--scale",
    ],
  },
  {
    blueprint: "project-template",
    edit: { "cluster.scaling.signals.0.scale_up_threshold": 7 },
    does: ["update ScaledObject contributor", "update ScaledObject researcher"],
  },
  {
    blueprint: "project-template",
    edit: { "cluster.scaling.signals.0.scale_down_threshold": 2 },
    does: ["update ScaledObject contributor", "update ScaledObject researcher"],
  },
  {
    blueprint: "project-template",
    edit: { "cluster.scaling.signals.1.target": "6 seconds" },
    does: ["update ScaledObject contributor", "update ScaledObject researcher"],
  },
  {
    blueprint: "project-template",
    edit: { "cluster.scaling.signals.1": { metric: "expression", expression: "sum(jobs)", target: 20 } },
    does: ["update ScaledObject contributor", "update ScaledObject researcher"],
  },
  {
    blueprint: "project-template",
    edit: { "cluster.scaling.cooldown": "5 minutes" },
    does: ["update ScaledObject contributor", "update ScaledObject researcher"],
  },
  {
    blueprint: "project-template",
    edit: {
      "cluster.scaling.metric": "expression",
      "cluster.scaling.expression": "sum(waiting)",
      "cluster.scaling.scale_up_threshold": 4,
      "cluster.scaling.scale_down_threshold": 3,
    },
    does: ["update ScaledObject contributor", "update ScaledObject researcher"],
  },

  // Queues and an HPA, in a foreign namespace.
  {
    blueprint: "everything-cilium",
    edit: { "agents.Worker.queue.stream": "tasks" },
    does: [
      "update ConfigMap api",
      "update ConfigMap worker--config",
      "update Deployment worker",
      "update StatefulSet api",
    ],
  },
  {
    blueprint: "everything-cilium",
    edit: { "agents.Worker.queue.group": "workers" },
    does: [
      "update ConfigMap api",
      "update ConfigMap worker--config",
      "update Deployment worker",
      "update StatefulSet api",
    ],
  },
  {
    blueprint: "everything-cilium",
    edit: { "cluster.target.redis": "redis://other:6380" },
    does: [
      "update CiliumNetworkPolicy agents",
      "update Deployment worker",
      "update NetworkPolicy api",
      "update StatefulSet api",
    ],
  },
  {
    blueprint: "everything-cilium",
    edit: { "cluster.scaling.scale_up_threshold": 12 },
    does: ["update HorizontalPodAutoscaler worker"],
  },
  {
    blueprint: "everything-cilium",
    edit: { "cluster.network.egress": ["10.0.0.0/8:5432"] },
    does: ["update CiliumNetworkPolicy agents"],
  },
  { blueprint: "everything-cilium", edit: { "cluster.network.enforce": false }, does: [] },
  {
    blueprint: "everything-cilium",
    edit: { "agents.Worker.count": "2-9" },
    does: ["update HorizontalPodAutoscaler worker"],
  },

  // Scaling of individual agents, and state.
  {
    blueprint: "everything",
    edit: { "agents.By Hpa.scaling.signals.0.target": 75, "agents.By Keda.scaling.signals.0.scale_up_threshold": 6 },
    does: ["update HorizontalPodAutoscaler by-hpa", "update ScaledObject by-keda"],
  },
  {
    blueprint: "everything",
    edit: {
      "agents.By Hpa.scaling.signals.1": { metric: "task_queue_length", target: 5 },
      "agents.By Keda.scaling.signals.0.scale_down_threshold": 1,
    },
    does: ["update HorizontalPodAutoscaler by-hpa", "update ScaledObject by-keda"],
  },
  {
    blueprint: "everything",
    edit: { "agents.By Keda.scaling.signals.1.expression": "sum(jobs)", "agents.Ordered.state.size": "3Gi" },
    does: [
      "replace Scale ordered--scale",
      "replace StatefulSet ordered",
      "update Claims ordered--claims",
      "update ScaledObject by-keda",
    ],
  },
  {
    blueprint: "everything",
    edit: { "agents.By Keda.scaling.cooldown": "2 minutes", "agents.Single.state.path": "/var/state" },
    does: ["update ScaledObject by-keda", "update StatefulSet single--0"],
  },
  {
    blueprint: "everything",
    edit: {
      "agents.By Keda.scaling": { owner: "keda", metric: "expression", expression: "sum(a)", scale_up_threshold: 4 },
      "agents.Single.state.size": "2Gi",
    },
    does: ["replace StatefulSet single--0", "update Claims single--claims", "update ScaledObject by-keda"],
  },
  {
    blueprint: "everything",
    edit: { "agents.By Keda.scaling.scale_down_threshold": 1 },
    does: ["update ScaledObject by-keda"],
  },

  // Secrets, and state that is added and removed.
  {
    blueprint: "everything-docker",
    edit: { "agents.Pair.secrets": ["OPENAI_API_KEY"] },
    does: ["update Deployment pair"],
  },
  {
    blueprint: "everything-docker",
    edit: { "secrets.OPENAI_API_KEY.env": "SWARM_TEST_OTHER_KEY" },
    does: [
      "update Deployment pair",
      "update Secret secrets",
      "update StatefulSet single--0",
      "update StatefulSet single--1",
      "update StatefulSet single--2",
    ],
  },
  {
    blueprint: "everything-docker",
    edit: { "secrets.FILE_TOKEN.file": "./other-token.txt" },
    does: [
      "update Secret secrets",
      "update StatefulSet single--0",
      "update StatefulSet single--1",
      "update StatefulSet single--2",
    ],
  },
  {
    blueprint: "everything-docker",
    edit: { "secrets.FILE_TOKEN": { config: "swarmstack:token" } },
    does: [
      "update Secret secrets",
      "update StatefulSet single--0",
      "update StatefulSet single--1",
      "update StatefulSet single--2",
    ],
  },
  {
    blueprint: "everything-docker",
    edit: { "secrets.FILE_TOKEN": { kubernetes: "tokens/agents" } },
    does: [
      "update Secret secrets",
      "update StatefulSet single--0",
      "update StatefulSet single--1",
      "update StatefulSet single--2",
    ],
  },
  {
    blueprint: "everything-docker",
    edit: { "agents.Boss.state": { size: "1Gi", path: "/state" } },
    does: [
      "create Claims boss--claims",
      "create Service boss",
      "create StatefulSet boss--0",
      "delete Deployment boss",
      "delete Scale boss--scale",
      "update ResourceQuota quota",
    ],
  },
  {
    blueprint: "everything-docker",
    edit: {
      "agents.Boss.state": undefined,
      "agents.Single.count": "2-3",
      "gpu_pools.first.gpus_per_node": 8,
      "agents.One.resources.gpu_pool": "first",
    },
    does: [
      "create Deployment boss",
      "create Scale boss--scale",
      "delete Claims boss--claims",
      "delete Service boss",
      "delete StatefulSet boss--0",
      "update Deployment one",
      "update ResourceQuota quota",
    ],
  },

  // GPU pools.
  {
    blueprint: "gpu-inference",
    edit: { "gpu_pools.h100.nodes": "0-5" },
    does: [
      "update NodePool h100-spot-nvidia-a100-80gb",
      "update NodePool h100-spot-nvidia-h100",
      "update NodePool h100-spot-nvidia-h200",
    ],
  },
  {
    blueprint: "gpu-inference",
    edit: {
      "gpu_pools.h100.spot.base_on_demand": 2,
      "gpu_pools.slices.mig_profile": "2g.20gb",
      "agents.Small Model.resources.gpu_profile": "2g.20gb",
    },
    does: [
      "update Deployment small-model",
      "update NodePool h100-base",
      "update NodePool h100-spot-nvidia-a100-80gb",
      "update NodePool h100-spot-nvidia-h100",
      "update NodePool h100-spot-nvidia-h200",
      "update ResourceQuota quota",
    ],
  },
  {
    blueprint: "gpu-inference",
    edit: {
      "gpu_pools.h100.spot.fallback": ["nvidia-a100-80gb"],
      "gpu_pools.h100.gpu": "nvidia-h200",
      "agents.Large Model.resources.gpu": 2,
    },
    does: [
      "delete NodePool h100-spot-nvidia-h100",
      "update Deployment large-model",
      "update NodePool h100-base",
      "update NodePool h100-spot-nvidia-a100-80gb",
      "update NodePool h100-spot-nvidia-h200",
      "update ResourceQuota quota",
    ],
  },
  {
    blueprint: "gpu-inference",
    edit: { "gpu_pools.h100.name": "h200", "agents.Large Model.resources.gpu_pool": "h200" },
    does: [
      "create NodePool h200-base",
      "create NodePool h200-spot-nvidia-a100-80gb",
      "create NodePool h200-spot-nvidia-h200",
      "delete NodePool h100-base",
      "delete NodePool h100-spot-nvidia-a100-80gb",
      "delete NodePool h100-spot-nvidia-h200",
      "update Deployment large-model",
    ],
  },
  {
    blueprint: "gpu-inference",
    edit: { "agents.Large Model.resources.gpu_pool": undefined, "defaults.resources.gpu_pool": "slices" },
    does: ["update Deployment large-model", "update ResourceQuota quota"],
  },
  {
    blueprint: "gpu-inference",
    edit: {
      "gpu_pools.slices.mig_profile": "3g.40gb",
      "defaults.resources.gpu_profile": "3g.40gb",
      "agents.Small Model.resources.gpu_profile": undefined,
    },
    does: ["update Deployment large-model", "update Deployment small-model", "update ResourceQuota quota"],
  },
  {
    blueprint: "gpu-inference",
    edit: {
      "agents.Large Model.resources.gpu": undefined,
      "defaults.resources.gpu": 3,
      "agents.Router.resources": { gpu: 0 },
      "agents.Scheduler.resources": { gpu: 0 },
    },
    does: ["update Deployment large-model"],
  },
];

/** Edits that are refused with a message. */
export const refused: readonly Refused[] = [
  { blueprint: "einkauf", edit: { "metadata.id": "einkauf-v2" }, says: /this stack runs blueprint "einkauf-v1"/ },
  { blueprint: "marketing", edit: { "cluster.target": { kind: "local" } }, says: /runs on kubernetes .*is for local/ },
  {
    blueprint: "everything",
    edit: { "cluster.target.context": "staging" },
    says: /is for kubernetes \(context staging/,
  },
  {
    blueprint: "everything",
    edit: { "cluster.target.namespace": "elsewhere" },
    says: /runs in the namespace everything, and the update is for elsewhere/,
  },
  {
    blueprint: "everything",
    edit: { "agents.Ordered.state.size": "1Gi" },
    says: /state.size of "ordered" .* does not shrink/,
  },
  { blueprint: "everything", edit: { "agents.Ordered.scale_in": "any" }, says: /scale_in \(last\) cannot become any/ },
  { blueprint: "standard", edit: { "agents.Worker.image": { build: "./agent" } }, says: /^SW434 .*cannot build/ },
  { blueprint: "standard", edit: { "defaults.image": { build: "." } }, says: /^SW434 .*cannot build/ },
  { blueprint: "temporary-review", edit: { "cluster.shared.volume": "1Gi" }, says: /can not be less than/ },
  {
    blueprint: "everything-cilium",
    edit: { "cluster.target.region": "eu-central-1" },
    says: /^SW432 .*does not accept region/,
  },
  {
    blueprint: "everything-cilium",
    edit: { "cluster.target.profile": "prod" },
    says: /^SW432 .*does not accept profile/,
  },
];
