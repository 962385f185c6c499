package rest

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/swaggest/openapi-go/openapi31"
)

// mounted documents a route of a resource.
func (b *builder) mounted(rt *route) (*openapi31.Operation, error) {
	m, op := rt.doc.mounted, rt.doc.op
	names := m.names()
	text := operationTexts[op]
	b.tag(names.many, m)
	doc := &openapi31.Operation{
		Tags: []string{names.many}, ID: b.operationID(operationID(m, op)),
		Summary:     optional(fill(text.summary, names)),
		Description: optional(fill(m.describe(text.description)+m.writeText(op), names)),
		Parameters:  b.parameters(m, op),
		Responses:   &openapi31.Responses{MapOfResponseOrReferenceValues: map[string]openapi31.ResponseOrReference{}},
	}
	body, err := b.requestBody(m, op)
	if err != nil {
		return nil, err
	}
	if body != nil {
		doc.RequestBody = &openapi31.RequestBodyOrReference{RequestBody: body}
	}
	return doc, b.answers(doc, m, op)
}

// names are how the document speaks of a resource.
type names struct{ one, many string }

func (m *mounted) names() names {
	segments, _ := parsePattern(m.path)
	many := "rows"
	if n := len(segments); n > 0 {
		many = segments[n-1]
	}
	return names{one: words(m.model.Name), many: many}
}

// words writes a Go name as words.
func words(name string) string {
	var sb strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' && name[i-1] >= 'a' {
			sb.WriteByte(' ')
		}
		sb.WriteString(strings.ToLower(string(r)))
	}
	return sb.String()
}

func fill(text string, n names) string {
	return strings.NewReplacer("{one}", n.one, "{many}", n.many).Replace(text)
}

type operationText struct{ summary, description string }

var operationTexts = map[Operation]operationText{
	List:       {"List {many}", "The {many} that the caller may see, by default the newest first, in pages. Filter by `field.operator=value`."},
	Search:     {"Search {many}", "The same as the list, with the query as a JSON document, for conditions that nest or are too long for a URL."},
	Get:        {"Get one {one}", "One {one} that the caller may see. With `If-None-Match` the answer is 304 while the version is the same. With `include` there is no `ETag`."},
	Create:     {"Create {many}", "Creates one {one} from an object, or several from an array: all or none."},
	Update:     {"Change one {one}", "Changes the fields that the body names: absent leaves a field, null clears it."},
	Replace:    {"Replace one {one}", "Like change, but fields that the body lacks become their default, null or, where they take no null, empty, as with create."},
	Delete:     {"Delete one {one}", "Deletes the {one}."},
	UpdateMany: {"Change several {many}", "Changes the {many} that the items name: all or none. Errors name the item by its index."},
	DeleteMany: {"Delete several {many}", "Deletes the {many} that the items name, or those in `id` with `If-Match: *`: all or none."},
	Copy:       {"Copy one {one}", "Creates another {one} with the values of this one, except for those that the body names. What it may name is what create takes."},
	Restore:    {"Restore one {one}", "Takes back the deletion of the {one}, and of what was deleted along with it."},
	Access:     {"What may be done to one {one}", "What the caller may do to the {one}, of view, execute, copy, edit, delete and share.{explain}"},
}

// describe says of access whether it explains.
func (m *mounted) describe(text string) string {
	explain := ""
	if m.explains {
		explain = " With `explain`: why the caller, or another user, may do one of them or not."
	}
	return strings.ReplaceAll(text, "{explain}", explain)
}

// writeText says how the route wants the version.
func (m *mounted) writeText(op Operation) string {
	if m.model.Version == nil {
		return ""
	}
	must := " The version is required, by `If-Match` or in the body: without it the answer is 428. `If-Match: *` overwrites whatever is there."
	if m.opts.AllowBlindWrites {
		must = " Without a version, by `If-Match` or in the body, it overwrites whatever is there."
	}
	switch op {
	case Update, Replace, Delete, Restore:
		return must
	case UpdateMany, DeleteMany:
		return strings.Replace(must, "by `If-Match` or in the body", "in each item", 1)
	}
	return ""
}

func (b *builder) tag(name string, m *mounted) {
	text := m.opts.Description
	if text == "" {
		text = m.model.Comment
	}
	if text == "" {
		text = "The " + name + " resource."
	}
	if b.tags[name] == "" {
		b.tags[name] = text
	}
}

// operationID is as listNotes, getNote, listProjectsNotes.
func operationID(m *mounted, op Operation) string {
	segments, _ := parsePattern(m.path)
	var parts []string
	for _, s := range segments {
		if !isParam(s) && !isVersionSegment(s) {
			parts = append(parts, camel(s))
		}
	}
	many := strings.Join(parts, "")
	one := m.model.Name
	if len(parts) > 1 {
		one = strings.Join(parts[:len(parts)-1], "") + one
	}
	switch op {
	case List, Search:
		return string(op) + many
	case UpdateMany:
		return "update" + many
	case DeleteMany:
		return "delete" + many
	}
	if op == Create {
		return "create" + one
	}
	return string(op) + one
}

func isVersionSegment(s string) bool {
	_, err := strconv.Atoi(strings.TrimPrefix(s, "v"))
	return strings.HasPrefix(s, "v") && err == nil
}

