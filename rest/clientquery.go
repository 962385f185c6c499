package rest

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

// list is the request for a page: by URL where that can say it, else by search.
func (c *conn) list(q query.Query) (request, error) {
	path, inURL := c.listURL(q)
	if inURL {
		return request{method: http.MethodGet, path: path, repeat: true}, nil
	}
	body, err := searchBody(q)
	return request{method: http.MethodPost, path: "/search", body: body, repeat: true}, err
}

// listURL is q in the parameters of a URL; false where they cannot say it, or
// become longer than a server takes.
func (c *conn) listURL(q query.Query) (string, bool) {
	values := url.Values{}
	for name, list := range map[string][]string{"sort": q.Sort, "include": q.Include, "fields": q.Fields} {
		if !setList(values, name, list) {
			return "", false
		}
	}
	for name, value := range map[string]string{"after": q.After, "before": q.Before, "count": countOf(q), "limit": limitOf(q)} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.Deleted {
		values.Set("deleted", "true")
	}
	for _, f := range leaves(q.Filter) {
		if !setLeaf(values, f) {
			return "", false
		}
	}
	if len(values) == 0 {
		return "", true
	}
	path := "?" + values.Encode()
	return path, len(c.base)+len(path) <= maxURL
}

// setList sets a list of names, which commas separate.
func setList(values url.Values, name string, list []string) bool {
	for _, s := range list {
		if s == "" || strings.Contains(s, ",") {
			return false // no name at all: a search can say so
		}
	}
	if len(list) > 0 {
		values.Set(name, strings.Join(list, ","))
	}
	return true
}

func countOf(q query.Query) string {
	if q.Count == query.CountNone {
		return ""
	}
	return q.Count.String()
}

func limitOf(q query.Query) string {
	if q.Limit == 0 {
		return ""
	}
	return strconv.Itoa(q.Limit)
}

// leaves are the filters that must all hold, in the order in which the server
// takes the parameters of a URL, to which cursors are bound: so a page may be
// asked for by search whose cursor came by a URL.
func leaves(f query.Filter) []query.Filter {
	if f.IsZero() {
		return nil
	}
	if f.Op != query.OpAnd {
		return []query.Filter{f}
	}
	var list []query.Filter
	for _, part := range f.Filters {
		list = append(list, leaves(part)...)
	}
	slices.SortStableFunc(list, func(a, b query.Filter) int { return cmp.Compare(parameterOf(a), parameterOf(b)) })
	return list
}

func parameterOf(f query.Filter) string { return f.Field + "." + string(f.Op) }

// setLeaf adds a comparison; false where a URL cannot say it.
func setLeaf(values url.Values, f query.Filter) bool {
	texts, ok := textsOf(f.Value)
	_, custom := operatorTexts[f.Op]
	switch {
	case !ok || !custom || f.Filters != nil:
		return false
	case f.Op != query.OpIn && f.Op != query.OpIIn:
		if len(texts) != 1 || isList(f.Value) {
			return false
		}
		values.Add(parameterOf(f), texts[0])
		return true
	case !isList(f.Value) || len(texts) == 0:
		return false
	}
	for i, text := range texts {
		texts[i] = strings.NewReplacer(`\`, `\\`, `,`, `\,`).Replace(text)
	}
	values.Add(parameterOf(f), strings.Join(texts, ","))
	return true
}

// searchBody is q as the body of a search.
func searchBody(q query.Query) ([]byte, error) {
	body := map[string]any{}
	if filter, err := filterJSON(q.Filter); err != nil {
		return nil, err
	} else if filter != nil {
		body["filter"] = filter
	}
	for name, list := range map[string][]string{"sort": q.Sort, "include": q.Include, "fields": q.Fields} {
		if len(list) > 0 {
			body[name] = list
		}
	}
	for name, text := range map[string]string{"after": q.After, "before": q.Before, "count": countOf(q)} {
		if text != "" {
			body[name] = text
		}
	}
	if q.Limit != 0 {
		body["limit"] = q.Limit
	}
	if q.Deleted {
		body["deleted"] = true
	}
	return encode(body)
}

// filterJSON is a filter in the JSON form; nil matches everything.
func filterJSON(f query.Filter) (map[string]any, error) {
	switch {
	case f.IsZero():
		return nil, nil
	case f.Op == query.OpAnd:
		return allJSON(leaves(f))
	case f.Op == query.OpOr:
		return anyJSON(f.Filters)
	case f.Op == query.OpNot:
		return notJSON(f)
	}
	value, err := valueJSON(f.Value)
	return map[string]any{f.Field: map[string]any{string(f.Op): value}}, err
}

// holdsNever is a filter that never holds, of the JSON form.
func holdsNever() map[string]any { return map[string]any{"id": map[string]any{"in": []any{}}} }

func holdsAlways(part map[string]any) bool { return part == nil }

func allJSON(filters []query.Filter) (map[string]any, error) {
	parts, err := partsJSON(filters)
	parts = slices.DeleteFunc(parts, holdsAlways) // an or that holds always
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	return map[string]any{"and": parts}, nil
}

func anyJSON(filters []query.Filter) (map[string]any, error) {
	if len(filters) == 0 {
		return holdsNever(), nil
	}
	parts, err := partsJSON(filters)
	if err != nil || slices.ContainsFunc(parts, holdsAlways) {
		return nil, err
	}
	return map[string]any{"or": parts}, nil
}

func notJSON(f query.Filter) (map[string]any, error) {
	if len(f.Filters) != 1 {
		message := "must have exactly one filter in not"
		return nil, &joinery.Error{Kind: joinery.Malformed, Code: "bad_query", Message: "filter: " + message, Fields: []joinery.FieldError{{Parameter: "filter", Code: "bad_value", Message: message}}}
	}
	inner, err := filterJSON(f.Filters[0])
	if err != nil || inner == nil {
		return holdsNever(), err
	}
	return map[string]any{"not": inner}, nil
}

func partsJSON(filters []query.Filter) ([]map[string]any, error) {
	parts := make([]map[string]any, len(filters))
	for i, f := range filters {
		part, err := filterJSON(f)
		if err != nil {
			return nil, err
		}
		parts[i] = part
	}
	return parts, nil
}
