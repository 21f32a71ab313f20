package podspec

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Unsupported names what a pod asks for and this node does not do; a pod that asks for any of it fails at once.
func Unsupported(pod *corev1.Pod) string {
	found := []string{}
	say := func(is bool, what string) {
		if is {
			found = append(found, what)
		}
	}
	spec := &pod.Spec
	say(spec.HostNetwork, "hostNetwork")
	say(spec.HostPID, "hostPID")
	say(spec.HostIPC, "hostIPC")
	say(len(spec.EphemeralContainers) > 0, "ephemeralContainers")
	say(spec.ShareProcessNamespace != nil && *spec.ShareProcessNamespace, "shareProcessNamespace")
	for i := range spec.InitContainers {
		say(spec.InitContainers[i].RestartPolicy != nil, "restartPolicy of init containers")
	}
	for i := range spec.Containers {
		one := &spec.Containers[i]
		say(one.TTY, "tty")
		say(len(one.VolumeDevices) > 0, "volumeDevices")
		say(one.Lifecycle != nil && one.Lifecycle.PostStart != nil, "lifecycle.postStart")
		say(one.Lifecycle != nil && one.Lifecycle.PreStop != nil && one.Lifecycle.PreStop.HTTPGet != nil, "lifecycle.preStop.httpGet")
		for _, probe := range []*corev1.Probe{one.StartupProbe, one.ReadinessProbe, one.LivenessProbe} {
			say(probe != nil && probe.GRPC != nil, "grpc probes")
		}
	}
	for _, volume := range spec.Volumes {
		say(!supported(&volume.VolumeSource), "the kind of volume "+volume.Name)
	}
	return strings.Join(found, ", ")
}

func supported(source *corev1.VolumeSource) bool {
	return source.EmptyDir != nil || source.ConfigMap != nil || source.Secret != nil || source.DownwardAPI != nil ||
		source.Projected != nil || source.PersistentVolumeClaim != nil || source.HostPath != nil
}
