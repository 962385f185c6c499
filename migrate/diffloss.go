package migrate

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ariga.io/atlas/sql/schema"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// DestructiveError is a difference whose migration would lose data, or stop at
// rows that do not fit. It is of kind Conflict.
type DestructiveError struct {
	Lost []string // what would be lost, by name
}

// Error lists what would be lost.
func (e *DestructiveError) Error() string {
	return "migrate: the migration would lose data, and AllowDestructive is not set: " + strings.Join(e.Lost, "; ")
}

// Unwrap makes it an error of kind Conflict.
func (e *DestructiveError) Unwrap() error {
	return joinery.Errorf(joinery.Conflict, "migration_destructive", strings.Join(e.Lost, "; "))
}

// losses are what the rows would lose, and what would stop at rows that do not
// fit.
func losses(d string, pairs []*pair) (lost []string) {
	for _, p := range pairs {
		switch {
		case p.want == nil:
			lost = append(lost, fmt.Sprintf("table %s is dropped with its rows", p.was.name))
		case p.was != nil:
			lost = append(lost, p.losses(d)...)
		}
	}
	return lost
}

func (p *pair) losses(d string) (lost []string) {
	for _, change := range p.changes {
		if text := p.loss(d, change); text != "" {
			lost = append(lost, text)
		}
	}
	if d == "sqlite" && p.rebuilt() {
		lost = append(lost, p.unknown()...)
	}
	return lost
}

func (p *pair) loss(d string, change schema.Change) string {
	table := p.want.name
	switch change := change.(type) {
	case *schema.DropColumn:
		if c, _ := p.was.column(change.C.Name); !c.made {
			return fmt.Sprintf("column %s.%s is dropped with its values", table, c.name)
		}
	case *schema.AddColumn:
		if c, _ := p.want.column(change.C.Name); !c.null && c.value == "" {
			return fmt.Sprintf("column %s.%s is not null and has no default for the rows that are there: add one, or add it as a pointer first", table, c.name)
		}
	case *schema.ModifyColumn:
		return p.columnLoss(d, change)
	case *schema.AddCheck:
		return p.checkLoss(change.C.Name)
	}
	return ""
}

func (p *pair) columnLoss(d string, change *schema.ModifyColumn) string {
	from, _ := p.was.column(p.former(change.To.Name))
	to, _ := p.want.column(change.To.Name)
	name := p.want.name + "." + to.name
	var texts []string
	if change.Change.Is(schema.ChangeType) && !holds(d, to.sqlType, from.sqlType) {
		texts = append(texts, fmt.Sprintf("column %s becomes %s, which does not hold every %s", name, bare(to.sqlType), bare(from.sqlType)))
	}
	if change.Change.Is(schema.ChangeNull) && !to.null && to.value == "" {
		texts = append(texts, fmt.Sprintf("column %s becomes not null and has no default for the rows without a value", name))
	}
	return strings.Join(texts, "; ")
}

// checkLoss is the values that a column may no longer have.
func (p *pair) checkLoss(name string) string {
	i := slices.IndexFunc(p.spec.Checks, func(c registry.CheckSpec) bool { return c.Name == name })
	column := p.spec.Checks[i].Column.Name
	if _, there := p.was.column(p.former(column)); !there {
		return ""
	}
	allowed := literals(p.spec.Checks[i].Expr)
	before := p.formerCheck(column)
	if before == "" {
		return fmt.Sprintf("column %s.%s takes only %s from now on", p.want.name, column, strings.Join(allowed, ", "))
	}
	var refused []string
	for _, v := range literals(before) {
		if !slices.Contains(allowed, v) {
			refused = append(refused, v)
		}
	}
	if len(refused) == 0 {
		return ""
	}
	return fmt.Sprintf("column %s.%s no longer takes %s", p.want.name, column, strings.Join(refused, ", "))
}

// formerCheck is the check that a column has now. Its name begins with those of
// the table and the column.
func (p *pair) formerCheck(column string) string {
	prefix := p.was.name + "_" + p.former(column) + "_check_"
	for _, change := range p.changes {
		if drop, ok := change.(*schema.DropCheck); ok && strings.HasPrefix(drop.C.Name, prefix) {
			return drop.C.Expr
		}
	}
	return ""
}

