package registry

import (
	"fmt"
	"reflect"
	"strings"
)

// reader reads one struct type into a model and collects every problem.
type reader struct {
	model    *Model
	renamed  []*Column // see unsaid
	problems []error
}

// readModel reads t. The model is fit for use only where there are no
// problems; its Type, Name and Table are set in any case.
func readModel(r *Registry, t reflect.Type, cfg addConfig) (*Model, []error) {
	m := &Model{
		Type: t, Name: cleanName(t), registry: r,
		byName: map[string]*Column{}, byJSON: map[string]*Column{}, byRel: map[string]*Relation{},
		Search: map[string]SearchField{},
	}
	if cfg.name != "" {
		m.Name = cfg.name
	}
	rd := &reader{model: m}
	if t.Kind() != reflect.Struct || t == timeType || t.Name() == "" {
		m.Table = m.Name
		return m, []error{typeProblem(t, "is no named struct type: add the entity's struct itself")}
	}
	table := rd.table(t, cfg)
	rd.walk(t, 0)
	rd.identity()
	rd.renames()
	rd.keys(table)
	rd.sorts(table)
	return m, rd.problems
}

func (rd *reader) fail(field, format string, args ...any) {
	rd.problems = append(rd.problems, fieldProblem(rd.model.Type, field, format, args...))
}

// table reads what T says of its table.
func (rd *reader) table(t reflect.Type, cfg addConfig) Table {
	var table Table
	if cfg.table != nil {
		table = *cfg.table
	} else if tabler, ok := reflect.New(t).Interface().(Tabler); ok {
		table = tabler.Table()
	}
	m := rd.model
	m.Table, m.Comment, m.Was, m.Policy = table.Name, table.Comment, table.Was, table.Policy
	if m.Table == "" {
		m.Table = tableNameOf(cleanName(t))
	}
	if err := checkTable(m.Table); err != nil {
		rd.fail("Table", "names a table that is not allowed: %v", err)
	}
	if err := checkJSONName(m.Name); err != nil {
		rd.problems = append(rd.problems, typeProblem(t, "has a name for schemas that %v", err))
	}
	rd.policy()
	return table
}

func (rd *reader) policy() {
	seen := map[string]bool{}
	for _, e := range rd.model.Policy.Extra {
		if e.Name == "" || seen[e.Name] {
			rd.fail("Table", "has an Extra policy rule %q: each needs a name of its own", e.Name)
		}
		if e.SQL == nil || e.Go == nil {
			rd.fail("Table", "has an Extra policy rule %q that lacks its SQL or its Go form: both are asked", e.Name)
		}
		seen[e.Name] = true
	}
}

// walk reads the fields of t, which is the model's struct or one embedded in
// it at the given offset.
func (rd *reader) walk(t reflect.Type, offset uintptr) {
	for i := range t.NumField() {
		f := t.Field(i)
		f.Offset += offset
		rd.field(t, f)
	}
}

func (rd *reader) field(parent reflect.Type, f reflect.StructField) {
	tag := parseJSONTag(f)
	_, isRelation := f.Tag.Lookup("rel")
	switch {
	case f.Tag.Get("db") == "-":
	case flattened(f, tag):
		rd.walk(f.Type, f.Offset)
	case f.Anonymous && tag.name == "":
		rd.fail(f.Name, "is embedded but no struct value: embed mixins by value, or give the field a name")
	case !f.IsExported():
		rd.unexported(f)
	case isRelation:
		rd.relation(f, tag)
	default:
		rd.column(parent, f, tag)
	}
}

// unexported complains of fields that look like columns; others are T's own
// affair.
func (rd *reader) unexported(f reflect.StructField) {
	for _, key := range []string{"json", "db", "ref", "rel", "api", "role", "validate"} {
		if _, ok := f.Tag.Lookup(key); ok {
			rd.fail(f.Name, "has tag %s but is not exported, so nothing can read it", key)
			return
		}
	}
}

func (rd *reader) column(parent reflect.Type, f reflect.StructField, tag jsonTag) {
	c := &Column{Model: rd.model, Field: f.Name, Type: f.Type, base: f.Type, offset: f.Offset, OmitEmpty: tag.omits()}
	if f.Type.Kind() == reflect.Pointer {
		c.Nullable, c.base = true, f.Type.Elem()
	}
	kind, err := kindOf(c.base)
	if err != nil {
		rd.fail(f.Name, "%v", err)
		return
	}
	c.Kind = kind
	for _, read := range []func(*Column, reflect.StructField, jsonTag) error{
		readNames, readType, readRules, readDefault, readFlags, readReference,
	} {
		if err := read(c, f, tag); err != nil {
			rd.fail(f.Name, "%v", err)
		}
	}
	readTexts(c, f)
	c.plain = accessorOf(c.base, c.Kind)
	rd.enter(c)
	rd.role(c, parent, f)
	rd.declared(c, f)
}

