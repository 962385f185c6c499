package migrate

import (
	"slices"
	"strings"

	"ariga.io/atlas/sql/schema"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// planStep is one change: its statements, and those that take it back.
// Statements are put into the order of their stages.
type planStep struct {
	stage    stage
	up, down []string
}

// stage is the part of a migration to which a change belongs. The way down goes
// through them from the last to the first.
type stage int

const (
	dropForeignKeys stage = iota
	dropChecks
	dropMovedIndexes // of tables that are renamed, or have columns that are
	renameTables
	renameColumns
	addColumns
	modifyColumns
	createTables
	addIndexes
	dropIndexes // after those that replace them, one of which a foreign key may need
	dropColumns
	addChecks
	addForeignKeys
	dropTables
	alterComments
)

// planner of a difference: it says the changes in the words of one database.
type diffPlan struct {
	say   phrases
	later map[string]bool // tables that are not made yet
	steps []planStep
}

func (p *diffPlan) add(s stage, up, down []string) {
	p.steps = append(p.steps, planStep{s, up, down})
}

// statements are those of the steps, in order, and those that take them back.
func (p *diffPlan) statements() (up, down []string) {
	slices.SortStableFunc(p.steps, func(a, b planStep) int { return int(a.stage - b.stage) })
	for _, s := range p.steps {
		up = append(up, s.up...)
	}
	for _, s := range slices.Backward(p.steps) {
		down = append(down, s.down...)
	}
	return up, down
}

// planDiff is the statements that make the changes of the pairs, and those that
// take them back.
func planDiff(d sqldb.Dialect, pairs []*pair) (up, down []string) {
	p := &diffPlan{say: phrases{d, d.Name() == "mariadb"}, later: map[string]bool{}}
	for _, pr := range pairs {
		if pr.was == nil {
			p.later[pr.want.name] = true
		}
	}
	for _, pr := range pairs {
		switch {
		case pr.was == nil:
			p.create(pr)
		case pr.want == nil:
			p.drop(pr.was)
		case d.Name() == "sqlite":
			p.alterSQLite(pr)
		default:
			p.alter(pr)
		}
	}
	return p.statements()
}

// create plans a new table as [registry.Registry.DDL] makes it: foreign keys to
// tables that do not exist yet come last.
func (p *diffPlan) create(pr *pair) {
	name := pr.want.name
	p.later[name] = false
	var now []registry.ForeignKeySpec
	for _, k := range pr.spec.ForeignKeys {
		if !p.later[k.Column.Ref.Target.Table] || p.say.d.Name() == "sqlite" {
			now = append(now, k)
		} else {
			p.addKey(pr, k.Name)
		}
	}
	statements := []string{p.say.createTable(pr.spec.Create(name, now...))}
	if pr.spec.Comment != "" {
		statements = append(statements, pr.spec.Comment)
	}
	for _, i := range pr.spec.Indexes {
		statements = append(statements, p.say.createIndex(i.Statement))
	}
	p.add(createTables, statements, []string{p.say.dropTable(name)})
}

// drop plans that a table goes with all that belongs to it.
func (p *diffPlan) drop(w *wording) {
	statements := []string{p.say.createTable(w.create)}
	if p.say.d.Name() == "postgres" && w.comment != "" {
		statements = append(statements, p.say.comment(w.name, w.comment))
	}
	p.add(dropTables, []string{p.say.dropTable(w.name)}, append(append(statements, p.creates(w.indexes)...), w.more...))
	for _, name := range sorted(w.keys) {
		p.add(dropForeignKeys, []string{p.say.dropKey(w.name, name)}, []string{p.say.addKey(w.name, w.keys[name])})
	}
}

// alter plans the changes of a table on databases that can alter one.
func (p *diffPlan) alter(pr *pair) {
	p.renames(pr)
	for _, change := range pr.changes {
		switch change := change.(type) {
		case *schema.AddColumn, *schema.DropColumn, *schema.ModifyColumn:
			p.column(pr, change)
		case *schema.AddIndex, *schema.DropIndex, *schema.ModifyIndex:
			p.index(pr, change)
		default:
			p.constraint(pr, change)
		}
	}
}

func (p *diffPlan) renames(pr *pair) {
	p.renameTable(pr)
	to := pr.want.name
	for _, name := range sorted(pr.renamed) {
		old := pr.renamed[name]
		p.add(renameColumns, []string{p.say.renameColumn(to, old, name)}, []string{p.say.renameColumn(to, name, old)})
	}
}

func (p *diffPlan) renameTable(pr *pair) {
	if pr.was.name != pr.want.name {
		p.add(renameTables, p.say.renameTable(pr.was, pr.want), p.say.renameTable(pr.want, pr.was))
	}
}

func (p *diffPlan) column(pr *pair, change schema.Change) {
	table := pr.want.name
	switch change := change.(type) {
	case *schema.AddColumn:
		c, _ := pr.want.column(change.C.Name)
		p.add(addColumns, []string{p.say.addColumn(table, c)}, []string{p.say.dropColumn(table, c.name)})
	case *schema.DropColumn:
		c, _ := pr.was.column(change.C.Name)
		p.add(dropColumns, []string{p.say.dropColumn(table, c.name)}, []string{p.say.addColumn(table, c)})
	case *schema.ModifyColumn:
		from, _ := pr.was.column(pr.former(change.To.Name))
		to, _ := pr.want.column(change.To.Name)
		from.name = to.name
		p.add(modifyColumns, p.say.modifyColumn(table, from, to, change.Change), p.say.modifyColumn(table, to, from, change.Change))
	}
}

// index plans an index. Of a table that moves they are dropped before, so that
// the way back finds the names in which they were written.
func (p *diffPlan) index(pr *pair, change schema.Change) {
	stage := dropIndexes
	if pr.moved() {
		stage = dropMovedIndexes
	}
	switch change := change.(type) {
	case *schema.AddIndex:
		p.addIndex(pr, change.I.Name)
	case *schema.DropIndex:
		p.dropIndex(pr, stage, change.I.Name)
	case *schema.ModifyIndex:
		p.dropIndex(pr, dropMovedIndexes, change.From.Name)
		p.addIndex(pr, change.To.Name)
	}
}

func (p *diffPlan) addIndex(pr *pair, name string) {
	p.add(addIndexes, []string{p.say.createIndex(pr.want.indexes[name])}, []string{p.say.dropIndex(pr.want.name, name)})
}

func (p *diffPlan) dropIndex(pr *pair, s stage, name string) {
	table := pr.was.name
	if s == dropIndexes {
		table = pr.want.name
	}
	p.add(s, []string{p.say.dropIndex(table, name)}, []string{p.say.createIndex(pr.was.indexes[name])})
}

func (p *diffPlan) constraint(pr *pair, change schema.Change) {
	switch change := change.(type) {
	case *schema.AddForeignKey:
		p.addKey(pr, change.F.Symbol)
	case *schema.DropForeignKey:
		p.dropKey(pr, change.F.Symbol)
	case *schema.ModifyForeignKey:
		p.dropKey(pr, change.From.Symbol)
		p.addKey(pr, change.To.Symbol)
	case *schema.AddCheck:
		name := change.C.Name
		p.add(addChecks, []string{p.say.addCheck(pr.want.name, pr.want.checks[name])}, []string{p.say.dropCheck(pr.want.name, name)})
	case *schema.DropCheck:
		name := change.C.Name
		p.add(dropChecks, []string{p.say.dropCheck(pr.was.name, name)}, []string{p.say.addCheck(pr.was.name, pr.was.checks[name])})
	default:
		p.add(alterComments, []string{p.say.comment(pr.want.name, pr.want.comment)}, []string{p.say.comment(pr.want.name, pr.was.comment)})
	}
}

func (p *diffPlan) addKey(pr *pair, name string) {
	p.add(addForeignKeys, []string{p.say.addKey(pr.want.name, pr.want.keys[name])}, []string{p.say.dropKey(pr.want.name, name)})
}

func (p *diffPlan) dropKey(pr *pair, name string) {
	p.add(dropForeignKeys, []string{p.say.dropKey(pr.was.name, name)}, []string{p.say.addKey(pr.was.name, pr.was.keys[name])})
}

func sorted[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, strings.Compare)
	return keys
}
