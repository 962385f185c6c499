package query

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery"
)

// problems collects what is wrong with a query.
type problems struct {
	form form
	list []joinery.FieldError
}

// maxProblems is how many problems are told at once.
const maxProblems = 50

// add notes a problem with the part of the query called at, which is the name
// of a parameter, or a JSON pointer without its first slash.
func (p *problems) add(at, code, format string, args ...any) {
	if len(p.list) >= maxProblems {
		return
	}
	e := joinery.FieldError{Code: code, Message: fmt.Sprintf(format, args...)}
	if p.form == fromJSON {
		e.Pointer = "/" + at
	} else {
		e.Parameter = excerpt(at)
	}
	p.list = append(p.list, e)
}

// err is the problems as one error, nil where there are none.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	message := "the query cannot be understood"
	if len(p.list) == 1 {
		message = strings.TrimPrefix(p.list[0].Pointer, "/") + p.list[0].Parameter + ": " + p.list[0].Message
	}
	return &joinery.Error{Kind: joinery.Malformed, Code: "bad_query", Message: message, Fields: p.list}
}

// excerpt is s for a message: valid UTF-8 without controls, and not long.
func excerpt(s string) string {
	const limit = 100
	if len(s) > limit {
		s = s[:limit] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// listing is a list of names for a message, cut where it is long.
func listing[S ~string](names []S) string {
	const most = 40
	var b strings.Builder
	for i, n := range names {
		if i == most {
			b.WriteString(" and more")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(n))
	}
	return b.String()
}

func quoted(s string) string { return strconv.Quote(excerpt(s)) }

// problemsOf are the problems that err tells of.
func problemsOf(err error) []joinery.FieldError {
	var e *joinery.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
