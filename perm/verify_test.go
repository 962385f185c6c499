package perm_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Ticket has lists in several orders, of columns that may be null and of text.
type Ticket struct {
	registry.Entity
	registry.SoftDelete
	registry.Owned
	registry.InTeam
	Title string     `json:"title" sortable:"true" validate:"max=200"`
	Body  string     `json:"body" sortable:"true"` // of which an index holds the beginning alone on some databases
	DueAt *time.Time `json:"due_at" sortable:"true"`
}

func (Ticket) Table() registry.Table {
	return registry.Table{Name: "tickets", Unique: []registry.Unique{{Columns: []string{"team_id", "title"}}}, Indexes: []registry.Index{{Columns: []string{"-due_at", "title"}}}}
}

// schema is an engine over a database in which all tables are made.
type schema struct {
	*is.I
	t   *testing.T
	db  *sqldb.DB
	reg *registry.Registry
	e   *perm.Engine
	ddl []string
}

func onEachSchema(t *testing.T, test func(s *schema)) {
	t.Helper()
	onSchemas(t, databases, test)
}

// onSomeRows is onEachSchema on databases that have indexes over some rows.
func onSomeRows(t *testing.T, test func(s *schema)) {
	t.Helper()
	onSchemas(t, map[string]func(testing.TB) *sqldb.DB{"sqlite": openSQLite, "postgres": openPostgres}, test)
}

func onSchemas(t *testing.T, databases map[string]func(testing.TB) *sqldb.DB, test func(s *schema)) {
	t.Helper()
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSchema(t, open(t))
			s.NoErr(sqldb.ExecAll(t.Context(), s.db, s.ddl))
			test(s)
		})
	}
}

func newSchema(t *testing.T, db *sqldb.DB) *schema { return newSchemaWith(t, db, nil) }

func newSchemaWith(t *testing.T, db *sqldb.DB, opts *perm.Options) *schema {
	reg := registry.New(nil)
	s := &schema{I: is.New(t), t: t, db: db, reg: reg}
	registry.MustAdd[Ticket](reg)
	registry.MustAdd[Project](reg)
	registry.MustAdd[Note](reg)
	registry.MustAdd[Folder](reg)
	var err error
	s.e, err = perm.New(reg, db, opts)
	s.NoErr(err)
	s.ddl, err = reg.DDL(db.Dialect())
	s.NoErr(err)
	return s
}

func (s *schema) exec(text string) {
	s.t.Helper()
	_, err := s.db.Exec(s.t.Context(), sqldb.Raw(strings.ReplaceAll(text, "?", "??")))
	s.NoErr(err)
}

func (s *schema) quoted(name string) string { return s.db.Dialect().Quote(name) }

// drop drops an index, on MariaDB also one that guards a reference.
func (s *schema) drop(table, name string) {
	s.t.Helper()
	name = s.db.Dialect().Quote(name)
	if s.db.Dialect().Name() != "mariadb" {
		s.exec("DROP INDEX " + name)
		return
	}
	s.NoErr(sqldb.InTx(s.t.Context(), s.db, func(ctx context.Context) error {
		return sqldb.ExecAll(ctx, s.db, []string{"SET foreign_key_checks = 0", "DROP INDEX " + name + " ON " + table, "SET foreign_key_checks = 1"})
	}))
}

// missing is what Verify finds.
func (s *schema) missing() []perm.MissingIndex {
	s.t.Helper()
	found, err := s.e.Verify(s.t.Context())
	s.NoErr(err)
	return found
}

// mends runs the statements of Verify and wants nothing to be missing then.
func (s *schema) mends() {
	s.t.Helper()
	for _, m := range s.missing() {
		s.exec(m.Statement)
	}
	s.Equal(s.missing(), nil)
}

// indexes are the names of the table's indexes that are no constraint's.
func (s *schema) indexes(table string) (names []string) {
	tables, err := sqldb.Catalog(s.t.Context(), s.db, table)
	s.NoErr(err)
	for _, i := range tables[0].Indexes {
		if !strings.HasSuffix(i.Name, "_pkey") && !strings.HasPrefix(i.Name, "sqlite_") && i.Name != "PRIMARY" {
			names = append(names, i.Name)
		}
	}
	return names
}

// withID is the index on a column and the id, beside the one on the column.
func (s *schema) withID(table, name string) string {
	columns := strings.Split(strings.TrimPrefix(name, table+"_"), "_idx_")[0]
	for _, other := range s.indexes(table) {
		if strings.HasPrefix(other, table+"_"+columns+"_id_idx_") {
			return other
		}
	}
	s.t.Fatalf("without %s nothing is missing", name)
	return ""
}

