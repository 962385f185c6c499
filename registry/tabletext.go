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

// index is an index as the database declares it.
func (w specWriter) index(m *Model, i IndexSpec) (DeclaredIndex, error) {
	index := DeclaredIndex{Name: i.Name, Unique: i.Unique, Keys: w.keys(i)}
	if w.f.partial {
		index.Where = w.where(i)
	} else {
		var err error
		if index.Keys, err = w.wholeKeys(i); err != nil {
			return index, err
		}
	}
	index.Statement = w.createIndex(m, index)
	return index, nil
}

func (w specWriter) createIndex(m *Model, i DeclaredIndex) string {
	unique, where := "", ""
	if i.Unique {
		unique = "UNIQUE "
	}
	if i.Where != "" {
		where = " WHERE " + i.Where
	}
	var keys []string
	for _, k := range i.Keys {
		keys = append(keys, w.key(k))
	}
	return fmt.Sprintf("CREATE %sINDEX %s ON %s (%s)%s", unique, w.d.Quote(i.Name), w.d.Quote(m.Table), strings.Join(keys, ", "), where)
}

func (w specWriter) key(k IndexKey) string {
	text := w.d.Quote(k.Column)
	if k.Prefix > 0 {
		text += fmt.Sprintf("(%d)", k.Prefix)
	}
	if k.Desc {
		text += " DESC"
	}
	if k.Nulls != "" {
		text += " NULLS " + k.Nulls
	}
	return text
}

func (w specWriter) keys(i IndexSpec) []IndexKey {
	var keys []IndexKey
	for _, k := range i.Columns {
		keys = append(keys, IndexKey{Column: k.Column.Name, Desc: k.Desc, Nulls: w.nulls(k)})
	}
	return keys
}

// nulls is where the nulls of an index's column stand. PostgreSQL takes null
// for the greatest value, and matches the clause to the letter: columns without
// nulls go without it.
func (w specWriter) nulls(k SortKey) string {
	switch {
	case !w.f.nulls || !k.Column.Nullable:
		return ""
	case k.Desc:
		return "LAST"
	}
	return "FIRST"
}

// where is the predicate of a partial index.
func (w specWriter) where(i IndexSpec) string {
	var parts []string
	for _, c := range i.nulls() {
		parts = append(parts, w.d.Quote(c.Name)+" IS NULL")
	}
	return strings.Join(parts, " AND ")
}
