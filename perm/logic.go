package perm

import "github.com/Masterminds/squirrel"

// truth is a condition that is decided before the database is asked. It folds
// away in allOf and anyOf.
type truth bool

// ToSql writes the constant in the one form that every database reads.
func (t truth) ToSql() (string, []any, error) {
	if t {
		return "1=1", nil, nil
	}
	return "1=0", nil, nil
}

// allOf is the conditions joined by AND, without what is constant.
func allOf(conds ...squirrel.Sqlizer) squirrel.Sqlizer {
	var and squirrel.And
	for _, cond := range conds {
		switch cond {
		case truth(false):
			return truth(false)
		case truth(true):
		default:
			and = append(and, cond)
		}
	}
	switch len(and) {
	case 0:
		return truth(true)
	case 1:
		return and[0]
	}
	return and
}

// anyOf is the conditions joined by OR, without what is constant.
func anyOf(conds ...squirrel.Sqlizer) squirrel.Sqlizer {
	var or squirrel.Or
	for _, cond := range conds {
		switch cond {
		case truth(true):
			return truth(true)
		case truth(false):
		default:
			or = append(or, cond)
		}
	}
	switch len(or) {
	case 0:
		return truth(false)
	case 1:
		return or[0]
	}
	return or
}

// broken is a condition that could not be made.
type broken struct{ err error }

func (b broken) ToSql() (string, []any, error) { return "", nil, b.err }

// once ends an EXISTS. It changes nothing of the answer, but keeps PostgreSQL
// from planning the subquery a second time as a hash table, at each level of
// nesting: the plan of a comment below a note below a project took ten times
// as long.
const once = " LIMIT 1 OFFSET 0"
