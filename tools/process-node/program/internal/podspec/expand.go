package podspec

import "strings"

// Expand replaces $(NAME) by its value; $$(NAME) is the text $(NAME), and a name without a value stays as it is.
func Expand(text string, values map[string]string) string {
	out := strings.Builder{}
	for {
		before, rest, found := strings.Cut(text, "$")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, closed := strings.Cut(strings.TrimPrefix(rest, "("), ")")
		value, known := values[name]
		switch {
		case strings.HasPrefix(rest, "$"):
			out.WriteString("$")
			text = rest[1:]
		case strings.HasPrefix(rest, "(") && closed && known:
			out.WriteString(value)
			text = after
		case strings.HasPrefix(rest, "(") && closed:
			out.WriteString("$(" + name + ")")
			text = after
		default:
			out.WriteString("$")
			text = rest
		}
	}
}
