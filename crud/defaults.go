package crud

import (
	"unsafe"

	"github.com/joinery-go/joinery/registry"
)

// columnDefault is what a column holds where the input leaves it empty.
type columnDefault struct {
	column *registry.Column
	value  any
}

// readDefaults are the defaults of a model's columns.
func readDefaults(m *registry.Model) []columnDefault {
	var list []columnDefault
	for _, col := range m.Columns {
		if v, ok := col.DefaultValue(); ok {
			list = append(list, columnDefault{col, v})
		}
	}
	return list
}

// fillDefaults sets what is still zero in the row at p, but not what was given
// as zero or null.
func (c *core) fillDefaults(p unsafe.Pointer, given func(*registry.Column) bool) error {
	for _, d := range c.defaults {
		if d.column.Zero(p) && !given(d.column) {
			if err := d.column.SetValue(p, d.value); err != nil {
				return err
			}
		}
	}
	return nil
}

// present reports whether the form at in brings the column by a field that
// tells absent and zero apart.
func present(form *registry.Form, in unsafe.Pointer, col *registry.Column) bool {
	for _, f := range form.Fields {
		if f.Column == col && f.Optional {
			_, set := f.Get(in)
			return set
		}
	}
	return false
}

// nothingGiven is for whole rows, where zero means that nothing was said.
func nothingGiven(*registry.Column) bool { return false }
