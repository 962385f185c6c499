package crud_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
)

// Document is as wide as its text and its data.
type Document struct {
	crud.Entity
	Title string          `json:"title"`
	Text  string          `json:"text"`
	Data  map[string]any  `json:"data"`
	Raw   json.RawMessage `json:"raw"`
}

type CreateDocument struct {
	Title string          `json:"title"`
	Text  string          `json:"text"`
	Data  map[string]any  `json:"data"`
	Raw   json.RawMessage `json:"raw"`
}

// wide is a document with that much text, entries of data and raw JSON.
func wide(text, entries, raw int) CreateDocument {
	d := CreateDocument{Title: "t", Text: strings.Repeat("x", text), Data: map[string]any{}, Raw: json.RawMessage(`"` + strings.Repeat("y", raw) + `"`)}
	for i := range entries {
		d.Data[fmt.Sprint("key", i)] = map[string]any{"n": float64(i), "s": "some text", "l": []any{1.0, 2.0}}
	}
	return d
}

// BenchmarkRowCache reads the same rows with and without a cache.
func BenchmarkRowCache(b *testing.B) {
	widths := []struct {
		name string
		of   CreateDocument
	}{
		{"narrow", wide(20, 1, 0)}, {"text 10 kB", wide(10_000, 0, 0)}, {"text 200 kB", wide(200_000, 0, 0)},
		{"JSON 10 kB", wide(20, 200, 0)}, {"JSON 100 kB", wide(20, 2000, 0)}, {"raw 200 kB", wide(20, 0, 200_000)},
	}
	for _, name := range []string{"sqlite", "postgres"} {
		db := benchDB(b, name)
		for _, width := range widths {
			for _, cache := range []*crud.RowCache{nil, {}} {
				b.Run(fmt.Sprintf("%s/%s/cache=%t", name, width.name, cache != nil), func(b *testing.B) { getDocument(b, db, width.of, cache) })
			}
		}
	}
}

func benchDB(b *testing.B, name string) (db *sqldb.DB) {
	var err error
	if name == "sqlite" {
		db, err = sqlitedb.Open(b.Context(), testdb.SQLitePath(b), nil)
	} else {
		db, err = pgdb.Open(b.Context(), testdb.PostgresURL(b), nil)
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db
}

func getDocument(b *testing.B, db *sqldb.DB, of CreateDocument, cache *crud.RowCache) {
	reg := registry.New(nil)
	m, err := crud.New[Document, CreateDocument, struct{}](reg, db, ownersOnly{}, &crud.Options{RowCache: cache})
	if err != nil {
		b.Fatal(err)
	}
	if err := crud.CreateTables(b.Context(), reg, db); err != nil {
		b.Fatal(err)
	}
	ctx := joinery.WithActor(b.Context(), joinery.Actor{ID: joinery.RootActor().ID, Kind: joinery.User})
	row, err := m.Create(ctx, of)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Get(ctx, row.ID); err != nil {
			b.Fatal(err)
		}
	}
}
