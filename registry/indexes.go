package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// IndexSpec is an index that a model's table needs.
type IndexSpec struct {
	Name    string    // at most 63 bytes, the same for the same columns and rows
	Columns []SortKey // nullable ones have their nulls first ascending, last descending
	Unique  bool
	Live    bool    // holds only rows that are not soft-deleted
	Null    *Column // holds only rows in which this column is null; nil: no such limit

	lead int // how many columns in front are compared for equality
}

// Equal is how many columns in front are only ever compared for equality, so
// that their direction does not matter.
func (s IndexSpec) Equal() int { return s.lead }

// Indexes are the indexes that m's table needs beside its primary key. They
// follow from ownership, team, references and declared sort orders, so that a
// list has an index in its own order for each way to reach a row; then come
// the indexes and unique keys that the model declares. On models with
// SoftDelete they hold live rows only, except the one on each reference: a row
// that is purged or restored finds those that refer to it among deleted ones
// too. The registry must be validated. The slice is the caller's own.
func (r *Registry) Indexes(m *Model) []IndexSpec {
	set := indexSet{model: m, live: m.DeletedAt != nil}
	if m.Owner != nil {
		set.keyed(m.Owner, nil)
	}
	if m.CreatedBy != nil && (m.Owner == nil || m.Owner.Nullable) {
		set.keyed(m.CreatedBy, m.Owner) // the creator owns what has no owner
	}
	if m.Team != nil {
		set.keyed(m.Team, nil)
	}
	set.references()
	set.orders(nil, nil)
	for _, i := range m.Indexes {
		set.add(IndexSpec{Name: i.Name, Columns: m.sortKeys(i.Columns), Live: set.live})
	}
	for _, u := range m.Unique {
		keys := m.sortKeys(u.Columns)
		set.add(IndexSpec{Columns: keys, Unique: true, Live: set.live, lead: len(keys)})
	}
	return set.distinct()
}

// sortKeys are columns by name, "-name" for descending.
func (m *Model) sortKeys(names []string) []SortKey {
	var keys []SortKey
	for _, name := range names {
		bare, desc := strings.CutPrefix(name, "-")
		keys = append(keys, SortKey{m.byName[bare], desc})
	}
	return keys
}

// indexSet collects indexes of one model.
type indexSet struct {
	model *Model
	live  bool
	specs []IndexSpec
}

// keyed adds (lead, id), and (lead, keys…, id) for each declared order.
func (s *indexSet) keyed(lead, null *Column) {
	s.add(s.ordered(lead, nil, null))
	s.orders(lead, null)
}

// orders adds ([lead,] keys…, id) for each declared order.
func (s *indexSet) orders(lead, null *Column) {
	for _, keys := range s.model.Sorts {
		s.add(s.ordered(lead, keys, null))
	}
}

// ordered is the index for rows by lead in the order of keys, completed by id
// in the direction of the last key as lists are.
func (s *indexSet) ordered(lead *Column, keys []SortKey, null *Column) IndexSpec {
	spec := IndexSpec{Live: s.live, Null: null}
	if lead != nil {
		spec.Columns, spec.lead = []SortKey{{Column: lead}}, 1
	}
	desc := false
	for _, k := range append(keys[:len(keys):len(keys)], SortKey{Column: s.model.ID}) {
		if k.Column == s.model.ID && len(spec.Columns) > 0 {
			k.Desc = desc || k.Desc
		}
		if k.Column == lead {
			continue
		}
		desc = k.Desc
		spec.Columns = append(spec.Columns, k)
		if k.Column == s.model.ID {
			break // nothing is left to order
		}
	}
	return spec
}

func (s *indexSet) references() {
	for _, c := range s.model.Columns {
		if c.Ref == nil || c == s.model.Team || c == s.model.ID {
			continue
		}
		if c.Ref.Inherit {
			s.orders(c, nil)
		}
		spec := s.ordered(c, nil, nil)
		spec.Live = false // a target that goes for good, or comes back, looks for deleted rows too
		s.add(spec)
	}
}

func (s *indexSet) add(spec IndexSpec) { s.specs = append(s.specs, spec) }

// distinct is the indexes without those that another one makes needless, each
// with its name.
func (s *indexSet) distinct() []IndexSpec {
	seen := map[string]bool{}
	for _, spec := range s.specs {
		if spec.predicate() == "" {
			seen[spec.columns()] = true
		}
	}
	var specs []IndexSpec
	for _, spec := range s.specs {
		key := spec.columns() + " " + spec.predicate()
		if seen[key] || spec.predicate() != "" && seen[spec.columns()] {
			continue
		}
		if spec.primary(s.model) {
			continue
		}
		seen[key] = true
		if spec.Name == "" {
			spec.Name = spec.name(s.model.Table)
		}
		specs = append(specs, spec)
	}
	return specs
}

// primary reports whether the primary key does what the index would.
func (s IndexSpec) primary(m *Model) bool {
	return len(s.Columns) == 1 && s.Columns[0].Column == m.ID
}

// columns identify the index among those over the same rows.
func (s IndexSpec) columns() string { return strconv.FormatBool(s.Unique) + " " + sortName(s.Columns) }

// predicate says which rows the index holds, the same on every database;
// empty: all.
func (s IndexSpec) predicate() string {
	var parts []string
	for _, c := range s.nulls() {
		parts = append(parts, c.Name+" IS NULL")
	}
	return strings.Join(parts, " AND ")
}

// nulls are the columns that are null in every row of the index.
func (s IndexSpec) nulls() []*Column {
	var columns []*Column
	if s.Live {
		columns = append(columns, s.Columns[0].Column.Model.DeletedAt)
	}
	if s.Null != nil {
		columns = append(columns, s.Null)
	}
	return columns
}

// name is made of table, columns and a hash of all that makes the index what
// it is. Tools that compare schemas compare indexes by name: one whose rows
// change must change its name.
func (s IndexSpec) name(table string) string {
	base, suffix := table, "_idx"
	for _, k := range s.Columns {
		base += "_" + k.Column.Name
		if k.Desc {
			base += "_desc"
		}
	}
	if s.Unique {
		suffix = "_key"
	}
	return fitName(base, suffix+"_"+shortHash(table, s.columns(), s.predicate()))
}

// fitName is base+suffix, with base cut so that the whole is an identifier.
func fitName(base, suffix string) string {
	limit := maxIdentifier - len(suffix)
	if len(base) <= limit {
		return base + suffix
	}
	for limit > 0 && base[limit]&0xC0 == 0x80 { // not within a rune
		limit--
	}
	return base[:limit] + suffix
}

func shortHash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:4])
}
