package crud

import (
	"strings"

	"github.com/Masterminds/squirrel"
)

// mostTables is how many tables a statement may name on SQLite, which copies a
// common table, with all that it names in its turn, wherever it is named, and
// stops at a thousand.
const mostTables = 900

// fits reports whether the database can do with the common tables.
func (w *armsWriter) fits(tables []squirrel.Sqlizer) (bool, error) {
	if w.dialect.Name() != "sqlite" {
		return true, nil
	}
	n, err := weight(append(tables, squirrel.Expr("list FROM p_top ?", w.there())))
	return n <= mostTables, err
}

// weight is how many tables the last of some queries comes to. Each begins with
// its name, and may name itself and those before it.
func weight(tables []squirrel.Sqlizer) (n int, err error) {
	weights := map[string]int{}
	for _, table := range tables {
		text, _, err := table.ToSql()
		if err != nil {
			return 0, err
		}
		name, _, _ := strings.Cut(text, " ")
		n = 1
		for word, next := "", strings.Fields(text); len(next) > 0; word, next = next[0], next[1:] {
			if word == "FROM" || word == "JOIN" {
				n += 1 + weights[strings.Trim(next[0], "(),")]
			}
		}
		weights[name] = n
	}
	return n, nil
}
