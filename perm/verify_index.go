package perm

import (
	"slices"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// neededIndex is an index that some statement relies on.
type neededIndex struct {
	registry.IndexSpec
	dialect sqldb.Dialect
	equal   int  // how many columns in front are compared for equality alone
	ofRules bool // for perm's conditions, which compare text as its column does; crud's lists compare by code point

	// Where no index holds some rows alone:
	keys      []registry.IndexKey      // as the database declares them
	generated []registry.GeneratedSpec // columns that keys may name
}

// columns are its columns by name, "-name" for descending.
func (n neededIndex) columns() []string {
	names := make([]string, len(n.Columns))
	for i, k := range n.Columns {
		names[i] = k.Column.Name
		if k.Desc {
			names[i] = "-" + names[i]
		}
	}
	return names
}

// nulls are the columns that are null in all its rows.
func (n neededIndex) nulls() []string {
	var names []string
	if n.Live {
		names = append(names, n.Columns[0].Column.Model.DeletedAt.Name)
	}
	if n.Null != nil {
		names = append(names, n.Null.Name)
	}
	return names
}

func (n neededIndex) servedBy(indexes []sqldb.Index) bool {
	return slices.ContainsFunc(indexes, func(i sqldb.Index) bool { return i.Valid && n.fits(i) })
}

// fits reports whether the index, once it is valid, serves for what is needed.
func (n neededIndex) fits(i sqldb.Index) bool {
	switch {
	case n.keys != nil:
		return i.Ordered && n.fitsWhole(i)
	case !i.Ordered, len(i.Columns) < len(n.Columns):
		return false
	case n.Unique && (!i.Unique || len(i.Columns) != len(n.Columns)):
		return false
	}
	return n.holdsAll(i.Where) && (n.ordered(i, false) || n.ordered(i, true))
}

// ordered reports whether the index's columns begin with those needed, in their
// order or, read backward, in its opposite.
func (n neededIndex) ordered(i sqldb.Index, backward bool) bool {
	for at, k := range n.Columns {
		has := i.Columns[at]
		if has.Name != k.Column.Name {
			return false
		}
		if n.byCodePoint(k.Column) && has.Collation != n.dialect.Collate("") {
			return false
		}
		if at >= n.equal && has.Order != n.dialect.OrderBy("", k.Desc != backward, k.Column.Nullable) {
			return false
		}
	}
	return true
}

// byCodePoint reports whether the column is compared other than as it declares.
func (n neededIndex) byCodePoint(c *registry.Column) bool {
	return !n.ofRules && (c.Kind == registry.Text || c.Kind == registry.Enum)
}

// holdsAll reports whether an index over some rows holds all that are needed.
func (n neededIndex) holdsAll(where string) bool {
	needed := n.nulls()
	held, understood := nullColumns(where)
	return understood && !slices.ContainsFunc(held, func(name string) bool { return !slices.Contains(needed, name) })
}

// missing is the index with the statement that creates it, or repairs what is
// left of an attempt.
func (n neededIndex) missing(table sqldb.Table) MissingIndex {
	indexes := table.Indexes
	m := MissingIndex{Table: n.Columns[0].Column.Model.Table, Columns: n.columns(), Unique: n.Unique}
	name := n.Name
	for i := 2; ; i++ {
		at := slices.IndexFunc(indexes, func(i sqldb.Index) bool { return i.Name == name })
		if at < 0 {
			m.Statement = n.create(name, table)
			return m
		}
		if !indexes[at].Valid && n.fits(indexes[at]) {
			m.Statement = n.revive(name, m.Table)
			return m
		}
		suffix := "_" + strconv.Itoa(i)
		name = n.Name[:min(len(n.Name), 63-len(suffix))] + suffix
	}
}

// revive is the statement after which an index that is there is used.
func (n neededIndex) revive(name, table string) string {
	if n.keys != nil {
		return "ALTER TABLE " + n.dialect.Quote(table) + " ALTER INDEX " + n.dialect.Quote(name) + " NOT IGNORED"
	}
	return "REINDEX INDEX CONCURRENTLY " + n.dialect.Quote(name)
}

// create is the statement that creates the index under a name.
func (n neededIndex) create(name string, table sqldb.Table) string {
	if n.keys != nil {
		return n.createWhole(name, table)
	}
	d := n.dialect
	keys := make([]string, len(n.Columns))
	for i, k := range n.Columns {
		text := d.Quote(k.Column.Name)
		if n.byCodePoint(k.Column) {
			text = d.Collate(text)
		}
		keys[i] = d.OrderBy(text, k.Desc, k.Column.Nullable)
	}
	unique, concurrently, where := "", "", ""
	if n.Unique {
		unique = "UNIQUE "
	}
	if d.Name() == "postgres" {
		concurrently = "CONCURRENTLY "
	}
	for i, column := range n.nulls() {
		where += map[bool]string{true: " WHERE ", false: " AND "}[i == 0] + d.Quote(column) + " IS NULL"
	}
	return "CREATE " + unique + "INDEX " + concurrently + "IF NOT EXISTS " + d.Quote(name) + " ON " + d.Quote(table.Name) + " (" + strings.Join(keys, ", ") + ")" + where
}

// nullColumns reads a condition of the form a IS NULL AND b IS NULL AND …, in
// whatever parentheses, and no other.
func nullColumns(where string) (names []string, understood bool) {
	words := words(where)
	if len(words) == 0 {
		return nil, where == ""
	}
	for {
		if len(words) < 3 || !strings.EqualFold(words[1], "is") || !strings.EqualFold(words[2], "null") {
			return nil, false
		}
		names = append(names, words[0])
		if words = words[3:]; len(words) == 0 {
			return names, true
		}
		if !strings.EqualFold(words[0], "and") {
			return nil, false
		}
		words = words[1:]
	}
}

// words splits SQL into names, without their quotes, and other words. Space and
// parentheses part them; any other sign is a word of its own.
func words(text string) []string {
	var all []string
	for text != "" {
		n := 1
		switch c := text[0]; {
		case strings.IndexByte(" \t\r\n()", c) >= 0:
		case c == '"':
			var name string
			name, n = quotedName(text)
			all = append(all, name)
		default:
			for n < len(text) && inName(c) && inName(text[n]) {
				n++
			}
			all = append(all, text[:n])
		}
		text = text[n:]
	}
	return all
}

// quotedName is the name in double quotes that text begins with, and its length
// with them.
func quotedName(text string) (name string, n int) {
	for n = 1; n < len(text); n++ {
		if text[n] != '"' {
			continue
		}
		if n+1 == len(text) || text[n+1] != '"' {
			return strings.ReplaceAll(text[1:n], `""`, `"`), n + 1
		}
		n++
	}
	return text, len(text)
}

func inName(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
