package rest

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery"
)

// acceptsJSON reports whether a client with these Accept headers takes
// application/json. The most specific range decides, as RFC 9110 says; no
// header takes everything.
func acceptsJSON(headers []string) bool {
	if len(headers) == 0 || len(headers) == 1 && (headers[0] == "*/*" || headers[0] == "application/json" || headers[0] == "") {
		return true
	}
	best, accepted := 0, false
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		media, params, _ := strings.Cut(part, ";")
		rank := jsonRank(strings.ToLower(strings.TrimSpace(media)))
		if rank > 0 && rank >= best {
			best, accepted = rank, quality(params) > 0
		}
	}
	return accepted
}

func jsonRank(media string) int {
	switch media {
	case typeJSON:
		return 3
	case "application/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}

// quality is the q of a range's parameters: 1 where it is missing, 0 where it
// is no number.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, _ := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return q
		}
	}
	return 1
}

func notAcceptable() error {
	return withStatus(http.StatusNotAcceptable, joinery.Malformed, "not_acceptable",
		"This resource is answered as application/json: accept it, or send no Accept header.")
}

const (
	typeJSON  = "application/json"
	typeMerge = "application/merge-patch+json"
)

// checkContentType refuses a body that is not one of the types given. A body
// must say what it is: a form that a browser posts across sites cannot pass
// for JSON.
func checkContentType(r *http.Request, types ...string) error {
	if enc := r.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return withStatus(http.StatusUnsupportedMediaType, joinery.Malformed, "unsupported_encoding", "Send the body without Content-Encoding.")
	}
	header := r.Header.Get("Content-Type")
	if header == typeJSON && types[0] == typeJSON {
		return nil
	}
	media, params, err := mime.ParseMediaType(header)
	if charset := params["charset"]; err == nil && (charset == "" || strings.EqualFold(charset, "utf-8")) {
		for _, t := range types {
			if media == t {
				return nil
			}
		}
	}
	return withStatus(http.StatusUnsupportedMediaType, joinery.Malformed, "unsupported_media_type",
		"Send the body with Content-Type "+strings.Join(types, " or ")+", in UTF-8.")
}
