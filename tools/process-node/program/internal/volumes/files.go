package volumes

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"swarmstack.dev/tools/process-node/program/internal/podspec"
)

const defaultMode = 0o644

type file struct {
	content []byte
	mode    os.FileMode
}

// files are what a volume that follows objects should hold, by path.
func (p *Pod) files(ctx context.Context, volume *corev1.Volume) (map[string]file, error) {
	files := map[string]file{}
	var err error
	switch {
	case volume.ConfigMap != nil:
		source := volume.ConfigMap
		err = p.addConfigMap(ctx, files, source.Name, source.Items, source.DefaultMode, source.Optional)
	case volume.Secret != nil:
		source := volume.Secret
		err = p.addSecret(ctx, files, source.SecretName, source.Items, source.DefaultMode, source.Optional)
	case volume.DownwardAPI != nil:
		err = p.addFields(files, volume.DownwardAPI.Items, volume.DownwardAPI.DefaultMode)
	case volume.Projected != nil:
		for _, source := range volume.Projected.Sources {
			if err = p.addProjection(ctx, files, &source, volume.Projected.DefaultMode); err != nil {
				break
			}
		}
	}
	return files, err
}

func (p *Pod) addProjection(ctx context.Context, files map[string]file, source *corev1.VolumeProjection, mode *int32) error {
	switch {
	case source.ConfigMap != nil:
		return p.addConfigMap(ctx, files, source.ConfigMap.Name, source.ConfigMap.Items, mode, source.ConfigMap.Optional)
	case source.Secret != nil:
		return p.addSecret(ctx, files, source.Secret.Name, source.Secret.Items, mode, source.Secret.Optional)
	case source.DownwardAPI != nil:
		return p.addFields(files, source.DownwardAPI.Items, mode)
	case source.ServiceAccountToken != nil:
		content, err := p.token(ctx, source.ServiceAccountToken)
		files[source.ServiceAccountToken.Path] = file{content, modeOf(nil, mode)}
		return err
	}
	return fmt.Errorf("a projected source that this node does not know")
}

func (p *Pod) addConfigMap(ctx context.Context, files map[string]file, name string, items []corev1.KeyToPath, mode *int32, optional *bool) error {
	found, err := p.Client.CoreV1().ConfigMaps(p.Pod.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return unlessOptional(err, optional)
	}
	data := map[string][]byte{}
	for key, text := range found.Data {
		data[key] = []byte(text)
	}
	for key, content := range found.BinaryData {
		data[key] = content
	}
	return addItems(files, data, items, mode, optional)
}

func (p *Pod) addSecret(ctx context.Context, files map[string]file, name string, items []corev1.KeyToPath, mode *int32, optional *bool) error {
	found, err := p.Client.CoreV1().Secrets(p.Pod.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return unlessOptional(err, optional)
	}
	return addItems(files, found.Data, items, mode, optional)
}

func addItems(files map[string]file, data map[string][]byte, items []corev1.KeyToPath, mode *int32, optional *bool) error {
	if items == nil {
		for key, content := range data {
			files[key] = file{content, modeOf(nil, mode)}
		}
		return nil
	}
	for _, item := range items {
		content, is := data[item.Key]
		if is {
			files[item.Path] = file{content, modeOf(item.Mode, mode)}
		} else if optional == nil || !*optional {
			return fmt.Errorf("references non-existent key: %s", item.Key)
		}
	}
	return nil
}

func (p *Pod) addFields(files map[string]file, items []corev1.DownwardAPIVolumeFile, mode *int32) error {
	for _, item := range items {
		var text string
		var err error
		if item.FieldRef != nil {
			text, err = podspec.Field(p.now, item.FieldRef.FieldPath)
		} else {
			text, err = podspec.ResourceField(p.now, nil, item.ResourceFieldRef)
		}
		if err != nil {
			return err
		}
		files[item.Path] = file{[]byte(text), modeOf(item.Mode, mode)}
	}
	return nil
}

func unlessOptional(err error, optional *bool) error {
	if apierrors.IsNotFound(err) && optional != nil && *optional {
		return nil
	}
	return err
}

func modeOf(modes ...*int32) os.FileMode {
	for _, mode := range modes {
		if mode != nil {
			return os.FileMode(*mode)
		}
	}
	return defaultMode
}

// write brings a folder in line; a file is replaced in one step, so that a reader sees the old or the new one.
func (p *Pod) write(folder string, files map[string]file) error {
	for path, wanted := range files {
		if err := p.writeFile(filepath.Join(folder, path), wanted); err != nil {
			return err
		}
	}
	return filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if _, wanted := files[strings.TrimPrefix(path, folder+"/")]; !wanted {
			return os.Remove(path)
		}
		return nil
	})
}

func (p *Pod) writeFile(path string, wanted file) error {
	if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, wanted.content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	mode := wanted.mode
	fresh := path + ".new"
	if err := os.WriteFile(fresh, wanted.content, mode); err != nil {
		return err
	}
	if group := p.group(); group >= 0 {
		if err := os.Chown(fresh, -1, group); err != nil {
			return err
		}
		mode |= 0o040
	}
	if err := os.Chmod(fresh, mode); err != nil {
		return err
	}
	return os.Rename(fresh, path)
}