var verified = []string{"tickets", "projects", "notes", "folders", "teams", "roles", "memberships", "grants"}

// A schema that the registry made has all indexes; each that is dropped is
// found, and its statement makes it anew.
func TestVerifyFindsEachIndexThatIsDropped(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		s.Equal(s.missing(), nil)
		dropped := 0
		for _, table := range verified {
			for _, name := range s.indexes(table) {
				s.drop(table, name)
				found := s.missing()
				switch {
				case len(found) == 0: // one that also ends with the id stands for it
					s.drop(table, s.withID(table, name))
					s.True(len(s.missing()) > 0)
				case len(found) != 1 || found[0].Table != table || !strings.Contains(found[0].Statement, name):
					s.t.Errorf("without %s: %v", name, found)
				}
				s.mends()
				dropped++
			}
		}
		s.True(dropped > 30)
	})
}

func TestVerifyMendsASchemaWithoutIndexes(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		before := map[string][]string{}
		for _, table := range verified {
			before[table] = s.indexes(table)
			for _, name := range before[table] {
				s.drop(table, name)
			}
		}
		s.mends()
		for _, table := range verified {
			s.Equal(s.indexes(table), before[table])
		}
	})
}

// Other indexes that serve as well, and some that only look so.
func TestVerifyKnowsWhatServes(t *testing.T) {
	const owned = `tickets: user_id, due_at, id` // where deleted_at is null
	live := ` WHERE deleted_at IS NULL`
	cases := map[string]struct {
		index               string
		postgres, elsewhere bool // whether it serves
	}{
		"another name":     {`CREATE INDEX other ON tickets (user_id, {due_at desc null}, id DESC)` + live, true, true},
		"backward":         {`CREATE INDEX other ON tickets (user_id, {due_at asc null}, id)` + live, true, true},
		"half backward":    {`CREATE INDEX other ON tickets (user_id, {due_at asc null}, id DESC)` + live, false, false},
		"lead backward":    {`CREATE INDEX other ON tickets (user_id DESC, {due_at desc null}, id DESC)` + live, true, true},
		"nulls elsewhere":  {`CREATE INDEX other ON tickets (user_id, due_at DESC, id DESC)` + live, false, true},
		"longer":           {`CREATE INDEX other ON tickets (user_id, {due_at desc null}, id DESC, version)` + live, true, true},
		"shorter":          {`CREATE INDEX other ON tickets (user_id, {due_at desc null})` + live, false, false},
		"other columns":    {`CREATE INDEX other ON tickets (user_id, id DESC, {due_at desc null})` + live, false, false},
		"all rows":         {`CREATE INDEX other ON tickets (user_id, {due_at desc null}, id DESC)`, true, true},
		"unique":           {`CREATE UNIQUE INDEX other ON tickets (user_id, {due_at desc null}, id DESC)`, true, true},
		"in parentheses":   {`CREATE INDEX other ON tickets (user_id, {due_at desc null}, id DESC) where ((("deleted_at") is null))`, true, true},
		"fewer rows":       {`CREATE INDEX other ON tickets (user_id, {due_at desc null}, id DESC) WHERE deleted_at IS NULL AND due_at IS NULL`, false, false},
		"other rows":       {`CREATE INDEX other ON tickets (user_id, {due_at desc null}, id DESC) WHERE version IS NULL`, false, false},
		"the deleted":      {`CREATE INDEX other ON tickets (user_id, {due_at desc null}, id DESC) WHERE deleted_at IS NOT NULL`, false, false},
		"not understood":   {`CREATE INDEX other ON tickets (user_id, {due_at desc null}, id DESC) WHERE NOT (deleted_at IS NULL)`, false, false},
		"or":               {`CREATE INDEX other ON tickets (user_id, {due_at desc null}, id DESC) WHERE deleted_at IS NULL OR version = 1`, false, false},
		"an expression":    {`CREATE INDEX other ON tickets (COALESCE(user_id, user_id), {due_at desc null}, id DESC)` + live, false, false},
		"of another table": {`CREATE INDEX other ON projects (user_id, id DESC)`, false, false},
	}
	onSomeRows(t, func(s *schema) {
		d := s.db.Dialect()
		words := strings.NewReplacer("{due_at desc null}", d.OrderBy("due_at", true, true), "{due_at asc null}", d.OrderBy("due_at", false, true))
		for name, c := range cases {
			was := slices.IndexFunc(s.ddl, func(text string) bool {
				return strings.Contains(text, `ON "tickets" ("user_id"`) && strings.Contains(text, `"due_at"`)
			})
			s.exec("DROP INDEX " + strings.Fields(s.ddl[was])[2])
			s.exec(words.Replace(c.index))
			serves := c.elsewhere
			if d.Name() == "postgres" {
				serves = c.postgres
			}
			var lacks []string
			for _, m := range s.missing() {
				lacks = append(lacks, m.Table+": "+strings.Join(m.Columns, ", "))
			}
			if serves != (len(lacks) == 0) || !serves && !slices.Equal(lacks, []string{owned}) {
				s.t.Errorf("%s: missing is %v, though it serves: %t", name, lacks, serves)
			}
			s.exec("DROP INDEX other")
			s.mends()
		}
	})
}

