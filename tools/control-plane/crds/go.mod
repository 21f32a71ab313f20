module swarmstack.dev/tools/control-plane/crds

go 1.26.0

require (
	github.com/cilium/cilium v1.20.2
	github.com/kedacore/keda/v2 v2.20.2
	sigs.k8s.io/karpenter v1.14.1
)
