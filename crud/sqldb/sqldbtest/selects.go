package sqldbtest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
)

var selects = []test{
	{"select values", selectValues},
	{"select nested structs", selectNested},
	{"select that does not fit", selectMisfits},
	{"select joins the transaction", selectInTx},
	{"select errors by class", selectErrors},
	{"get one", getOne},
}

// everything has a field for each kind of value, and another for its NULL.
type everything struct {
	Text, NoText   *string
	Flag           bool
	NoFlag         *bool
	Number         int64
	Small          *int8
	Ratio          float64
	Price          string `db:"cost"`
	At             time.Time
	Never          *time.Time
	ID             uuid.UUID `json:"id,omitempty"`
	NoID           *uuid.UUID
	Owner          ref[status]
	Status         status
	Tags           []string `json:"tags"`
	Shape, NoShape *shape
	Raw            json.RawMessage
	Data           []byte
	Ignored        string `db:"-"`
}

func selectValues(t *T) {
	db := t.db(nil)
	var columns []string
	for _, c := range [][2]string{
		{"text", "text"}, {"no_text", "text"}, {"flag", "bool"}, {"no_flag", "bool"}, {"number", "int"}, {"small", "small"},
		{"ratio", "float"}, {"cost", "decimal"}, {"at", "time"}, {"never", "time"}, {"id", "uuid"}, {"no_id", "uuid"}, {"owner", "uuid"},
		{"status", "text"}, {"tags", "json"}, {"shape", "json"}, {"no_shape", "json"}, {"raw", "json"}, {"data", "bytes"},
	} {
		columns = append(columns, c[0]+" "+columnType(t, db, c[1]))
	}
	t.exec(db, sqldb.Raw("CREATE TABLE e ("+strings.Join(columns, ", ")+")"))
	text, small, at := "ü?", int8(-7), time.Date(2026, 2, 28, 23, 59, 59, 999_999_999, time.FixedZone("east", 5*3600))
	want := everything{
		Text: &text, Flag: true, Number: 1<<53 + 1, Small: &small, Ratio: -1.5, Price: "12.5000", At: sqldb.Time(at), ID: uuid.New(),
		Owner: ref[status](uuid.New()), Status: "open", Tags: []string{"a", "'"}, Shape: &shape{Name: "s", At: sqldb.Time(at)},
		Raw: json.RawMessage(`[1]`), Data: []byte{0, 255},
	}
	for range 2 {
		t.exec(db, squirrel.Insert("e").SetMap(map[string]any{
			"text": text, "flag": true, "number": want.Number, "small": small, "ratio": want.Ratio, "cost": want.Price, "at": at, "id": want.ID,
			"owner": want.Owner, "status": want.Status, "tags": sqldb.JSON{V: want.Tags}, "shape": want.Shape, "raw": want.Raw, "data": want.Data,
		}))
	}
	got, err := sqldb.Select[everything](t.Context(), db, squirrel.Select("*").From("e"))
	t.NoErr(err)
	t.Equal(got, []everything{want, want})
	t.True(got[0].Text != got[1].Text) // each row has its own values
	got, err = sqldb.Select[everything](t.Context(), db, squirrel.Select("*").From("e").Where(squirrel.Eq{"status": "gone"}))
	t.NoErr(err)
	t.True(got == nil)
}

type named struct {
	N    int64
	Name string `json:"x"`
}

type stamped struct {
	At   time.Time
	Name string // the outer one is meant
}

type person struct {
	ID      int64
	Name    string
	Parent  *person `json:"parent,omitzero" rel:"parent_id"`
	Friends []person
}

type post struct {
	stamped
	Extra   *named `db:"also"`
	Name    string
	Author  person  `json:"author,omitzero" rel:"author_id"`
	Editor  *person `rel:"editor_id"`
	Meta    shape   `json:"meta"`
	Deleted *struct{ By *string }
}

func selectNested(t *T) {
	db := t.db(nil)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	t.exec(db, sqldb.Raw("CREATE TABLE p (name "+columnType(t, db, "text")+", at "+columnType(t, db, "time")+
		", meta "+columnType(t, db, "json")+", friends "+columnType(t, db, "json")+")"))
	t.exec(db, sqldb.Raw("INSERT INTO p (name, at, meta) VALUES (?, ?, ?)", "post", at, shape{Name: "m"}))
	q := squirrel.Select("name", "at", "meta", `7 AS "also.n"`, `'x' AS "also.x"`, `1 AS "author.id"`, `'ann' AS "author.name"`,
		`'eve' AS "author.parent.name"`, `'zoe' AS "author.parent.parent.name"`, `'root' AS "deleted.by"`).From("p")
	got, found, err := sqldb.Get[post](t.Context(), db, q)
	t.NoErr(err)
	t.True(found)
	t.Equal(got.stamped, stamped{At: at})
	t.Equal(*got.Extra, named{7, "x"})
	t.Equal(got.Name, "post")
	t.Equal(got.Meta, shape{Name: "m"})
	t.Equal(got.Author.ID, int64(1))
	t.Equal(got.Author.Name, "ann")
	t.Equal(got.Author.Parent.Name, "eve")
	t.Equal(got.Author.Parent.Parent.Name, "zoe")
	t.Equal(*got.Deleted.By, "root")
	t.True(got.Editor == nil) // none of its columns is there
}

