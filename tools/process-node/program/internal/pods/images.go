package pods

import (
	"path"
	"sort"
)

// Image is what a container of this name finds besides the machine's own files.
type Image struct {
	Entrypoint []string          `json:"entrypoint"`
	Cmd        []string          `json:"cmd"`
	Env        map[string]string `json:"env"`
	WorkingDir string            `json:"workingDir"`
	// Mounts are files and folders of the machine, by their path in the container; they cannot be written.
	Mounts map[string]string `json:"mounts"`
	// Links are symbolic links, by their path in the container.
	Links map[string]string `json:"links"`
}

// Images are known by patterns of their names, such as "swarmstack/agent:*".
type Images map[string]Image

// Find looks for an image; of several patterns that fit, the longest counts.
func (i Images) Find(name string) (Image, bool) {
	patterns := make([]string, 0, len(i))
	for pattern := range i {
		if fits, err := path.Match(pattern, name); err == nil && fits {
			patterns = append(patterns, pattern)
		}
	}
	if len(patterns) == 0 {
		return Image{}, false
	}
	sort.Slice(patterns, func(a, b int) bool { return len(patterns[a]) > len(patterns[b]) })
	return i[patterns[0]], true
}
