package crud

import (
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"sync"
	"time"
	"unsafe"

	"github.com/joinery-go/joinery/registry"
)

// copyPlan copies rows of a model, column by column, so that the copies share
// no memory that somebody could change. It is made once and safe for concurrent
// use.
type copyPlan struct {
	columns []copiedColumn
}

type copiedColumn struct {
	offset uintptr
	typ    reflect.Type
	copy   copier
}

// copier copies src to dst, which is zero. depth is how deep in the row that is.
// An error says what cannot be copied.
type copier func(dst, src reflect.Value, depth int) error

// maxCopyDepth is deeper than what comes of JSON, and less than what a value
// that contains itself would be.
const maxCopyDepth = 40_000

var errTooDeep = errors.New("crud: a value is nested too deeply to be copied")

func newCopyPlan(m *registry.Model) (*copyPlan, error) {
	row := reflect.New(m.Type).UnsafePointer()
	plan, types := &copyPlan{}, &copiers{}
	for _, col := range m.Columns {
		copy, err := types.of(col.Type)
		if err != nil {
			return nil, fmt.Errorf("crud.New: Options.RowCache: field %s of %s %w: give it a type of exported fields, or leave the cache out", col.Field, m.Name, err)
		}
		offset := uintptr(reflect.ValueOf(col.Pointer(row)).UnsafePointer()) - uintptr(row)
		plan.columns = append(plan.columns, copiedColumn{offset, col.Type, copy})
	}
	return plan, nil
}

// copy copies the columns of the row at src to the row at dst, and nothing else
// of it.
func (p *copyPlan) copy(dst, src unsafe.Pointer) error {
	for _, c := range p.columns {
		to, from := reflect.NewAt(c.typ, unsafe.Add(dst, c.offset)), reflect.NewAt(c.typ, unsafe.Add(src, c.offset))
		if err := c.copy(to.Elem(), from.Elem(), 0); err != nil {
			return err
		}
	}
	return nil
}

// copiers are the copiers of types, each made once. What JSON holds under an
// interface is of types that show when it is copied.
type copiers struct {
	mu   sync.RWMutex
	made map[reflect.Type]madeCopier
}

type madeCopier struct {
	copy copier
	err  error
}

