package rest

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/swaggest/openapi-go/openapi31"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

// parameters documents path, query and header parameters of a resource's
// route.
func (b *builder) parameters(m *mounted, op Operation) []openapi31.ParameterOrReference {
	var list []openapi31.ParameterOrReference
	if m.parent != nil {
		list = append(list, parameter(openapi31.ParameterInPath, m.opts.Parent, "The row that the "+m.names().many+" belong to.", uuidSchema()))
	}
	if strings.HasPrefix(suffixOf[op], "/:id") {
		list = append(list, parameter(openapi31.ParameterInPath, "id", "The "+m.names().one+".", uuidSchema()))
	}
	switch op {
	case List:
		list = append(append(list, pageParameters(m.model)...), filterParameters(m.model)...)
	case Get:
		list = append(list, shapeParameters(m.model)...)
		if m.model.Version != nil {
			list = append(list, parameter(openapi31.ParameterInHeader, "If-None-Match", `The version that the client has, as "3", or several joined by commas: the answer is 304 while it is one of them.`, stringSchema()),
				parameter(openapi31.ParameterInHeader, "If-Match", `The version that the client wants, as "3", or several joined by commas: another one is answered 412.`, stringSchema()))
		}
	case Update, Replace, Delete, Restore:
		if m.model.Version != nil {
			list = append(list, parameter(openapi31.ParameterInHeader, "If-Match", `The version that the client saw, as "3", or several joined by commas; or *.`, stringSchema()))
		}
	case Access:
		if m.explains {
			list = append(list, explainParameters()...)
		}
	case UpdateMany, DeleteMany:
		list = append(list, parameter(openapi31.ParameterInHeader, "If-Match", "`*`: whatever the versions are.", map[string]any{"type": "string", "const": "*"}))
	}
	if takesKey(op) && m.keepsKey {
		list = append(list, keyParameter())
	}
	if op == DeleteMany {
		ids := map[string]any{"type": "array", "items": uuidSchema(), "minItems": 1, "maxItems": b.api.opts.MaxBatch}
		list = append(list, parameter(openapi31.ParameterInQuery, "id", "A row to delete, once per row, in place of a body.", ids))
	}
	return list
}

// keyParameter is the header Idempotency-Key.
func keyParameter() openapi31.ParameterOrReference {
	return parameter(openapi31.ParameterInHeader, idempotencyHeader,
		"Makes the request safe to repeat: sent again with the same key within 24 hours, it is answered as before and not done again. With another request the key is refused (422), and while the first is worked on too (409). A request that fails gives its key up.",
		map[string]any{"type": "string", "pattern": `^("[!#-\[\]-~]+"|[!#-\[\]-~]+)$`, "minLength": 1, "maxLength": maxIdempotencyKey + len(`""`)})
}

func explainParameters() []openapi31.ParameterOrReference {
	return []openapi31.ParameterOrReference{
		parameter(openapi31.ParameterInQuery, "explain", "Answers why this action is allowed or not.", map[string]any{"type": "string", "enum": joinery.AllActions.Names()}),
		parameter(openapi31.ParameterInQuery, "user", "The user of whom `explain` asks; without it the caller.", uuidSchema()),
	}
}

func parameter(in openapi31.ParameterIn, name, description string, schema map[string]any) openapi31.ParameterOrReference {
	p := &openapi31.Parameter{Name: name, In: in, Description: optional(description), Schema: schema}
	if in == openapi31.ParameterInPath {
		p.Required = optional(true)
	}
	return openapi31.ParameterOrReference{Parameter: p}
}

// listed is a query parameter with several values joined by commas.
func listed(name, description string, items map[string]any) openapi31.ParameterOrReference {
	p := parameter(openapi31.ParameterInQuery, name, description, map[string]any{"type": "array", "items": items})
	joined, form := false, openapi31.ParameterStyleForm
	p.Parameter.Explode, p.Parameter.Style = &joined, &form
	return p
}

func uuidSchema() map[string]any { return map[string]any{"type": "string", "format": "uuid"} }

// shapeParameters say what of a row is answered.
func shapeParameters(m *registry.Model) []openapi31.ParameterOrReference {
	var fields []string
	for _, c := range m.Columns {
		if c.Visible() && c.JSON != "" {
			fields = append(fields, c.JSON)
		}
	}
	list := []openapi31.ParameterOrReference{listed("fields", "The fields to answer; without it all.", map[string]any{"type": "string", "enum": fields})}
	if len(m.Relations) == 0 {
		return list
	}
	var relations []string
	for _, r := range m.Relations {
		relations = append(relations, r.Name)
	}
	return append(list, listed("include", "Related rows to answer along, to a depth of three by dots: "+strings.Join(relations, ", ")+".",
		map[string]any{"type": "string", "pattern": `^(` + strings.Join(relations, "|") + `)(\.[a-z0-9_]+){0,2}$`}))
}

