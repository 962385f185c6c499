package permtest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// ruleProbe compares the halves of one of an app's rules by themselves, so that
// what they differ on is said of the rule and not of a row that inherits from
// the one it is about.
type ruleProbe struct {
	actor joinery.Actor
	model *Model
	rule  Extra
}

// ruleProbes are those for every rule of an app and every user of the world.
func (w *World) ruleProbes() []probe {
	var all []probe
	for _, m := range w.kinds() {
		for _, x := range m.Extra {
			for _, a := range w.Actors {
				if x.sql != nil && a.Scope == nil && w.Kind(a) == joinery.User {
					all = append(all, ruleProbe{a, m, x})
				}
			}
		}
	}
	return all
}

func (p ruleProbe) disagreement(t testing.TB, w *World, d *Database) string {
	said, err := d.said(t, p)
	if err != nil {
		return fmt.Sprintf("the rule %q of %s for %s: its SQL fails: %v", p.rule.name, p.model.Table, ActorName(p.actor), err)
	}
	for _, r := range w.All(p.model.Table) {
		r := r.(Row)
		if got, want := said[r.ID], p.rule.Holds(p.actor.ID, r); got != want && !r.Deleted {
			return fmt.Sprintf("the rule %q of %s differs on row %s for %s: its SQL says %t, its Go %t",
				p.rule.name, p.model.Table, Name(r.ID), ActorName(p.actor), got, want)
		}
	}
	return ""
}

// said are the rows for which the rule's SQL holds.
func (d *Database) said(t testing.TB, p ruleProbe) (map[uuid.UUID]bool, error) {
	text, args, err := p.rule.condition(p.model.Table, p.actor)
	if err != nil {
		return nil, err
	}
	dialect := d.db.Dialect()
	ids, err := sqldb.Column[uuid.UUID](t.Context(), d.db,
		squirrel.Select("w."+dialect.Quote(p.model.column("id"))).From(dialect.Quote(p.model.Table)+" w").Where(sqldb.Raw("("+text+")", args...)))
	said := map[uuid.UUID]bool{}
	for _, id := range ids {
		said[id] = true
	}
	return said, err
}

// rulesHeld names the app's rules by which line 15 says yes.
func (w *World) rulesHeld(a joinery.Actor, x joinery.Actions, r Record, line int) string {
	row, is := r.(Row)
	if !is || line != 15 {
		return ""
	}
	said := ""
	for _, extra := range w.model(row.Model).Extra {
		if extra.sql != nil && extra.Actions.Has(x) && extra.Holds(a.ID, row) {
			said += fmt.Sprintf(" rule %q", extra.name)
		}
	}
	return said
}

// rulePanic is what the test says of a rule whose Go panics.
type rulePanic string

// nameRule is deferred where the Go of a rule runs, and gives its panic the
// rule's name.
func (w *World) nameRule(name string, a joinery.Actor, r Row) {
	if cause := recover(); cause != nil {
		panic(rulePanic(fmt.Sprintf("the rule %q of %s on row %s for %s: its Go panics: %v%s\non the row\n%s",
			name, r.Model, Name(r.ID), ActorName(a), cause, panicked(), w.line(r))))
	}
}

// panicked is where the code panicked that is being recovered from.
func panicked() string {
	frames := runtime.CallersFrames(callers())
	for inside := false; ; {
		frame, more := frames.Next()
		own := strings.HasPrefix(frame.Function, "runtime.")
		if inside && !own {
			return fmt.Sprintf(" at %s:%d", frame.File, frame.Line)
		}
		inside = inside || frame.Function == "runtime.gopanic"
		if !more {
			return ""
		}
	}
}

func callers() []uintptr {
	pcs := make([]uintptr, 64)
	return pcs[:runtime.Callers(1, pcs)]
}

// failOfRule is deferred where a world is compared, and makes a rule's panic a
// failure of the test.
func failOfRule(t testing.TB, d *Database, seed uint64) {
	t.Helper()
	switch cause := recover().(type) {
	case nil:
	case rulePanic:
		t.Errorf("on %s, seed %d:\n%s", d.db.Dialect().Name(), seed, string(cause))
	default:
		panic(cause)
	}
}