func (c *copiers) of(t reflect.Type) (copier, error) {
	c.mu.RLock()
	known, ok := c.made[t]
	c.mu.RUnlock()
	if ok {
		return known.copy, known.err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == nil {
		c.made = map[reflect.Type]madeCopier{}
	}
	return c.within(t)
}

// within is of while the lock is held. A type that contains itself finds a
// stand-in for what is still being made.
func (c *copiers) within(t reflect.Type) (copier, error) {
	if known, ok := c.made[t]; ok {
		return known.copy, known.err
	}
	var made copier
	c.made[t] = madeCopier{copy: func(dst, src reflect.Value, depth int) error { return made(dst, src, depth) }}
	copy, err := c.make(t)
	if made = copy; err != nil {
		made = func(reflect.Value, reflect.Value, int) error { return err }
	}
	c.made[t] = madeCopier{made, err}
	return made, err
}

func (c *copiers) make(t reflect.Type) (copier, error) {
	if immutable(t) {
		return func(dst, src reflect.Value, depth int) error { dst.Set(src); return nil }, nil
	}
	if t == objectType || t == listType {
		return c.decoded, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return c.pointer(t)
	case reflect.Slice:
		return c.slice(t)
	case reflect.Array:
		return c.array(t)
	case reflect.Map:
		return c.mapping(t)
	case reflect.Struct:
		return c.structure(t)
	case reflect.Interface:
		return c.dynamic, nil
	}
	return nil, fmt.Errorf("holds a %s, which cannot be copied", t)
}

// immutables are types that point to memory which nobody can change.
var immutables = [...]reflect.Type{reflect.TypeFor[time.Time](), reflect.TypeFor[netip.Addr]()}

// immutable reports whether values of t share nothing that can be changed when
// they are assigned.
func immutable(t reflect.Type) bool {
	for _, known := range immutables {
		if t == known {
			return true
		}
	}
	switch k := t.Kind(); k {
	case reflect.Array:
		return immutable(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !immutable(t.Field(i).Type) {
				return false
			}
		}
		return true
	default:
		return k == reflect.String || k >= reflect.Bool && k <= reflect.Complex128
	}
}

func (c *copiers) pointer(t reflect.Type) (copier, error) {
	elem, err := c.within(t.Elem())
	return func(dst, src reflect.Value, depth int) error {
		if src.IsNil() || depth > maxCopyDepth {
			return absent(dst, src)
		}
		dst.Set(reflect.New(t.Elem()))
		return elem(dst.Elem(), src.Elem(), depth+1)
	}, err
}

func (c *copiers) slice(t reflect.Type) (copier, error) {
	elem, err := c.within(t.Elem())
	plain := immutable(t.Elem())
	return func(dst, src reflect.Value, depth int) error {
		if src.IsNil() || depth > maxCopyDepth {
			return absent(dst, src)
		}
		dst.Set(reflect.MakeSlice(t, src.Len(), src.Len()))
		if plain {
			reflect.Copy(dst, src)
			return nil
		}
		return each(src.Len(), func(i int) error { return elem(dst.Index(i), src.Index(i), depth+1) })
	}, err
}

func (c *copiers) array(t reflect.Type) (copier, error) {
	elem, err := c.within(t.Elem())
	return func(dst, src reflect.Value, depth int) error {
		return each(t.Len(), func(i int) error { return elem(dst.Index(i), src.Index(i), depth+1) })
	}, err
}

func each(n int, do func(i int) error) error {
	for i := range n {
		if err := do(i); err != nil {
			return err
		}
	}
	return nil
}

func (c *copiers) mapping(t reflect.Type) (copier, error) {
	if !immutable(t.Key()) {
		return nil, fmt.Errorf("holds a %s, whose keys cannot be copied", t)
	}
	elem, err := c.within(t.Elem())
	return func(dst, src reflect.Value, depth int) error {
		if src.IsNil() || depth > maxCopyDepth {
			return absent(dst, src)
		}
		dst.Set(reflect.MakeMapWithSize(t, src.Len()))
		k, v, copied := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem(), reflect.New(t.Elem()).Elem()
		for pairs := src.MapRange(); pairs.Next(); {
			k.SetIterKey(pairs)
			v.SetIterValue(pairs)
			copied.SetZero()
			if err := elem(copied, v, depth+1); err != nil {
				return err
			}
			dst.SetMapIndex(k, copied)
		}
		return nil
	}, err
}

// structure copies field by field. What is not exported cannot be set, so it
// must be of the sort that assigning copies.
func (c *copiers) structure(t reflect.Type) (copier, error) {
	type field struct {
		index int
		copy  copier
	}
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		if immutable(f.Type) {
			continue
		}
		if !f.IsExported() {
			return nil, fmt.Errorf("holds a %s, whose inside is not exported and cannot be copied", t)
		}
		copy, err := c.within(f.Type)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field{i, copy})
	}
	return func(dst, src reflect.Value, depth int) error {
		dst.Set(src)
		for _, f := range fields {
			if err := f.copy(dst.Field(f.index), src.Field(f.index), depth); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// absent is for what is not copied: nil, which stays nil, and what is too deep.
func absent(dst, src reflect.Value) error {
	if !src.IsNil() {
		return errTooDeep
	}
	dst.SetZero()
	return nil
}

// Types that JSON is decoded to, copied without reflection.
var objectType, listType = reflect.TypeFor[map[string]any](), reflect.TypeFor[[]any]()

func (c *copiers) decoded(dst, src reflect.Value, depth int) error {
	v, err := c.anything(src.Interface(), depth)
	if err == nil {
		dst.Set(reflect.ValueOf(v))
	}
	return err
}

// dynamic copies what an interface holds.
func (c *copiers) dynamic(dst, src reflect.Value, depth int) error {
	if src.IsNil() {
		return absent(dst, src)
	}
	return c.decoded(dst, src, depth)
}

// anything is a copy of v, which is not nil. What JSON is decoded to mostly is
// copied without reflection.
func (c *copiers) anything(v any, depth int) (any, error) {
	if depth > maxCopyDepth {
		return nil, errTooDeep
	}
	switch x := v.(type) {
	case string, float64, bool:
		return v, nil
	case map[string]any:
		return c.object(x, depth+1)
	case []any:
		return c.list(x, depth+1)
	}
	copy, err := c.of(reflect.TypeOf(v))
	if err != nil {
		return nil, err
	}
	copied := reflect.New(reflect.TypeOf(v)).Elem()
	if err := copy(copied, reflect.ValueOf(v), depth+1); err != nil {
		return nil, err
	}
	return copied.Interface(), nil
}

func (c *copiers) object(of map[string]any, depth int) (copied map[string]any, err error) {
	if of == nil {
		return nil, nil
	}
	copied = make(map[string]any, len(of))
	for k, v := range of {
		if v != nil {
			if v, err = c.anything(v, depth); err != nil {
				return nil, err
			}
		}
		copied[k] = v
	}
	return copied, nil
}

func (c *copiers) list(of []any, depth int) (copied []any, err error) {
	if of == nil {
		return nil, nil
	}
	copied = make([]any, len(of))
	for i, v := range of {
		if v != nil {
			if copied[i], err = c.anything(v, depth); err != nil {
				return nil, err
			}
		}
	}
	return copied, nil
}
