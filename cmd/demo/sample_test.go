package main

import (
	"log/slog"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb/anydb"
)

// The next start keeps what people have made of the sample rows.
func TestSampleIsWrittenOnce(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, err := anydb.Open(t.Context(), "memory", nil)
	is.NoErr(err)
	defer db.Close()
	a, err := newApp(db)
	is.NoErr(err)
	is.NoErr(a.makeTables(t.Context(), ""))
	log := slog.New(slog.DiscardHandler)
	report, err := a.writeSample(t.Context(), log)
	is.NoErr(err)
	is.Equal(report.Summary(), "15 inserted, 0 updated, 0 kept, 0 left out")

	asBen := as(t.Context(), ben)
	for _, note := range notesOf(t, a, "Polish the mirror", "Learn to turn the dome") {
		is.Equal(*note.CreatedByID, ben.id)
		if note.ProjectID != nil {
			is.True(note.DueAt != nil)
			_, err = a.notes.Update(asBen, note.ID, note.Version, UpdateNote{Title: crud.Set("Shine the mirror")})
		} else {
			err = a.notes.Delete(asBen, note.ID, note.Version)
		}
		is.NoErr(err)
	}
	report, err = a.writeSample(t.Context(), log)
	is.NoErr(err)
	is.Equal(report.Summary(), "0 inserted, 0 updated, 14 kept, 1 left out")
	is.Equal(len(notesOf(t, a, "Shine the mirror")), 1)
	is.Equal(len(notesOf(t, a, "Polish the mirror", "Learn to turn the dome")), 0)
}

// notesOf is Ben's notes with the titles.
func notesOf(t *testing.T, a *app, titles ...any) []Note {
	t.Helper()
	page, err := a.notes.List(as(t.Context(), ben), query.Query{Filter: query.In("title", titles...)})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}
