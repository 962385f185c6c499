package rest

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery"

	"github.com/joinery-go/joinery/crud/query"
)

// etag is the entity tag of a version: "3".
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// ifMatch is the version that the If-Match header names: a number, or
// [query.AnyVersion] for *. False without the header.
func ifMatch(h http.Header) (version int64, present bool, err error) {
	values := h["If-Match"]
	if len(values) == 0 {
		return 0, false, nil
	}
	if len(values) == 1 && strings.TrimSpace(values[0]) == "*" {
		return query.AnyVersion, true, nil
	}
	if len(values) == 1 {
		if v, ok := parseETag(values[0]); ok {
			return v, true, nil
		}
	}
	return 0, true, malformedParameter("If-Match", "bad_if_match", `must be one version as an entity tag, as "3", or *`)
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
func (m *mounted) versionFor(c *call, body int64, inBody bool) (int64, error) {
	header, inHeader, err := ifMatch(c.r.Header)
	switch {
	case err != nil:
		return 0, err
	case inHeader && inBody && header != body:
		return 0, malformedParameter("If-Match", "versions_differ", `If-Match and "version" in the body name different versions: send one of them`)
	case inHeader:
		return header, nil
	case inBody:
		return body, nil
	case m.model.Version == nil || m.opts.AllowBlindWrites:
		return query.AnyVersion, nil
	}
	return 0, versionRequired(`Send the version you read: If-Match: "3", or "version" in the body. If-Match: * overwrites whatever is there.`)
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
