package main

import (
	"context"
	"runtime"

	"github.com/virtual-kubelet/virtual-kubelet/node"
	"github.com/virtual-kubelet/virtual-kubelet/node/nodeutil"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const (
	hostIP  = "127.0.0.1"
	version = "v1.36.3-process-node"
)

// register makes the node known, and keeps its lease and status fresh until ctx ends.
func register(ctx context.Context, client kubernetes.Interface, config NodeConfig, port int32) error {
	controller, err := node.NewNodeController(node.NaiveNodeProvider{}, describe(config, port), client.CoreV1().Nodes(),
		node.WithNodeEnableLeaseV1(nodeutil.NodeLeaseV1Client(client), node.DefaultLeaseDuration))
	if err != nil {
		return err
	}
	go controller.Run(ctx)
	select {
	case <-controller.Ready():
		return nil
	case <-controller.Done():
		return controller.Err()
	}
}

func describe(config NodeConfig, port int32) *corev1.Node {
	labels := map[string]string{
		"kubernetes.io/hostname": config.Name,
		"kubernetes.io/os":       runtime.GOOS,
		"kubernetes.io/arch":     runtime.GOARCH,
	}
	for key, value := range config.Labels {
		labels[key] = value
	}
	capacity := corev1.ResourceList{
		corev1.ResourceCPU:    resource.MustParse("64"),
		corev1.ResourceMemory: resource.MustParse("256Gi"),
		corev1.ResourcePods:   resource.MustParse("250"),
	}
	for name, quantity := range config.Capacity {
		capacity[name] = quantity
	}
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: config.Name, Labels: labels},
		Spec:       corev1.NodeSpec{Taints: config.Taints},
		Status: corev1.NodeStatus{
			Capacity:        capacity,
			Allocatable:     capacity,
			Conditions:      conditions(),
			Addresses:       []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: hostIP}, {Type: corev1.NodeHostName, Address: config.Name}},
			DaemonEndpoints: corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: port}},
			NodeInfo: corev1.NodeSystemInfo{
				KubeletVersion: version, OperatingSystem: runtime.GOOS, Architecture: runtime.GOARCH,
				ContainerRuntimeVersion: "process://1",
			},
		},
	}
}

func conditions() []corev1.NodeCondition {
	conditions := []corev1.NodeCondition{}
	for _, kind := range []corev1.NodeConditionType{
		corev1.NodeReady, corev1.NodeMemoryPressure, corev1.NodeDiskPressure, corev1.NodePIDPressure,
	} {
		status := corev1.ConditionFalse
		if kind == corev1.NodeReady {
			status = corev1.ConditionTrue
		}
		conditions = append(conditions, corev1.NodeCondition{
			Type: kind, Status: status, Reason: "ProcessNode", LastHeartbeatTime: metav1.Now(), LastTransitionTime: metav1.Now(),
		})
	}
	return conditions
}
