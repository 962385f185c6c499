package sqlitedb

import (
	"context"
	"fmt"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Catalog implements sqldb.Cataloger.
func (d *driver) Catalog(ctx context.Context, db *sqldb.DB, names []string) ([]sqldb.Table, error) {
	tables, err := tablesOf(ctx, db, names)
	if err == nil {
		err = indexes(ctx, db, tables)
	}
	if err != nil {
		return nil, fmt.Errorf("sqlitedb: read the catalog: %w", err)
	}
	return tables, nil
}

func tablesOf(ctx context.Context, db *sqldb.DB, names []string) ([]sqldb.Table, error) {
	rows, err := db.Query(ctx, sqldb.Raw(`SELECT m.name, m.type = 'view', c.name
		FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c
		WHERE m.type IN ('table', 'view') AND m.name IN (SELECT value FROM json_each(?)) ORDER BY m.name, c.cid`, names))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []sqldb.Table
	for rows.Next() {
		var name, column string
		var view bool
		if err := rows.Scan(&name, &view, &column); err != nil {
			return nil, err
		}
		if n := len(tables); n == 0 || tables[n-1].Name != name {
			tables = append(tables, sqldb.Table{Name: name, View: view})
		}
		last := &tables[len(tables)-1]
		last.Columns = append(last.Columns, column)
	}
	return tables, rows.Err()
}

// indexes adds theirs to the tables. What an index over some rows holds stands
// in its text alone.
func indexes(ctx context.Context, db *sqldb.DB, tables []sqldb.Table) error {
	for i := range tables {
		if err := indexesOf(ctx, db, &tables[i]); err != nil {
			return err
		}
	}
	return nil
}

func indexesOf(ctx context.Context, db *sqldb.DB, t *sqldb.Table) error {
	rows, err := db.Query(ctx, sqldb.Raw(`SELECT l.name, l."unique", l.partial, COALESCE(m.sql, ''), COALESCE(c.name, ''), COALESCE(' COLLATE ' || c.coll, ''), c.desc
		FROM pragma_index_list(?) l JOIN pragma_index_xinfo(l.name) c LEFT JOIN sqlite_master m ON m.type = 'index' AND m.name = l.name
		WHERE c.key = 1 ORDER BY l.name, c.seqno`, t.Name))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		index := sqldb.Index{Valid: true, Ordered: true}
		var column sqldb.IndexColumn
		var partial, desc bool
		var text string
		if err := rows.Scan(&index.Name, &index.Unique, &partial, &text, &column.Name, &column.Collation, &desc); err != nil {
			return err
		}
		if n := len(t.Indexes); n == 0 || t.Indexes[n-1].Name != index.Name {
			if partial {
				index.Where = predicate(text)
			}
			t.Indexes = append(t.Indexes, index)
		}
		if desc {
			column.Order = " DESC"
		}
		last := &t.Indexes[len(t.Indexes)-1]
		last.Columns = append(last.Columns, column)
	}
	return rows.Err()
}

// predicate is what stands after the WHERE of a CREATE INDEX, which is the
// first one outside quotes, comments and parentheses.
func predicate(text string) string {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case strings.IndexByte("'\"`[", c) >= 0:
			i = quoted(text, i)
		case strings.HasPrefix(text[i:], "--"):
			i = past(text, i, "\n")
		case strings.HasPrefix(text[i:], "/*"):
			i = past(text, i+2, "*/")
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && wordAt(text, i, "where"):
			return strings.TrimSpace(text[i+len("where"):])
		}
	}
	return text // not understood: surely no condition that anybody looks for
}

// quoted is where the quotes end that begin at i. Doubled ones end and begin
// again.
func quoted(text string, i int) int {
	end := text[i : i+1]
	if end == "[" {
		end = "]"
	}
	return past(text, i+1, end)
}

// past is the last byte of the first end from i on.
func past(text string, i int, end string) int {
	if n := strings.Index(text[min(i, len(text)):], end); n >= 0 {
		return i + n + len(end) - 1
	}
	return len(text)
}

// wordAt reports whether the word, in whatever case, stands at i.
func wordAt(text string, i int, word string) bool {
	end := i + len(word)
	return end <= len(text) && strings.EqualFold(text[i:end], word) &&
		(i == 0 || !inWord(text[i-1])) && (end == len(text) || !inWord(text[end]))
}

func inWord(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