// Lists compare text by code point, whatever a column that is there already
// declares.
func TestVerifyLooksAtCollations(t *testing.T) {
	onSomeRows(t, func(s *schema) {
		other := ` COLLATE NOCASE`
		if s.db.Dialect().Name() == "postgres" {
			other = ` COLLATE "en-x-icu"`
			if n, err := sqldb.Scalar[int64](s.t.Context(), s.db, sqldb.Raw(`SELECT count(*) FROM pg_collation WHERE collname = 'en-x-icu'`)); err != nil || n == 0 {
				other = ` COLLATE "POSIX"`
			}
		}
		for _, name := range s.indexes("tickets") {
			s.drop("tickets", name)
		}
		n := len(s.missing())
		s.exec(`CREATE INDEX other ON tickets (title` + other + `, id) WHERE deleted_at IS NULL`)
		s.Equal(len(s.missing()), n)
		s.exec(`CREATE INDEX another ON tickets (` + s.db.Dialect().Collate("title") + `, id) WHERE deleted_at IS NULL`)
		s.Equal(len(s.missing()), n-1)
		s.mends()
	})
}

func TestVerifyWantsUniqueKeys(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		for _, name := range s.indexes("memberships") {
			if strings.Contains(name, "_key_") {
				s.drop("memberships", name)
			}
		}
		live := ` WHERE deleted_at IS NULL`
		if !s.db.Dialect().Has(sqldb.PartialIndex) {
			live = ``
		}
		s.exec(`CREATE INDEX other ON memberships (member_id, team_id, role_id)` + live)
		found := s.missing()
		s.Equal(len(found), 1)
		s.True(found[0].Unique)
		s.Equal(found[0].Columns, []string{"member_id", "team_id", "role_id"})
		s.exec(`CREATE UNIQUE INDEX one ON memberships (member_id, team_id, role_id, created_at)` + live)
		s.Equal(s.missing(), found) // more columns let more through
		s.mends()
	})
}

// parent is the foreign key of a folder to the one above it.
var parent = regexp.MustCompile(`,\s*CONSTRAINT .folders_parent_id_fkey. FOREIGN KEY [^,]* NO ACTION`)

// A table that an app made without a key.
func TestVerifyWantsAKey(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSchema(t, open(t))
			for i, text := range s.ddl {
				if strings.HasPrefix(text, `CREATE TABLE `+s.quoted("folders")) {
					s.ddl[i] = strings.Replace(text, `CONSTRAINT `+s.quoted("folders_pkey")+` PRIMARY KEY (`+s.quoted("id")+`)`, `CHECK (`+s.quoted("id")+` IS NOT NULL)`, 1)
					s.ddl[i] = parent.ReplaceAllString(s.ddl[i], "")
				}
			}
			s.NoErr(sqldb.ExecAll(t.Context(), s.db, s.ddl))
			found := s.missing()
			s.Equal(len(found), 1)
			s.Equal(found[0].Table, "folders")
			s.Equal(found[0].Columns, []string{"id"})
			s.mends()
		})
	}
}

func TestVerifyNamesTablesAndColumnsThatAreMissing(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		s.exec("DROP TABLE notes")
		s.exec("ALTER TABLE grants RENAME COLUMN expires_at TO ends_at")
		_, err := s.e.Verify(s.t.Context())
		s.True(err != nil)
		for _, part := range []string{"the table notes", "the column grants.expires_at"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q is not in %q", part, err)
			}
		}
		s.True(!strings.Contains(err.Error(), "grants.id"))
	})
}

