package registry

import (
	"errors"
	"reflect"
)

// AttachOptions are the settings of [Attach]. Nil and the zero value mean the
// defaults.
type AttachOptions struct {
	Name string // of the relation in the API, as in include=billing; empty: X's name in snake case
	Doc  string // what the relation holds, for schemas
}

// Attach adds a relation to T, a model of somebody else's: the row of X that
// has the id of T's row. So an extension gives an entity fields that its owner
// knows nothing of. The id of X, which [Side] brings, refers to T with cascade
// and inherit: who may view or edit the row of T may do so with that of X, and
// both are deleted and restored together.
//
// X is added where it is absent, with a table and forms of its own. T may be
// added before or after, and must have [Entity] or [Attachable], which carry
// what is attached: [Attached] reads it from a row. If T has [SoftDelete], X
// needs it too.
//
// An X that is attached already, a name that no relation may have, and any
// call after [Registry.Validate] are errors. What can only be told with all
// models known (T is missing, or has a field of that name; the key of X is
// not that of T) Validate reports.
func Attach[T, X any](r *Registry, opts *AttachOptions) error {
	if opts == nil {
		opts = &AttachOptions{}
	}
	return r.attach(attaching{to: reflect.TypeFor[T](), side: reflect.TypeFor[X](), options: *opts})
}

// attaching is a call of Attach, until Validate makes it a relation.
type attaching struct {
	to, side reflect.Type
	options  AttachOptions
}

func (r *Registry) attach(a attaching) error {
	problem := r.refusal(a)
	if problem == nil {
		if m, err := r.add(a.side, nil); err != nil {
			return err // kept for Validate already
		} else if a.options.Name == "" {
			a.options.Name = snake(m.Name)
		}
		problem = checkAttached(a)
	}
	if problem != nil {
		r.problems = append(r.problems, problem)
		return problem
	}
	r.attached = append(r.attached, a)
	return nil
}

// refusal is why a cannot be, whatever models there are.
func (r *Registry) refusal(a attaching) error {
	if r.frozen.Load() {
		return typeProblem(a.side, "is attached to %s after Validate or first use: attach everything first", typeName(a.to))
	}
	if a.to == a.side {
		return typeProblem(a.side, "is attached to itself: attach a struct of its own")
	}
	for _, other := range r.attached {
		if other.side == a.side {
			return typeProblem(a.side, "is attached to %s and cannot be attached to %s: its id is the id of one row", typeName(other.to), typeName(a.to))
		}
	}
	return nil
}

func checkAttached(a attaching) error {
	if err := checkJSONName(a.options.Name); err != nil {
		return typeProblem(a.side, "is attached to %s by a name that is not allowed: %v", typeName(a.to), err)
	}
	return nil
}

// resolveAttached makes relations of what was attached.
func (r *Registry) resolveAttached() (problems []error) {
	for _, a := range r.attached {
		m, x := r.byType[a.to], r.byType[a.side]
		if m == nil {
			if !r.failed[tableNameOf(cleanName(a.to))] {
				problems = append(problems, typeProblem(a.side, "is attached to %s, which is no model of the registry: add it", typeName(a.to)))
			}
			continue
		}
		rel := &Relation{Model: m, Name: a.options.Name, Type: reflect.PointerTo(a.side), Attached: true, Target: x, Column: m.ID, Doc: a.options.Doc}
		if err := rel.checkAttached(); err != nil {
			problems = append(problems, err)
			continue
		}
		m.Relations = append(m.Relations, rel)
		m.byRel[rel.Name] = rel
	}
	return problems
}

// checkAttached is what speaks against the relation, and finds where rows of
// its model carry it.
func (rel *Relation) checkAttached() error {
	var carried bool
	rel.offset, carried = carrierOffset(rel.Model.Type)
	problems := []error{rel.checkKey(), rel.checkName()}
	if !carried {
		problems = append(problems, typeProblem(rel.Model.Type, "cannot carry %s, which is attached to it: embed registry.Entity or registry.Attachable", typeName(rel.Target.Type)))
	}
	if rel.Model.DeletedAt != nil && rel.Target.DeletedAt == nil {
		problems = append(problems, typeProblem(rel.Target.Type, "is attached to %s, which has SoftDelete, and has none: its row would be gone when the other is restored; embed registry.SoftDelete", typeName(rel.Model.Type)))
	}
	return errors.Join(problems...)
}

func (rel *Relation) checkKey() error {
	key, to := rel.Target.ID, rel.Model
	if ref := key.Ref; ref != nil && ref.Target == to && ref.OnDelete == Cascade && ref.Inherit {
		return nil
	}
	return fieldProblem(rel.Target.Type, key.Field, `is the key of a struct attached to %s and must refer to it: embed registry.Side[%s] for the id, or tag it ref:"%s,cascade,inherit"`,
		typeName(to.Type), typeName(to.Type), to.Table)
}

// checkName finds a field of T with the relation's name, also one that is no
// column.
func (rel *Relation) checkName() error {
	m := rel.Model
	_, searched := m.Search[rel.Name]
	if m.byJSON[rel.Name] == nil && m.byRel[rel.Name] == nil && !searched && !hasJSONField(m.Type, rel.Name) {
		return nil
	}
	return typeProblem(rel.Target.Type, "is attached to %s as %q, which is the name of another field there: name it by AttachOptions.Name", typeName(m.Type), rel.Name)
}

func hasJSONField(t reflect.Type, name string) bool {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := parseJSONTag(f)
		if flattened(f, tag) {
			if hasJSONField(f.Type, name) {
				return true
			}
		} else if f.IsExported() && !tag.skip && tag.nameOf(f) == name {
			return true
		}
	}
	return false
}
