package pods

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// touch has the status written soon.
func (p *Pod) touch() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// report writes the status to the API server whenever it changes, and returns after the last one.
func (p *Pod) report() {
	written := corev1.PodStatus{Conditions: p.current().Status.Conditions}
	p.touch()
	for {
		select {
		case <-p.changed:
		case <-p.killed:
			return
		}
		for {
			status, last := p.status(written.Conditions)
			if reflect.DeepEqual(status, written) {
				if last {
					return
				}
				break
			}
			err := p.write(&status)
			if apierrors.IsNotFound(err) {
				return
			}
			if err == nil {
				written = status
				if last {
					return
				}
				break
			}
			fmt.Fprintln(os.Stderr, "status:", err)
			select {
			case <-time.After(time.Second):
			case <-p.killed:
				return
			}
		}
	}
}

func (p *Pod) write(status *corev1.PodStatus) error {
	object := p.current()
	patch, err := patchOf(object.UID, status)
	if err != nil {
		return err
	}
	_, err = p.machine.Client.CoreV1().Pods(object.Namespace).
		Patch(context.Background(), object.Name, types.StrategicMergePatchType, patch, metav1.PatchOptions{}, "status")
	return err
}

// patchOf writes conditions beside those of others. Addresses it replaces: by their merge key, an old one would stay.
func patchOf(uid types.UID, status *corev1.PodStatus) ([]byte, error) {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(status)
	if err != nil {
		return nil, err
	}
	if addresses, is := fields["podIPs"].([]any); is {
		fields["podIPs"] = append(addresses, map[string]any{"$patch": "replace"})
	}
	return json.Marshal(map[string]any{"metadata": map[string]any{"uid": uid}, "status": fields})
}

// status is what the pod is like now, and whether that is its last one.
func (p *Pod) status(before []corev1.PodCondition) (corev1.PodStatus, bool) {
	p.mu.Lock()
	state := p.state
	ip := p.object.Status.PodIP
	p.mu.Unlock()
	status := corev1.PodStatus{
		Reason: state.reason, Message: state.message, StartTime: &state.started, HostIP: p.machine.HostIP, PodIP: ip,
	}
	if ip != "" {
		status.PodIPs = []corev1.PodIP{{IP: ip}}
	}
	for _, one := range p.inits {
		status.InitContainerStatuses = append(status.InitContainerStatuses, one.snapshot())
	}
	for _, one := range p.mains {
		status.ContainerStatuses = append(status.ContainerStatuses, one.snapshot())
	}
	status.Phase = phase(state, status.ContainerStatuses)
	status.Conditions = conditions(before, state.initialized, !state.over && allReady(status.ContainerStatuses))
	return status, state.over
}

func (r *runner) snapshot() corev1.ContainerStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *r.status.DeepCopy()
}

func phase(state state, containers []corev1.ContainerStatus) corev1.PodPhase {
	begun, failed := false, state.reason != "" || !state.initialized
	for _, one := range containers {
		ended := one.State.Terminated
		begun = begun || one.State.Running != nil || ended != nil || one.LastTerminationState.Terminated != nil
		failed = failed || ended == nil || ended.ExitCode != 0
	}
	switch {
	case state.over && failed:
		return corev1.PodFailed
	case state.over:
		return corev1.PodSucceeded
	case begun:
		return corev1.PodRunning
	}
	return corev1.PodPending
}

func allReady(containers []corev1.ContainerStatus) bool {
	for _, one := range containers {
		if !one.Ready {
			return false
		}
	}
	return true
}

func conditions(before []corev1.PodCondition, initialized, ready bool) []corev1.PodCondition {
	values := []struct {
		kind corev1.PodConditionType
		is   bool
	}{{corev1.PodInitialized, initialized}, {corev1.ContainersReady, ready}, {corev1.PodReady, ready}}
	after := []corev1.PodCondition{}
	for _, value := range values {
		condition := corev1.PodCondition{Type: value.kind, Status: corev1.ConditionFalse, LastTransitionTime: metav1.Now()}
		if value.is {
			condition.Status = corev1.ConditionTrue
		}
		for _, old := range before {
			if old.Type == condition.Type && old.Status == condition.Status {
				condition.LastTransitionTime = old.LastTransitionTime
			}
		}
		after = append(after, condition)
	}
	return after
}