// What a CREATE INDEX CONCURRENTLY that failed has left behind serves nobody
// and would be in the way of the next.
func TestVerifyRepairsInvalidIndexes(t *testing.T) {
	t.Parallel()
	s := newSchema(t, openPostgres(t))
	s.NoErr(sqldb.ExecAll(t.Context(), s.db, s.ddl))
	for _, name := range s.indexes("tickets") {
		if strings.Contains(name, "_key_") {
			s.drop("tickets", name)
		}
	}
	s.exec(`INSERT INTO teams (id, created_at, version, updated_at, name) VALUES ('00000000-0000-0000-0000-000000000001', now(), 1, now(), 'A')`)
	s.exec(`INSERT INTO tickets (id, created_at, version, title, body, team_id) SELECT gen_random_uuid(), now(), 1, 'twice', '', '00000000-0000-0000-0000-000000000001' FROM generate_series(1, 2)`)
	found := s.missing()
	s.Equal(len(found), 1)
	_, err := s.db.Exec(t.Context(), sqldb.Raw(found[0].Statement))
	s.True(err != nil) // there are two
	found = s.missing()
	s.Equal(len(found), 1)
	s.True(strings.HasPrefix(found[0].Statement, "REINDEX INDEX CONCURRENTLY "))
	s.exec("DELETE FROM tickets")
	s.mends()
}

func TestVerifyFindsAFreeName(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		name := s.indexes("teams")[0]
		for range 2 {
			s.drop("teams", name)
			s.exec("CREATE INDEX " + s.db.Dialect().Quote(name) + " ON teams (updated_at)")
			found := s.missing()
			s.Equal(len(found), 1)
			s.mends()
			_, name, _ = strings.Cut(found[0].Statement, " EXISTS "+s.quoted("!")[:1])
			name, _, _ = strings.Cut(name, s.quoted("!")[:1])
			s.True(len(name) <= 63)
		}
	})
}

// OwnGrant is an app's struct for the table grants, which declares no indexes.
type OwnGrant struct {
	registry.Entity
	registry.SoftDelete
	Model     string          `json:"model"`
	RowID     uuid.UUID       `json:"row_id"`
	Actions   joinery.Actions `json:"actions"`
	ExpiresAt *time.Time      `json:"expires_at"`
	MemberID  *uuid.UUID      `json:"member_id"`
	TeamID    *uuid.UUID      `json:"team_id" ref:"teams"`
	RoleID    *uuid.UUID      `json:"role_id" ref:"roles"`
}

func (OwnGrant) Table() registry.Table { return registry.Table{Name: "grants"} }

func TestVerifyKnowsWhatTheRulesNeed(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &schema{I: is.New(t), t: t, db: open(t)}
			reg := registry.New(nil)
			registry.MustAdd[OwnGrant](reg)
			var err error
			s.e, err = perm.New(reg, s.db, nil)
			s.NoErr(err)
			ddl, err := reg.DDL(s.db.Dialect())
			s.NoErr(err)
			s.NoErr(sqldb.ExecAll(t.Context(), s.db, ddl))
			var lacks []string
			for _, m := range s.missing() {
				s.Equal(m.Table, "grants")
				lacks = append(lacks, strings.Join(m.Columns, ","))
			}
			for _, columns := range []string{"model,row_id", "member_id,model,row_id", "team_id,model,row_id", "role_id,team_id,model,row_id"} {
				s.True(slices.Contains(lacks, columns))
			}
			s.mends()
		})
	}
}

func TestVerifyWhereTheCatalogCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newSchema(t, openSQLite(t))
	s.e, _ = perm.New(registry.New(nil), sqldb.New(struct{ sqldb.Driver }{s.db.Driver()}, s.db.Dialect(), nil), nil)
	_, err := s.e.Verify(t.Context())
	s.True(joinery.IsKind(err, joinery.Unsupported))
}

// FuzzNullColumns: a condition that says which columns are null is read as
// such, whatever their names.
func FuzzNullColumns(f *testing.F) {
	f.Add("deleted_at", `odd " name`, uint8(0))
	f.Add("NULL", "and", uint8(3))
	f.Fuzz(func(t *testing.T, a, b string, form uint8) {
		if a == "" || b == "" {
			return
		}
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		text := quote(a) + " IS NULL AND " + quote(b) + " IS NULL"
		if form&1 != 0 {
			text = "((" + quote(a) + " is null) AND (" + quote(b) + "\tIS NULL))"
		}
		names, understood := perm.NullColumns(text)
		if !understood || !slices.Equal(names, []string{a, b}) {
			t.Fatalf("%s: %q, %t", text, names, understood)
		}
		for _, not := range []string{"NOT " + text, text + " OR 1", text + " AND " + quote(a), text + " IS NULL", "x = " + text, a + b} {
			if names, understood := perm.NullColumns(not); understood && !strings.Contains(strings.ToLower(a+b), "is") && strings.TrimSpace(not) != "" {
				t.Fatalf("%s: understood as %q", not, names)
			}
		}
	})
}
