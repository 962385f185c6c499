package rest

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/joinery-go/joinery"
)

// AnswerError is in the chain of an error that a server answered a [Client]
// with: what of the answer is for logs. It is not safe to show to others.
type AnswerError struct {
	Method    string // of the request
	Path      string // of the request, without its query
	Status    int    // of the answer
	RequestID string // names the request in the server's log; empty: unknown
}

// Error is one line for a log.
func (e *AnswerError) Error() string {
	text := e.Method + " " + e.Path + " was answered " + strconv.Itoa(e.Status)
	if e.RequestID != "" {
		text += ", request " + e.RequestID
	}
	return text
}

// err is an answer that is no success as the error that the server had.
// Of a body that is no problem document nothing is told.
func (a *reply) err() error {
	cause := &AnswerError{a.method, a.path, a.status, cleanID(a.header.Get(requestIDHeader))}
	if p, ok := a.problem(); ok {
		return &joinery.Error{
			Kind: kindOfStatus(p.Status), Code: p.Code, Message: p.Detail, Fields: fieldsOf(p),
			Version: p.Version, RetryAfter: a.retryAfter(), Err: cause,
		}
	}
	e := foreign(a.status)
	e.RetryAfter, e.Err = a.retryAfter(), cause
	return e
}

// problem is the problem document that an answer holds.
func (a *reply) problem() (p Problem, ok bool) {
	media, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil || media != "application/problem+json" || a.status < 400 || json.Unmarshal(a.body, &p) != nil {
		return Problem{}, false
	}
	if p.Status == 0 { // optional in RFC 9457
		p.Status = a.status
	}
	return p, p.Status == a.status
}

func fieldsOf(p Problem) []joinery.FieldError {
	var fields []joinery.FieldError
	for _, f := range p.Errors {
		fields = append(fields, joinery.FieldError{Pointer: f.Pointer, Parameter: f.Parameter, Code: f.Code, Message: f.Detail})
	}
	return fields
}

// kindOfStatus is the table of problems read backwards. Of the statuses that no
// kind has, those of the 4xx say that the request is wrong.
func kindOfStatus(status int) joinery.Kind {
	for kind, s := range statusOf {
		if s == status {
			return joinery.Kind(kind)
		}
	}
	switch {
	case status == http.StatusBadGateway || status == http.StatusGatewayTimeout:
		return joinery.Unavailable
	case status >= 400 && status < 500:
		return joinery.Malformed
	}
	return joinery.Internal
}

// foreign is the error for an answer that no API of ours gives: of a proxy in
// between, or of another server altogether. Its 404 is not that of a row.
func foreign(status int) *joinery.Error {
	switch {
	case status == http.StatusUnauthorized:
		return joinery.Errorf(joinery.Unauthenticated, "", "The server does not know who calls.")
	case status == http.StatusTooManyRequests:
		return joinery.Errorf(joinery.Limited, "", "The server is asked too often.")
	case status == http.StatusRequestTimeout, status == http.StatusBadGateway, status == http.StatusServiceUnavailable, status == http.StatusGatewayTimeout:
		return joinery.Errorf(joinery.Unavailable, "", "The server cannot answer now. Try again later.")
	case status >= 300 && status < 400:
		return joinery.Errorf(joinery.Internal, "redirected", "The server redirects. Redirects are not followed: use the address it names.")
	}
	return joinery.Errorf(joinery.Internal, "foreign_answer", "The server gave an answer with status "+strconv.Itoa(status)+" that is none of its API. Is the base URL right?")
}

// retryAfter is the header in seconds or as a date; zero where there is none.
func (a *reply) retryAfter() time.Duration {
	text := a.header.Get("Retry-After")
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(a.header.Get("Date")) // the clock that the date was read from
	if err != nil {
		return 0
	}
	return max(0, at.Sub(now))
}

// cleanID is a request id that may stand in a log, else empty.
func cleanID(id string) string {
	if goodRequestID(id) {
		return id
	}
	return ""
}

// unreachable is the error of a request that got no answer. What went wrong is
// in the chain, without the URL, which holds what was asked for.
func unreachable(ctx context.Context, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if cause := ctx.Err(); cause != nil {
		return joinery.Errorf(joinery.Unavailable, "", "The call was given up before the server answered.", cause)
	}
	return joinery.Errorf(joinery.Unavailable, "no_answer", "The server gave no answer. A write may have been done all the same.", err)
}

// unreadable is the error of a success whose body is not what it must be.
func unreadable(err error) error {
	return joinery.Errorf(joinery.Internal, "bad_answer", "The server's answer cannot be read. Are the client's types those of the server?", err)
}

// outOfItems turns pointers into the body of a batch into those of a manager,
// which begin with the index.
func outOfItems(err error) error {
	var e *joinery.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	at := *e
	at.Fields = make([]joinery.FieldError, len(e.Fields))
	for i, f := range e.Fields {
		f.Pointer = strings.TrimPrefix(f.Pointer, "/items")
		at.Fields[i] = f
	}
	return &at
}