func camel(s string) string {
	var sb strings.Builder
	up := true
	for _, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		switch {
		case !letter:
			up = true
			continue
		case up:
			sb.WriteString(strings.ToUpper(string(r)))
		default:
			sb.WriteRune(r)
		}
		up = false
	}
	return sb.String()
}

// requestBody documents what the route reads.
func (b *builder) requestBody(m *mounted, op Operation) (*openapi31.RequestBody, error) {
	body := func(schema map[string]any, types ...string) *openapi31.RequestBody {
		required := op != DeleteMany && op != Delete && op != Restore && op != Copy
		content := map[string]openapi31.MediaType{}
		for _, t := range types {
			content[t] = openapi31.MediaType{Schema: schema}
		}
		return &openapi31.RequestBody{Content: content, Required: &required}
	}
	switch op {
	case Create:
		schema, err := b.schemas.create(m)
		if err != nil || m.create == nil {
			return nil, err
		}
		return body(map[string]any{"oneOf": []any{schema, b.arrayOf(schema)}}, typeJSON), nil
	case Update, Replace:
		schema, err := b.schemas.update(m)
		if err != nil {
			return nil, err
		}
		if op == Replace {
			return body(schema, typeJSON), nil
		}
		return body(schema, typeJSON, typeMerge), nil
	case Delete, Restore:
		return body(b.schemas.versionOnly(m), typeJSON), nil
	case Copy:
		schema, err := b.schemas.overrides(m)
		return body(schema, typeJSON), err
	case UpdateMany:
		schema, err := b.schemas.change(m)
		return body(b.itemsOf(schema), typeJSON), err
	case DeleteMany:
		return body(b.itemsOf(b.schemas.ident(m)), typeJSON), nil
	case Search:
		schema, err := b.schemas.search(m.model)
		return body(schema, typeJSON), err
	}
	return nil, nil
}

func (b *builder) arrayOf(schema map[string]any) map[string]any {
	return map[string]any{"type": "array", "items": schema, "minItems": 1, "maxItems": b.api.opts.MaxBatch}
}

func (b *builder) itemsOf(schema map[string]any) map[string]any {
	return map[string]any{
		"type": "object", "required": []string{"items"}, "additionalProperties": false,
		"properties": map[string]any{"items": b.arrayOf(schema)},
	}
}

// answers documents the successful answers of the route.
func (b *builder) answers(doc *openapi31.Operation, m *mounted, op Operation) error {
	row, err := b.schemas.entity(m.model)
	if err != nil {
		return err
	}
	add := func(status int, description string, schema map[string]any, headers ...string) {
		r := &openapi31.Response{Description: description, Headers: headersOf(headers)}
		if takesKey(op) && m.keepsKey {
			r.Headers[replayedHeader] = replayed()
		}
		if schema != nil {
			r.Content = map[string]openapi31.MediaType{typeJSON: {Schema: schema}}
		}
		doc.Responses.MapOfResponseOrReferenceValues[strconv.Itoa(status)] = openapi31.ResponseOrReference{Response: r}
	}
	tag := "ETag"
	if m.model.Version == nil {
		tag = ""
	}
	items := map[string]any{
		"type": "object", "required": []string{"items"}, "additionalProperties": false,
		"properties": map[string]any{"items": map[string]any{"type": "array", "items": row}},
	}
	one := m.names().one
	switch op {
	case List:
		add(http.StatusOK, "A page.", b.schemas.page(m.model, row), "Link")
	case Search:
		add(http.StatusOK, "A page.", b.schemas.page(m.model, row))
	case Get:
		add(http.StatusOK, "The "+one+".", b.schemas.partial(m.model, row), tag)
		if tag != "" {
			add(http.StatusNotModified, "The client has this version.", nil, tag)
		}
	case Create:
		schema := row
		if m.create != nil {
			schema = map[string]any{"oneOf": []any{row, items}}
		}
		add(http.StatusCreated, "The "+one+", or the items in the order of the array.", schema, tag, "Location")
	case Copy:
		add(http.StatusCreated, "The new "+one+".", row, tag, "Location")
	case Update, Replace, Restore:
		add(http.StatusOK, "The "+one+" as it is now.", row, tag)
		add(http.StatusNoContent, "Changed, and by that out of the caller's sight.", nil)
	case Access:
		schema, err := b.schemas.access(m)
		add(http.StatusOK, "What the caller may do, or the reasons that `explain` asked for.", schema)
		return err
	case UpdateMany:
		add(http.StatusOK, "The items as they are now, in their order, without those that the change took out of the caller's sight.", items)
	case Delete, DeleteMany:
		add(http.StatusNoContent, "Deleted.", nil)
	}
	return nil
}

var headerTexts = map[string]string{
	"ETag":     `The row's version as an entity tag, as "3".`,
	"Location": "The path of the new row; absent for an array.",
	"Link":     "The neighboring pages, rel next and prev.",
}

func replayed() openapi31.HeaderOrReference {
	return header("There where the answer is that of an earlier request with the same Idempotency-Key.", map[string]any{"type": "string", "const": "true"})
}

func headersOf(list []string) map[string]openapi31.HeaderOrReference {
	h := map[string]openapi31.HeaderOrReference{requestIDHeader: header("Names the request in the server's log.", stringSchema())}
	for _, name := range list {
		if name != "" {
			h[name] = header(headerTexts[name], stringSchema())
		}
	}
	return h
}
