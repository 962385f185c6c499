package permtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
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
		l.values(w.model(r.Model), r.Values)
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

// values are the columns of an app's own that are not zero, and zero ones where
// null would be another value.
func (l *line) values(m *Model, values map[string]any) {
	for _, column := range slices.Sorted(maps.Keys(values)) {
		if v := values[column]; !reflect.ValueOf(v).IsZero() || m.nullable(column) {
			l.value(column, v)
		}
	}
}

func (l *line) value(column string, v any) {
	switch v := v.(type) {
	case time.Time:
		l.instant(column, v)
	case uuid.UUID:
		l.add(column, Name(v))
	case string, json.RawMessage:
		l.add(column, fmt.Sprintf("%q", v))
	case bool, int64, float64:
		l.add(column, v)
	default:
		data, _ := json.Marshal(v) // was read from JSON
		l.add(column, string(data))
	}
}

// instant is a time by its distance from now where that is short.
func (l *line) instant(column string, t time.Time) {
	if t.Sub(l.now).Abs() > 24*time.Hour {
		l.add(column, t.Format(time.RFC3339Nano))
		return
	}
	l.time(column, t)
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
