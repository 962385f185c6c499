package rest

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/joinery-go/joinery"
)

// Problem is the body of every answer that is an error: RFC 9457,
// application/problem+json.
type Problem struct {
	Type      string         `json:"type" doc:"Kind of problem as a URI; about:blank: the status says it all." example:"about:blank"`
	Title     string         `json:"title" doc:"What sort of problem it is, the same for every problem with this status." example:"Unprocessable Entity"`
	Status    int            `json:"status" doc:"The HTTP status." example:"422"`
	Detail    string         `json:"detail" doc:"What is wrong with this request and what would be right." example:"Some values are not valid."`
	Code      string         `json:"code" doc:"Stable code for programs." example:"invalid"`
	RequestID string         `json:"request_id,omitempty" doc:"Names the request in the server's log." example:"0197f4b2-6c1d-7e55-9a53-1d9c2f8e4b10"`
	Version   int64          `json:"version,omitempty" doc:"With status 412: the row's current version." example:"4"`
	Errors    []ProblemField `json:"errors,omitempty" doc:"What is wrong field by field."`
}

// ProblemField is what is wrong with one field of a request.
type ProblemField struct {
	Pointer   string `json:"pointer,omitempty" doc:"JSON pointer into the body." example:"/title"`
	Parameter string `json:"parameter,omitempty" doc:"Name of the parameter or header, where it is not in the body." example:"limit"`
	Detail    string `json:"detail" doc:"What is wrong and what would be right." example:"must not be empty"`
	Code      string `json:"code" doc:"Stable code for programs." example:"required"`
}

// statusError is an error whose status no kind of the root package has.
type statusError struct {
	status int
	err    *joinery.Error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

func withStatus(status int, k joinery.Kind, code, msg string) error {
	return &statusError{status, joinery.Errorf(k, code, msg)}
}

// statusOf is the one table from kinds of errors to HTTP.
var statusOf = [...]int{
	joinery.Internal:        http.StatusInternalServerError,
	joinery.Malformed:       http.StatusBadRequest,
	joinery.Invalid:         http.StatusUnprocessableEntity,
	joinery.Unauthenticated: http.StatusUnauthorized,
	joinery.PaymentRequired: http.StatusPaymentRequired,
	joinery.Forbidden:       http.StatusForbidden,
	joinery.NotFound:        http.StatusNotFound,
	joinery.Conflict:        http.StatusConflict,
	joinery.Stale:           http.StatusPreconditionFailed,
	joinery.Limited:         http.StatusTooManyRequests,
	joinery.Unavailable:     http.StatusServiceUnavailable,
	joinery.Unsupported:     http.StatusNotImplemented,
}

// details are the sentences for errors that bring none that may be shown.
var details = [...]string{
	joinery.Internal:        "Something went wrong on our side. The request id names it in the log.",
	joinery.Malformed:       "The request cannot be read.",
	joinery.Invalid:         "Some values are not valid.",
	joinery.Unauthenticated: "Sign in to do this.",
	joinery.PaymentRequired: "The account must be paid first.",
	joinery.Forbidden:       "You may not do this.",
	joinery.NotFound:        "There is no such thing, or you may not see it.",
	joinery.Conflict:        "It collides with something that exists.",
	joinery.Stale:           "Somebody changed it meanwhile. Read it again and repeat the change on what you find.",
	joinery.Limited:         "Too many requests. Try again later.",
	joinery.Unavailable:     "The service cannot answer now. Try again later.",
	joinery.Unsupported:     "This installation cannot do that.",
}

// ProblemOf is what a client is told of err. Of an error that is no
// [joinery.Error], or of kind Internal, it says nothing but the status.
func ProblemOf(err error) Problem {
	kind := joinery.KindOf(err)
	if int(kind) >= len(statusOf) {
		kind = joinery.Internal
	}
	status := statusOf[kind]
	var special *statusError
	if errors.As(err, &special) {
		status = special.status
	}
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: details[kind], Code: kind.String()}
	var e *joinery.Error
	if kind == joinery.Internal || !errors.As(err, &e) {
		return p
	}
	p.Code, p.Version = e.CodeOrKind(), e.Version
	if e.Message != "" {
		p.Detail = e.Message
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField{Pointer: f.Pointer, Parameter: f.Parameter, Detail: f.Message, Code: f.Code})
	}
	return p
}

// WriteProblem answers a request with err as a problem document, for handlers
// and middlewares of an app beside the routes of the API. The error's own text
// is not logged.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(err)
	p.RequestID = RequestIDFrom(r.Context())
	body, _ := json.Marshal(p) // strings and numbers only: cannot fail
	h := w.Header()
	h["Content-Type"] = problemType
	h["X-Content-Type-Options"] = noSniff
	h["Cache-Control"] = noStore
	for _, name := range []string{"Etag", "Last-Modified", "Content-Encoding", "Location", "Link"} {
		delete(h, name)
	}
	setRetryAfter(h, err)
	writeBody(w, r, p.Status, body)
}

func setRetryAfter(h http.Header, err error) {
	var e *joinery.Error
	if !errors.As(err, &e) || e.Kind != joinery.Limited && e.Kind != joinery.Unavailable {
		return
	}
	wait := e.RetryAfter
	if wait <= 0 {
		wait = time.Second
	}
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}

// problem answers with err, and logs what the client is not told.
func (a *API) problem(w http.ResponseWriter, r *http.Request, err error) {
	if status := ProblemOf(err).Status; status >= 500 {
		level := slog.LevelError
		if status == http.StatusNotImplemented || errors.Is(r.Context().Err(), context.Canceled) {
			level = slog.LevelInfo // any client can ask for what is not there, or leave
		}
		attrs := []slog.Attr{slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("error", err.Error())}
		var cause interface {
			error
			slog.LogValuer
		}
		if errors.As(err, &cause) { // as the panic of a hook, whose stack is not in its text
			attrs = append(attrs, slog.Any("cause", cause))
		}
		logRequest(r.Context(), a.log, level, "request failed", attrs...)
	}
	WriteProblem(w, r, err)
}

// writeBody sends a whole body with its length; to HEAD only the length.
func writeBody(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away is nobody to tell
	}
}
