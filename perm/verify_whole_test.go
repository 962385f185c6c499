package perm_test

import (
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// onWholeIndexes is a schema on the database whose indexes hold all rows.
func onWholeIndexes(t *testing.T) *schema {
	s := newSchema(t, openMariaDB(t))
	s.NoErr(sqldb.ExecAll(t.Context(), s.db, s.ddl))
	return s
}

// dropWith drops the indexes of the table with exactly these columns.
func (s *schema) dropWith(table, columns string) {
	s.t.Helper()
	tables, err := sqldb.Catalog(s.t.Context(), s.db, table)
	s.NoErr(err)
	for _, i := range tables[0].Indexes {
		var names []string
		for _, c := range i.Columns {
			names = append(names, c.Name+c.Beginning+c.Order)
		}
		if strings.Join(names, ", ") == columns {
			s.drop(table, i.Name)
			return
		}
	}
	s.t.Fatalf("%s has no index on %s", table, columns)
}

// Indexes of MariaDB that serve as well as those that the registry declares,
// and some that only look so.
func TestVerifyKnowsWhatServesWhereIndexesHoldAllRows(t *testing.T) {
	t.Parallel()
	dated, bodied := "user_id, deleted_at, due_at, id", "user_id, deleted_at, body, id"
	cases := map[string]struct {
		dropped string
		index   string
		serves  bool
	}{
		"another name":        {dated, "user_id, deleted_at, due_at, id", true},
		"backward":            {dated, "user_id, deleted_at, due_at DESC, id DESC", true},
		"half backward":       {dated, "user_id, deleted_at, due_at, id DESC", false},
		"equals backward":     {dated, "user_id DESC, deleted_at DESC, due_at, id", true},
		"null before":         {dated, "deleted_at, user_id, due_at, id", true},
		"null too late":       {dated, "user_id, due_at, deleted_at, id", false},
		"no null":             {dated, "user_id, due_at, id", true},
		"another between":     {dated, "user_id, version, due_at, id", false},
		"longer":              {dated, "user_id, deleted_at, due_at, id, version", true},
		"shorter":             {dated, "user_id, deleted_at, due_at", false},
		"other columns":       {dated, "user_id, deleted_at, id, due_at", false},
		"a beginning":         {bodied, "user_id, deleted_at, body(191), id", true},
		"a shorter beginning": {bodied, "user_id, deleted_at, body(20), id", true},
		"of another text":     {bodied, "user_id, deleted_at, title(20), id", false},
		"a needless one":      {"user_id, deleted_at, title, id", "user_id, deleted_at, title(20), id", false},
	}
	s := onWholeIndexes(t)
	for name, c := range cases {
		s.dropWith("tickets", c.dropped)
		s.exec("CREATE INDEX other ON tickets (" + c.index + ")")
		if found := s.missing(); len(found) > 1 || (len(found) == 0) != c.serves {
			t.Errorf("%s: missing is %v, though it serves: %t", name, found, c.serves)
		}
		s.drop("tickets", "other")
		s.mends()
	}
}

// Keys that are unique among live rows: those that are unique among all keep
// them so too, and more columns, or the deleted ones beside, do not.
func TestVerifyWantsUniqueKeysWhereIndexesHoldAllRows(t *testing.T) {
	t.Parallel()
	s := onWholeIndexes(t)
	const key = "team_id, title, joinery_live"
	for index, serves := range map[string]bool{key: true, "team_id, title": true, "team_id, title, deleted_at": false, key + ", id": false, "team_id, title(20), joinery_live": false} {
		s.dropWith("tickets", key)
		s.exec("CREATE UNIQUE INDEX other ON tickets (" + index + ")")
		if found := s.missing(); (len(found) == 0) != serves {
			t.Errorf("%s: missing is %v", index, found)
		}
		s.drop("tickets", "other")
		s.mends()
	}
}

// The key of a table that an app made, without the column of live rows.
func TestVerifyMakesTheColumnOfLiveRows(t *testing.T) {
	t.Parallel()
	s := onWholeIndexes(t)
	s.dropWith("tickets", "team_id, title, joinery_live")
	s.exec("ALTER TABLE tickets DROP COLUMN joinery_live")
	found := s.missing()
	s.Equal(len(found), 1)
	s.Equal(found[0].Columns, []string{"team_id", "title"})
	s.True(found[0].Unique)
	s.mends()
	team := `INSERT INTO teams (id, created_at, version, updated_at, name) VALUES ('00000000-0000-0000-0000-000000000001', now(6), 1, now(6), 'A')`
	row := `INSERT INTO tickets (id, created_at, version, title, body, team_id, deleted_at) VALUES (uuid(), now(6), 1, 'twice', '', '00000000-0000-0000-0000-000000000001', `
	for _, text := range []string{team, row + "now(6))", row + "now(6))", row + "NULL)"} {
		s.exec(text)
	}
	_, err := s.db.Exec(t.Context(), sqldb.Raw(row+"NULL)"))
	s.True(err != nil)
}

// An index that is kept and not used serves nobody.
func TestVerifyUsesIgnoredIndexes(t *testing.T) {
	t.Parallel()
	s := onWholeIndexes(t)
	for _, name := range s.indexes("tickets") {
		if strings.Contains(name, "_due_at_") {
			s.exec("ALTER TABLE tickets ALTER INDEX " + s.quoted(name) + " IGNORED")
		}
	}
	found := s.missing()
	s.True(len(found) > 1)
	for _, m := range found {
		s.True(strings.HasSuffix(m.Statement, " NOT IGNORED"))
	}
	s.mends()
}

// An app's text without a limit is indexed by its beginning for the rules too.
func TestVerifyShortensTextsOfTheRules(t *testing.T) {
	t.Parallel()
	s := &schema{I: is.New(t), t: t, db: openMariaDB(t)}
	reg := registry.New(nil)
	registry.MustAdd[OwnGrant](reg)
	var err error
	s.e, err = perm.New(reg, s.db, nil)
	s.NoErr(err)
	ddl, err := reg.DDL(s.db.Dialect())
	s.NoErr(err)
	s.NoErr(sqldb.ExecAll(t.Context(), s.db, ddl))
	short := 0
	for _, m := range s.missing() {
		short += strings.Count(m.Statement, "`model`(191)")
	}
	s.True(short > 3)
	s.mends()
}