func selectMisfits(t *T) {
	db := t.kept("text")
	put[any](t, db, "many", nil)
	for text, want := range map[string][]string{
		"SELECT n, x, n AS y FROM v":     {`column "y" has no field`},
		"SELECT n FROM v":                {`no column for Name (column "x")`},
		"SELECT n, x, 1 AS n FROM v":     {`column "n" is selected twice`},
		"SELECT x AS n, x FROM v":        {`column "n"`, "field N of type int64"},
		"SELECT n, x FROM v WHERE n = 2": {`column "x"`, "field Name of type string"},
		"SELECT n FROM v WHERE n = 7":    {`no column for Name (column "x")`}, // also where there is no row
		"SELECT n, x AS \"x.y\" FROM v":  {`column "x.y" has no field`},
		"SELECT n, x AS private FROM v":  {`column "private" has no field`},
		"SELECT n, x FROM v ORDER BY n":  {`column "x"`, "field Name of type string"}, // the second row
	} {
		_, err := sqldb.Select[named](t.Context(), db, sqldb.Stmt{SQL: text})
		says(t, text, err, append(want, "sqldbtest.named")...)
		_, found, err := sqldb.Get[named](t.Context(), db, sqldb.Stmt{SQL: text})
		if !strings.Contains(text, "ORDER BY") {
			says(t, text, err, want...)
			t.True(!found)
		}
	}
	_, err := sqldb.Select[int](t.Context(), db, sqldb.Raw("SELECT 1"))
	says(t, "int", err, "want a struct")
	_, err = sqldb.Select[time.Time](t.Context(), db, sqldb.Raw("SELECT 1"))
	says(t, "time", err, "want a struct")
	_, err = sqldb.Select[*named](t.Context(), db, sqldb.Raw("SELECT 1"))
	says(t, "pointer", err, "want a struct")
}

func says(t *T, text string, err error, want ...string) {
	t.Helper()
	for _, w := range want {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("%s: %v, want %s", text, err, w)
		}
	}
}

func selectInTx(t *T) {
	db := t.kept("text")
	back := errors.New("back")
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		for n := range 3 {
			_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO v VALUES (?, ?)", n, "a"))
			t.NoErr(err)
		}
		all, err := sqldb.Select[named](ctx, db, squirrel.Select("n", "x").From("v").OrderBy("n"))
		t.NoErr(err)
		t.Equal(all, []named{{0, "a"}, {1, "a"}, {2, "a"}})
		first, found, err := sqldb.Get[named](ctx, db, squirrel.Select("n", "x").From("v").OrderBy("n")) // its rows are closed, though two more follow
		t.NoErr(err)
		t.True(found)
		t.Equal(first, all[0])
		for _, misfit := range []string{"SELECT n FROM v", "SELECT n, NULL AS x FROM v"} {
			_, err = sqldb.Select[named](ctx, db, sqldb.Stmt{SQL: misfit})
			t.True(err != nil)
		}
		_, err = db.Exec(ctx, insert(9)) // an error closed the rows too
		t.NoErr(err)
		return back
	})
	t.Equal(err, back)
	t.Equal(len(numbers(t, db)), 0)
}

func selectErrors(t *T) {
	db := t.kept("text")
	put(t, db, "a")
	_, err := sqldb.Select[named](t.Context(), db, sqldb.Raw("INSERT INTO v (n, x) VALUES (2, 'b'), (1, 'a') RETURNING n, x"))
	t.Equal(sqldb.ClassOf(err), sqldb.Unique)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = sqldb.Select[named](ctx, db, sqldb.Raw("SELECT n, x FROM v"))
	unavailable(t, err, sqldb.Canceled)
	_, _, err = sqldb.Get[named](ctx, db, sqldb.Raw("SELECT n, x FROM v"))
	unavailable(t, err, sqldb.Canceled)
}

func getOne(t *T) {
	db := t.kept("text")
	put(t, db, "a", "b")
	row, found, err := sqldb.Get[named](t.Context(), db, squirrel.Select("n", "x").From("v").OrderBy("n"))
	t.NoErr(err)
	t.True(found)
	t.Equal(row, named{1, "a"})
	row, found, err = sqldb.Get[named](t.Context(), db, squirrel.Select("n", "x").From("v").Where("n > 7"))
	t.NoErr(err)
	t.True(!found)
	t.Equal(row, named{})
}
