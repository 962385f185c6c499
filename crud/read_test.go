package crud_test

import (
	"fmt"
	"testing"

	"context"
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// titles are the titles of notes in order.
func titles(notes []Note) string {
	s := ""
	for _, n := range notes {
		s += n.Title
	}
	return s
}

// letters makes notes a, b, c … with bodies that are null for every third.
func letters(a *app, n int) []Note {
	list := make([]CreateNote, n)
	for i := range list {
		list[i] = CreateNote{Title: string(rune('a' + i)), Priority: i % 3}
		if i%3 != 0 {
			list[i].Body = ptr(fmt.Sprint(i % 2))
		}
	}
	rows, err := a.notes.CreateMany(a.ann, list)
	a.NoErr(err)
	return rows
}

func TestListPagesBothWays(t *testing.T) {
	t.Parallel()
	sorts := map[string]string{"": "gfedcba", "id": "abcdefg", "title": "abcdefg", "-title": "gfedcba",
		"body": "adgcebf", "-body": "fbecgda", "-priority": "fcebgda", "priority": "adgbecf"}
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		letters(a, 7)
		for sort, want := range sorts {
			q := query.Query{Limit: 3}
			if sort != "" {
				q.Sort = []string{sort}
			}
			a.Equal(walk(a, q), "sort "+sort+": "+want[:3]+" "+want[3:6]+" "+want[6:]+" back "+want[3:6]+" "+want[:3])
		}
	})
}

// walk goes through all pages and back again.
func walk(a *app, q query.Query) string {
	text, sep := "sort ", ": "
	for _, s := range q.Sort {
		text += s
	}
	var last query.Page[Note]
	for {
		p, err := a.notes.List(a.ann, q)
		a.NoErr(err)
		text += sep + titles(p.Items)
		sep, last = " ", p
		if p.Next == "" {
			break
		}
		q.After = p.Next
	}
	text += " back"
	for last.Prev != "" {
		q.After, q.Before = "", last.Prev
		p, err := a.notes.List(a.ann, q)
		a.NoErr(err)
		a.True(p.Next != "")
		text += " " + titles(p.Items)
		last = p
	}
	return text
}

func TestPagesAreStableUnderWrites(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		rows := letters(a, 9)
		p, err := a.notes.List(a.ann, query.Query{Sort: []string{"title"}, Limit: 3})
		a.NoErr(err)
		a.NoErr(a.notes.Delete(a.ann, rows[2].ID, 1)) // the cursor's own row
		_, err = a.notes.Create(a.ann, CreateNote{Title: "aa"})
		a.NoErr(err)
		p, err = a.notes.List(a.ann, query.Query{Sort: []string{"title"}, Limit: 3, After: p.Next})
		a.NoErr(err)
		a.Equal(titles(p.Items), "def")
		all := ""
		for n, err := range a.notes.All(a.ann, query.Query{Sort: []string{"title"}, Limit: 2}) {
			a.NoErr(err)
			all += n.Title + " "
		}
		a.Equal(all, "a aa b d e f g h i ")
	})
}

// A page that a cursor led to offers the way back while a row lies there. To
// know it takes no further statement as long as the cursor's own row is there.
func TestPrevIsForRowsThatPrecede(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		gone       []int // of the first page
		prev       bool
		statements int64
	}{
		"nothing has changed":         {nil, true, 1},
		"others are deleted":          {[]int{0, 1}, true, 1},
		"the cursor's row is deleted": {[]int{2}, true, 2},
		"all are deleted":             {[]int{0, 1, 2}, false, 2},
	}
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		for name, c := range cases {
			rows := letters(a, 7)
			q := query.Query{Sort: []string{"title"}, Limit: 3}
			first, err := a.notes.List(a.ann, q)
			a.NoErr(err)
			for _, i := range c.gone {
				a.NoErr(a.notes.Delete(a.ann, rows[i].ID, 1))
			}
			q.After = first.Next
			before := db.Stats().Statements
			second, err := a.notes.List(a.ann, q)
			a.NoErr(err)
			a.Equal(titles(second.Items), "def")
			if got := db.Stats().Statements - before; (second.Prev != "") != c.prev || got != c.statements {
				t.Errorf("%s: way back %t, %d statements", name, second.Prev != "", got)
			}
			for _, n := range rows {
				_, err := db.Exec(t.Context(), sqldb.Raw("DELETE FROM notes WHERE id = ?", n.ID))
				a.NoErr(err)
			}
		}
	})
}

func TestFilters(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		filter query.Filter
		want   string
	}{
		{"eq", query.Eq("title", "c"), "c"},
		{"ne holds for null too", query.Where("body", query.OpNe, "1"), "gedca"},
		{"in", query.Where("priority", query.OpIn, []any{0, 2}), "gfdca"},
		{"null", query.Where("body", query.OpNull, true), "gda"},
		{"not null", query.Where("body", query.OpNull, false), "fecb"},
		{"not is the opposite, nulls included", query.Not(query.Eq("body", "1")), "gedca"},
		{"and", query.And(query.Eq("priority", 1), query.Where("title", query.OpGt, "b")), ""},
		{"or", query.Or(query.Eq("title", "a"), query.Eq("title", "g")), "ga"},
		{"gte", query.Where("priority", query.OpGte, 2), "fc"},
		{"contains is exact about case", query.Where("title", query.OpContains, "A"), ""},
		{"icontains folds", query.Where("title", query.OpIContains, "A"), "a"},
		{"starts", query.Where("title", query.OpStarts, "b"), "b"},
		{"iends", query.Where("title", query.OpIEnds, "B"), "b"},
		{"wildcards are text", query.Where("title", query.OpContains, "%"), ""},
		{"enum", query.Eq("status", "open"), "gfedcba"},
	}
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		letters(a, 7)
		for _, c := range cases {
			p, err := a.notes.List(a.ann, query.Query{Filter: c.filter})
			if c.name == "and" { // text has no order operators
				a.Equal(joinery.KindOf(err), joinery.Malformed)
				continue
			}
			a.NoErr(err)
			if titles(p.Items) != c.want {
				t.Errorf("%s: got %q, want %q", c.name, titles(p.Items), c.want)
			}
			n, err := a.notes.Count(a.ann, query.Query{Filter: c.filter})
			a.NoErr(err)
			a.Equal(int(n), len(c.want))
		}
	})
}

