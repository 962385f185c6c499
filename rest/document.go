package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/swaggest/openapi-go/openapi31"

	"github.com/joinery-go/joinery"
)

// documents are the API's document in its two forms, made when asked for, and
// again when routes were added since.
type documents struct {
	mu         sync.Mutex
	routes     int
	spec       *openapi31.Spec
	json, yaml []byte
}

// operation is what the document says of a route: of a resource's, of a custom
// one, or of one of the house.
type operation struct {
	mounted *mounted
	op      Operation

	custom *routeConfig
	in     *binder
	out    reflect.Type

	house *houseDoc
}

// houseDoc describes a route that every API has.
type houseDoc struct {
	id, summary, description string
	body                     any
	unready                  bool // answers 503 with the same body
}

func aliveDoc() *operation {
	return &operation{house: &houseDoc{
		id: "alive", summary: "Is the process alive?", body: liveness{},
		description: "Answers as long as the process answers at all.",
	}}
}

func readyDoc() *operation {
	return &operation{house: &houseDoc{
		id: "ready", summary: "Is the process ready for traffic?", body: readiness{}, unready: true,
		description: "Runs the checks, at most once a second. 503 while one fails, and when the process is about to stop.",
	}}
}

// Document is the API's OpenAPI 3.1 document in JSON, as /openapi.json serves
// it. It validates the registries first. Do not change it.
func (a *API) Document() ([]byte, error) {
	d := &a.document
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := a.renew(d); err != nil || d.json != nil {
		return d.json, err
	}
	var err error
	d.json, err = json.MarshalIndent(d.spec, "", "  ")
	return d.json, err
}

// DocumentYAML is [API.Document] in YAML.
func (a *API) DocumentYAML() ([]byte, error) {
	d := &a.document
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := a.renew(d); err != nil || d.yaml != nil {
		return d.yaml, err
	}
	var err error
	d.yaml, err = d.spec.MarshalYAML()
	return d.yaml, err
}

// renew makes the document anew if routes were added since.
func (a *API) renew(d *documents) error {
	if d.spec != nil && d.routes == len(a.routes) {
		return nil
	}
	spec, err := a.spec()
	if err != nil {
		return err
	}
	d.spec, d.routes, d.json, d.yaml = spec, len(a.routes), nil, nil
	return nil
}

// spec builds the document from the routes.
func (a *API) spec() (*openapi31.Spec, error) {
	b := newBuilder(a)
	for _, rt := range a.routes {
		if rt.doc == nil {
			continue
		}
		if err := b.add(rt); err != nil {
			return nil, fmt.Errorf("rest: document %s %s: %w", rt.method, rt.path, err)
		}
	}
	return b.finish()
}

// builder gathers the parts of the document.
type builder struct {
	api     *API
	schemas *schemas
	paths   map[string]openapi31.PathItem
	tags    map[string]string // name to description
	ids     map[string]bool
	errors  map[int]bool // statuses whose response is used
	schemes map[string]Scheme
}

func newBuilder(a *API) *builder {
	b := &builder{
		api: a, schemas: newSchemas(a), paths: map[string]openapi31.PathItem{}, tags: map[string]string{},
		ids: map[string]bool{}, errors: map[int]bool{}, schemes: map[string]Scheme{},
	}
	for _, s := range a.opts.Schemes {
		b.schemes[s.Name] = s
	}
	return b
}

func (b *builder) add(rt *route) error {
	doc := rt.doc
	build := b.custom
	switch {
	case doc.mounted != nil:
		build = b.mounted
	case doc.house != nil:
		build = b.houseOp
	}
	op, err := build(rt)
	if err != nil {
		return err
	}
	for _, s := range b.api.schemesOf(rt.auth) {
		b.schemes[s.Name] = s
	}
	// The struct drops an empty list, but an empty list is what says public.
	op.WithMapOfAnythingItem("security", b.api.requirements(rt.auth))
	b.errorsOf(rt, op)
	path := documentPath(rt.segments)
	item := b.paths[path]
	*methodIn(&item, rt.method) = op
	b.paths[path] = item
	return nil
}

// methodIn is the place of the method's operation in a path.
func methodIn(item *openapi31.PathItem, method string) **openapi31.Operation {
	switch method {
	case http.MethodPost:
		return &item.Post
	case http.MethodPut:
		return &item.Put
	case http.MethodPatch:
		return &item.Patch
	case http.MethodDelete:
		return &item.Delete
	}
	return &item.Get
}

// documentPath is the path with {name} for each parameter.
func documentPath(segments []string) string {
	var sb strings.Builder
	for _, s := range segments {
		if isParam(s) {
			s = "{" + s[1:] + "}"
		}
		sb.WriteString("/" + s)
	}
	if sb.Len() == 0 {
		return "/"
	}
	return sb.String()
}

