package registry

import (
	"fmt"
	"strings"
)

// specWriter writes the definitions of a [TableSpec].
type specWriter struct {
	d Dialect
	f flavor
}

// comment is what CREATE TABLE ends with, or a statement of its own.
func (w specWriter) comment(m *Model) (option, statement string) {
	switch {
	case m.Comment == "":
	case w.d.Name() == "mariadb":
		option = " COMMENT " + w.f.quote(m.Comment)
	case w.f.comments:
		statement = fmt.Sprintf("COMMENT ON TABLE %s IS %s", w.d.Quote(m.Table), w.f.quote(m.Comment))
	}
	return option, statement
}

func (w specWriter) column(c *Column) (ColumnSpec, error) {
	sqlType, err := w.f.sqlType(w.d, c)
	if err != nil {
		return ColumnSpec{}, err
	}
	spec := ColumnSpec{Column: c, Type: sqlType, Definition: w.d.Quote(c.Name) + " " + sqlType}
	if !c.Nullable {
		spec.Definition += " NOT NULL"
	} else if w.d.Name() == "mariadb" {
		spec.Definition += " NULL"
	}
	if v, ok := c.DefaultValue(); ok {
		spec.Default = w.f.literal(v, c)
		spec.Definition += " DEFAULT " + spec.Default
	}
	return spec, nil
}

// check is the check that a column's value is one of those that its rule oneof
// names.
func (w specWriter) check(c *Column) (CheckSpec, bool) {
	values, ok := ruleParam(c.rules, "oneof")
	if !ok || c.Kind != Enum && c.Kind != Int {
		return CheckSpec{}, false
	}
	var literals []string
	for _, v := range oneOf(values) {
		if c.Kind == Enum {
			v = w.f.quote(v)
		}
		literals = append(literals, v)
	}
	if c.emptyAllowed() {
		literals = append(literals, map[Kind]string{Enum: "''", Int: "0"}[c.Kind])
	}
	name := fitName(c.Model.Table+"_"+c.Name, "_check_"+shortHash(c.Model.Table, c.Name, strings.Join(literals, ",")))
	expr := fmt.Sprintf("%s IN (%s)", w.d.Quote(c.Name), strings.Join(literals, ", "))
	return CheckSpec{Column: c, Name: name, Expr: expr, Definition: fmt.Sprintf("CONSTRAINT %s CHECK (%s)", w.d.Quote(name), expr)}, true
}

func (w specWriter) foreignKey(c *Column) ForeignKeySpec {
	fk := foreignKeyOf(c)
	fk.Definition = fmt.Sprintf("CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s", w.d.Quote(fk.Name),
		w.d.Quote(c.Name), w.d.Quote(c.Ref.Target.Table), w.d.Quote(c.Ref.Target.ID.Name), fk.OnDelete)
	return fk
}

func foreignKeyOf(c *Column) ForeignKeySpec {
	fk := ForeignKeySpec{Name: constraintName(c.Model.Table+"_"+c.Name, "_fkey"), Column: c, OnDelete: "NO ACTION"}
	if c.Model.DeletedAt == nil {
		fk.OnDelete = map[OnDelete]string{Restrict: "NO ACTION", Cascade: "CASCADE", SetNull: "SET NULL"}[c.Ref.OnDelete]
	}
	return fk
}

// index is the statement that makes an index.
func (w specWriter) index(m *Model, i IndexSpec) (string, error) {
	unique, where := "", ""
	if i.Unique {
		unique = "UNIQUE "
	}
	columns := w.keys(i)
	if w.f.partial {
		where = w.where(i)
	} else {
		var err error
		if columns, err = w.wholeKeys(i); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("CREATE %sINDEX %s ON %s (%s)%s", unique, w.d.Quote(i.Name), w.d.Quote(m.Table), strings.Join(columns, ", "), where), nil
}

func (w specWriter) keys(i IndexSpec) []string {
	var keys []string
	for _, k := range i.Columns {
		keys = append(keys, w.key(k))
	}
	return keys
}

// key is a column of an index. PostgreSQL takes null for the greatest value,
// and matches the clause to the letter: columns without nulls go without it.
func (w specWriter) key(k SortKey) string {
	text := w.d.Quote(k.Column.Name)
	if k.Desc {
		text += " DESC"
	}
	if !w.f.nulls || !k.Column.Nullable {
		return text
	}
	if k.Desc {
		return text + " NULLS LAST"
	}
	return text + " NULLS FIRST"
}

// where is the predicate of a partial index.
func (w specWriter) where(i IndexSpec) string {
	var parts []string
	for _, c := range i.nulls() {
		parts = append(parts, w.d.Quote(c.Name)+" IS NULL")
	}
	if len(parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(parts, " AND ")
}