func TestListIsOneStatementAndOnePerInclude(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		p1, err := a.projects.Create(a.ann, CreateProject{Name: "p1"})
		a.NoErr(err)
		for i := range 20 {
			n, err := a.notes.Create(a.ann, CreateNote{Title: "n", ProjectID: ptr(crud.Ref[Project](p1.ID))})
			a.NoErr(err)
			for range i % 3 {
				_, err = a.comments.Create(a.ann, CreateComment{NoteID: crud.Ref[Note](n.ID), Text: "c"})
				a.NoErr(err)
			}
		}
		before := db.Stats().Statements
		p, err := a.notes.List(a.ann, query.Query{Include: []string{"project", "comments"}})
		a.NoErr(err)
		a.Equal(db.Stats().Statements-before, int64(3))
		for i, n := range p.Items {
			a.Equal(n.Project.Name, "p1")
			a.Equal(len(n.Comments), (19-i)%3)
		}
		before = db.Stats().Statements
		_, err = a.notes.List(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(db.Stats().Statements-before, int64(1))
		got, err := a.projects.Get(a.ann, p1.ID, query.Include("notes.comments"))
		a.NoErr(err)
		a.Equal(len(got.Notes), 20)
		a.Equal(len(got.Notes[0].Comments), 1)
	})
}

func TestHasManyIncludesTheNewest100(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		p, err := a.projects.Create(a.ann, CreateProject{Name: "p"})
		a.NoErr(err)
		list := make([]CreateNote, 103)
		for i := range list {
			list[i] = CreateNote{Title: "n", Priority: i % 10, ProjectID: ptr(crud.Ref[Project](p.ID))}
		}
		rows, err := a.notes.CreateMany(a.ann, list)
		a.NoErr(err)
		got, err := a.projects.Get(a.ann, p.ID, query.Include("notes"))
		a.NoErr(err)
		a.Equal(len(got.Notes), 100)
		a.Equal(got.Notes[0].ID, rows[102].ID)
	})
}

func TestFieldsReadsThoseColumnsOnly(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n := letters(a, 2)[1]
		got, err := a.notes.Get(a.ann, n.ID, query.Fields("title"))
		a.NoErr(err)
		a.Equal(got, Note{Entity: registry.Entity{ID: n.ID}, Title: "b"})
	})
}

func TestCustomSearch(t *testing.T) {
	t.Parallel()
	search := map[string]crud.Search{"urgent": {SQL: func(_ context.Context, v any) (squirrel.Sqlizer, error) {
		if v != "yes" {
			return nil, joinery.Errorf(joinery.Malformed, "", "urgent: use yes")
		}
		return squirrel.Expr("priority >= ?", 2), nil
	}}}
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, &crud.Options{Search: search})
		letters(a, 7)
		p, err := a.notes.List(a.ann, query.Query{Filter: query.Eq("urgent", "yes")})
		a.NoErr(err)
		a.Equal(titles(p.Items), "fc")
		_, err = a.notes.List(a.ann, query.Query{Filter: query.Eq("urgent", "no")})
		a.Equal(joinery.KindOf(err), joinery.Malformed)
	})
}

func TestCounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		list := make([]CreateNote, 1100)
		for i := range list {
			list[i] = CreateNote{Title: "n"}
		}
		_, err := a.notes.CreateMany(a.ann, list)
		a.NoErr(err)
		p, err := a.notes.List(a.ann, query.Query{Limit: 1, Count: query.CountCapped})
		a.NoErr(err)
		a.Equal(*p.Total, int64(1001))
		p, err = a.notes.List(a.ann, query.Query{Limit: 1, Count: query.CountExact})
		a.NoErr(err)
		a.Equal(*p.Total, int64(1100))
		p, err = a.notes.List(a.ann, query.Query{Limit: 1})
		a.NoErr(err)
		a.True(p.Total == nil)
	})
}

func TestFilterAcrossRelations(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		p, err := a.projects.Create(a.ann, CreateProject{Name: "apollo"})
		a.NoErr(err)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "in", ProjectID: ptr(crud.Ref[Project](p.ID))})
		a.NoErr(err)
		_, err = a.notes.Create(a.ann, CreateNote{Title: "out"})
		a.NoErr(err)
		c, err := a.comments.Create(a.ann, CreateComment{NoteID: crud.Ref[Note](n.ID), Text: "hello"})
		a.NoErr(err)
		list := func(f query.Filter) string {
			p, err := a.notes.List(a.ann, query.Query{Filter: f})
			a.NoErr(err)
			return titles(p.Items)
		}
		a.Equal(list(query.Where("project.name", query.OpStarts, "apo")), "in")
		a.Equal(list(query.Not(query.Eq("project.name", "apollo"))), "out")
		a.Equal(list(query.Eq("comments.text", "hello")), "in")
		a.NoErr(a.comments.Delete(a.ann, c.ID, c.Version))
		a.Equal(list(query.Eq("comments.text", "hello")), "") // deleted rows are not related
		cs, err := a.comments.List(a.ann, query.Query{Filter: query.Eq("note.project.name", "apollo")})
		a.NoErr(err)
		a.Equal(len(cs.Items), 0)
	})
}
