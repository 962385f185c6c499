package crudtest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/crudtest"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func databases() []crudtest.Database {
	return []crudtest.Database{
		crudtest.SQLite(),
		{Name: "postgres", Open: func(t testing.TB) *sqldb.DB { return opened(t, testdb.PostgresURL, pgdb.Open) }},
		{Name: "mariadb", Open: func(t testing.TB) *sqldb.DB { return opened(t, testdb.MariaDBURL, mariadb.Open) }},
	}
}

func opened(t testing.TB, fresh func(testing.TB) string, open func(context.Context, string, *sqldb.Options) (*sqldb.DB, error)) *sqldb.DB {
	db, err := open(t.Context(), fresh(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Garden is what beds are in.
type Garden struct {
	crud.Entity
	crud.Owned
	Name string `json:"name" validate:"required"`
}

type (
	CreateGarden struct {
		Name string `json:"name"`
	}
	UpdateGarden struct {
		Name crud.Opt[string] `json:"name,omitzero"`
	}
)

// Bed has a column of each kind.
type Bed struct {
	crud.Entity
	crud.Updated
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Title    string               `json:"title" validate:"required,max=100" sortable:"true"`
	Kind     string               `json:"kind" validate:"oneof=open closed" default:"open" sortable:"true"`
	Priority *int64               `json:"priority" sortable:"true;kind,-priority"`
	Price    *string              `json:"price" type:"decimal(12,2)"`
	Width    float64              `json:"width"`
	Dug      bool                 `json:"dug"`
	DueAt    *time.Time           `json:"due_at" sortable:"true"`
	GardenID registry.Ref[Garden] `json:"garden_id" ref:"gardens,cascade,inherit"`
}

type (
	CreateBed struct {
		Title    string     `json:"title"`
		Kind     string     `json:"kind"`
		Priority *int64     `json:"priority"`
		Price    *string    `json:"price"`
		Width    float64    `json:"width"`
		Dug      bool       `json:"dug"`
		DueAt    *time.Time `json:"due_at"`
		GardenID uuid.UUID  `json:"garden_id"`
	}
	UpdateBed struct {
		Title    crud.Opt[string]    `json:"title,omitzero"`
		Priority crud.Opt[int64]     `json:"priority,omitzero"`
		DueAt    crud.Opt[time.Time] `json:"due_at,omitzero"`
	}
)

func newBed(garden uuid.UUID, n int) CreateBed {
	in := CreateBed{
		Title: fmt.Sprintf("Bed %d_%%", n%4), Kind: []string{"open", "closed"}[n%2],
		Width: float64(n) / 2, Dug: n%3 == 0, GardenID: garden,
	}
	if n%3 != 1 {
		priority, price, due := int64(n%3), fmt.Sprintf("%d.50", n), time.Date(2026, 11, n%5+1, 8, 0, 0, n*1000, time.UTC)
		in.Priority, in.Price, in.DueAt = &priority, &price, &due
	}
	return in
}

// spoil does something to the manager under test.
type spoil func(*crud.Manager[Bed, CreateBed, UpdateBed])

func beds(databases []crudtest.Database, spoil spoil) crudtest.Case[Bed, CreateBed, UpdateBed] {
	return crudtest.Case[Bed, CreateBed, UpdateBed]{Databases: databases, New: func(app *crudtest.App) crudtest.Entity[Bed, CreateBed, UpdateBed] {
		gardens, err := crud.New[Garden, CreateGarden, UpdateGarden](app.Registry, app.DB, app.Access, nil)
		app.Must(err)
		beds, err := crud.New[Bed, CreateBed, UpdateBed](app.Registry, app.DB, app.Access, nil)
		app.Must(err)
		if spoil != nil {
			spoil(beds)
		}
		return crudtest.Entity[Bed, CreateBed, UpdateBed]{
			Manager: beds,
			Create: func(ctx context.Context, n int) CreateBed {
				garden, err := gardens.Create(ctx, CreateGarden{Name: "garden"})
				app.Must(err)
				return newBed(garden.ID, n)
			},
			Update: func(_ context.Context, n int) UpdateBed {
				return UpdateBed{Title: crud.Set(fmt.Sprint("changed ", n)), Priority: crud.Null[int64]()}
			},
		}
	}}
}

func TestBeds(t *testing.T) {
	t.Parallel()
	crudtest.Run(t, beds(databases(), nil))
}

// Label has no version, no soft delete, and an order of its own.
type Label struct {
	ID     uuid.UUID `json:"id" api:"readonly"`
	UserID uuid.UUID `json:"user_id" role:"owner"`
	Text   string    `json:"text" validate:"required" sortable:"true"`
}

type (
	CreateLabel struct {
		Text string `json:"text"`
	}
	UpdateLabel struct {
		Text crud.Opt[string] `json:"text,omitzero"`
	}
)

func TestEntityWithoutMixins(t *testing.T) {
	t.Parallel()
	crudtest.Run(t, crudtest.Case[Label, CreateLabel, UpdateLabel]{Databases: databases(), New: func(app *crudtest.App) crudtest.Entity[Label, CreateLabel, UpdateLabel] {
		labels, err := crud.New[Label, CreateLabel, UpdateLabel](app.Registry, app.DB, app.Access, nil)
		app.Must(err)
		return crudtest.Entity[Label, CreateLabel, UpdateLabel]{
			Manager: labels,
			Create:  func(_ context.Context, n int) CreateLabel { return CreateLabel{Text: fmt.Sprint("Text ", n%3)} },
			Update:  func(_ context.Context, n int) UpdateLabel { return UpdateLabel{Text: crud.Set(fmt.Sprint("new ", n))} },
		}
	}})
}

// Setting is written by System and Root only, and seen by all.
type Setting struct {
	crud.Entity
	crud.SoftDelete
	crud.Owned
	Name string `json:"name" validate:"required" sortable:"true"`
}

// Table makes settings a System model.
func (Setting) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{System: true}}
}

func TestSystemModel(t *testing.T) {
	t.Parallel()
	crudtest.Run(t, crudtest.Case[Setting, CreateGarden, UpdateGarden]{Databases: databases(), New: func(app *crudtest.App) crudtest.Entity[Setting, CreateGarden, UpdateGarden] {
		settings, err := crud.New[Setting, CreateGarden, UpdateGarden](app.Registry, app.DB, app.Access, nil)
		app.Must(err)
		return crudtest.Entity[Setting, CreateGarden, UpdateGarden]{
			Manager: settings,
			Create:  func(_ context.Context, n int) CreateGarden { return CreateGarden{Name: fmt.Sprint("name ", n)} },
			Update: func(_ context.Context, n int) UpdateGarden {
				return UpdateGarden{Name: crud.Set(fmt.Sprint("new ", n))}
			},
		}
	}})
}

func TestTeams(t *testing.T) {
	t.Parallel()
	crudtest.Run(t, crudtest.Case[perm.Team, teams.CreateTeam, teams.UpdateTeam]{Databases: databases(), New: func(app *crudtest.App) crudtest.Entity[perm.Team, teams.CreateTeam, teams.UpdateTeam] {
		return crudtest.Entity[perm.Team, teams.CreateTeam, teams.UpdateTeam]{
			Manager: app.Teams.Teams,
			Create:  func(_ context.Context, n int) teams.CreateTeam { return teams.CreateTeam{Name: fmt.Sprint("team ", n)} },
			Update: func(_ context.Context, n int) teams.UpdateTeam {
				return teams.UpdateTeam{Name: crud.Set(fmt.Sprint("new ", n))}
			},
		}
	}})
}

func TestRolesOfATeam(t *testing.T) {
	t.Parallel()
	crudtest.Run(t, crudtest.Case[perm.Role, teams.CreateRole, teams.UpdateRole]{Databases: databases(), New: func(app *crudtest.App) crudtest.Entity[perm.Role, teams.CreateRole, teams.UpdateRole] {
		return crudtest.Entity[perm.Role, teams.CreateRole, teams.UpdateRole]{
			Manager: app.Teams.Roles,
			Create: func(ctx context.Context, n int) teams.CreateRole {
				team, err := app.Teams.Teams.Create(ctx, teams.CreateTeam{Name: "team"})
				app.Must(err)
				return teams.CreateRole{Name: fmt.Sprint("role ", n), TeamID: &team.ID, Actions: joinery.View}
			},
			Update: func(_ context.Context, n int) teams.UpdateRole {
				return teams.UpdateRole{Name: crud.Set(fmt.Sprint("new ", n)), Actions: crud.Set(joinery.View | joinery.Edit)}
			},
			Within: func(perm.Role) query.Filter { return query.NotNull("team_id") },
		}
	}})
}

func TestGrants(t *testing.T) {
	t.Parallel()
	crudtest.Run(t, crudtest.Case[perm.Grant, teams.CreateGrant, teams.UpdateGrant]{Databases: databases(), New: func(app *crudtest.App) crudtest.Entity[perm.Grant, teams.CreateGrant, teams.UpdateGrant] {
		gardens, err := crud.New[Garden, CreateGarden, UpdateGarden](app.Registry, app.DB, app.Access, nil)
		app.Must(err)
		return crudtest.Entity[perm.Grant, teams.CreateGrant, teams.UpdateGrant]{
			Manager: app.Teams.Grants,
			Create: func(ctx context.Context, n int) teams.CreateGrant {
				garden, err := gardens.Create(ctx, CreateGarden{Name: "garden"})
				app.Must(err)
				member := uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(n)})
				return teams.CreateGrant{Model: "gardens", RowID: garden.ID, MemberID: &member, Actions: joinery.View}
			},
			Update: func(_ context.Context, n int) teams.UpdateGrant {
				return teams.UpdateGrant{Actions: crud.Set(joinery.View | joinery.Edit), ExpiresAt: crud.Set(time.Now().Add(time.Duration(n) * time.Hour))}
			},
			Within: func(g perm.Grant) query.Filter {
				return query.And(query.Eq("model", g.Model), query.Eq("row_id", g.RowID))
			},
		}
	}})
}
