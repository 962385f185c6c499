package migrate

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var sourceName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,99}$`)

// ordered is the sources with each behind those it requires, otherwise as they
// were given. The error has every problem.
func ordered(sources []Source) ([]Source, error) {
	if err := checkNames(sources); err != nil {
		return nil, err
	}
	var sorted []Source
	done := map[string]bool{}
	for len(sorted) < len(sources) {
		i := slices.IndexFunc(sources, func(s Source) bool { return !done[s.Name] && ready(s, done) })
		if i < 0 {
			return nil, fmt.Errorf("migrate: sources require each other in a circle: %s", strings.Join(circle(sources, done), " → "))
		}
		done[sources[i].Name] = true
		sorted = append(sorted, sources[i])
	}
	return sorted, nil
}

func checkNames(sources []Source) error {
	var problems []error
	known := map[string]bool{}
	for _, s := range sources {
		if !sourceName.MatchString(s.Name) {
			problems = append(problems, fmt.Errorf("migrate: source name %q: want small letters, digits, hyphens and underscores", s.Name))
		}
		if known[s.Name] {
			problems = append(problems, fmt.Errorf("migrate: two sources have the name %q", s.Name))
		}
		known[s.Name] = true
	}
	for _, s := range sources {
		for _, r := range s.Requires {
			if !known[r] {
				problems = append(problems, fmt.Errorf("migrate: source %q requires %q, which is not among the sources", s.Name, r))
			}
		}
	}
	return errors.Join(problems...)
}

func ready(s Source, done map[string]bool) bool {
	return !slices.ContainsFunc(s.Requires, func(r string) bool { return !done[r] })
}

// circle is a way along requirements from a source back to itself. Each source
// that is not done requires another one that is not, so the way does not end.
func circle(sources []Source, done map[string]bool) []string {
	next := func(name string) string {
		s := sources[slices.IndexFunc(sources, func(s Source) bool { return s.Name == name })]
		return s.Requires[slices.IndexFunc(s.Requires, func(r string) bool { return !done[r] })]
	}
	at := sources[slices.IndexFunc(sources, func(s Source) bool { return !done[s.Name] })].Name
	for way := []string{at}; ; {
		at = next(at)
		if i := slices.Index(way, at); i >= 0 {
			return append(way[i:], at)
		}
		way = append(way, at)
	}
}
