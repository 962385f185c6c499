package migrate

import (
	"context"
	"fmt"
	"strings"

	atlasmigrate "ariga.io/atlas/sql/migrate"
	atlasmysql "ariga.io/atlas/sql/mysql"
	atlaspg "ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	atlaslite "ariga.io/atlas/sql/sqlite"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// atlas is what it knows of a database: how its catalog is read, and when two
// types or defaults are the same. The statements are not atlas's.
type atlas struct {
	open      func(schema.ExecQuerier) (atlasmigrate.Driver, error)
	schema    string // its name; empty: the current one
	comments  bool
	typed     bool // values are compared by the database, which must know their type
	parseType func(string) (schema.Type, error)
	keyAttrs  func(k registry.IndexKey) []schema.Attr
	where     func(text string) schema.Attr
}

func atlasOf(d sqldb.Dialect) atlas {
	switch d.Name() {
	case "postgres":
		return atlas{
			open: atlaspg.Open, comments: true, typed: true, parseType: atlaspg.ParseType,
			keyAttrs: func(k registry.IndexKey) []schema.Attr {
				if k.Nulls == "" {
					return nil
				}
				return []schema.Attr{&atlaspg.IndexColumnProperty{NullsFirst: k.Nulls == "FIRST", NullsLast: k.Nulls == "LAST"}}
			},
			where: func(text string) schema.Attr { return &atlaspg.IndexPredicate{P: text} },
		}
	case "sqlite":
		return atlas{
			open: atlaslite.Open, schema: "main", parseType: atlaslite.ParseType,
			keyAttrs: func(registry.IndexKey) []schema.Attr { return nil },
			where:    func(text string) schema.Attr { return &atlaslite.IndexPredicate{P: text} },
		}
	}
	return atlas{ // MariaDB
		open: atlasmysql.Open, comments: true, parseType: atlasmysql.ParseType,
		keyAttrs: func(k registry.IndexKey) []schema.Attr {
			if k.Prefix == 0 {
				return nil
			}
			return []schema.Attr{&atlasmysql.SubPart{Len: k.Prefix}}
		},
	}
}

// inspect reads those of the named tables that are there, and gives them to fn
// with what compares them.
func (a atlas) inspect(ctx context.Context, db *sqldb.DB, names []string, fn func(schema.Differ, *schema.Schema) error) error {
	bridged := overSQL(ctx, db)
	defer bridged.Close()
	driver, err := a.open(bridged)
	if err != nil {
		return fmt.Errorf("migrate: read the schema: %w", err)
	}
	live, err := driver.InspectSchema(ctx, a.schema, &schema.InspectOptions{Mode: schema.InspectTables, Tables: names})
	if err != nil {
		return fmt.Errorf("migrate: read the schema: %w", err)
	}
	return fn(driver, live)
}

// wanted is a model's table in the form in which atlas compares it.
func (a atlas) wanted(s *schema.Schema, t registry.TableSpec) (*schema.Table, error) {
	table := schema.NewTable(t.Model.Table).SetSchema(s)
	for _, c := range t.Columns {
		column, err := a.column(c)
		if err != nil {
			return nil, fmt.Errorf("migrate: %s.%s: %w", t.Model.Table, c.Column.Name, err)
		}
		table.AddColumns(column)
	}
	for _, g := range t.Generated {
		table.AddColumns(schema.NewColumn(g.Name).SetType(&schema.IntegerType{T: "tinyint"}).SetNull(true))
	}
	id, _ := table.Column(t.Model.ID.Name)
	table.SetPrimaryKey(schema.NewPrimaryKey(id))
	for _, i := range t.Indexes {
		table.AddIndexes(a.index(table, i))
	}
	for _, c := range t.Checks {
		table.AddChecks(schema.NewCheck().SetName(c.Name).SetExpr(c.Expr))
	}
	for _, k := range t.ForeignKeys {
		target := k.Column.Ref.Target
		column, _ := table.Column(k.Column.Name)
		table.AddForeignKeys(schema.NewForeignKey(k.Name).AddColumns(column).
			SetRefTable(schema.NewTable(target.Table).SetSchema(s)).AddRefColumns(schema.NewColumn(target.ID.Name)).
			SetOnDelete(schema.ReferenceOption(k.OnDelete)))
	}
	if t.Model.Comment != "" && a.comments {
		table.SetComment(t.Model.Comment)
	}
	return table, nil
}

func (a atlas) column(c registry.ColumnSpec) (*schema.Column, error) {
	text, collation, _ := strings.Cut(c.Type, " COLLATE ")
	text, charset, _ := strings.Cut(text, " CHARACTER SET ")
	typ, err := a.parseType(text)
	if err != nil {
		return nil, err
	}
	column := schema.NewColumn(c.Column.Name).SetNull(c.Column.Nullable)
	column.Type.Type, column.Type.Raw = typ, c.Type
	if collation != "" {
		column.SetCollation(strings.Trim(collation, `"`))
	}
	if charset != "" {
		column.SetCharset(charset)
	}
	if c.Default != "" {
		column.SetDefault(&schema.RawExpr{X: a.value(c.Default, text)})
	}
	return column, nil
}

// value is a default as it is compared. Two texts of JSON are compared as what
// they say.
func (a atlas) value(text, sqlType string) string {
	switch {
	case !a.typed:
		return text
	case sqlType == "json":
		sqlType = "jsonb"
	}
	return text + "::" + sqlType
}

func (a atlas) index(t *schema.Table, i registry.DeclaredIndex) *schema.Index {
	index := schema.NewIndex(i.Name).SetUnique(i.Unique)
	for _, k := range i.Keys {
		column, _ := t.Column(k.Column)
		index.AddParts(schema.NewColumnPart(column).SetDesc(k.Desc).AddAttrs(a.keyAttrs(k)...))
	}
	if i.Where != "" {
		index.AddAttrs(a.where(plainWhere(i.Where)))
	}
	return index
}

// skipDefaults leaves the defaults of columns out whose type changes: the
// database would be asked to compare values of two types, and a column gets its
// default anew with its type.
func (a atlas) skipDefaults(live, want *schema.Table) {
	for _, to := range want.Columns {
		from, ok := live.Column(to.Name)
		if !ok || !a.typed {
			continue
		}
		before, err1 := atlaspg.FormatType(from.Type.Type)
		after, err2 := atlaspg.FormatType(to.Type.Type)
		if err1 != nil || err2 != nil || before != after {
			from.Default, to.Default = nil, nil
		}
	}
}

// plainWhere is a predicate as both the registry and each database write it but
// for quotes and brackets.
func plainWhere(text string) string {
	return strings.ToLower(strings.NewReplacer(`"`, "", "(", "", ")", "", "`", "").Replace(text))
}

// plainPredicates makes the predicates of a table that is there comparable.
func plainPredicates(t *schema.Table) {
	for _, i := range t.Indexes {
		for _, a := range i.Attrs {
			switch p := a.(type) {
			case *atlaspg.IndexPredicate:
				p.P = plainWhere(p.P)
			case *atlaslite.IndexPredicate:
				p.P = plainWhere(p.P)
			}
		}
	}
}
