package registry

import (
	"reflect"
	"strings"
)

// cleanName is a type's name for API schemas: without packages, type arguments
// in front, so that Page[app.Note] is NotePage.
func cleanName(t reflect.Type) string { return cleanTypeName(t.Name()) }

func cleanTypeName(name string) string {
	open := strings.IndexByte(name, '[')
	if open < 0 || !strings.HasSuffix(name, "]") {
		return upperFirst(lastSegment(name))
	}
	var b strings.Builder
	for _, arg := range splitArgs(name[open+1 : len(name)-1]) {
		b.WriteString(cleanArg(arg))
	}
	return b.String() + upperFirst(lastSegment(name[:open]))
}

// cleanArg is the name of a type argument, which unlike a type's own name may
// be a pointer, slice or map.
func cleanArg(arg string) string {
	switch {
	case strings.HasPrefix(arg, "*"):
		return cleanArg(arg[1:])
	case strings.HasPrefix(arg, "[]"):
		return cleanArg(arg[2:]) + "List"
	case strings.HasPrefix(arg, "map["):
		return cleanArg(arg[strings.IndexByte(arg, ']')+1:]) + "Map"
	}
	return cleanTypeName(arg)
}

// splitArgs splits type arguments at the commas of the outer level.
func splitArgs(s string) []string {
	var args []string
	depth, start := 0, 0
	for i, r := range s {
		switch r {
		case '[', '{', '(':
			depth++
		case ']', '}', ')':
			depth--
		case ',':
			if depth == 0 {
				args, start = append(args, s[start:i]), i+1
			}
		}
	}
	return append(args, s[start:])
}

// lastSegment drops the package path and the mark of local types (Note·1).
func lastSegment(s string) string {
	if i := strings.LastIndexAny(s, "./"); i >= 0 {
		s = s[i+1:]
	}
	s, _, _ = strings.Cut(s, "·")
	keep := func(r rune) rune {
		if r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127 {
			return r
		}
		return -1
	}
	return strings.Map(keep, s)
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
