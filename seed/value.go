package seed

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"time"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// textOf is the column's value in the row at p as a text that is the same for
// the same value, also after a database kept it.
func textOf(c *registry.Column, p unsafe.Pointer) string { return text(c, c.Value(p)) }

func text(c *registry.Column, v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		if r, ok := new(big.Rat).SetString(v); ok && c.Kind == registry.Decimal {
			return r.RatString() // SQLite keeps a number and knows nothing of zeros at its end
		}
		return strconv.Quote(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		return sqldb.Time(v).Format(time.RFC3339Nano)
	case uuid.UUID:
		return v.String()
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	}
	if c.Kind == registry.JSON {
		return jsonText(v)
	}
	return fmt.Sprint(v)
}

// jsonText is v as JSON with its keys in order.
func jsonText(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error() // the database will say so too
	}
	var plain any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if dec.Decode(&plain) == nil {
		if sorted, err := json.Marshal(plain); err == nil {
			data = sorted
		}
	}
	return string(data)
}

// hash is a value as joinery_seeds keeps it. Row and column are part of it, so
// that it does not tell which rows hold the same.
func hash(id uuid.UUID, c *registry.Column, text string) string {
	sum := sha256.Sum256([]byte(id.String() + " " + c.Name + " " + text))
	return hex.EncodeToString(sum[:12])
}

// bound is the column's value in the row at p as a statement takes it.
func bound(c *registry.Column, p unsafe.Pointer) any {
	v := c.Value(p)
	if c.Kind != registry.JSON || v == nil {
		return v
	}
	if raw, ok := v.(json.RawMessage); ok && c.Nullable && string(bytes.TrimSpace(raw)) == "null" {
		return nil
	}
	return sqldb.JSON{V: v}
}

// lookup is the column by its name in the database or in the API.
func lookup(m *registry.Model, name string) *registry.Column {
	if c := m.Column(name); c != nil {
		return c
	}
	return m.Field(name)
}

// own reports whether Joinery keeps the column by itself.
func own(m *registry.Model, c *registry.Column) bool {
	switch c {
	case m.ID, m.Version, m.CreatedAt, m.CreatedBy, m.UpdatedAt, m.UpdatedBy, m.DeletedAt, m.DeletedBy:
		return true
	}
	return false
}

// seeded are the columns about which a whole row says something.
func seeded(m *registry.Model) (columns []*registry.Column) {
	for _, c := range m.Columns {
		if !own(m, c) {
			columns = append(columns, c)
		}
	}
	return columns
}

// ownerColumn is where a row names its owner; nil: it has none.
func ownerColumn(m *registry.Model) *registry.Column {
	if m.Owner != nil {
		return m.Owner
	}
	return m.CreatedBy
}

// live reports whether the row at p is not deleted.
func live(m *registry.Model, p unsafe.Pointer) bool {
	return m.DeletedAt == nil || m.DeletedAt.Value(p) == nil
}
