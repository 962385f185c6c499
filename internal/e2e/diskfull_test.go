package e2e_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// A disk without space: reads go on, writes are unavailable and leave nothing
// by half; with space all is well again.
func TestBar62_FullDisk(t *testing.T) {
	t.Parallel()
	db, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	s, err := newService(db)
	must(t, err)
	must(t, s.install(t.Context()))
	c, actor := serve(t, s.api), newUser()
	path := "/v1/items/" + c.create(t, actor, "/v1/items", object{"title": "first"}).ID.String()

	pages, err := sqldb.Scalar[int64](t.Context(), db, sqldb.Raw("PRAGMA page_count"))
	must(t, err)
	limit(t, db, pages+20)
	batch := make([]object, 50)
	for i := range batch {
		batch[i] = object{"title": strings.Repeat("x", 100)}
	}
	written := 0
	for a := (answer{status: 201}); a.status == 201; written++ {
		if a = c.do(t, actor, "POST", "/v1/items", batch); a.status != 201 {
			a.want(t, 503)
			break
		}
	}
	if rows := counts[string](t, db, "SELECT title, count(*) FROM items GROUP BY title")[batch[0]["title"].(string)]; rows != written*len(batch) {
		t.Errorf("%d rows after %d batches", rows, written)
	}
	c.do(t, actor, "GET", path, nil).want(t, 200)
	limit(t, db, pages+20_000)
	c.do(t, actor, "POST", "/v1/items", batch).want(t, 201)
	c.do(t, actor, "PATCH", path, object{"title": "second"}, "If-Match", `"1"`).want(t, 200)
}

// limit is how many pages the database may have, which is what a disk's size
// comes to.
func limit(t *testing.T, db *sqldb.DB, pages int64) {
	t.Helper()
	_, err := db.Exec(t.Context(), sqldb.Raw("PRAGMA max_page_count = "+strconv.FormatInt(pages, 10)))
	must(t, err)
}