func (b *builder) finish() (*openapi31.Spec, error) {
	problem, err := b.schemas.typ(reflect.TypeFor[Problem](), false)
	if err != nil {
		return nil, err
	}
	o := b.api.opts
	info := openapi31.Info{
		Title: o.Title, Version: o.Version, Description: optional(b.description()),
		License: &openapi31.License{Name: o.License, Identifier: optional(o.License)},
	}
	if o.Contact != "" {
		info.Contact = &openapi31.Contact{URL: optional(o.Contact), Name: optional(o.Title)}
	}
	spec := &openapi31.Spec{
		Openapi: "3.1.0", Info: info, Paths: &openapi31.Paths{MapOfPathItemValues: b.paths},
		Security:   b.api.requirements(Required),
		Components: &openapi31.Components{Schemas: b.schemas.components(), SecuritySchemes: map[string]openapi31.SecuritySchemeOrReference{}},
	}
	for _, url := range o.Servers {
		spec.Servers = append(spec.Servers, openapi31.Server{URL: url})
	}
	for name, description := range b.tags {
		spec.Tags = append(spec.Tags, openapi31.Tag{Name: name, Description: optional(description)})
	}
	slices.SortFunc(spec.Tags, func(x, y openapi31.Tag) int { return strings.Compare(x.Name, y.Name) })
	for name, s := range b.schemes {
		spec.Components.SecuritySchemes[name] = openapi31.SecuritySchemeOrReference{SecurityScheme: s.document()}
	}
	spec.Components.Responses = map[string]openapi31.ResponseOrReference{}
	for status := range b.errors {
		spec.Components.Responses[problemName(status)] = openapi31.ResponseOrReference{Response: b.problemResponse(status, problem)}
	}
	return spec, nil
}

func (b *builder) description() string {
	o := b.api.opts
	return strings.TrimSpace(o.Description + "\n\nErrors are problem documents (RFC 9457). Limits: a body of " + strconv.FormatInt(o.MaxBody, 10) +
		" bytes, " + strconv.Itoa(o.MaxBatch) + " rows a batch, a URL of 8 KiB, headers of 16 KiB, " + o.Timeout.String() + " a request." +
		"\n\nWrites name the version they saw, by `If-Match` or by `version` in the body; a row that has changed since answers 412 with its current version.")
}

// operationID makes an id unique.
func (b *builder) operationID(id string) *string {
	unique := id
	for n := 2; b.ids[unique]; n++ {
		unique = id + strconv.Itoa(n)
	}
	b.ids[unique] = true
	return &unique
}

// errorsOf documents the errors that a route can answer with.
func (b *builder) errorsOf(rt *route, op *openapi31.Operation) {
	if op.Responses == nil {
		op.Responses = &openapi31.Responses{}
	}
	if op.Responses.MapOfResponseOrReferenceValues == nil {
		op.Responses.MapOfResponseOrReferenceValues = map[string]openapi31.ResponseOrReference{}
	}
	answers := op.Responses.MapOfResponseOrReferenceValues
	for _, status := range b.api.errorStatuses(rt) {
		key := strconv.Itoa(status)
		if _, taken := answers[key]; taken {
			continue
		}
		b.errors[status] = true
		answers[key] = openapi31.ResponseOrReference{Reference: &openapi31.Reference{Ref: "#/components/responses/" + problemName(status)}}
	}
}

// errorStatuses are those of the kinds of errors, as far as the route can meet
// them, and those of HTTP itself.
func (a *API) errorStatuses(rt *route) []int {
	list := []int{http.StatusRequestURITooLong, http.StatusRequestHeaderFieldsTooLarge, http.StatusInternalServerError}
	if rt.doc.house != nil {
		return list
	}
	list = append(list, 400, 402, 403, 404, 503)
	if rt.auth != None || rt.doc.custom != nil {
		list = append(list, 401)
	}
	if a.limiter != nil || rt.doc.custom != nil {
		list = append(list, 429)
	}
	if !rt.raw {
		list = append(list, 406)
	}
	switch rt.doc.op {
	case Access:
		list = append(list, 501)
	case Get:
		list = append(list, 412)
	}
	if rt.method != http.MethodGet || rt.doc.custom != nil {
		list = append(list, 409, 412, 413, 415, 422, 428, 501)
	}
	return list
}

func problemName(status int) string {
	return strings.NewReplacer(" ", "", "-", "", "'", "").Replace(http.StatusText(status))
}

func (b *builder) problemResponse(status int, schema map[string]any) *openapi31.Response {
	example := any(b.problemExample(status))
	return &openapi31.Response{
		Description: http.StatusText(status) + ".",
		Headers:     b.problemHeaders(status),
		Content: map[string]openapi31.MediaType{
			"application/problem+json": {Schema: schema, Example: &example},
		},
	}
}

func (b *builder) problemHeaders(status int) map[string]openapi31.HeaderOrReference {
	h := map[string]openapi31.HeaderOrReference{requestIDHeader: header("Names the request in the server's log.", stringSchema())}
	switch status {
	case http.StatusUnauthorized:
		h["WWW-Authenticate"] = header("How to authenticate.", stringSchema())
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		h["Retry-After"] = header("Seconds to wait.", map[string]any{"type": "integer", "minimum": 1})
	}
	return h
}

// problemExample is what an error of the status looks like.
func (b *builder) problemExample(status int) map[string]any {
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: http.StatusText(status) + ".", Code: "malformed"}
	for kind, s := range statusOf {
		if s == status {
			p.Detail, p.Code = details[kind], joinery.Kind(kind).String()
		}
	}
	p.RequestID = "0197f4b2-6c1d-7e55-9a53-1d9c2f8e4b10"
	if status == http.StatusPreconditionFailed {
		p.Version = 4
	}
	if status == http.StatusUnprocessableEntity {
		p.Errors = []ProblemField{{Pointer: "/title", Detail: "must not be empty", Code: "required"}}
	}
	return toMap(p)
}

func toMap(v any) map[string]any {
	data, _ := json.Marshal(v) // our own structs: cannot fail
	m := map[string]any{}
	_ = json.Unmarshal(data, &m)
	return m
}

func header(description string, schema map[string]any) openapi31.HeaderOrReference {
	return openapi31.HeaderOrReference{Header: &openapi31.Header{Description: &description, Schema: schema}}
}

func stringSchema() map[string]any { return map[string]any{"type": "string"} }
