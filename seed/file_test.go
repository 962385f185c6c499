package seed_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/hook"
	"github.com/joinery-go/joinery/seed"
)

// files are a file system of the texts.
func files(texts map[string]string) fstest.MapFS {
	fs := fstest.MapFS{}
	for name, text := range texts {
		fs[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fs
}

func discover(t testing.TB, texts map[string]string, opts ...seed.Option) []*seed.Seed {
	t.Helper()
	seeds, err := seed.Discover(files(texts), opts...)
	must(t, err)
	return seeds
}

const teamsFile = `
key: name
owner: template
rows:
  - name: Core
    parent_id: {name: All}
  - name: All
    motto: "yes"
`

const peopleFile = `{
	"key": ["email"],
	"owner": {"people": {"email": "boss@example.com"}},
	"rows": [
		{"email": "ada@example.com", "team_id": {"name": "Core"}, "admin": false, "pay": 12.50, "age": 36,
		 "born": "1815-12-10T01:02:03.456789+01:00", "tags": ["b\u00e9\ud83d\ude00", "a"], "prefs": {"z": [1, null]}, "secret": "s", "height": 1e0},
		{"email": "boss@example.com", "team_id": {"name": "Core", "parent_id": {"name": "All"}}, "user_id": "0199d8f0-0000-7000-8000-00000000000b", "born": null}
	]
}`

// TestFiles: files of both formats, with references to each other, say what
// structs would.
func TestFiles(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		for _, opts := range [][]seed.Option{nil, {seed.Through(a.people), seed.Through(a.teams), seed.Hooks(new(hook.Point[seed.Event[Team]]))}} {
			is := is.New(t)
			texts := map[string]string{"a/people.json": peopleFile, "b/c/teams.yaml": teamsFile, "README.md": "#", "people.txt": "x"}
			seeds := discover(t, texts, opts...)
			is.Equal(a.run(t, seeds...).Summary(), "4 inserted, 0 updated, 0 kept, 0 left out")
			is.Equal(a.run(t, seeds...).Summary(), "0 inserted, 0 updated, 4 kept, 0 left out")
			ada, found, err := sqldb.Get[Person](t.Context(), a.db, sqldb.Raw("SELECT * FROM people WHERE email = 'ada@example.com'"))
			must(t, err)
			is.True(found)
			is.Equal(*ada.UserID, of[uuid.UUID](t, a, "SELECT id FROM people WHERE email = 'boss@example.com'"))
			is.Equal(ada.Admin, false) // in spite of the default, also through a manager
			is.Equal(ada.Status, "active")
			is.True(strings.HasPrefix(ada.Pay, "12.5"))
			is.Equal(ada.Born.UTC(), time.Date(1815, 12, 10, 0, 2, 3, 456789000, time.UTC))
			is.Equal(ada.Tags, []string{"bé😀", "a"})
			is.Equal(ada.Prefs, map[string]any{"z": []any{1.0, nil}})
			is.Equal(ada.Secret, "s")
			is.Equal(ada.TeamID.UUID(), of[uuid.UUID](t, a, "SELECT id FROM teams WHERE name = 'Core'"))
			is.Equal(of[uuid.UUID](t, a, "SELECT created_by_id FROM teams WHERE name = 'All'"), joinery.WellKnownIDs().Template)
			is.Equal(of[string](t, a, "SELECT motto FROM teams WHERE name = 'All'"), "yes")

			_, err = a.db.Exec(t.Context(), sqldb.Raw("UPDATE teams SET parent_id = NULL"))
			must(t, err)
			for _, table := range []string{"people", "teams"} {
				_, err := a.db.Exec(t.Context(), sqldb.Raw("DELETE FROM "+table))
				must(t, err)
				must(t, seed.Forget(t.Context(), a.db, table))
			}
		}
	})
}

// TestFilesSayWhatTheyName: a field that a file does not name is nobody's but
// those who edit the row.
func TestFilesSayWhatTheyName(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, a *app) {
		is := is.New(t)
		file := func(row string) []*seed.Seed {
			return discover(t, map[string]string{"teams.yaml": "key: name\nowner: system\nrows: [" + row + "]"})
		}
		a.run(t, file("{name: Core}")...)
		a.exec(t, "UPDATE teams SET motto = 'mine'")
		is.Equal(len(a.run(t, file("{name: Core}")...).Rows[0].Edited), 0)
		is.Equal(a.run(t, file("{name: Core, motto: seeded}")...).Rows[0].Edited, []string{"motto"})
		is.Equal(of[string](t, a, "SELECT motto FROM teams"), "mine")
	})
}

