package registry

import (
	"slices"

	"github.com/joinery-go/joinery"
)

// search is a reference to the schema of the body that searches m, as package
// crud/query reads it.
func (b *schemaBuilder) search(m *Model) Schema {
	return b.named(schemaKey{t: m.Type, form: SchemaSearch}, m.Name+"Search", func() Schema {
		o := newObject()
		o.schema["additionalProperties"] = false
		o.schema["examples"] = []any{Schema{"sort": []any{"-id"}, "limit": int64(20)}}
		o.add("filter", b.filter(m), false)
		o.add("sort", stringList("Sort keys, descending with a minus; keys together only as the resource declares them. Without keys the newest rows come first.", sortNames(m)), false)
		o.add("limit", Schema{"type": "integer", "minimum": int64(1), "maximum": int64(1000), "default": int64(50), "description": "How many rows a page has."}, false)
		o.add("after", Schema{"type": "string", "description": "The cursor that the page before named as next."}, false)
		o.add("before", Schema{"type": "string", "description": "The cursor that the page after named as prev. Not together with after."}, false)
		o.add("include", stringList("Relations to fill, a relation of a relation by a dot.", nil), false)
		o.add("fields", stringList("Fields to answer; without it all.", fieldNames(m)), false)
		o.add("count", Schema{"type": "string", "enum": []any{"capped", "exact"}, "description": "Adds the total: capped stops at 1,001."}, false)
		o.add("deleted", Schema{"type": "boolean", "default": false, "description": "Deleted rows too. Only the root key may ask for them."}, false)
		return o.done()
	})
}

func stringList(doc string, values []any) Schema {
	items := Schema{"type": "string"}
	if len(values) > 0 {
		items["enum"] = values
	}
	return Schema{"type": "array", "items": items, "description": doc}
}

// sortNames are the keys that occur in a sort of m, in both directions.
func sortNames(m *Model) []any {
	names := []any{}
	add := func(c *Column) {
		if c.JSON != "" && !slices.Contains(names, any(c.JSON)) {
			names = append(names, c.JSON, "-"+c.JSON)
		}
	}
	add(m.ID)
	for _, keys := range m.Sorts {
		for _, k := range keys {
			add(k.Column)
		}
	}
	return names
}

func fieldNames(m *Model) []any {
	var names []any
	for _, c := range m.Columns {
		if c.Visible() {
			names = append(names, c.JSON)
		}
	}
	return names
}

// filter is a reference to the schema of a condition on m's rows.
func (b *schemaBuilder) filter(m *Model) Schema {
	key := schemaKey{t: m.Type, form: schemaFilter}
	return b.named(key, m.Name+"Filter", func() Schema {
		self := b.set.Ref(b.set.names[key])
		o := newObject()
		o.schema["additionalProperties"] = false
		o.schema["description"] = "Conditions that must all hold. A field has a value to be equal to, or conditions by operator; fields of relations are named by dots."
		for _, c := range m.Columns {
			if c.Visible() {
				o.add(c.JSON, b.conditions(c), false)
			}
		}
		for field, f := range m.Search {
			o.add(field, searchField(f), false)
		}
		o.schema["patternProperties"] = Schema{`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){1,2}$`: Schema{}}
		list := Schema{"type": "array", "items": self}
		o.add("and", list, false)
		o.add("or", list, false)
		o.add("not", self, false)
		return o.done()
	})
}

func searchField(f SearchField) Schema {
	value := Schema{"type": []any{"string", "number", "boolean"}}
	if f.Example != "" {
		value["examples"] = []any{f.Example}
	}
	s := Schema{"anyOf": []any{value, Schema{"type": "object", "properties": Schema{"eq": value}, "additionalProperties": false}}}
	if f.Doc != "" {
		s["description"] = f.Doc
	}
	return s
}

// conditions are what a filter may say of a column.
func (b *schemaBuilder) conditions(c *Column) Schema {
	o := newObject()
	o.schema["additionalProperties"] = false
	o.add("null", Schema{"type": "boolean"}, false)
	value := filterValue(c)
	for _, op := range operators(c.Kind) {
		switch op {
		case "in", "iin":
			o.add(op, Schema{"type": "array", "maxItems": int64(500), "items": value}, false)
		case "before", "after", "on":
			o.add(op, Schema{"type": "string", "description": "A time, or a date for that day in UTC."}, false)
		default:
			o.add(op, value, false)
		}
	}
	if value == nil {
		return o.done()
	}
	return Schema{"anyOf": []any{value, o.done()}}
}

// filterValue is what a column is compared with; nil: with nothing but null.
func filterValue(c *Column) Schema {
	switch c.Kind {
	case Text:
		return Schema{"type": "string"}
	case Enum:
		var values []any
		for _, v := range c.Enum {
			values = append(values, v)
		}
		if c.emptyAllowed() {
			values = append(values, "")
		}
		return Schema{"type": "string", "enum": values}
	case Bool:
		return Schema{"type": "boolean"}
	case Int:
		if c.base == actionsType {
			return anyActions()
		}
		return Schema{"type": "integer", "format": "int64"}
	case Float:
		return Schema{"type": "number", "format": "double"}
	case Decimal:
		return Schema{"type": []any{"string", "number"}, "format": "decimal"}
	case Time:
		return Schema{"type": "string", "format": "date-time"}
	case UUID:
		return Schema{"type": "string", "format": "uuid"}
	}
	return nil
}

// anyActions are the ways in which a filter may write a set of actions.
func anyActions() Schema {
	number := Schema{"type": "integer", "minimum": int64(0), "maximum": int64(joinery.AllActions)}
	return Schema{"anyOf": []any{actionsSchema(), number, Schema{"type": "string", "description": "Names joined by |, or none.", "examples": []any{"view|edit"}}}}
}

// operators are the words of package crud/query for the columns of a kind,
// null aside.
func operators(k Kind) []string {
	switch k {
	case Text:
		return []string{"eq", "ne", "in", "contains", "starts", "ends", "ieq", "ine", "iin", "icontains", "istarts", "iends"}
	case Int, Float, Decimal:
		return []string{"eq", "ne", "in", "lt", "lte", "gt", "gte"}
	case Time:
		return []string{"eq", "ne", "in", "lt", "lte", "gt", "gte", "before", "after", "on"}
	case Bool, Enum, UUID:
		return []string{"eq", "ne", "in"}
	}
	return nil
}
