// Package podspec works out what a pod's specification means for its containers: variables, fields of the downward API, users.
package podspec

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Field is the value of a field of the downward API, such as metadata.labels['app'].
func Field(pod *corev1.Pod, path string) (string, error) {
	if name, key, is := subscript(path); is {
		switch name {
		case "metadata.labels":
			return pod.Labels[key], nil
		case "metadata.annotations":
			return pod.Annotations[key], nil
		}
		return "", fmt.Errorf("no field %q", path)
	}
	switch path {
	case "metadata.name":
		return pod.Name, nil
	case "metadata.namespace":
		return pod.Namespace, nil
	case "metadata.uid":
		return string(pod.UID), nil
	case "metadata.labels":
		return lines(pod.Labels), nil
	case "metadata.annotations":
		return lines(pod.Annotations), nil
	case "spec.nodeName":
		return pod.Spec.NodeName, nil
	case "spec.serviceAccountName":
		return pod.Spec.ServiceAccountName, nil
	case "status.hostIP", "status.hostIPs":
		return pod.Status.HostIP, nil
	case "status.podIP", "status.podIPs":
		return pod.Status.PodIP, nil
	}
	return "", fmt.Errorf("no field %q", path)
}

func subscript(path string) (name, key string, is bool) {
	name, rest, found := strings.Cut(path, "['")
	key, closed := strings.CutSuffix(rest, "']")
	return name, key, found && closed
}

func lines(values map[string]string) string {
	all := make([]string, 0, len(values))
	for key, value := range values {
		all = append(all, key+"="+strconv.Quote(value))
	}
	sort.Strings(all)
	return strings.Join(all, "\n")
}

// ResourceField is the value of a request or limit, in units of the divisor and rounded up.
func ResourceField(pod *corev1.Pod, own *corev1.Container, selector *corev1.ResourceFieldSelector) (string, error) {
	container := own
	for i := range pod.Spec.Containers {
		if pod.Spec.Containers[i].Name == selector.ContainerName {
			container = &pod.Spec.Containers[i]
		}
	}
	if container == nil {
		return "", fmt.Errorf("no container %q", selector.ContainerName)
	}
	kind, name, _ := strings.Cut(selector.Resource, ".")
	list := map[string]corev1.ResourceList{"limits": container.Resources.Limits, "requests": container.Resources.Requests}[kind]
	quantity, is := list[corev1.ResourceName(name)]
	if !is {
		return "", fmt.Errorf("container %s has no %s", container.Name, selector.Resource)
	}
	divisor := selector.Divisor
	if divisor.IsZero() {
		divisor = resource.MustParse("1")
	}
	value, by := quantity.MilliValue(), divisor.MilliValue()
	return strconv.FormatInt((value+by-1)/by, 10), nil
}
