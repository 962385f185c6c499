package seed

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// Ref is a reference to the row of the table whose column has the value, for
// any field that holds an id. more are further columns and values, in turn;
// values may be references themselves. ctx is the one that rows got from
// [For].
//
// What it returns is a placeholder, good within this run: the id takes its
// place when the row is written. A row that is not to be found is an error of
// the run, as is a placeholder whose ctx was another one.
func Ref(ctx context.Context, table, column string, value any, more ...any) uuid.UUID {
	return holders(ctx).add(newReference(table, nil, column, value, more))
}

// RefOf is [Ref] for a field of type [registry.Ref][T], so that the compiler
// knows when it refers to another table.
func RefOf[T any](ctx context.Context, column string, value any, more ...any) registry.Ref[T] {
	return registry.Ref[T](holders(ctx).add(newReference("", reflect.TypeFor[T](), column, value, more)))
}

// reference is a row by natural key.
type reference struct {
	table string
	typ   reflect.Type // of the model, where there is no table
	pairs []pair
	err   error // what is wrong with the arguments
}

// pair is a column and its value.
type pair struct {
	column string
	value  any
}

func newReference(table string, typ reflect.Type, column string, value any, more []any) *reference {
	r := &reference{table: table, typ: typ, pairs: []pair{{column, value}}}
	if len(more)%2 == 1 {
		r.err = fmt.Errorf("the reference to %s has a column without a value", r.target())
	}
	for i := 0; i+1 < len(more); i += 2 {
		name, ok := more[i].(string)
		if !ok {
			r.err = fmt.Errorf("the reference to %s has %v where the name of a column is expected", r.target(), more[i])
		}
		r.pairs = append(r.pairs, pair{name, more[i+1]})
	}
	return r
}

// target is what is referred to, for people.
func (r *reference) target() string {
	if r.table == "" {
		return r.typ.Name()
	}
	return r.table
}

// placeholders are the references of one run by what stands in their place.
type placeholders struct {
	mu  sync.Mutex // rows of an app may be made by several goroutines
	run uint32
	all []*reference
}

// mark is how placeholders begin: the version (8) and variant of a UUID that is
// nobody's id but an app's own scheme, and letters that tell them apart.
var mark = []byte{'j', 's', 'e', 'e', 'd', 0, 0x80, 0, 0x80}

func (p *placeholders) add(r *reference) (id uuid.UUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, r)
	copy(id[:], mark)
	binary.BigEndian.PutUint32(id[9:], p.run)
	n := len(p.all) - 1
	id[13], id[14], id[15] = byte(n>>16), byte(n>>8), byte(n)
	return id
}

// of is the reference that id stands for; nil when it is an id.
func (p *placeholders) of(id uuid.UUID) (*reference, error) {
	if !bytes.HasPrefix(id[:], mark) {
		return nil, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	n := int(id[13])<<16 | int(id[14])<<8 | int(id[15])
	if binary.BigEndian.Uint32(id[9:]) != p.run || n >= len(p.all) {
		return nil, fmt.Errorf("holds a reference that was not made with the ctx of this run: give seed.Ref the ctx that the rows' function gets")
	}
	return p.all[n], nil
}

type holdersKey struct{}

func (p *placeholders) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, holdersKey{}, p)
}

// holders are the placeholders of ctx's run; outside of runs they are nobody's.
func holders(ctx context.Context) *placeholders {
	if p, ok := ctx.Value(holdersKey{}).(*placeholders); ok {
		return p
	}
	return &placeholders{}
}

// describe is the reference for people.
func (p *placeholders) describe(r *reference) string {
	parts := make([]string, len(r.pairs))
	for i, pair := range r.pairs {
		parts[i] = pair.column + "=" + p.describeValue(pair.value)
	}
	return r.target() + "(" + strings.Join(parts, ", ") + ")"
}

func (p *placeholders) describeValue(v any) string {
	id, ok := asUUID(v)
	if !ok {
		return fmt.Sprintf("%#v", v)
	}
	if r, _ := p.of(id); r != nil {
		return p.describe(r)
	}
	return id.String()
}

// asUUID is v as an id, also where it is a Ref.
func asUUID(v any) (uuid.UUID, bool) {
	switch v := v.(type) {
	case uuid.UUID:
		return v, true
	case interface{ UUID() uuid.UUID }:
		return v.UUID(), true
	}
	return uuid.Nil, false
}
