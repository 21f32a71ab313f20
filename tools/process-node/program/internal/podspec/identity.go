package podspec

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"swarmstack.dev/tools/process-node/program/internal/container"
)

// Identity is whom a container runs as: what it asks for itself, what its pod asks for, else root.
func Identity(pod *corev1.Pod, one *corev1.Container) (container.Identity, error) {
	who := container.Identity{}
	own, shared := one.SecurityContext, pod.Spec.SecurityContext
	if own == nil {
		own = &corev1.SecurityContext{}
	}
	if shared == nil {
		shared = &corev1.PodSecurityContext{}
	}
	if user := first(own.RunAsUser, shared.RunAsUser); user != nil {
		who.UID = int(*user)
	}
	if group := first(own.RunAsGroup, shared.RunAsGroup); group != nil {
		who.GID = int(*group)
	}
	if must := first(own.RunAsNonRoot, shared.RunAsNonRoot); must != nil && *must && who.UID == 0 {
		return who, fmt.Errorf("container %s must not run as root (runAsNonRoot), and no runAsUser says as whom", one.Name)
	}
	for _, group := range shared.SupplementalGroups {
		who.Groups = append(who.Groups, int(group))
	}
	if shared.FSGroup != nil {
		who.Groups = append(who.Groups, int(*shared.FSGroup))
	}
	return who, nil
}

func first[T any](values ...*T) *T {
	for _, value := range values {
		if value != nil {
			return value
		}
	}
	return nil
}
