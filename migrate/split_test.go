package migrate

import (
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// maria is the dialect as far as splitting goes.
type maria struct{ sqldb.Dialect }

func (maria) Name() string { return "mariadb" }

var dialects = []sqldb.Dialect{pgdb.Dialect(), sqlitedb.Dialect(), maria{}}

// splitCases have statements apart from each other by a line with a bar.
var splitCases = []struct{ on, text, want string }{
	{"all", "", ""},
	{"all", " ;; ; ", ""},
	{"all", "-- nothing\n/* at all; */", ""},
	{"all", "SELECT 1", "SELECT 1"},
	{"all", "SELECT 1;SELECT 2 ;\n", "SELECT 1|SELECT 2"},
	{"all", "SELECT ';', ';;' || 'it''s; ';SELECT 2", "SELECT ';', ';;' || 'it''s; '|SELECT 2"},
	{"all", "-- a; b\nSELECT 1 -- c; d\n, 2;\n-- e", "SELECT 1 -- c; d\n, 2"},
	{"all", "SELECT /* a; */ 1; SELECT 2", "SELECT /* a; */ 1|SELECT 2"},
	{"all", "SELECT CASE WHEN a THEN 1 END; SELECT 2", "SELECT CASE WHEN a THEN 1 END|SELECT 2"},
	{"all", `CREATE TABLE "a;b" (id int); SELECT 1`, `CREATE TABLE "a;b" (id int)|SELECT 1`},
	{"all", "CREATE TABLE trigger_log (begin_at int, end_at int, event int); SELECT 1", "CREATE TABLE trigger_log (begin_at int, end_at int, event int)|SELECT 1"},
	{"all", "SELECT t.end FROM t; SELECT 1", "SELECT t.end FROM t|SELECT 1"},

	{"postgres", "SELECT $$a;b$$; SELECT $x$ $$;$$ $x$; SELECT 1", "SELECT $$a;b$$|SELECT $x$ $$;$$ $x$|SELECT 1"},
	{"postgres", `SELECT E'a\';b'; SELECT 'a\'; SELECT 1`, `SELECT E'a\';b'|SELECT 'a\'|SELECT 1`},
	{"postgres", "/* a /* b; */ c; */ SELECT 1; SELECT 2", "SELECT 1|SELECT 2"},
	{"postgres", "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3",
		"CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END|SELECT 3"},
	{"postgres", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a = 1; RETURN NEW; END $$; SELECT 1",
		"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a = 1; RETURN NEW; END $$|SELECT 1"},
	{"postgres", "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f(); SELECT 1", "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()|SELECT 1"},

	{"sqlite", "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET n = CASE WHEN 1 THEN 2 END; DELETE FROM c; END; SELECT 1",
		"CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET n = CASE WHEN 1 THEN 2 END; DELETE FROM c; END|SELECT 1"},
	{"sqlite", "create temp trigger t after insert on a begin delete from b ; end", "create temp trigger t after insert on a begin delete from b ; end"},
	{"sqlite", "SELECT [a;b] FROM t; SELECT `;`; SELECT 1", "SELECT [a;b] FROM t|SELECT `;`|SELECT 1"},

	{"mariadb", "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.n = 1; SELECT 1", "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.n = 1|SELECT 1"},
	{"mariadb", "CREATE OR REPLACE DEFINER=`x`@`y` PROCEDURE p() BEGIN IF a THEN SET @end = 1; ELSE BEGIN SELECT 1; END; END IF; CASE x WHEN 1 THEN SELECT 1; END CASE; SET y = CASE WHEN 1 THEN 2 END; l: LOOP LEAVE l; END LOOP l; END; SELECT 2",
		"CREATE OR REPLACE DEFINER=`x`@`y` PROCEDURE p() BEGIN IF a THEN SET @end = 1; ELSE BEGIN SELECT 1; END; END IF; CASE x WHEN 1 THEN SELECT 1; END CASE; SET y = CASE WHEN 1 THEN 2 END; l: LOOP LEAVE l; END LOOP l; END|SELECT 2"},
	{"mariadb", "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END; SELECT 3", "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END|SELECT 3"},
	{"mariadb", "# a; b\nSELECT 1; SELECT `;`", "SELECT 1|SELECT `;`"},
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range splitCases {
		for _, d := range dialects {
			if c.on != "all" && c.on != d.Name() {
				continue
			}
			s, err := split(d, c.text)
			if err != nil {
				t.Errorf("%s: %q: %v", d.Name(), c.text, err)
			}
			if got := strings.Join(texts(s), "|"); got != c.want {
				t.Errorf("%s: %q:\ngot  %s\nwant %s", d.Name(), c.text, got, c.want)
			}
		}
	}
}

func texts(s script) (all []string) {
	for _, one := range s.statements {
		all = append(all, one.text)
	}
	return all
}

func TestNotes(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	s, err := split(pgdb.Dialect(), "-- joinery:no-transaction\n\nSELECT 1;\n-- about it\n--joinery:repeatable \n-- more\nSELECT\n2;\nSELECT 3")
	is.NoErr(err)
	is.True(s.alone)
	is.Equal(s.statements, []statement{{"SELECT 1", 3, false}, {"SELECT\n2", 7, true}, {"SELECT 3", 9, false}})
}

func TestSplitRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"SELECT 1;\nBEGIN;":                              "2: BEGIN: the runner",
		"START TRANSACTION":                              "1: START: the runner",
		"/* */ commit":                                   "1: COMMIT: the runner",
		"SELECT 1; ROLLBACK":                             "1: ROLLBACK: the runner",
		"-- joinery:repeatble\nSELECT 1":                 "1: unknown note -- joinery:repeatble: want",
		"SELECT 1\n-- joinery:repeatable\n":              "2: -- joinery:repeatable stands inside",
		"SELECT 1;\n-- joinery:repeatable\n":             "3: -- joinery:repeatable stands before no",
		"SELECT 1;\n-- joinery:no-transaction\nSELECT 2": "2: -- joinery:no-transaction is about",
	} {
		for _, d := range dialects {
			_, err := split(d, text)
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: %q: got %v, want %s", d.Name(), text, err, want)
			}
		}
	}
	_, err := split(sqlitedb.Dialect(), "SELECT 1;\nCREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b;")
	is.New(t).Equal(err.Error(), "2: the body that begins here has no END")
}

// FuzzSplit: what is split off stands in the text in that order, and is a
// statement by itself.
func FuzzSplit(f *testing.F) {
	for _, c := range splitCases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range dialects {
			s, err := split(d, text)
			if err != nil {
				continue
			}
			rest := text
			for _, one := range s.statements {
				_, after, found := strings.Cut(rest, one.text)
				if !found || one.text == "" {
					t.Fatalf("%s: %q is not in %q, in its turn", d.Name(), one.text, text)
				}
				rest = after
				if strings.HasSuffix(one.text, "--") {
					continue // MariaDB takes that for a comment at the end only
				}
				if again, err := split(d, one.text); err == nil && !slices.Equal(texts(again), []string{one.text}) {
					t.Fatalf("%s: %q is split again into %q", d.Name(), one.text, texts(again))
				}

			}
		}
	})
}
