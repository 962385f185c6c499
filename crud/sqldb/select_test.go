package sqldb_test

import (
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
)

// invoice is an entity whose columns get their names in every way there is.
type invoice struct {
	registry.Entity
	registry.Updated
	registry.SoftDelete
	registry.Owned
	registry.InTeam
	Number    string                 `json:"number"`
	Due       time.Time              `json:"due_at" sortable:"true"`
	VATRate   string                 `json:"vat" db:"vat_percent" type:"decimal(5,2)"`
	PaidByID  *uuid.UUID             `json:"paid_by" db:"payer_id"`
	Secret    string                 `json:"-" api:"hidden"`
	HTTPLink  string                 `json:",omitempty"`
	Lines     []string               `json:"lines"`
	Meta      map[string]any         `json:"meta"`
	Internal  string                 `json:"-" db:"-"`
	ReplaceID *registry.Ref[invoice] `json:"replaces_id"`
	Replaces  *invoice               `json:"replaces,omitzero" rel:"replaces_id"` // leads back to itself
	Replacing []invoice              `json:"replacing,omitzero" rel:"invoices.replaces_id"`
}

// TestSelectNamesColumnsAsTheRegistry: an app selects whole entities, mixins
// included, on every database.
func TestSelectNamesColumnsAsTheRegistry(t *testing.T) {
	t.Parallel()
	reg := registry.New(nil)
	model := registry.MustAdd[invoice](reg)
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		ddl, err := reg.DDL(db.Dialect())
		is.NoErr(err)
		is.NoErr(sqldb.ExecAll(t.Context(), db, ddl))
		at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
		want := invoice{Number: "7", Due: at, VATRate: "19.25", Secret: "s", HTTPLink: "l", Lines: []string{"a"}, Meta: map[string]any{"k": "v"}}
		want.ID, want.CreatedAt, want.UpdatedAt, want.Version = uuid.New(), at, at, 3
		payer := uuid.New()
		want.PaidByID = &payer
		row, values := model.RowOf(&want), map[string]any{}
		var names []string
		for _, c := range model.Columns {
			names = append(names, db.Dialect().Quote(c.Name))
			v := row.Value(c.Name)
			if c.Kind == registry.JSON {
				v = sqldb.JSON{V: v}
			}
			values[db.Dialect().Quote(c.Name)] = v
		}
		_, err = db.Exec(t.Context(), squirrel.Insert(model.Table).SetMap(values))
		is.NoErr(err)
		got, err := sqldb.Select[invoice](t.Context(), db, squirrel.Select(names...).From(model.Table))
		is.NoErr(err)
		is.Equal(got, []invoice{want})
	})
}

// TestSelectIntoOpt: null, a value, and what is not selected stay apart.
func TestSelectIntoOpt(t *testing.T) {
	t.Parallel()
	type change struct {
		Title query.Opt[string]
		Due   query.Opt[time.Time]
		Owner query.Opt[uuid.UUID]
		Tags  query.Opt[[]string]
		Count query.Opt[int]
	}
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		types := "title text, due timestamptz, owner uuid, tags jsonb, count bigint"
		if db.Dialect().Name() == "sqlite" {
			types = "title TEXT, due INTEGER, owner TEXT, tags TEXT, count INTEGER"
		}
		is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE c (" + types + ")", "INSERT INTO c (title) VALUES (NULL)"}))
		at, id := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC), uuid.New()
		_, err := db.Exec(t.Context(), sqldb.Raw("INSERT INTO c VALUES (?, ?, ?, ?, ?)", "", at, id, sqldb.JSON{V: []string{"a"}}, 0))
		is.NoErr(err)
		got, err := sqldb.Select[change](t.Context(), db, squirrel.Select("*").From("c").OrderBy(db.Dialect().OrderBy("title", false, true)))
		is.NoErr(err)
		is.Equal(got, []change{
			{query.Null[string](), query.Null[time.Time](), query.Null[uuid.UUID](), query.Null[[]string](), query.Null[int]()},
			{query.Set(""), query.Set(at), query.Set(id), query.Set([]string{"a"}), query.Set(0)},
		})
	})
}

// Base is exported, since nothing could set an embedded pointer otherwise.
type Base struct {
	*Base
	N int
}

// TestSelectIntoEmbedded: with a name of its own an embedded struct is as any
// other field; embedding that leads back to its beginning is not followed.
func TestSelectIntoEmbedded(t *testing.T) {
	t.Parallel()
	type doc struct {
		*Base
		Size int
	}
	type copied struct {
		doc
		Of   *doc
		Base `db:"base"`
	}
	is := is.New(t)
	got, err := sqldb.Select[copied](t.Context(), open(t, nil), sqldb.Raw(`SELECT 1 AS size, 2 AS n, 3 AS "of.n", 4 AS "base.n"`))
	is.NoErr(err)
	is.Equal(got, []copied{{doc: doc{Base: &Base{N: 2}, Size: 1}, Of: &doc{Base: &Base{N: 3}}, Base: Base{N: 4}}})
}

// onEach runs the test on SQLite and on PostgreSQL.
func onEach(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, nil))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		db, err := pgdb.Open(t.Context(), testdb.PostgresURL(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		test(t, db)
	})
}