// TestFileErrors: what is wrong with a file is told with its name, the line,
// the row and the field, all of it at once.
func TestFileErrors(t *testing.T) {
	t.Parallel()
	head := "key: email\nowner: system\nrows:\n"
	json := `{"key": "email", "owner": "system", "rows": [` + "\n"
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"not JSON":          {"people.json", "{\n\"rows\": [,]}", []string{"people.json:2: invalid character ','"}},
		"cut JSON":          {"people.json", json + "{", []string{"people.json:2:", "EOF"}},
		"more JSON":         {"people.json", json + "]} {}", []string{"people.json:2:", "after the end"}},
		"deep JSON":         {"people.json", strings.Repeat("[", 5000), []string{"people.json:1:", "too deep"}},
		"twice in JSON":     {"people.json", json + "{\"email\": \"a\",\n\"email\": \"b\"}]}", []string{`people.json:3: "email" is there twice, first in line 2`}},
		"not YAML":          {"people.yaml", "rows: [", []string{"people.yaml:", "line 1"}},
		"two documents":     {"people.yaml", "rows: []\n---\nrows: []", []string{"more than one document"}},
		"twice in YAML":     {"people.yml", head + "  - email: a\n    age: 1\n    email: b\n", []string{`people.yml:6: "email" is there twice, first in line 4`}},
		"merge":             {"people.yaml", "key: &k {a: b}\nrows: [{<<: *k}]", []string{"people.yaml:2:", "<<"}},
		"endless alias":     {"people.yaml", "rows: &r [*r]", []string{"people.yaml:1:", "alias"}},
		"deep YAML":         {"people.yaml", strings.Repeat("[", 500) + strings.Repeat("]", 500), []string{"people.yaml:1:", "too deep"}},
		"odd tag":           {"people.yaml", head + "  - email: !!binary YQ==", []string{"people.yaml:4:", "!!binary"}},
		"a list":            {"people.yaml", "- email: a", []string{"people.yaml:1:", "holds a list: write an object with key, owner and rows"}},
		"empty":             {"people.yaml", "", []string{"people.yaml:1:", "holds null"}},
		"unknown member":    {"people.yaml", head + "  []\nowners: system\nkeys: [a]", []string{"people.yaml:5: owners: is unknown", "people.yaml:6: keys: is unknown"}},
		"no rows":           {"people.yaml", "key: email", []string{"people.yaml:1: rows: is missing"}},
		"rows of no list":   {"people.yaml", "rows: 7", []string{"people.yaml:1: rows: is the number 7"}},
		"key of no name":    {"people.yaml", "rows: []\nkey: [7]", []string{"people.yaml:2: key: holds the number 7"}},
		"owner of no text":  {"people.yaml", "rows: []\nowner: [7]", []string{"people.yaml:2: owner: is a list"}},
		"odd owner":         {"people.yaml", "rows: []\nkey: email\nowner: ada", []string{`people.yaml:3: owner: is "ada": write system`}},
		"owner's table":     {"people.yaml", "rows: []\nkey: email\nowner: {users: {email: a}}", []string{"people.yaml:3: owner: refers to users, which no model"}},
		"no owner":          {"people.yaml", "rows: [{email: a, team_id: {name: Core}}]\nkey: email", []string{"people.yaml:1: row 1", `email="a"`, "user_id: names no owner"}},
		"no key":            {"people.yaml", "rows: []\nowner: system", []string{"people.yaml: has no key"}},
		"unknown table":     {"persons.yaml", head + "  []", []string{"persons.yaml: is no model"}},
		"row of no object":  {"people.yaml", head + "  - ada", []string{`people.yaml:4: row 1: is the text "ada", not an object`}},
		"unknown field":     {"people.yaml", head + "  - email: a\n  - email: b\n    nmae: x\n", []string{"people.yaml:6: row 2: nmae: is unknown: people has admin, age, born, email"}},
		"two problems":      {"people.yaml", head + "  - email: 7\n    age: x\n", []string{"people.yaml:4: row 1: email: is the number 7", `people.yaml:5: row 1: age: is the text "x"`}},
		"kept field":        {"people.yaml", head + "  - email: a\n    version: 7\n", []string{"people.yaml:5: row 1: version: is kept by Joinery"}},
		"fine":              {"people.yaml", head + "  - email: a\n    team_id: {name: Core}\n    secret: a\n", nil},
		"text for a bool":   {"people.yaml", head + "  - {email: a, admin: yes}", []string{`row 1: admin: is the text "yes", and the column takes a value of kind bool`}},
		"fraction":          {"people.yaml", head + "  - {email: a, age: 1.5}", []string{"row 1: age: is the number 1.5, and the column takes a value of kind int"}},
		"infinite":          {"people.yaml", head + "  - {email: a, height: .inf}", []string{"people.yaml:4:", ".inf is no number"}},
		"too many digits":   {"people.yaml", head + "  - {email: a, pay: 1.234}", []string{"row 1: pay:", "more than 2 digits"}},
		"no member":         {"people.yaml", head + "  - {email: a, status: odd}", []string{`row 1: status: is "odd": it can be active, gone`}},
		"no time":           {"people.yaml", head + "  - {email: a, born: soon}", []string{`row 1: born: is the text "soon": write a time`}},
		"null":              {"people.yaml", head + "  - {email: a, status: null}", []string{"row 1: status: may not be null"}},
		"no id":             {"people.yaml", head + "  - {email: a, team_id: Core}", []string{`row 1: team_id: is the text "Core"`}},
		"no such row":       {"people.yaml", head + "  - {email: a, team_id: {name: Nobody}}", []string{`people.yaml:4: row 1 (email="a"): team_id: there is no row teams(name="Nobody")`}},
		"reference's field": {"people.yaml", head + "  - {email: a, team_id: {nmae: Core}}", []string{"row 1: team_id: table teams has no column nmae"}},
		"reference's value": {"people.yaml", head + "  - {email: a, team_id: {name: [Core]}}", []string{"row 1: team_id: name of teams is a list"}},
		"empty reference":   {"people.yaml", head + "  - {email: a, team_id: {}}", []string{"row 1: team_id: names no column of teams"}},
		"no table":          {"people.yaml", head + "  - {email: a, user_id: {name: Core}}", []string{"row 1: user_id: does not say which table"}},
		"same key":          {"people.yaml", head + "  - {email: a, team_id: {name: Core}}\n  - {email: a, team_id: {name: Core}}", []string{`people.yaml:5: row 2 (email="a"): has the key of people.yaml:4: row 1`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := onSQLite(t)
			a.team(t, "Core")
			before := a.dump(t)
			seeds, err := seed.Discover(files(map[string]string{c.file: c.text}))
			if err == nil {
				_, err = seed.Run(t.Context(), a.db, a.reg, seeds...)
			}
			if c.want == nil {
				must(t, err)
				return
			}
			contains(t, err, c.want...)
			is.New(t).Equal(a.dump(t), before)
		})
	}
}

