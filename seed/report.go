package seed

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"
)

// Action is what becomes of a row.
type Action uint8

// What a run does with a row.
const (
	Insert   Action = iota + 1 // there was none
	Update                     // some columns follow the seed
	Keep                       // it is as the seed says, or as somebody has left it
	LeaveOut                   // it was deleted since, or refers to a row that was
)

var actionNames = [...]string{Insert: "insert", Update: "update", Keep: "keep", LeaveOut: "leave out"}

// String is the action in words; "none" for the zero Action.
func (a Action) String() string {
	if a > 0 && int(a) < len(actionNames) {
		return actionNames[a]
	}
	return "none"
}

// Report is what a run has done, or would do, row by row in the order of
// writing. Nil and the zero value are the report of nothing.
type Report struct {
	Rows []Row
}

// Row is what became of one row of a seed.
type Row struct {
	Table   string
	Key     string    // its key, as email="ada@example.com"
	ID      uuid.UUID // in a plan that of a row to insert is none yet
	Action  Action
	Columns []string // those updated
	Edited  []string // those that the seed says otherwise and somebody has changed
	Reason  string   // why it was left out
}

// Count is how many rows the action was taken for.
func (r *Report) Count(a Action) (n int) {
	if r == nil {
		return 0
	}
	for i := range r.Rows {
		if r.Rows[i].Action == a {
			n++
		}
	}
	return n
}

// String is a line for each row, and one that counts them.
func (r *Report) String() string {
	var b strings.Builder
	if r != nil {
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, row := range r.Rows {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", row.Action, row.Table, row.Key, row.remark())
		}
		w.Flush()
	}
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + r.Summary() + "\n"
}

// Summary is how many rows each action was taken for, in one line.
func (r *Report) Summary() string {
	return fmt.Sprintf("%d inserted, %d updated, %d kept, %d left out", r.Count(Insert), r.Count(Update), r.Count(Keep), r.Count(LeaveOut))
}

func (r Row) remark() string {
	var parts []string
	if len(r.Columns) > 0 {
		parts = append(parts, strings.Join(r.Columns, ", "))
	}
	if len(r.Edited) > 0 {
		parts = append(parts, "edited: "+strings.Join(r.Edited, ", "))
	}
	if r.Reason != "" {
		parts = append(parts, r.Reason)
	}
	return strings.Join(parts, "; ")
}
