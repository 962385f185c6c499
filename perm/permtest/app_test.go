package permtest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/perm/permtest"
	"github.com/joinery-go/joinery/registry"
)

// Site is what an app has: columns of other names, an owner that may be null.
type Site struct {
	registry.Entity
	registry.SoftDelete
	registry.Tree
	Keeper *uuid.UUID `json:"keeper_id" role:"owner"`
	Group  *uuid.UUID `json:"group_id" role:"team" ref:"teams"`
	Title  string     `json:"title"`
}

// Ticket is seen by whom it is assigned to, and by all while it is open and
// small.
type Ticket struct {
	registry.Entity
	registry.Owned
	SiteID   *registry.Ref[Site] `json:"site_id" ref:"sites,cascade,inherit"`
	Assignee *uuid.UUID          `json:"assignee_id"`
	Status   string              `json:"status" validate:"oneof=open done"`
	Size     *int64              `json:"size"`
	ClosedAt *time.Time          `json:"closed_at"`
}

// Table gives tickets rules of their own.
func (Ticket) Table() registry.Table {
	small := "< ?"
	if os.Getenv(brokenRule) != "" {
		small = "<= ?"
	}
	return registry.Table{Policy: registry.Policy{CreateUnder: joinery.View, Extra: []registry.Extra{
		{
			Name: "assigned", Actions: joinery.View | joinery.Edit,
			SQL: func(alias string, a joinery.Actor) registry.Sqlizer {
				return squirrel.Expr(alias+".assignee_id = ?", a.ID)
			},
			Go: func(a joinery.Actor, r registry.Row) bool {
				id, ok := r.UUID("assignee_id")
				return ok && id == a.ID
			},
		},
		{
			Name: "small", Actions: joinery.View,
			SQL: func(alias string, _ joinery.Actor) registry.Sqlizer {
				return squirrel.Expr(alias+".status = ? AND "+alias+".size "+small, "open", 2)
			},
			Go: func(_ joinery.Actor, r registry.Row) bool {
				size, ok := r.Value("size").(int64)
				return ok && r.Value("status") == "open" && size < 2
			},
		},
	}}}
}

// TicketNote is attached to tickets.
type TicketNote struct {
	registry.Side[Ticket]
	Text string `json:"text"`
}

// appModels registers them as the app does.
func appModels(reg *registry.Registry) error {
	if _, err := registry.Add[Site](reg); err != nil {
		return err
	}
	if _, err := registry.Add[Ticket](reg); err != nil {
		return err
	}
	return registry.Attach[Ticket, TicketNote](reg, nil)
}

// Badge has a key of another name.
type Badge struct {
	Number uuid.UUID `json:"number" role:"id"`
	Holder uuid.UUID `json:"holder_id" role:"owner"`
}

func TestAKeyOfAnotherName(t *testing.T) {
	t.Parallel()
	permtest.Entities(t, 20, func(reg *registry.Registry) error {
		_, err := registry.Add[Badge](reg)
		return err
	})
}

// brokenRule makes an Extra rule's SQL another one than its Go, in a process
// of this test binary.
const brokenRule = "JOINERY_PERMTEST_BROKEN"

func TestAnAppsModels(t *testing.T) {
	t.Parallel()
	permtest.Entities(t, 150, appModels, openSQLite, openPostgres)
}

func TestARuleWhoseHalvesDiffer(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAnAppsModels$")
	cmd.Env = append(os.Environ(), brokenRule+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "in the world") || !strings.Contains(string(out), "tickets") {
		t.Errorf("the rule's halves differ and nobody says so:\n%s", out)
	}
}
