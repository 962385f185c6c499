package migrate

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ariga.io/atlas/sql/schema"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// pair is a table as it is and as it shall be.
type pair struct {
	spec    registry.TableSpec // zero where want is nil
	was     *wording           // nil: it is not there yet
	want    *wording           // nil: it shall go
	renamed map[string]string  // former names of columns, by their names
	changes []schema.Change    // where both are
}

// moved reports whether names in it change, and with them those of its indexes
// and constraints.
func (p *pair) moved() bool { return p.was.name != p.want.name || len(p.renamed) > 0 }

// former is what a column was called.
func (p *pair) former(column string) string {
	if old, ok := p.renamed[column]; ok {
		return old
	}
	return column
}

// comparison is a database beside the models of a registry.
type comparison struct {
	atlas atlas
	db    *sqldb.DB
	specs []registry.TableSpec
	gone  []string // tables that shall go if they are there
}

// pairs are the tables that differ: those of the models in their order, then
// those that shall go.
func (c *comparison) pairs(ctx context.Context) (pairs []*pair, err error) {
	names := c.names()
	if len(names) == 0 {
		return nil, nil
	}
	err = plainQuotes(ctx, c.db, func(ctx context.Context) error {
		pairs, err = c.pairsOf(ctx, names)
		return err
	})
	return pairs, err
}

func (c *comparison) pairsOf(ctx context.Context, names []string) (pairs []*pair, err error) {
	err = c.atlas.inspect(ctx, c.db, names, func(differ schema.Differ, live *schema.Schema) error {
		words, err := liveWordings(ctx, c.db, live.Tables)
		if err != nil {
			return err
		}
		for _, spec := range c.specs {
			p, err := c.pair(differ, live, words, spec)
			if err != nil {
				return err
			}
			if p.was == nil || p.moved() || len(p.changes) > 0 {
				pairs = append(pairs, p)
			}
		}
		for _, name := range c.gone {
			if words[name] != nil {
				pairs = append(pairs, &pair{was: words[name]})
			}
		}
		return nil
	})
	return pairs, err
}

// pair is a model's table beside the one that is there, if any.
func (c *comparison) pair(differ schema.Differ, live *schema.Schema, words map[string]*wording, spec registry.TableSpec) (*pair, error) {
	p := &pair{spec: spec, want: wordingOf(c.db.Dialect(), spec)}
	table := c.find(live, spec.Model)
	if table == nil {
		return p, nil
	}
	p.was = words[table.Name]
	return p, c.compare(differ, live, table, p)
}

