package registry

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Validate resolves references and relations between the models and freezes
// the registry: from then on a new model or form is an error. The error joins
// every problem of every model, each with its Go type and field. What Add,
// Attach and SetForms have refused it names in one line without the reasons,
// which they returned: joined with their errors it says nothing twice. Of
// validate tags it judges what schemas and
// checks need; that a rule exists at all is for who runs them to say, as
// crud.New and rest.Mount do. It is called by the app, or by perm, crud and
// rest at their first use; it does its work once, may be called at any time by
// any number of goroutines, and returns the same error each time. After an
// error the registry must not be used.
func (r *Registry) Validate() error {
	r.validate.Do(func() {
		r.frozen.Store(true)
		problems := r.refused()
		problems = append(problems, r.resolveReferences()...)
		problems = append(problems, r.resolveRelations()...)
		problems = append(problems, r.resolveAttached()...)
		problems = append(problems, r.hiddenModels()...)
		problems = append(problems, r.inheritCycles()...)
		problems = append(problems, r.requiredCycles()...)
		problems = append(problems, r.schemaProblems()...)
		r.err = errors.Join(problems...)
	})
	return r.err
}

// refused names what was wrong before Validate, as one problem.
func (r *Registry) refused() []error {
	var places []string
	for _, err := range r.problems {
		var p *problem
		if errors.As(err, &p) && !slices.Contains(places, p.place) {
			places = append(places, p.place)
		}
	}
	if len(places) == 0 {
		return nil
	}
	return []error{fmt.Errorf("registry: cannot be used, since it refused %s: the error returned then says why", strings.Join(places, ", "))}
}

func (r *Registry) resolveReferences() (problems []error) {
	for _, m := range r.models {
		for _, c := range m.Columns {
			if c.Ref == nil {
				continue
			}
			if err := r.resolveReference(c); err != nil {
				problems = append(problems, fieldProblem(m.Type, c.Field, "%v", err))
			}
		}
	}
	return problems
}

func (r *Registry) resolveReference(c *Column) error {
	typed := refersTo(c.base)
	if c.Ref.Table == "" {
		return r.resolveByType(c, typed)
	}
	if c.Ref.Table == "self" {
		c.Ref.Table = c.Model.Table
	}
	c.Ref.Target = r.byTable[c.Ref.Table]
	switch {
	case c.Ref.Target == nil && r.failed[c.Ref.Table]:
		return nil // its own problems are reported
	case c.Ref.Target == nil && !r.external[c.Ref.Table]:
		return fmt.Errorf("refers to table %q, which no model of the registry has: add the model, or name the table in Options.ExternalTables", c.Ref.Table)
	case c.Ref.Target == nil && c.Ref.Inherit:
		return fmt.Errorf("inherits from table %q, which no model of the registry has: permissions come from models only", c.Ref.Table)
	case c.Ref.Target != nil && typed != nil && c.Ref.Target.Type != typed:
		return fmt.Errorf("is a Ref[%s], but table %q is that of %s", typed, c.Ref.Table, c.Ref.Target.Type)
	}
	return nil
}

func (r *Registry) resolveByType(c *Column, typed reflect.Type) error {
	c.Ref.Target = r.byType[typed]
	if c.Ref.Target == nil {
		return fmt.Errorf("is a Ref[%s], which is no model of the registry: add it, or name the table by tag ref", typed)
	}
	c.Ref.Table = c.Ref.Target.Table
	return nil
}

// refersTo is X where t is Ref[X], else nil.
func refersTo(t reflect.Type) reflect.Type {
	if !t.Implements(refType) {
		return nil
	}
	return reflect.Zero(t).Interface().(reference).refersTo()
}

func (r *Registry) resolveRelations() (problems []error) {
	for _, m := range r.models {
		for _, rel := range m.Relations {
			if err := r.resolveRelation(rel); err != nil {
				problems = append(problems, fieldProblem(m.Type, rel.Field, "%v", err))
			}
		}
	}
	return problems
}

func (r *Registry) resolveRelation(rel *Relation) error {
	rel.Target = r.byType[rel.Type.Elem()]
	if rel.Target == nil {
		if r.failed[tableNameOf(cleanName(rel.Type.Elem()))] {
			return nil
		}
		return fmt.Errorf("is a relation to %s, which is no model of the registry: add it", rel.Type.Elem())
	}
	owner, target, name := rel.Model, rel.Target, rel.rel
	if rel.Many {
		table, column, _ := strings.Cut(rel.rel, ".")
		if table != rel.Target.Table {
			return fmt.Errorf("has tag rel:%q, but %s has table %q", rel.rel, rel.Target.Type, rel.Target.Table)
		}
		owner, target, name = rel.Target, rel.Model, column
	}
	rel.Column = owner.lookup(name)
	switch {
	case rel.Column == nil:
		return fmt.Errorf("has tag rel:%q, but %s has no column %q", rel.rel, owner.Type, name)
	case rel.Column.Ref == nil:
		return fmt.Errorf("has tag rel:%q, but %s.%s is no reference: give it a ref tag", rel.rel, owner.Type, rel.Column.Field)
	case rel.Column.Ref.Target != target && rel.Column.Ref.Target != nil:
		return fmt.Errorf("has tag rel:%q, but %s.%s refers to table %q, not %q", rel.rel, owner.Type, rel.Column.Field, rel.Column.Ref.Table, target.Table)
	}
	return nil
}

// hiddenModels finds models in JSON columns: related rows would be stored
// inside the row, because a tag was forgotten.
func (r *Registry) hiddenModels() (problems []error) {
	for _, m := range r.models {
		for _, c := range m.Columns {
			t := c.base
			if t.Kind() == reflect.Slice {
				t = t.Elem()
			}
			if c.Kind == JSON && r.byType[t] != nil {
				problems = append(problems, fieldProblem(m.Type, c.Field, `holds the model %s without a tag rel: use rel:"column" for related rows, db:"-" for no column`, t))
			}
		}
	}
	return problems
}
