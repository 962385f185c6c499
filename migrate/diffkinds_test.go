package migrate_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/migrate/migratetest"
	"github.com/joinery-go/joinery/registry"
)

// shelf has keys over live rows, which MariaDB makes by a column of their own.
type shelf struct {
	registry.Entity
	registry.Updated
	registry.SoftDelete
	registry.Owned
	Name string `json:"name" validate:"required,max=80" sortable:"true"`
}

type bookKind string

// book has a column of every kind, with and without a default.
type book struct {
	registry.Entity
	registry.SoftDelete
	registry.Owned
	registry.InTeam
	Title    string          `json:"title" validate:"max=200" sortable:"true;title,-price"`
	Text     string          `json:"text" default:"it's \\ \"here\""`
	Kind     bookKind        `json:"kind" validate:"oneof=novel 'short story'" default:"novel"`
	Rank     int             `json:"rank" default:"-3" validate:"oneof=-3 4"`
	Small    *int16          `json:"small"`
	Price    string          `json:"price" type:"decimal(12,2)" default:"1.50"`
	Ratio    float64         `json:"ratio" default:"0.5"`
	Sold     bool            `json:"sold" default:"true"`
	Lent     *bool           `json:"lent"`
	Due      *time.Time      `json:"due"`
	Begin    time.Time       `json:"begin" default:"2026-01-02T03:04:05.6789Z"`
	Key      uuid.UUID       `json:"key" default:"0190a1b2-0000-7000-8000-000000000001"`
	Data     json.RawMessage `json:"data" default:"{\"a\": [1, \"b\"]}"`
	Tags     []string        `json:"tags" default:"[]"`
	More     map[string]any  `json:"more"`
	Cover    []byte          `json:"cover"`
	Code     string          `json:"code" type:"char(3)" default:"abc"`
	ShelfID  *uuid.UUID      `json:"shelf_id" ref:"shelves,cascade,inherit"`
	SequelID *uuid.UUID      `json:"sequel_id" ref:"books"`
}

func library() *registry.Registry {
	return models(
		as[shelf](registry.Table{Name: "shelves", Comment: `It's "one" \ of them.`, Unique: []registry.Unique{{Columns: []string{"user_id", "name"}}}}),
		as[book](registry.Table{Name: "books", Indexes: []registry.Index{{Columns: []string{"kind", "-rank"}}, {Columns: []string{"due"}, Name: "by_due"}}}),
	)
}

// TestDiffKnowsEveryKind: what the registry's DDL makes, Auto makes too, and
// there is no difference to it, whatever the database makes of types, defaults
// and expressions.
func TestDiffKnowsEveryKind(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		made := on.server.target(t)
		statements, err := library().DDL(on.db.Dialect())
		is.NoErr(err)
		is.NoErr(sqldb.ExecAll(t.Context(), made.db, statements))
		is.NoErr(migrate.Auto(t.Context(), on.db, library()))
		want, err := migratetest.Schema(t.Context(), made.db)
		is.NoErr(err)
		got, err := migratetest.Schema(t.Context(), on.db)
		is.NoErr(err)
		is.Equal(got, want)
		draft, err := migrate.Diff(t.Context(), made.db, library(), "nothing", nil)
		is.NoErr(err)
		is.Equal(draft.Up, nil)
	})
}
