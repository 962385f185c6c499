package rest

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/swaggest/openapi-go/openapi31"
)

// custom documents a route added by Handle or HandleFunc.
func (b *builder) custom(rt *route) (*openapi31.Operation, error) {
	cfg := rt.doc.custom
	parameters, err := b.bound(rt)
	if err != nil {
		return nil, err
	}
	doc := &openapi31.Operation{
		ID:      b.operationID(cfg.id(rt)),
		Summary: optional(cfg.summary), Description: optional(cfg.description),
		Tags:       []string{b.customTag(rt)},
		Parameters: parameters,
		Responses:  &openapi31.Responses{MapOfResponseOrReferenceValues: map[string]openapi31.ResponseOrReference{}},
	}
	if cfg.summary == "" {
		doc.Summary = optional(rt.method + " " + rt.path)
	}
	if cfg.description == "" {
		doc.Description = doc.Summary
	}
	if cfg.keepsKey {
		doc.Parameters = append(doc.Parameters, keyParameter())
	}
	if in := rt.doc.in; in != nil && in.hasBody && !isBodyless(rt.method) {
		schema, err := b.schemas.body(in.typ)
		if err != nil {
			return nil, err
		}
		doc.RequestBody = &openapi31.RequestBodyOrReference{RequestBody: &openapi31.RequestBody{
			Required: optional(true), Content: map[string]openapi31.MediaType{typeJSON: {Schema: schema}},
		}}
	}
	answer, err := b.customAnswer(rt)
	doc.Responses.MapOfResponseOrReferenceValues[strconv.Itoa(cfg.status)] = openapi31.ResponseOrReference{Response: answer}
	return doc, err
}

func (b *builder) customAnswer(rt *route) (*openapi31.Response, error) {
	r := &openapi31.Response{Description: http.StatusText(rt.doc.custom.status) + ".", Headers: headersOf(nil)}
	if rt.doc.custom.keepsKey {
		r.Headers[replayedHeader] = replayed()
	}
	switch {
	case rt.raw:
		r.Content = map[string]openapi31.MediaType{"*/*": {Schema: map[string]any{}}}
	case rt.doc.custom.status != http.StatusNoContent:
		schema, err := b.schemas.typ(rt.doc.out, false)
		if err != nil {
			return nil, err
		}
		r.Content = map[string]openapi31.MediaType{typeJSON: {Schema: schema}}
	}
	return r, nil
}

// id names a route by method and path: postNotesPublish.
func (c *routeConfig) id(rt *route) string {
	if c.operationID != "" {
		return c.operationID
	}
	id := strings.ToLower(rt.method)
	for _, s := range rt.segments {
		if !isParam(s) && !isVersionSegment(s) {
			id += camel(s)
		}
	}
	return id
}

// customTag is the tag of the resource that the route stands below.
func (b *builder) customTag(rt *route) string {
	tag := rt.doc.custom.tag
	for _, m := range b.api.mounts {
		if tag == "" && strings.HasPrefix(rt.path, strings.TrimSuffix(m.path, "/")+"/") {
			tag = m.names().many
		}
	}
	if tag == "" {
		tag = "other"
	}
	if _, known := b.tags[tag]; !known {
		b.tags[tag] = "The " + tag + " routes."
	}
	return tag
}

// bound documents the parameters of a typed route, or the path's of a raw one.
func (b *builder) bound(rt *route) ([]openapi31.ParameterOrReference, error) {
	var list []openapi31.ParameterOrReference
	if rt.doc.in == nil {
		for _, s := range rt.segments {
			if isParam(s) {
				list = append(list, parameter(openapi31.ParameterInPath, s[1:], "Part of the path.", stringSchema()))
			}
		}
		return list, nil
	}
	for _, f := range rt.doc.in.fields {
		schema, err := b.schemas.field(f.field)
		if err != nil {
			return nil, err
		}
		p := parameter(openapi31.ParameterIn(f.source), f.name, f.doc(), schema)
		if f.source != "path" && strings.Contains(","+f.field.Tag.Get("validate")+",", ",required,") {
			p.Parameter.Required = optional(true)
		}
		list = append(list, p)
	}
	return list, nil
}

func (f boundField) doc() string {
	if text := f.field.Tag.Get("doc"); text != "" {
		return text
	}
	if f.source == "path" {
		return "Part of the path."
	}
	return ""
}

// houseOp documents a route that every API has.
func (b *builder) houseOp(rt *route) (*openapi31.Operation, error) {
	h := rt.doc.house
	b.tags["health"] = "Whether the process is alive and ready."
	schema, err := b.schemas.typ(reflect.TypeOf(h.body), false)
	if err != nil {
		return nil, err
	}
	answer := func(text string) openapi31.ResponseOrReference {
		return openapi31.ResponseOrReference{Response: &openapi31.Response{
			Description: text, Headers: headersOf(nil), Content: map[string]openapi31.MediaType{typeJSON: {Schema: schema}},
		}}
	}
	answers := map[string]openapi31.ResponseOrReference{"200": answer("Yes.")}
	if h.unready {
		answers["503"] = answer("No.")
	}
	return &openapi31.Operation{
		Tags: []string{"health"}, ID: b.operationID(h.id), Summary: &h.summary, Description: &h.description,
		Responses: &openapi31.Responses{MapOfResponseOrReferenceValues: answers},
	}, nil
}
