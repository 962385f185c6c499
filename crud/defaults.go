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

// fillDefaults sets what is still zero in the row at p.
func (c *core) fillDefaults(p unsafe.Pointer) error {
	for _, d := range c.defaults {
		if d.column.Zero(p) {
			if err := d.column.SetValue(p, d.value); err != nil {
				return err
			}
		}
	}
	return nil
}
