package permtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// String is the world by name, one row per line, with nothing said of what is
// null or empty.
func (w *World) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "now %s\n", w.Now.Format(time.RFC3339Nano))
	if w.NoUsers {
		b.WriteString("no users table\n")
	}
	if w.IDs != (joinery.WellKnown{}) {
		fmt.Fprintf(&b, "Root is %s, System %s, Template %s\n", Name(w.IDs.Root), Name(w.IDs.System), Name(w.IDs.Template))
	}
	for _, m := range w.kinds() {
		for _, r := range w.All(m.Table) {
			b.WriteString(w.line(r))
		}
	}
	return b.String()
}

func (w *World) line(r Record) string {
	l := line{now: w.Now}
	l.words = append(l.words, r.Table(), Name(r.head().ID))
	l.id("by", r.head().CreatedBy)
	switch r := r.(type) {
	case Team:
		l.id("parent", r.Parent)
	case Role:
		l.id("team", r.Team).id("parent", r.Parent).add("actions", r.Actions)
	case Membership:
		l.id("member", r.Member).id("team", r.Team).id("role", r.Role).time("expires", r.ExpiresAt).time("disabled", r.DisabledAt)
	case Grant:
		l.add("on", r.Model+" "+Name(r.Row)).add("actions", r.Actions)
		l.id("member", r.Member).id("team", r.Team).id("role", r.Role).time("expires", r.ExpiresAt)
	case Row:
		l.row(r)
	}
	if r.head().Deleted {
		l.words = append(l.words, "deleted")
	}
	return "  " + strings.Join(l.words, " ") + "\n"
}

// line collects the words on one row.
type line struct {
	now   time.Time
	words []string
}

func (l *line) add(word string, v any) *line {
	l.words = append(l.words, word+"="+fmt.Sprint(v))
	return l
}

func (l *line) id(word string, id uuid.UUID) *line {
	if id != null {
		l.add(word, Name(id))
	}
	return l
}

func (l *line) time(word string, t time.Time) *line {
	if !t.IsZero() {
		l.add(word, "now"+fmt.Sprintf("%+d", t.Sub(l.now).Microseconds())+"µs")
	}
	return l
}

func (l *line) row(r Row) {
	l.id("user_id", r.Owner).id("team_id", r.Team)
	var columns []string
	for column := range r.Refs {
		columns = append(columns, column)
	}
	slices.Sort(columns)
	for _, column := range columns {
		l.id(column, r.Refs[column])
	}
	if r.Shared {
		l.words = append(l.words, "shared")
	}
	if r.Rank != 0 {
		l.add("rank", r.Rank)
	}
}

// String is who wants to place what.
func (m Move) String() string {
	w := &World{Now: noon}
	if m.Old == nil {
		return ActorName(m.Actor) + " creates" + strings.TrimSuffix(w.line(m.New), "\n")
	}
	return ActorName(m.Actor) + " changes" + strings.TrimSuffix(w.line(m.Old), "\n") + " to" + strings.TrimSuffix(w.line(m.New), "\n")
}

// ActorName is the actor by kind, name and scope.
func ActorName(a joinery.Actor) string {
	name := a.Kind.String()
	if a.ID != null {
		name += " " + Name(a.ID)
	}
	if a.Scope != nil {
		name += fmt.Sprint(" scope ", a.Scope)
	}
	return name
}
