package rest

import (
	"errors"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

// inItems turns the pointers of a manager's batch, which begin with the index,
// into pointers into the body.
func inItems(err error) error {
	var e *joinery.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	at := *e
	at.Fields = make([]joinery.FieldError, len(e.Fields))
	for i, f := range e.Fields {
		if strings.HasPrefix(f.Pointer, "/") && !strings.HasPrefix(f.Pointer, "/items/") {
			f.Pointer = "/items" + f.Pointer
		}
		at.Fields[i] = f
	}
	return &at
}

// inURL turns pointers into the items of a body into the parameter id, for rows
// that the URL names: the message then says which.
func inURL(err error, rows []query.Ident) error {
	var e *joinery.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	at := *e
	at.Fields = make([]joinery.FieldError, len(e.Fields))
	for i, f := range e.Fields {
		index, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/items/"), "/")
		if n, err := strconv.Atoi(index); err == nil && n >= 0 && n < len(rows) {
			f.Message = rows[n].ID.String() + ": " + f.Message
		}
		f.Pointer, f.Parameter = "", "id"
		at.Fields[i] = f
	}
	return &at
}

// maxProblems is how many problems of a batch are told at once, as many as of
// one object: an answer must not outgrow the request that provokes it.
const maxProblems = 100

// gathered joins the field errors of a batch's items, the first maxProblems of
// them. An error without fields goes before them all.
type gathered struct {
	first  error
	fields []joinery.FieldError
	kind   *joinery.Error
}

func (g *gathered) add(err error) {
	if err == nil {
		return
	}
	var e *joinery.Error
	var special *statusError
	if !errors.As(err, &e) || errors.As(err, &special) || len(e.Fields) == 0 || e.Fields[0].Pointer == "" {
		if g.first == nil {
			g.first = err
		}
		return
	}
	if g.kind == nil || e.Kind < g.kind.Kind { // Malformed before Invalid
		g.kind, g.fields = e, nil
	}
	if e.Kind == g.kind.Kind {
		g.fields = append(g.fields, e.Fields[:min(len(e.Fields), maxProblems-len(g.fields))]...)
	}
}

// full reports that whatever may come changes nothing: the rest need not be
// looked at.
func (g *gathered) full() bool {
	return len(g.fields) == maxProblems && g.kind.Kind == joinery.Malformed
}

func (g *gathered) err() error {
	if g.kind != nil && (g.first == nil || g.kind.Kind == joinery.Malformed) {
		at := *g.kind
		at.Fields = g.fields
		return &at
	}
	return g.first
}