// names are those under which a table may be found.
func (c *comparison) names() []string {
	names := slices.Clone(c.gone)
	for _, s := range c.specs {
		names = append(names, s.Model.Table)
		if s.Model.Was != "" {
			names = append(names, s.Model.Was)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// find is the table of a model, perhaps under its former name.
func (c *comparison) find(live *schema.Schema, m *registry.Model) *schema.Table {
	if t, ok := live.Table(m.Table); ok {
		return t
	}
	taken := slices.ContainsFunc(c.specs, func(s registry.TableSpec) bool { return s.Model.Table == m.Was })
	if t, ok := live.Table(m.Was); ok && m.Was != "" && !taken {
		c.gone = slices.DeleteFunc(c.gone, func(name string) bool { return name == m.Was })
		return t
	}
	return nil
}

// compare finds the changes of a table that is there. What is renamed is taken
// for renamed before.
func (c *comparison) compare(differ schema.Differ, live *schema.Schema, table *schema.Table, p *pair) error {
	want, err := c.atlas.wanted(live, p.spec)
	if err != nil {
		return err
	}
	renameTable(live, table, p.want.name)
	p.rename(table)
	plainPredicates(table)
	c.atlas.skipDefaults(table, want)
	changes, err := differ.TableDiff(table, want)
	if err != nil {
		return fmt.Errorf("migrate: compare table %s: %w", p.want.name, err)
	}
	for _, change := range c.unseen(table, want) {
		changes = merge(changes, change)
	}
	for _, change := range changes {
		if change, err = c.relevant(p, change); err != nil {
			return err
		}
		if change != nil {
			p.changes = append(p.changes, change)
		}
	}
	return nil
}

// renameTable renames a table, also in what refers to it.
func renameTable(live *schema.Schema, table *schema.Table, name string) {
	for _, t := range live.Tables {
		for _, k := range t.ForeignKeys {
			if k.RefTable.Name == table.Name && k.RefTable != table {
				k.RefTable.Name = name
			}
		}
	}
	table.Name = name
}

// rename renames columns that are there under the name that they had.
func (p *pair) rename(table *schema.Table) {
	p.renamed = map[string]string{}
	for _, c := range p.spec.Model.Columns {
		old, found := table.Column(c.Was)
		_, there := table.Column(c.Name)
		if c.Was == "" || !found || there || p.spec.Model.Column(c.Was) != nil {
			continue
		}
		p.renamed[c.Name] = c.Was
		old.Name = c.Name
	}
}

// unseen are differences of columns that atlas does not look at.
func (c *comparison) unseen(table, want *schema.Table) (changes []*schema.ModifyColumn) {
	for _, to := range want.Columns {
		from, ok := table.Column(to.Name)
		if ok && to.Type.Raw != "" && c.unlike(from, to) {
			changes = append(changes, &schema.ModifyColumn{From: from, To: to, Change: schema.ChangeType})
		}
	}
	return changes
}

// unlike compares collations on PostgreSQL, and on SQLite the types that store
// alike.
func (c *comparison) unlike(from, to *schema.Column) bool {
	switch c.db.Dialect().Name() {
	case "postgres":
		return collation(from) != collation(to)
	case "sqlite":
		return !strings.EqualFold(from.Type.Raw, to.Type.Raw)
	}
	return false
}

// merge adds a change to those of the same column.
func merge(changes []schema.Change, m *schema.ModifyColumn) []schema.Change {
	for _, c := range changes {
		if c, ok := c.(*schema.ModifyColumn); ok && c.To == m.To {
			c.Change |= m.Change
			return changes
		}
	}
	return append(changes, m)
}

func collation(c *schema.Column) string {
	for _, a := range c.Attrs {
		if a, ok := a.(*schema.Collation); ok {
			return a.V
		}
	}
	return ""
}

// ours matches the names that a registry gives to indexes and constraints.
// Others are the app's own and stay.
var ours = regexp.MustCompile(`_(idx|key|check)_[0-9a-f]{8}$|_fkey(_[0-9a-f]{8})?$`)

// relevant is the change, or the part of it that matters; nil: none. A name with
// a hash tells all of what it names, so that what a database makes of an
// expression needs not be compared.
func (c *comparison) relevant(p *pair, change schema.Change) (schema.Change, error) {
	switch change := change.(type) {
	case *schema.AddColumn, *schema.DropColumn, *schema.AddIndex, *schema.AddForeignKey, *schema.ModifyForeignKey, *schema.AddCheck:
		return change, nil
	case *schema.ModifyColumn:
		return p.relevantColumn(change), nil
	case *schema.DropIndex:
		return keep(change, ours.MatchString(change.I.Name)), nil
	case *schema.DropForeignKey:
		return keep(change, ours.MatchString(change.F.Symbol)), nil
	case *schema.DropCheck:
		return keep(change, ours.MatchString(change.C.Name)), nil
	case *schema.ModifyIndex:
		return keep(change, !ours.MatchString(change.From.Name) && change.Change&(schema.ChangeUnique|schema.ChangeParts|schema.ChangeAttr) != 0), nil
	case *schema.AddPrimaryKey, *schema.DropPrimaryKey, *schema.ModifyPrimaryKey:
		return nil, joinery.Errorf(joinery.Unsupported, "migration_primary_key",
			fmt.Sprintf("the primary key of table %s is not the column %s: write the migration that makes it so by hand", p.want.name, p.spec.Model.ID.Name))
	}
	return keep(change, p.want.comment != p.was.comment && aboutComment(change)), nil
}

func keep[C schema.Change](change C, yes bool) schema.Change {
	if yes {
		return change
	}
	return nil
}

// relevantColumn leaves out what the registry says nothing of, comments of columns
// and a collation where the type names none, and what only looks like a change.
func (p *pair) relevantColumn(m *schema.ModifyColumn) schema.Change {
	from, _ := p.was.column(p.former(m.To.Name))
	to, _ := p.want.column(m.To.Name)
	m.Change &= schema.ChangeNull | schema.ChangeType | schema.ChangeDefault | schema.ChangeCollate
	if plainText(from.value) == plainText(to.value) {
		m.Change &^= schema.ChangeDefault
	}
	if collation(m.To) == "" {
		m.Change &^= schema.ChangeCollate
	}
	if m.Change == 0 || to.made {
		return nil
	}
	return m
}

// plainText is a default without the two ways of writing a quote in quotes.
func plainText(value string) string { return strings.ReplaceAll(value, `\'`, "''") }

func aboutComment(change schema.Change) bool {
	var attr schema.Attr
	switch change := change.(type) {
	case *schema.AddAttr:
		attr = change.A
	case *schema.ModifyAttr:
		attr = change.To
	case *schema.DropAttr:
		attr = change.A
	}
	_, ok := attr.(*schema.Comment)
	return ok
}
