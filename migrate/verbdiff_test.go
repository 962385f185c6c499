package migrate_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/registry"
)

// TestCommandDiff: the app's own source gets its next migration, on each
// database, and none where there is nothing to write.
func TestCommandDiff(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		is := is.New(t)
		dir := t.TempDir()
		theirs := migrate.Source{Name: "theirs", FS: files(map[string]string{"0001_projects.up.sql": "CREATE TABLE projects (id INTEGER)"})}
		run := func(reg *registry.Registry, args string) (code int, out, errOut string) {
			var o, e bytes.Buffer
			cli := migrate.Command(on.db, theirs, migrate.Source{Name: "app", FS: os.DirFS(dir)})
			cli.Name, cli.Out, cli.Err, cli.Source, cli.Registry, cli.Dir = "app migrate", &o, &e, "app", reg, dir
			code = cli.Run(t.Context(), strings.Fields(args))
			return code, o.String(), e.String()
		}
		want := func(reg *registry.Registry, args string, parts ...string) {
			t.Helper()
			code, out, errOut := run(reg, args)
			if code != 0 || errOut != "" {
				t.Fatalf("%s: exit code %d\n%s%s", args, code, out, errOut)
			}
			for _, part := range parts {
				if !strings.Contains(out, part) {
					t.Errorf("%s: got %q, want %q", args, out, part)
				}
			}
		}
		first, second := models(projects, noteOf[note]()), models(projects, noteOf[noteDue]())
		_, _, errOut := run(first, "diff --name begin")
		is.True(strings.Contains(errOut, "1 migrations are pending, and the difference is to what they make: run app migrate up first"))
		want(first, "up")
		want(first, "diff --print", "CREATE TABLE ", "notes")
		want(first, "diff --name begin", "wrote "+filepath.Join(dir, on.name, "0001_begin.up.sql"))
		want(first, "up", "up app 0001_begin done")
		want(first, "diff --name nothing", "nothing to write")
		want(second, "diff --name add_due", "wrote "+filepath.Join(dir, on.name, "0002_add_due.down.sql"))
		want(second, "up")
		_, _, errOut = run(first, "diff --name drop_due")
		is.True(strings.Contains(errOut, "column notes.due is dropped with its values"))
		want(first, "diff --name drop_due --allow-destructive", "loses: column notes.due", "0003_drop_due.up.sql")
		want(first, "up")
		want(first, "down", "down app 0003_drop_due done") // the app's own source
		code, _, errOut := run(first, "diff")
		is.Equal(code, 2)
		is.True(strings.Contains(errOut, "diff: --name: say what the migration does"))
	})
}
