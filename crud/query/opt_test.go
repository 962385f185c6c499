package query_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
)

var _ registry.Optional = query.Opt[int]{}

func TestOptTellsThreeStatesApart(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	type form struct {
		A query.Opt[string] `json:"a,omitzero"`
		B query.Opt[string] `json:"b,omitzero"`
		C query.Opt[string] `json:"c,omitzero"`
	}
	const text = `{"b":null,"c":""}`
	var f form
	is.NoErr(json.Unmarshal([]byte(text), &f))
	is.True(!f.A.IsSet() && !f.A.IsNull() && f.A.IsZero())
	is.True(f.B.IsSet() && f.B.IsNull() && !f.B.IsZero())
	is.True(f.C.IsSet() && !f.C.IsNull())
	_, has := f.B.Get()
	is.True(!has)
	v, has := f.C.Get()
	is.True(has && v == "")
	is.Equal(f.C.OptValue(), "")
	is.Equal(f.C.OptType(), reflect.TypeFor[string]())
	data, err := json.Marshal(f)
	is.NoErr(err)
	is.Equal(string(data), text)

	is.Equal(query.Opt[string]{}.ValidatorValue(), (*string)(nil))
	is.Equal(query.Null[string]().ValidatorValue(), (*string)(nil))
	is.Equal(*query.Set("").ValidatorValue().(*string), "")
}

func TestOptSetAny(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var o query.Opt[int]
	is.True(o.SetAny(3))
	is.Equal(o, query.Set(3))
	is.True(!o.SetAny("x"))
	is.Equal(o, query.Set(3))
	is.True(o.SetAny(nil))
	is.Equal(o, query.Null[int]())
}

func TestOptKeepsItsValueAfterAnError(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	o := query.Set(3)
	is.True(json.Unmarshal([]byte(`"x"`), &o) != nil)
	is.Equal(o, query.Set(3))
}
