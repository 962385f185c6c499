package migrate_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
)

// family has a table that others refer to, with a row that has one child.
var family = map[string]string{"0001_family.up.sql": `
	CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
	CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE);
	INSERT INTO parents VALUES (1, 'a'), (2, 'b');
	INSERT INTO children VALUES (1, 1);`}

func (s server) family(t *testing.T, second string) (target, *migrate.Migrator) {
	on := s.target(t)
	texts := map[string]string{"0002_next.up.sql": second}
	for name, text := range family {
		texts[name] = text
	}
	return on, newMigrator(t, on.db, nil, migrate.Source{Name: "x", FS: files(texts)})
}

// TestSQLiteRebuild: a table is made anew, which drops it, and the rows that
// refer to it stay.
func TestSQLiteRebuild(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	on, m := serverOf("sqlite").family(t, `
		CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
		INSERT INTO new_parents SELECT id, name FROM parents;
		drop table parents;
		ALTER TABLE new_parents RENAME TO parents;`)
	must(t, m.Up(t.Context()))
	is.Equal(column[int](t, on.db, "SELECT count(*) FROM children"), []int{1})
	_, err := on.db.Exec(t.Context(), sqldb.Raw("INSERT INTO children VALUES (2, 9)"))
	is.Equal(sqldb.ClassOf(err), sqldb.ForeignKey) // checked again
}

// TestSQLiteBrokenReferences: a rebuild that forgets rows is not committed.
func TestSQLiteBrokenReferences(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	on, m := serverOf("sqlite").family(t, `
		CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
		INSERT INTO new_parents SELECT id, name FROM parents WHERE id > 1;
		DROP TABLE parents;
		ALTER TABLE new_parents RENAME TO parents;`)
	err := m.Up(t.Context())
	is.True(strings.Contains(err.Error(), "1 rows of children would refer to rows of parents that are gone"))
	is.Equal(column[string](t, on.db, "SELECT name FROM parents"), []string{"a", "b"})
	is.Equal(column[int](t, on.db, "SELECT foreign_keys FROM pragma_foreign_keys"), []int{1})
	_, err = on.db.Exec(t.Context(), sqldb.Raw("INSERT INTO children VALUES (2, 9)"))
	is.Equal(sqldb.ClassOf(err), sqldb.ForeignKey) // on the writer too
}

// TestSQLiteOldOrphans: what was broken before a rebuild is not its fault.
func TestSQLiteOldOrphans(t *testing.T) {
	t.Parallel()
	on, m := serverOf("sqlite").family(t, "CREATE TABLE other (id INTEGER PRIMARY KEY); DROP TABLE other;")
	must(t, m.UpTo(t.Context(), "x", 1))
	lax, err := on.open(t.Context(), on.url+"?_pragma=foreign_keys(0)", nil)
	must(t, err)
	defer lax.Close()
	_, err = lax.Exec(t.Context(), sqldb.Raw("INSERT INTO children VALUES (7, 7)"))
	must(t, err)
	must(t, m.Up(t.Context()))
}

// TestSQLiteReferencesHold: without a rebuild, references act as ever.
func TestSQLiteReferencesHold(t *testing.T) {
	t.Parallel()
	on, m := serverOf("sqlite").family(t, "DELETE FROM parents WHERE id = 1")
	must(t, m.Up(t.Context()))
	is.New(t).Equal(column[int](t, on.db, "SELECT count(*) FROM children"), []int{0})
}
