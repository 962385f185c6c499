package registry

import (
	"fmt"
)

// MariaDB has no partial indexes. What an index would leave out stands in its
// columns instead: (team_id, deleted_at, id) finds the live rows of a team in
// order. A unique key over live rows ends with a generated column that is null
// in deleted rows, which therefore never collide.

const liveColumn = "joinery_live"

// textPrefix is how much of an unlimited text an index holds there.
const textPrefix = 191

func (w specWriter) needsLiveColumn(indexes []IndexSpec) bool {
	if w.f.partial {
		return false
	}
	for _, i := range indexes {
		if i.Unique && i.Live {
			return true
		}
	}
	return false
}

func (w specWriter) liveColumn(m *Model) GeneratedSpec {
	return GeneratedSpec{
		Name:       liveColumn,
		Definition: fmt.Sprintf("%s tinyint AS (IF(%s IS NULL, 1, NULL)) VIRTUAL INVISIBLE", w.d.Quote(liveColumn), w.d.Quote(m.DeletedAt.Name)),
	}
}

// wholeKeys are the columns of an index on a database without partial ones.
func (w specWriter) wholeKeys(i IndexSpec) ([]IndexKey, error) {
	var keys []IndexKey
	for n, k := range i.Columns {
		if n == i.lead && !i.Unique {
			for _, c := range i.nulls() {
				keys = append(keys, IndexKey{Column: c.Name})
			}
		}
		key, err := w.wholeKey(i, k)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if i.Unique && i.Live {
		keys = append(keys, IndexKey{Column: liveColumn})
	}
	return keys, nil
}

func (w specWriter) wholeKey(i IndexSpec, k SortKey) (IndexKey, error) {
	key := IndexKey{Column: k.Column.Name, Desc: k.Desc}
	unlimited := k.Column.Kind == Bytes || k.Column.Kind == Text && k.Column.SQLType == "" && mariadbText(k.Column) == mariadb.types[Text]
	if unlimited && i.Unique {
		return key, fieldProblem(k.Column.Model.Type, k.Column.Field, `is in a unique key and needs validate:"max=…" up to %d on MariaDB, whose indexes hold no longer text`, mariadbVarchar)
	}
	if unlimited {
		key.Prefix = textPrefix
	}
	return key, nil
}
