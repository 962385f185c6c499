package sqldbtest

import (
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

var lists = []test{
	{"lists of every kind", listKinds},
	{"empty lists", emptyLists},
	{"list as one parameter", listParameter},
	{"more rows than bind parameters allow", manyRows},
}

func listKinds(t *T) {
	id := uuid.New()
	at := time.Now()
	finds(t, "text", "a", []string{"a", "?"})
	finds(t, "text", "a", []status{"a"})
	finds(t, "text", "a", []any{"a", "'"})
	finds(t, "int", 7, []int64{7, 1 << 60})
	finds(t, "int", 7, []int{7})
	finds(t, "int", 7, []any{7, int64(8)})
	finds(t, "small", joinery.View, []joinery.Actions{joinery.View})
	finds(t, "float", 1.5, []float64{1.5})
	finds(t, "bool", true, []bool{true})
	finds(t, "uuid", id, []uuid.UUID{uuid.New(), id})
	finds(t, "uuid", id, []any{id})
	finds(t, "uuid", id, []ref[status]{ref[status](id)})
	finds(t, "uuid", id, []string{id.String()})
	finds(t, "time", at, []time.Time{at})
	finds(t, "time", at, []any{at.In(time.FixedZone("", 3600))})
}

// finds sees that v is in the list and another list has nothing.
func finds(t *T, kind string, v, list any) {
	t.Helper()
	db, table := t.another(kind)
	putInto(t, db, table, v, nil)
	d := db.Dialect()
	t.Equal(read[int64](t, db, squirrel.Select("n").From(table).Where(sqldb.In(d, "x", list))), []int64{1})
	tmpl, err := sqldb.Compile(d, squirrel.Select("n").From(table).Where(sqldb.In(d, "x", sqldb.Slot(0))))
	t.NoErr(err)
	t.Equal(read[int64](t, db, tmpl.Bind([]any{list})), []int64{1})
}

func emptyLists(t *T) {
	db := t.kept("uuid")
	put(t, db, uuid.New())
	for _, empty := range []any{[]uuid.UUID{}, []uuid.UUID(nil), []any{}, []any(nil), []string(nil), []ref[status]{}} {
		in := sqldb.In(db.Dialect(), "x", empty)
		t.Equal(read[int64](t, db, squirrel.Select("n").From("v").Where(in)), nil)
		t.Equal(read[int64](t, db, squirrel.Select("n").From("v").Where(squirrel.Expr("NOT (?)", in))), []int64{1})
	}
}

func listParameter(t *T) {
	db := t.kept("int")
	put(t, db, 99_999)
	big := make([]int64, 100_000)
	for i := range big {
		big[i] = int64(i)
	}
	t.Equal(read[int64](t, db, squirrel.Select("n").From("v").Where(sqldb.In(db.Dialect(), "x", big))), []int64{1})
}

func manyRows(t *T) {
	db := t.kept("int")
	limit := db.Dialect().MaxParams()
	insert := func(from, rows int) sqldb.Sqlizer {
		b := squirrel.Insert("v").Columns("n", "x")
		for i := range rows {
			b = b.Values(from+i, i)
		}
		return b
	}
	t.Equal(t.exec(db, insert(0, limit/2)), int64(limit/2)) // exactly as many as allowed
	_, err := db.Exec(t.Context(), insert(limit, limit/2+1))
	t.True(err != nil)
	t.Equal(one[int64](t, db, sqldb.Raw("SELECT count(*) FROM v")), int64(limit/2)) // nothing of it stayed
	t.exec(db, insert(limit, 10))
}
