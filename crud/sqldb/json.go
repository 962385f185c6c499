package sqldb

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// JSON is a value for a JSON column: whatever V is, it is sent as its JSON
// text; a nil map or slice as the JSON null. Databases that can tell a JSON
// column by themselves (PostgreSQL) need it for slices and nil only, all others
// take a plain map, slice or struct as JSON too.
type JSON struct{ V any }

// Value implements driver.Valuer.
func (j JSON) Value() (driver.Value, error) {
	data, err := json.Marshal(j.V)
	if err != nil {
		return nil, fmt.Errorf("sqldb: a value for a JSON column: %w", err)
	}
	return string(data), nil
}
