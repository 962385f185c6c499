package migrate_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
)

// shell runs commands on one database.
type shell struct {
	t       *testing.T
	db      *sqldb.DB
	sources []migrate.Source
}

var took = regexp.MustCompile(`in [0-9.]+[µm]?s`)

// run is a command's exit code and what it printed.
func (s shell) run(args string) (code int, out, errOut string) {
	s.t.Helper()
	var o, e bytes.Buffer
	cli := migrate.Command(s.db, s.sources...)
	cli.Name, cli.Out, cli.Err = "app migrate", &o, &e
	cli.Options = &migrate.Options{AppVersion: "v1"}
	code = cli.Run(s.t.Context(), strings.Fields(args))
	return code, took.ReplaceAllString(o.String(), "in no time"), e.String()
}

func (s shell) want(args, want string) {
	s.t.Helper()
	if code, out, errOut := s.run(args); code != 0 || out != want {
		s.t.Errorf("%s: exit code %d\n%s%s\nwant\n%s", args, code, out, errOut, want)
	}
}

func (s shell) refuses(args string, code int, want string) {
	s.t.Helper()
	if got, _, errOut := s.run(args); got != code || !strings.Contains(errOut, want) || strings.Count(errOut, "\n") != 1 {
		s.t.Errorf("%s: exit code %d\n%s\nwant %d\n%s", args, got, errOut, code, want)
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		s := shell{t, on.db, []migrate.Source{abc("core", "ab"), abc("shop", "a", "core")}}
		s.want("plan", "-- apply 0001_a of core\nCREATE TABLE core_a (id INTEGER PRIMARY KEY);\n\n-- apply 0002_b of core\nCREATE TABLE core_b (id INTEGER PRIMARY KEY);\n\n-- apply 0001_a of shop\nCREATE TABLE shop_a (id INTEGER PRIMARY KEY);\n\n")
		s.want("status", "SOURCE  MIGRATION  STATE    APPLIED  TOOK  BY\ncore    0001_a     pending                 \ncore    0002_b     pending                 \nshop    0001_a     pending                 \n3 of 3 are missing\n")
		s.refuses("status --check", 1, "app migrate: 3 migrations are pending: 0001_a of core, 0002_b of core, 0001_a of shop")
		s.want("up --to core:1", "[1/1] up core 0001_a done in no time\n")
		s.want("up", "[1/2] up core 0002_b done in no time\n[2/2] up shop 0001_a done in no time\n")
		s.want("up", "")
		s.want("plan", "-- nothing to do\n")
		s.want("plan --down --source core", "-- revert 0002_b of core\nDROP TABLE core_b;\n\n")
		s.want("redo --source core", "[1/1] down core 0002_b done in no time\n[1/1] up core 0002_b done in no time\n")
		s.refuses("down --source core --all", 1, "app migrate: core cannot be reverted as a whole: shop requires it")
		s.want("down --source shop --all", "[1/1] down shop 0001_a done in no time\n")
		s.want("down --source core --steps 2", "[1/2] down core 0002_b done in no time\n[2/2] down core 0001_a done in no time\n")
		s.want("resolve --source core --version 1 --as applied", "1 of core counts as you said: applied\n")

		code, out, _ := s.run("status --json")
		var all []migrate.Status
		is.NoErr(json.Unmarshal([]byte(out), &all))
		is.Equal(code, 0)
		is.Equal(all[0].State, migrate.Applied)
		is.Equal(all[0].AppVersion, "v1")
		code, out, _ = s.run("plan --json")
		var plan []migrate.Planned
		is.NoErr(json.Unmarshal([]byte(out), &plan))
		is.Equal(code, 0)
		is.Equal(plan[0].File, "0002_b.up.sql")
	})
}

// TestCommandRefuses arguments, and names the one that is wrong.
func TestCommandRefuses(t *testing.T) {
	t.Parallel()
	s := shell{t, lite(t), []migrate.Source{abc("core", "ab"), abc("shop", "a", "core")}}
	for args, want := range map[string]string{
		"":                                  "which command?",
		"upp":                               `there is no command "upp"; --help lists them`,
		"up now":                            `up: unexpected argument "now"; up --help lists the flags`,
		"up --too core:1":                   `up: flag provided but not defined: --too; up --help lists the flags`,
		"up --to core":                      `up: --to: want source:version, such as app:3, got "core"`,
		"down":                              `down: --source: say which of core, shop`,
		"down --source core --steps x":      `down: invalid value "x" for flag --steps`,
		"down --source core --steps 0":      `down: --steps: want at least 1, got 0`,
		"redo":                              `redo: --source: say which`,
		"resolve --source core":             `resolve: --version: say which`,
		"resolve --source core --version 1": `resolve: --as: say retry, skip, applied or reverted`,
	} {
		s.refuses(args, 2, "app migrate: "+want)
	}
	s.refuses("up --to core:9", 1, "app migrate: core has no version 9; its last is 2")
	s.refuses("down --source cor", 1, `there is no source "cor"`)
	s.refuses("resolve --source core --version 1 --as done", 1, `resolution "done": want`)
	s.sources = []migrate.Source{{Name: "x", FS: files(map[string]string{"0001_a.up.sql": "SELECT 1;\n" + failing})}}
	s.refuses("up", 1, "app migrate: applying 0001_a of x: 0001_a.up.sql:2 (statement 2): ")
}

func TestCommandHelps(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	s := shell{t, lite(t), []migrate.Source{abc("core", "ab")}}
	for _, args := range []string{"--help", "-h", "help"} {
		code, out, errOut := s.run(args)
		is.Equal(code, 0)
		is.Equal(errOut, "")
		for _, word := range []string{"app migrate up", "app migrate down", "redo", "status", "plan", "resolve", "--to source:version", "--steps number"} {
			is.True(strings.Contains(out, word))
		}
	}
	code, out, _ := s.run("down --help")
	is.Equal(code, 0)
	is.True(strings.HasPrefix(out, "app migrate down: take the last migrations of a source back\n      --all "))
	s.want("up", "[1/2] up core 0001_a done in no time\n[2/2] up core 0002_b done in no time\n")
	s.want("down", "[1/1] down core 0002_b done in no time\n") // the only source needs no name
}