// TestFileEnv: environments come from the name of a file, from the file and
// from the options.
func TestFileEnv(t *testing.T) {
	t.Parallel()
	a := onSQLite(t)
	row := func(name, env string) string {
		return "key: name\nowner: system\nrows: [{name: " + name + "}]" + env
	}
	seeds := discover(t, map[string]string{
		"teams.yaml": row("a", ""), "teams.dev.yaml": row("b", ""), "x/teams.dev.test.yaml": row("c", "\nenv: stage"), "y/teams.yaml": row("d", "\nenv: [stage, dev]"),
	})
	for env, want := range map[string]int{"": 1, "dev": 4, "test": 2, "stage": 3} {
		s, err := seed.New(a.db, a.reg, &seed.Options{Env: env})
		must(t, err)
		plan, err := s.Plan(t.Context(), seeds...)
		must(t, err)
		is.New(t).Equal(plan.Count(seed.Insert), want)
	}
}

// FuzzDiscover: no file makes it fail otherwise than by an error.
func FuzzDiscover(f *testing.F) {
	a := onSQLite(f)
	f.Add(peopleFile, true)
	f.Add(teamsFile, false)
	f.Add("rows: &r [*r, {a: &b 0x10, c: *b}]", false)
	f.Fuzz(func(t *testing.T, text string, json bool) {
		name := "teams.yaml"
		if json {
			name = "teams.json"
		}
		seeds, err := seed.Discover(files(map[string]string{name: text}), seed.Key("name"), ours)
		if err != nil {
			return
		}
		_, _ = seed.Plan(t.Context(), a.db, a.reg, seeds...)
	})
}
