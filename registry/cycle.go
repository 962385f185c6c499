package registry

import (
	"fmt"
	"strings"
)

// Order is the models such that each comes after those it refers to, for
// creating tables and rows; otherwise in the order of Add. Nullable references
// do not count where they would close a cycle. A cycle of references that
// cannot be null is an error that names it.
func (r *Registry) Order() ([]*Model, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	return r.order(), nil
}

// order visits the models depth first. Nullable references are followed too,
// as long as they lead to no model that is being visited, so that few tables
// need their foreign keys afterwards.
func (r *Registry) order() []*Model {
	var sorted []*Model
	done := map[*Model]bool{}
	ready := func(m *Model, nullable bool) bool {
		for _, c := range m.Columns {
			t := c.target()
			if t != nil && t != m && !done[t] && (nullable || !c.Nullable) {
				return false
			}
		}
		return true
	}
	for len(sorted) < len(r.models) {
		next := pick(r.models, func(m *Model) bool { return !done[m] && ready(m, true) })
		if next == nil {
			next = pick(r.models, func(m *Model) bool { return !done[m] && ready(m, false) })
		}
		done[next] = true
		sorted = append(sorted, next)
	}
	return sorted
}

func pick(models []*Model, ok func(*Model) bool) *Model {
	for _, m := range models {
		if ok(m) {
			return m
		}
	}
	return nil
}

// target is the model that the column refers to, nil where there is none.
func (c *Column) target() *Model {
	if c.Ref == nil {
		return nil
	}
	return c.Ref.Target
}

// inheritCycles finds models that would inherit permissions from each other.
// References of a model to itself are fine: rows make no cycle there.
func (r *Registry) inheritCycles() []error {
	return r.cycles("inherit permissions from each other", func(c *Column) bool {
		return c.Ref.Inherit && c.Ref.Target != c.Model
	})
}

// requiredCycles finds references that need each other's row first.
func (r *Registry) requiredCycles() []error {
	return r.cycles("need each other's row first, make one of them a pointer", func(c *Column) bool {
		return !c.Nullable
	})
}

// cycles reports each cycle of the references that follow says count, at the
// field that closes it.
func (r *Registry) cycles(what string, follow func(*Column) bool) (problems []error) {
	const visiting, visited = 1, 2
	state := map[*Model]int{}
	var path []*Column
	var visit func(m *Model)
	visit = func(m *Model) {
		state[m] = visiting
		for _, c := range m.Columns {
			t := c.target()
			if t == nil || !follow(c) {
				continue
			}
			path = append(path, c)
			switch state[t] {
			case visiting:
				problems = append(problems, fieldProblem(m.Type, c.Field, "closes a cycle of references that %s: %s", what, cycleText(path, t)))
			case 0:
				visit(t)
			}
			path = path[:len(path)-1]
		}
		state[m] = visited
	}
	for _, m := range r.models {
		if state[m] == 0 {
			visit(m)
		}
	}
	return problems
}

// cycleText is the part of the path that starts and ends at m, as
// "notes.project_id → projects.note_id → notes".
func cycleText(path []*Column, m *Model) string {
	start := len(path) - 1
	for path[start].Model != m {
		start--
	}
	var steps []string
	for _, c := range path[start:] {
		steps = append(steps, fmt.Sprintf("%s.%s", c.Model.Table, c.Name))
	}
	return strings.Join(append(steps, m.Table), " → ")
}
