package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// absence is what PUT makes of a field of the update form that the body lacks.
type absence struct {
	name  string
	index []int
	text  []byte // JSON of the column's default, else null, else its zero value

	required bool // null, which the column may not be
}

var optionalType = reflect.TypeFor[registry.Optional]()

// absences are planned when the resource is mounted: one for each field of the
// form that can be absent.
func absences(m *registry.Model, form reflect.Type) ([]absence, error) {
	if form.Kind() != reflect.Struct {
		return nil, nil
	}
	var list []absence
	for _, f := range reflect.VisibleFields(form) {
		name := jsonName(f)
		if name == "" || !f.Type.Implements(optionalType) {
			continue
		}
		col := m.Field(name)
		text, err := absentJSON(col)
		if err != nil {
			return nil, fmt.Errorf("rest: %s.%s: %w", form, f.Name, err)
		}
		a := absence{name, f.Index, text, col != nil && !col.Nullable && string(text) == "null"}
		if err := json.Unmarshal(a.text, reflect.New(f.Type).Interface()); err != nil {
			return nil, fmt.Errorf("rest: %s.%s: the default %s does not fit: %w", form, f.Name, a.text, err)
		}
		list = append(list, a)
	}
	return list, nil
}

// absentJSON is what a column becomes by a body that lacks it, as with POST:
// its default, else null, else the zero value of its type. What no answer shows
// is not cleared behind the back of a client that cannot send it again: it is
// null, which the service refuses where the column takes none.
func absentJSON(col *registry.Column) ([]byte, error) {
	switch {
	case col == nil || !col.HasDefault && (col.Nullable || col.Visibility == registry.WriteOnly):
		return []byte("null"), nil
	case col.HasDefault:
		return defaultJSON(col), nil
	case col.Kind == registry.JSON || col.Kind == registry.Bytes: // empty, not null
		row := reflect.New(col.Model.Type)
		return json.Marshal(col.Value(row.UnsafePointer()))
	}
	return json.Marshal(reflect.Zero(col.Base()).Interface())
}

// defaultJSON is the column's default as JSON.
func defaultJSON(col *registry.Column) []byte {
	switch col.Kind {
	case registry.Bool, registry.Int, registry.Float, registry.JSON:
		if json.Valid([]byte(col.Default)) {
			return []byte(col.Default)
		}
	}
	return appendString(nil, col.Default)
}

// complete gives the fields that a PUT's body lacks what POST would give them;
// the reference to the parent of a nested resource stays what the path says.
// The names are of those that it makes null although their columns may not be.
func (m *mounted) complete(c *call, in any) (missing []string, err error) {
	v := reflect.ValueOf(in).Elem()
	for _, a := range m.replace {
		field := v.FieldByIndex(a.index)
		if opt, ok := field.Interface().(registry.Optional); ok && opt.IsSet() {
			continue
		}
		text := a.text
		if a.required {
			missing = append(missing, a.name)
		}
		if m.parent != nil && a.name == m.parent.JSON {
			id, err := m.parentID(c)
			if err != nil {
				return nil, err
			}
			text = quoteID(id)
		}
		if err := json.Unmarshal(text, field.Addr().Interface()); err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// required says of the fields that a PUT lacked, and that the service refuses
// as null, that they are required: nobody has sent a null.
func required(err error, missing []string) error {
	var e *joinery.Error
	if len(missing) == 0 || !errors.As(err, &e) {
		return err
	}
	told := *e
	told.Fields = slices.Clone(e.Fields)
	for i, f := range told.Fields {
		if f.Code == "not_null" && slices.Contains(missing, strings.TrimPrefix(f.Pointer, "/")) {
			told.Fields[i].Code = "required"
			told.Fields[i].Message = "is required: no answer shows it, so a PUT must bring it; PATCH leaves it as it is"
		}
	}
	return &told
}
