package joinery

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Kind says what sort of failure an error is, independent of any transport.
// The zero Kind is Internal.
type Kind uint8

// The kinds of errors, and what each asks of the caller.
const (
	Internal        Kind = iota // our fault: the text stays in the process, the client sees a request id
	Malformed                   // the request's shape is wrong: URL, cursor, JSON
	Invalid                     // the request's values are wrong, field by field
	Unauthenticated             // nobody is acting, and somebody must
	PaymentRequired             // the actor's account must be paid first
	Forbidden                   // the actor may see it but not do this
	NotFound                    // it does not exist, or the actor may not see it
	Conflict                    // it collides with a row that exists: a unique key, a reference in use
	Stale                       // the version named is no longer the current one
	Limited                     // too much or too often
	Unavailable                 // a service that is needed does not answer; try again later
	Unsupported                 // this installation cannot do it
)

var kindNames = [...]string{
	Internal: "internal", Malformed: "malformed", Invalid: "invalid", Unauthenticated: "unauthenticated",
	PaymentRequired: "payment_required", Forbidden: "forbidden", NotFound: "not_found", Conflict: "conflict",
	Stale: "stale", Limited: "limited", Unavailable: "unavailable", Unsupported: "unsupported",
}

// String is the kind's name in snake_case, which is also the code of errors
// made without a code of their own.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[Internal]
}

// Error is a failure that a caller can act on. All of it but Err is safe to
// show to a client. It is immutable once returned; make one with [Errorf] or
// as a literal.
type Error struct {
	Kind       Kind          // what sort of failure
	Code       string        // stable machine code in snake_case; empty: the kind's name
	Message    string        // one sentence that says what is wrong and what would be right
	Fields     []FieldError  // for Malformed and Invalid: every field concerned, in order
	Version    int64         // for Stale: the current version; 0: unknown
	RetryAfter time.Duration // for Limited and Unavailable: when to try again; 0: unknown
	Err        error         // the cause, for logs and errors.Is; never shown to a client
}

// FieldError is what is wrong with one field of an input.
type FieldError struct {
	Pointer   string // JSON pointer into the body (RFC 6901), as "/items/3/title"; empty for the whole
	Parameter string // name of the URL or header parameter, where it is not in the body
	Code      string // stable machine code, as "required", "too_long", "unknown_field"
	Message   string // what is wrong and what would be right
}

// Errorf is an [*Error] of kind k with the given code (empty: the kind's name)
// and the message msg. The message is shown to clients.
func Errorf(k Kind, code, msg string, cause ...error) *Error {
	return &Error{Kind: k, Code: code, Message: msg, Err: errors.Join(cause...)}
}

// Error is the message, followed by the fields that it does not tell of itself
// and the cause. It is meant for logs; clients are shown the parts.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Code != "" && e.Code != e.Kind.String() {
		b.WriteString(" (" + e.Code + ")")
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for _, f := range e.Fields {
		if more := f.beyond(e.Message); more != "" {
			b.WriteString("; " + more)
		}
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// beyond is what f tells that a message does not: the sentence about a single
// field is often the message of the whole.
func (f FieldError) beyond(message string) string {
	place := f.Pointer + f.Parameter
	switch {
	case f.Message == "" || !strings.HasSuffix(message, f.Message):
		return place + ": " + f.Message
	case strings.Contains(message, strings.TrimPrefix(place, "/")):
		return ""
	}
	return place
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOrKind is the code, or the kind's name where there is none.
func (e *Error) CodeOrKind() string {
	if e.Code != "" {
		return e.Code
	}
	return e.Kind.String()
}

// KindOf is the kind of the first [*Error] in err's chain. An error without
// one is Internal, except that a context's deadline or cancellation is
// Unavailable. KindOf(nil) is Internal: ask only about errors.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return Unavailable
	}
	return Internal
}

// IsKind reports whether err is not nil and of kind k.
func IsKind(err error, k Kind) bool { return err != nil && KindOf(err) == k }