var literal = regexp.MustCompile(`'(?:[^']|'')*'|\b-?\d+\b`)

// literals are the texts and numbers in a check.
func literals(expr string) []string { return literal.FindAllString(expr, -1) }

// unknown is what is lost when SQLite makes a table anew by a statement that
// knows nothing of it.
func (p *pair) unknown() (lost []string) {
	for _, name := range sorted(p.was.checks) {
		if !ours.MatchString(name) {
			lost = append(lost, fmt.Sprintf("the check %s of table %s, which no model describes, is dropped", name, p.was.name))
		}
	}
	if p.was.name != p.want.name && len(p.was.more) > 0 {
		lost = append(lost, fmt.Sprintf("the triggers of table %s are dropped, since they call it by its former name", p.was.name))
	}
	return lost
}

var digits = regexp.MustCompile(`\(([0-9, ]+)\)`)

// bare is a type without its collation.
func bare(sqlType string) string {
	text, _, _ := strings.Cut(sqlType, " COLLATE ")
	text, _, _ = strings.Cut(text, " CHARACTER SET ")
	return text
}

// parsedType is a type by a name that it has on every database, and its size.
func parsedType(sqlType string) (name string, size []int) {
	text := strings.ToLower(bare(sqlType))
	if at := digits.FindStringSubmatch(text); at != nil {
		for n := range strings.SplitSeq(at[1], ",") {
			i, _ := strconv.Atoi(strings.TrimSpace(n))
			size = append(size, i)
		}
		text = strings.Join(strings.Fields(digits.ReplaceAllString(text, " ")), " ")
	}
	if other, ok := otherNames[text]; ok {
		text = other
	}
	return text, size
}

var otherNames = map[string]string{
	"character varying": "varchar", "timestamp with time zone": "timestamptz", "numeric": "decimal", "int8": "bigint", "int": "integer", "int4": "integer", "int2": "smallint",
	"double precision": "double", "float8": "double", "real": "float", "float4": "float", "bool": "boolean", "longtext": "text", "json": "json", "jsonb": "jsonb", "bytea": "blob", "longblob": "blob",
}

// whole numbers by their size, and how many digits they have.
var wholes = []string{"boolean", "tinyint", "smallint", "mediumint", "integer", "bigint"}
var wholeDigits = []int{1, 3, 5, 7, 10, 19}

// holds reports whether every value of one type is one of the other, as far as
// it is known.
func holds(d, to, from string) bool {
	toName, toSize := parsedType(to)
	fromName, fromSize := parsedType(from)
	rank := slices.Index(wholes, fromName)
	switch {
	case toName == fromName && toName == "decimal":
		return holdsDecimal(toSize, fromSize)
	case toName == fromName && strings.Contains(toName, "time"): // PostgreSQL keeps microseconds where nothing else is said
		return len(toSize) == 0 && d == "postgres" || len(toSize) > 0 && (toSize[0] == 6 || len(fromSize) > 0 && toSize[0] >= fromSize[0])
	case toName == fromName:
		return len(toSize) == 0 || rank >= 0 || len(fromSize) > 0 && toSize[0] >= fromSize[0]
	case d == "sqlite" && toName == "integer":
		return rank >= 0
	case toName == "text":
		return fromName != "blob"
	case toName == "varchar":
		return rank >= 0 && len(toSize) > 0 && toSize[0] > wholeDigits[rank] && fromName != "boolean"
	case toName == "decimal":
		return rank > 0 && len(toSize) > 0 && holdsDecimal(toSize, []int{wholeDigits[rank], 0})
	case toName == "double":
		return fromName == "float" || rank > 0 && fromName != "bigint"
	case rank > 0:
		return slices.Index(wholes, toName) > rank
	}
	return false
}

func holdsDecimal(to, from []int) bool {
	if len(to) == 0 {
		return true
	}
	if len(from) == 0 {
		return false
	}
	to, from = append(to, 0), append(from, 0)
	return to[1] >= from[1] && to[0]-to[1] >= from[0]-from[1]
}
