package migrate

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// mariadbWording reads a table from SHOW CREATE TABLE, which has each column,
// key and constraint on a line of its own.
func mariadbWording(ctx context.Context, db *sqldb.DB, w *wording) error {
	var text string
	_, err := sqldb.Row(ctx, db, sqldb.Write(sqldb.Stmt{SQL: "SHOW CREATE TABLE " + db.Dialect().Quote(w.name)}), new(string), &text)
	if err != nil {
		return err
	}
	lines := strings.Split(text, "\n")
	last := lines[len(lines)-1]
	if at := mariadbComment.FindStringSubmatch(last); at != nil {
		w.comment = strings.ReplaceAll(at[1], "''", "'")
	}
	var kept []string
	for _, line := range lines[1 : len(lines)-1] {
		if line = strings.TrimSuffix(strings.TrimSpace(line), ","); w.mariadb(db.Dialect(), line) {
			kept = append(kept, line)
		}
	}
	w.create = fmt.Sprintf("%s\n  %s\n%s", lines[0], strings.Join(kept, ",\n  "), autoIncrement.ReplaceAllString(last, ""))
	return nil
}

// plainQuotes runs fn while names stand in backticks and texts may stand in
// double quotes, as atlas takes for granted; in sessions with ANSI_QUOTES double
// quotes mean names.
func plainQuotes(ctx context.Context, db *sqldb.DB, fn func(ctx context.Context) error) error {
	if db.Dialect().Name() != "mariadb" {
		return fn(ctx)
	}
	run := func(ctx context.Context) (err error) {
		mode, err := sqldb.Scalar[string](ctx, db, sqldb.Write(sqldb.Raw("SELECT @@sql_mode")))
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, sqldb.Raw("SET SESSION sql_mode = REPLACE(@@sql_mode, 'ANSI_QUOTES', '')")); err != nil {
			return err
		}
		defer func() {
			_, restored := db.Exec(context.WithoutCancel(ctx), sqldb.Raw("SET SESSION sql_mode = ?", mode))
			err = errors.Join(err, restored)
		}()
		return fn(ctx)
	}
	if sqldb.InTransaction(ctx, db) {
		return run(ctx)
	}
	return sqldb.OnConn(ctx, db, run)
}

var (
	mariadbComment = regexp.MustCompile(`COMMENT='((?:[^']|'')*)'$`)
	autoIncrement  = regexp.MustCompile(` AUTO_INCREMENT=\d+`)
	mariadbName    = regexp.MustCompile("^`((?:[^`]|``)*)` ")
	mariadbKey     = regexp.MustCompile("^(UNIQUE |FULLTEXT |SPATIAL )?KEY `((?:[^`]|``)*)` (.*)$")
	mariadbRule    = regexp.MustCompile("^CONSTRAINT `((?:[^`]|``)*)` (CHECK|FOREIGN KEY)")
	mariadbDefault = regexp.MustCompile(`(?: NOT NULL| NULL)? DEFAULT ('(?:[^'\\]|''|\\.)*'|[^ ]+)`)
)

// mariadb takes one line in, and tells whether CREATE TABLE has it: indexes and
// foreign keys are made after it.
func (w *wording) mariadb(d sqldb.Dialect, line string) bool {
	if at := mariadbName.FindStringSubmatch(line); at != nil {
		w.columns = append(w.columns, mariadbColumn(strings.ReplaceAll(at[1], "``", "`"), line[len(at[0]):]))
		return true
	}
	if at := mariadbKey.FindStringSubmatch(line); at != nil {
		name := strings.ReplaceAll(at[2], "``", "`")
		w.indexes[name] = fmt.Sprintf("CREATE %sINDEX %s ON %s %s", at[1], d.Quote(name), d.Quote(w.name), at[3])
		return false
	}
	if at := mariadbRule.FindStringSubmatch(line); at != nil {
		name := strings.ReplaceAll(at[1], "``", "`")
		if at[2] == "CHECK" {
			w.checks[name] = line
			return true
		}
		w.keys[name] = line
		return false
	}
	return true // the primary key
}

func mariadbColumn(name, rest string) columnWording {
	c := columnWording{name: name, rest: rest, sqlType: rest, null: !strings.Contains(rest, " NOT NULL"), made: strings.Contains(rest, " GENERATED ALWAYS AS ")}
	if at := mariadbDefault.FindStringSubmatchIndex(rest); at != nil && !c.made {
		c.value = rest[at[2]:at[3]]
		if c.value == "NULL" {
			c.value = ""
		}
	}
	for _, word := range []string{" NOT NULL", " NULL", " DEFAULT ", " GENERATED ", " CHECK ", " COMMENT "} {
		c.sqlType, _, _ = strings.Cut(c.sqlType, word)
	}
	return c
}