func pageParameters(m *registry.Model) []openapi31.ParameterOrReference {
	in := openapi31.ParameterInQuery
	list := []openapi31.ParameterOrReference{
		parameter(in, "limit", "Rows a page.", map[string]any{"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}),
		parameter(in, "after", "The page after this cursor, which `next` of a page is.", stringSchema()),
		parameter(in, "before", "The page before this cursor, which `prev` of a page is. Not together with `after`.", stringSchema()),
		parameter(in, "sort", "The order, by declared keys; a minus is descending.", map[string]any{"type": "string", "enum": sortsOf(m), "default": "-id"}),
		parameter(in, "count", "Adds the total: `capped` stops at 1,001.", map[string]any{"type": "string", "enum": []string{"none", "capped", "exact"}, "default": "none"}),
		parameter(in, "deleted", "Deleted rows too; the operator's only.", map[string]any{"type": "boolean", "default": false}),
	}
	return append(list, shapeParameters(m)...)
}

// sortsOf are the orders that a list can have, in both directions.
func sortsOf(m *registry.Model) []string {
	list := query.Sorts(m)
	for _, order := range query.Sorts(m) {
		keys := strings.Split(order, ",")
		for i, key := range keys {
			if back, desc := strings.CutPrefix(key, "-"); desc {
				keys[i] = back
			} else {
				keys[i] = "-" + key
			}
		}
		list = append(list, strings.Join(keys, ","))
	}
	return list
}

// filterParameters are one parameter per column and operator, and the custom
// search fields. Fields of related rows work the same by dots; the JSON search
// documents them.
func filterParameters(m *registry.Model) []openapi31.ParameterOrReference {
	var list []openapi31.ParameterOrReference
	for _, c := range m.Columns {
		if !c.Visible() || c.JSON == "" {
			continue
		}
		for _, op := range query.Operators(c.Kind) {
			list = append(list, filterParameter(c, op))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Search)) {
		f := m.Search[name]
		list = append(list, parameter(openapi31.ParameterInQuery, name, f.Doc, stringSchema()))
	}
	return list
}

var operatorTexts = map[query.Op]string{
	query.OpEq: "equals", query.OpNe: "differs from", query.OpIn: "is one of", query.OpNull: "is null (true) or not (false):",
	query.OpContains: "contains", query.OpStarts: "starts with", query.OpEnds: "ends with",
	query.OpIEq: "equals, ASCII case aside,", query.OpINe: "differs, ASCII case aside, from", query.OpIIn: "is, ASCII case aside, one of", query.OpIContains: "contains, ASCII case aside,",
	query.OpIStarts: "starts, ASCII case aside, with", query.OpIEnds: "ends, ASCII case aside, with",
	query.OpLt: "is less than", query.OpLte: "is at most", query.OpGt: "is more than", query.OpGte: "is at least",
	query.OpBefore: "is before", query.OpAfter: "is after", query.OpOn: "is on the day (UTC)",
}

func filterParameter(c *registry.Column, op query.Op) openapi31.ParameterOrReference {
	name, text := c.JSON+"."+string(op), "Rows whose `"+c.JSON+"` "+operatorTexts[op]+" the value."
	if op == query.OpNull {
		text = "Rows whose `" + c.JSON + "` is null, or with false is not."
	}
	schema := valueSchema(c, op)
	if op == query.OpEq {
		text += " `" + c.JSON + "` alone means the same."
	}
	if op == query.OpIn || op == query.OpIIn {
		return listed(name, text, schema)
	}
	return parameter(openapi31.ParameterInQuery, name, text, schema)
}

// valueSchema is what a filter on the column compares with.
func valueSchema(c *registry.Column, op query.Op) map[string]any {
	switch {
	case op == query.OpNull || c.Kind == registry.Bool:
		return map[string]any{"type": "boolean"}
	case op == query.OpOn || op == query.OpBefore || op == query.OpAfter:
		return map[string]any{"type": "string", "anyOf": []any{map[string]any{"format": "date-time"}, map[string]any{"format": "date"}}}
	}
	switch c.Kind {
	case registry.Enum:
		return map[string]any{"type": "string", "enum": c.Enum}
	case registry.Int:
		if c.Base() == reflect.TypeFor[joinery.Actions]() {
			return map[string]any{"type": "string", "description": "Names of actions joined by |, none, or their number.", "examples": []any{"view|edit"}}
		}
		return map[string]any{"type": "integer"}
	case registry.Float:
		return map[string]any{"type": "number"}
	case registry.Decimal:
		return map[string]any{"type": "string", "pattern": `^-?\d+(\.\d+)?$`}
	case registry.Time:
		return map[string]any{"type": "string", "format": "date-time"}
	case registry.UUID:
		return uuidSchema()
	}
	return stringSchema()
}

// isBodyless reports whether a method has no body.
func isBodyless(method string) bool { return method == http.MethodGet }
