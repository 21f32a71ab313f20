// Package pods runs the pods of a node: what a kubelet does, with processes instead of a container runtime.
package pods

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"

	"swarmstack.dev/tools/process-node/program/internal/network"
)

// Machine is what the nodes of one process share.
type Machine struct {
	Client   kubernetes.Interface
	Network  *network.Network
	Services corelisters.ServiceLister
	Events   record.EventRecorder
	Images   Images
	// Folder holds all pods; claims outlive them.
	Folder string
	Claims string
	HostIP string
	// LongestRestartDelay bounds the wait before a container that ended is started again.
	LongestRestartDelay time.Duration

	mu   sync.Mutex
	pods map[types.UID]*Pod
	ends map[string]<-chan struct{}
}

// Find looks for the pod of that name that runs here.
func (m *Machine) Find(namespace, name string) *Pod {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, pod := range m.pods {
		if object := pod.current(); object.Namespace == namespace && object.Name == name {
			return pod
		}
	}
	return nil
}

// Pods are those that run here.
func (m *Machine) Pods() []*corev1.Pod {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]*corev1.Pod, 0, len(m.pods))
	for _, pod := range m.pods {
		all = append(all, pod.current())
	}
	return all
}

// Follow runs the pods that are bound to a node, until ctx ends.
func (m *Machine) Follow(ctx context.Context, node string) error {
	list := cache.NewListWatchFromClient(m.Client.CoreV1().RESTClient(), "pods", corev1.NamespaceAll,
		fields.OneTermEqualSelector("spec.nodeName", node))
	_, informer := cache.NewInformer(list, &corev1.Pod{}, 0, cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { m.see(object.(*corev1.Pod)) },
		UpdateFunc: func(_, object any) { m.see(object.(*corev1.Pod)) },
		DeleteFunc: m.forget,
	})
	go informer.Run(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		return fmt.Errorf("the pods of node %s could not be read", node)
	}
	return nil
}

func (m *Machine) see(object *corev1.Pod) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if pod := m.pods[object.UID]; pod != nil {
		pod.update(object)
		return
	}
	if object.Status.Phase == corev1.PodSucceeded || object.Status.Phase == corev1.PodFailed {
		return
	}
	if m.pods == nil {
		m.pods, m.ends = map[types.UID]*Pod{}, map[string]<-chan struct{}{}
	}
	pod := newPod(m, object.DeepCopy())
	m.pods[object.UID] = pod
	// One of the same name starts when its predecessor has ended: their volumes are the same.
	name := object.Namespace + "/" + object.Name
	before := m.ends[name]
	m.ends[name] = pod.ended
	go pod.run(before)
}

func (m *Machine) forget(object any) {
	if unknown, is := object.(cache.DeletedFinalStateUnknown); is {
		object = unknown.Obj
	}
	deleted, is := object.(*corev1.Pod)
	if !is {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if pod := m.pods[deleted.UID]; pod != nil {
		pod.kill()
		delete(m.pods, deleted.UID)
	}
	name := deleted.Namespace + "/" + deleted.Name
	if end := m.ends[name]; end != nil {
		select {
		case <-end:
			delete(m.ends, name)
		default:
		}
	}
}

// Clean removes the folders of pods that this machine does not run: a node that was killed leaves them.
func (m *Machine) Clean() error {
	entries, err := os.ReadDir(m.Folder)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, entry := range entries {
		if m.pods[types.UID(entry.Name())] == nil {
			if err := os.RemoveAll(filepath.Join(m.Folder, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
