package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/anydb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// What cannot work is one clear line and exit code 1.
func TestRefusals(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	foreign := foreignDatabase(t)
	t.Run("group", func(t *testing.T) {
		for name, test := range map[string]struct {
			env  string
			args []string
			want string
		}{
			"busy port":            {"DEMO_ADDR=" + busy.Addr().String(), nil, "is in use by another program"},
			"busy port by flag":    {"", []string{"--addr", busy.Addr().String()}, "is in use by another program"},
			"address without port": {"DEMO_ADDR=localhost", nil, "want host:port"},
			"address that is not":  {"DEMO_ADDR=127.0.0.1:99999", nil, "cannot listen on 127.0.0.1:99999"},
			"unknown database":     {"DEMO_DB=oracle://u:secret@h/db", nil, "DEMO_DB or --db: want memory, sqlite:path, postgres://"},
			"file without sqlite":  {"", []string{"--db", "./my.db"}, "for a file write sqlite:./my.db"},
			"bad URL":              {"DEMO_DB=postgres://u:secret@h:port/db", nil, "postgres"},
			"bad URL of MariaDB":   {"DEMO_DB=mysql://u:secret@h:port/db", nil, "mysql"},
			"unreachable database": {"DEMO_DB=postgres://u:secret@127.0.0.1:1/db", nil, "127.0.0.1"},
			"unreachable MariaDB":  {"DEMO_DB=mysql://u:secret@127.0.0.1:1/db", nil, "127.0.0.1"},
			"missing folder":       {"", []string{"--db", "sqlite:/no/such/folder/demo.db"}, "/no/such/folder/demo.db"},
			"foreign tables":       {"DEMO_DB=sqlite:" + foreign, nil, "delete the file " + foreign},
			"unknown flag":         {"", []string{"--adress", "127.0.0.1:0"}, "--adress"},
			"argument":             {"", []string{"start"}, `"start"`},
			"log level":            {"LOG_LEVEL=loud", nil, "LOG_LEVEL"},
			"no cache folder":      {"DEMO_DB=", nil, "DEMO_DB"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				env := []string{test.env}
				if name == "no cache folder" {
					env = append(env, "HOME=", "XDG_CACHE_HOME=")
				}
				refusal(t, program(t, env, test.args...), test.want)
			})
		}
	})
}

// refusal runs the program and checks how it gives up.
func refusal(t *testing.T, cmd *exec.Cmd, want string) {
	t.Helper()
	is := is.New(t)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	is.True(errors.As(err, &exit)) // it must not start
	is.Equal(exit.ExitCode(), 1)
	is.Equal(out.String(), "")
	text := errOut.String()
	if strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "demo: ") || !strings.Contains(text, want) || strings.Contains(text, "secret") {
		t.Errorf("got %q, want one line with %q and no password", text, want)
	}
}

// foreignDatabase is a file with a table that has a name of the demo's.
func foreignDatabase(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "app.db")
	db, err := sqlitedb.Open(t.Context(), file, nil)
	if err == nil {
		err = errors.Join(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE notes (id TEXT)"}), db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestTablesOfAnotherVersion(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]func(testing.TB) string{"postgres": testdb.PostgresURL, "mariadb": testdb.MariaDBURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			url := fresh(t)
			d := startDemo(t, url)
			is.NoErr(d.end())
			changeSchema(t, url)
			err := serve(t.Context(), config{Addr: "127.0.0.1:0", DB: url}, io.Discard, io.Discard)
			is.True(err != nil && strings.Contains(err.Error(), "another version")) // it must not start
			is.True(strings.Contains(err.Error(), "name an empty database"))
		})
	}
}

// A later start finds the rows of the first one. README says that it takes less
// than two seconds: go test -v -run SecondStart ./cmd/demo prints how long.
func TestSecondStart(t *testing.T) {
	t.Parallel()
	for name, db := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "demo.db") },
		"postgres": func(t *testing.T) string { return testdb.PostgresURL(t) },
		"mariadb":  func(t *testing.T) string { return testdb.MariaDBURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			url := db(t)
			first := startDemo(t, url)
			is.Equal(first.call("BEN", "POST", "/v1/notes", `{"title": "Sleep"}`).status, 201)
			is.NoErr(first.end())
			begin := time.Now()
			second := startDemo(t, url)
			t.Logf("started again in %v", time.Since(begin))
			is.Equal(second.call("BEN", "GET", "/v1/notes?sort=title", "").texts("title"),
				"Learn to turn the dome; Polish the mirror; Print the posters; Sleep; Swap the night shifts")
			is.True(first.vars["BEN"] != second.vars["BEN"]) // tokens are made anew
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	out, err := program(t, nil, "--help").Output()
	is.NoErr(err)
	for _, word := range []string{"--addr", "--db", "--log-level", "DEMO_ADDR", "DEMO_DB", "LOG_LEVEL", "127.0.0.1:8080"} {
		is.True(strings.Contains(string(out), word)) // help must name it
	}
	_, err = program(t, nil, "--version").Output()
	is.NoErr(err)
}

// Without a setting the database is a file in the cache folder.
func TestDefaultDatabase(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	home := t.TempDir()
	cmd := program(t, []string{"DEMO_DB=", "HOME=" + home})
	out, err := cmd.StdoutPipe()
	is.NoErr(err)
	is.NoErr(cmd.Start())
	is.True(readExports(out)["API"] != "")
	is.NoErr(cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	var files []string
	is.NoErr(filepath.WalkDir(home, func(path string, _ os.DirEntry, err error) error {
		files = append(files, filepath.Base(path))
		return err
	}))
	is.True(slices.Contains(files, "demo.db"))
}

// changeSchema makes the tables look like those of another version.
func changeSchema(t *testing.T, url string) {
	t.Helper()
	db, err := anydb.Open(t.Context(), url, nil)
	if err == nil {
		err = errors.Join(sqldb.ExecAll(t.Context(), db, []string{"UPDATE joinery_migrations SET checksum = 'other' WHERE source = 'demo'"}), db.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}
