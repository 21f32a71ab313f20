package podspec

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// Sources is where variables come from.
type Sources struct {
	Client kubernetes.Interface
	Pod    *corev1.Pod
	// Base are variables that the pod's own ones replace: those of the image and of services.
	Base map[string]string
}

// Variables are the environment of a container; values refer to earlier ones as $(NAME).
func (s *Sources) Variables(ctx context.Context, container *corev1.Container) (map[string]string, error) {
	values := map[string]string{}
	for name, value := range s.Base {
		values[name] = value
	}
	for _, from := range container.EnvFrom {
		if err := s.addAll(ctx, values, from); err != nil {
			return nil, err
		}
	}
	for _, variable := range container.Env {
		if variable.ValueFrom == nil {
			values[variable.Name] = Expand(variable.Value, values)
			continue
		}
		value, is, err := s.valueFrom(ctx, container, variable.ValueFrom)
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", variable.Name, err)
		}
		if is {
			values[variable.Name] = value
		}
	}
	return values, nil
}

func (s *Sources) addAll(ctx context.Context, values map[string]string, from corev1.EnvFromSource) error {
	data := map[string]string{}
	var err error
	switch {
	case from.ConfigMapRef != nil:
		data, err = s.configMap(ctx, from.ConfigMapRef.Name, from.ConfigMapRef.Optional)
	case from.SecretRef != nil:
		data, err = s.secret(ctx, from.SecretRef.Name, from.SecretRef.Optional)
	}
	for key, value := range data {
		if name := from.Prefix + key; !strings.Contains(name, "=") {
			values[name] = value
		}
	}
	return err
}

func (s *Sources) valueFrom(ctx context.Context, container *corev1.Container, from *corev1.EnvVarSource) (string, bool, error) {
	switch {
	case from.FieldRef != nil:
		value, err := Field(s.Pod, from.FieldRef.FieldPath)
		return value, true, err
	case from.ResourceFieldRef != nil:
		value, err := ResourceField(s.Pod, container, from.ResourceFieldRef)
		return value, true, err
	case from.ConfigMapKeyRef != nil:
		ref := from.ConfigMapKeyRef
		data, err := s.configMap(ctx, ref.Name, ref.Optional)
		return keyOf(data, err, "configmap", ref.Name, ref.Key, ref.Optional)
	case from.SecretKeyRef != nil:
		ref := from.SecretKeyRef
		data, err := s.secret(ctx, ref.Name, ref.Optional)
		return keyOf(data, err, "secret", ref.Name, ref.Key, ref.Optional)
	}
	return "", false, fmt.Errorf("a source that this node does not know")
}

func keyOf(data map[string]string, err error, kind, name, key string, optional *bool) (string, bool, error) {
	if err != nil {
		return "", false, err
	}
	value, is := data[key]
	if !is && (optional == nil || !*optional) {
		return "", false, fmt.Errorf("couldn't find key %s in %s %s", key, kind, name)
	}
	return value, is, nil
}

func (s *Sources) configMap(ctx context.Context, name string, optional *bool) (map[string]string, error) {
	found, err := s.Client.CoreV1().ConfigMaps(s.Pod.Namespace).Get(ctx, name, metav1.GetOptions{})
	if absent(err, optional) {
		return nil, nil
	}
	return found.Data, err
}

func (s *Sources) secret(ctx context.Context, name string, optional *bool) (map[string]string, error) {
	found, err := s.Client.CoreV1().Secrets(s.Pod.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		if absent(err, optional) {
			return nil, nil
		}
		return nil, err
	}
	data := map[string]string{}
	for key, value := range found.Data {
		data[key] = string(value)
	}
	return data, nil
}

func absent(err error, optional *bool) bool {
	return apierrors.IsNotFound(err) && optional != nil && *optional
}
