package rest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

// etag is the entity tag of a version: "3".
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// maxTags is how many different versions an If-Match may name.
const maxTags = 10

// ifMatch are the versions that the If-Match header names, or
// [query.AnyVersion] alone for *; none without the header.
func ifMatch(h http.Header) (versions []int64, err error) {
	values := h["If-Match"]
	if len(values) == 1 && strings.TrimSpace(values[0]) == "*" {
		return []int64{query.AnyVersion}, nil
	}
	for _, value := range values {
		for tag := range strings.SplitSeq(value, ",") {
			v, ok := parseETag(tag)
			if ok && !slices.Contains(versions, v) {
				versions = append(versions, v)
			}
			if !ok || len(versions) > maxTags {
				return nil, malformedParameter("If-Match", "bad_if_match", `must be a version as an entity tag, as "3", or some of them joined by commas, or *`)
			}
		}
	}
	return versions, nil
}

// parseETag is the version in an entity tag. A compressing middleware marks
// the tag with a suffix and a proxy may weaken it; both still mean the row of
// that version.
func parseETag(tag string) (int64, bool) {
	tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
	if len(tag) < 3 || tag[0] != '"' || tag[len(tag)-1] != '"' {
		return 0, false
	}
	number := tag[1 : len(tag)-1]
	for _, suffix := range []string{"-gzip", "-zstd"} {
		number = strings.TrimSuffix(number, suffix)
	}
	return parseVersion(number)
}

// parseVersion reads a positive number without sign or leading zero.
func parseVersion(s string) (int64, bool) {
	if s == "" || s[0] < '1' || s[0] > '9' {
		return 0, false
	}
	v, err := strconv.ParseInt(s, 10, 64)
	return v, err == nil
}

// noneMatch reports whether If-None-Match names the version, so that the
// client has it already.
func noneMatch(h http.Header, version int64) bool {
	for _, header := range h["If-None-Match"] {
		for tag := range strings.SplitSeq(header, ",") {
			if strings.TrimSpace(tag) == "*" {
				return true
			}
			if v, ok := parseETag(tag); ok && v == version {
				return true
			}
		}
	}
	return false
}

// versionFor is the version that a write of one row names, by header or body.
func (m *mounted) versionFor(c *call, id uuid.UUID, body int64, inBody bool) (int64, error) {
	if len(c.r.Header["If-None-Match"]) > 0 {
		return 0, malformedParameter("If-None-Match", "unsupported_precondition", "is for GET: a write names the version that it saw, by If-Match")
	}
	header, err := ifMatch(c.r.Header)
	switch {
	case err != nil:
		return 0, err
	case len(header) > 0 && inBody && (len(header) > 1 || header[0] != body):
		return 0, malformedParameter("If-Match", "versions_differ", `If-Match and "version" in the body name different versions: send one of them`)
	case len(header) > 1:
		return m.oneOf(c, id, header)
	case len(header) == 1:
		return header[0], nil
	case inBody:
		return body, nil
	case m.model.Version == nil || m.opts.AllowBlindWrites:
		return query.AnyVersion, nil
	}
	return 0, versionRequired(`Send the version you read: If-Match: "3", or "version" in the body. If-Match: * overwrites whatever is there.`)
}

// oneOf is the row's version where it is one of those named, which the write
// then checks again; else any of them, for the write to say what is wrong.
func (m *mounted) oneOf(c *call, id uuid.UUID, versions []int64) (int64, error) {
	if m.current == nil {
		return 0, malformedParameter("If-Match", "bad_if_match", `may name one version here, as "3", or *`)
	}
	now, err := m.current(c.r.Context(), id)
	switch {
	case err == nil && slices.Contains(versions, now):
		return now, nil
	case err == nil || joinery.IsKind(err, joinery.NotFound):
		return versions[0], nil
	}
	return 0, err
}

// matches refuses to answer a GET whose If-Match names other versions only.
func matches(h http.Header, version int64) error {
	versions, err := ifMatch(h)
	if err != nil || len(versions) == 0 || versions[0] == query.AnyVersion || slices.Contains(versions, version) {
		return err
	}
	return &joinery.Error{Kind: joinery.Stale, Version: version}
}

func versionRequired(msg string) error {
	return withStatus(http.StatusPreconditionRequired, joinery.Malformed, "version_required", msg)
}

func malformedParameter(name, code, msg string) error {
	return &joinery.Error{
		Kind: joinery.Malformed, Code: code, Message: "The parameter or header " + name + " cannot be read.",
		Fields: []joinery.FieldError{{Parameter: name, Code: code, Message: msg}},
	}
}

func malformedBody(pointer, code, msg string) error {
	return &joinery.Error{
		Kind: joinery.Malformed, Code: "malformed_body", Message: "The body cannot be read.",
		Fields: []joinery.FieldError{{Pointer: pointer, Code: code, Message: msg}},
	}
}
