package crud

import (
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

type benchNote struct {
	Entity
	SoftDelete
	Owned
	InTeam
	Title    string `json:"title"`
	Status   string `json:"status"`
	Priority int    `json:"priority"`
}

type createBenchNote struct {
	Title string `json:"title"`
}

type updateBenchNote struct {
	Title Opt[string] `json:"title,omitzero"`
}

// What a list of a shape met before pays for its statement: the permission's
// values, those of the filter, and finding the text.
func BenchmarkListStatement(b *testing.B) {
	for _, d := range []sqldb.Dialect{pgdb.Dialect(), sqlitedb.Dialect()} {
		b.Run(d.Name(), func(b *testing.B) {
			db := sqldb.New(sqldb.Unusable(nil), d, nil)
			reg := registry.New(nil)
			engine, err := perm.New(reg, db, nil)
			if err != nil {
				b.Fatal(err)
			}
			m, err := New[benchNote, createBenchNote, updateBenchNote](reg, db, engine, nil)
			if err != nil {
				b.Fatal(err)
			}
			ctx := joinery.WithActor(b.Context(), joinery.Actor{ID: uuid.New(), Kind: joinery.User})
			r, err := m.core.resolve(ctx, query.Query{Filter: query.And(query.Eq("status", "open"), query.Gte("priority", 2), query.Contains("title", "ship"))})
			if err != nil {
				b.Fatal(err)
			}
			columns := m.core.selected(r)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.core.listStatement(ctx, r, columns); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
