package migratetest

import (
	"log/slog"
	"slices"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
)

// UpDownUp makes every migration of the sources on an empty database. Each is
// made, taken back and made again, and so are all of them together. The test
// fails where the schema is not what it was at the same point before, and where
// a migration cannot be taken back. What the migrations do to rows is not
// looked at.
func UpDownUp(t testing.TB, db *sqldb.DB, sources ...migrate.Source) {
	t.Helper()
	m, err := migrate.New(db, &migrate.Options{Logger: slog.New(slog.DiscardHandler)}, sources...)
	if err != nil {
		t.Fatal(err)
	}
	c := check{t, db, m}
	empty := c.schema()
	plan, err := m.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plan {
		c.one(p)
	}
	full := c.schema()
	for _, p := range slices.Backward(plan) {
		c.must(p, "down", m.Down(t.Context(), p.Source, 1))
	}
	c.same("after all were reverted", empty)
	if err := m.Up(t.Context()); err != nil {
		t.Fatalf("all migrations again: %v", err)
	}
	c.same("after all were made again", full)
}

type check struct {
	t  testing.TB
	db *sqldb.DB
	m  *migrate.Migrator
}

// one makes a migration, takes it back and makes it again.
func (c check) one(p migrate.Planned) {
	c.t.Helper()
	name := p.Source + " " + p.Name
	before := c.schema()
	c.must(p, "up", c.m.UpTo(c.t.Context(), p.Source, p.Version))
	after := c.schema()
	c.must(p, "down", c.m.Down(c.t.Context(), p.Source, 1))
	c.same("after "+name+" was reverted", before)
	c.must(p, "up again", c.m.UpTo(c.t.Context(), p.Source, p.Version))
	c.same("after "+name+" was made again", after)
}

func (c check) must(p migrate.Planned, way string, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("%s %s, %s: %v", p.Source, p.Name, way, err)
	}
}

func (c check) schema() string {
	c.t.Helper()
	text, err := Schema(c.t.Context(), c.db)
	if err != nil {
		c.t.Fatal(err)
	}
	return text
}

func (c check) same(when, want string) {
	c.t.Helper()
	if got := c.schema(); got != want {
		c.t.Errorf("%s the schema is not what it was. It is\n%s\nand was\n%s", when, got, want)
	}
}