// enter makes the column known by its names.
func (rd *reader) enter(c *Column) {
	m := rd.model
	if other := m.columnFold(c.Name); other != nil {
		rd.fail(c.Field, "is column %q, which %s is already", c.Name, other.Field)
	}
	m.Columns = append(m.Columns, c)
	m.byName[c.Name] = c
	if c.JSON == "" {
		return
	}
	if rd.jsonTaken(c.JSON, c.Field) {
		return
	}
	m.byJSON[c.JSON] = c
}

func (rd *reader) jsonTaken(name, field string) bool {
	if other := rd.model.byJSON[name]; other != nil {
		rd.fail(field, "has the JSON name %q, which %s has already", name, other.Field)
		return true
	}
	if other := rd.model.byRel[name]; other != nil {
		rd.fail(field, "has the JSON name %q, which %s has already", name, other.Field)
		return true
	}
	return false
}

// columnFold is the column whose name differs from name in case at most.
func (m *Model) columnFold(name string) *Column {
	for _, c := range m.Columns {
		if foldIdent(c.Name) == foldIdent(name) {
			return c
		}
	}
	return nil
}

func (rd *reader) role(c *Column, parent reflect.Type, f reflect.StructField) {
	role := mixinRole(parent, f.Name)
	if tagged, ok := f.Tag.Lookup("role"); ok {
		role = tagged
	} else if role == "" {
		rd.unsaid(c)
		return
	}
	if role == roleNone {
		return
	}
	if problem := rd.model.setRole(c, role); problem != "" {
		rd.fail(c.Field, "%s", problem)
	}
}

// unsaid notes a column that was renamed to what the mixins call the column of
// a role, and has no tag role: most often that was forgotten, and every row
// would be without an owner, or deleted for good.
func (rd *reader) unsaid(c *Column) {
	if nameRole(c.JSON) != "" && c.Name != c.JSON {
		rd.renamed = append(rd.renamed, c)
	}
}

// renames complains of such columns where no other has the role.
func (rd *reader) renames() {
	for _, c := range rd.renamed {
		role := nameRole(c.JSON)
		if slot, kind := rd.model.slot(role); *slot == nil && c.Kind == kind {
			rd.fail(c.Field, `is column %q with the JSON name %q and no tag role: tag it role:%q, or role:"none" if that is not what it means`, c.Name, c.JSON, role)
		}
	}
}

// identity finds the id by name where no field has the role.
func (rd *reader) identity() {
	m := rd.model
	if m.ID != nil {
		return
	}
	c := m.byName["id"]
	if c == nil {
		rd.problems = append(rd.problems, typeProblem(m.Type, `has no id: embed registry.Entity, or have a uuid.UUID field with column id or tag role:"id"`))
		return
	}
	if problem := m.setRole(c, roleID); problem != "" {
		rd.fail(c.Field, "%s", problem)
	}
}

func (rd *reader) relation(f reflect.StructField, tag jsonTag) {
	rel := &Relation{Model: rd.model, Name: tag.nameOf(f), Field: f.Name, Type: f.Type, Doc: f.Tag.Get("doc"), offset: f.Offset, rel: f.Tag.Get("rel")}
	if err := rel.check(tag); err != nil {
		rd.fail(f.Name, "%v", err)
		return
	}
	if rd.jsonTaken(rel.Name, f.Name) {
		return
	}
	rd.model.Relations = append(rd.model.Relations, rel)
	rd.model.byRel[rel.Name] = rel
}

// check says what is wrong with a relation as far as its own field tells.
func (rel *Relation) check(tag jsonTag) error {
	table, column, many := strings.Cut(rel.rel, ".")
	rel.Many = many
	switch {
	case tag.skip:
		return fmt.Errorf(`is a relation without a JSON name: include needs one`)
	case rel.rel == "" || many && (table == "" || column == ""):
		return fmt.Errorf(`has tag rel:%q: use rel:"project_id" for the row a column names, rel:"comments.note_id" for the rows that name this one`, rel.rel)
	case many && rel.Type.Kind() != reflect.Slice:
		return fmt.Errorf("is a relation to many rows and must be a slice, not a %s", rel.Type)
	case !many && rel.Type.Kind() != reflect.Pointer:
		return fmt.Errorf("is a relation to one row and must be a pointer, not a %s", rel.Type)
	case rel.Type.Elem().Kind() != reflect.Struct:
		return fmt.Errorf("is a relation and must hold the struct of a model, not a %s", rel.Type.Elem())
	case !tag.omitZero && (many || !tag.omitEmpty):
		return fmt.Errorf(`is a relation and needs omitzero in its json tag: it is absent unless included`)
	}
	return checkJSONNameOf(rel.Name)
}

func checkJSONNameOf(name string) error {
	if err := checkJSONName(name); err != nil {
		return fmt.Errorf("has a JSON name that is not allowed: %w", err)
	}
	return nil
}
