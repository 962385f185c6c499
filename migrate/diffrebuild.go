package migrate

import (
	"fmt"
	"strings"

	"ariga.io/atlas/sql/schema"
)

// SQLite alters little: a table is made anew beside the old one, takes its rows
// and its name. The runner leaves foreign keys unchecked meanwhile.

// alterSQLite plans the changes of a table.
func (p *diffPlan) alterSQLite(pr *pair) {
	if pr.rebuilt() {
		p.rebuild(pr)
		return
	}
	for _, change := range pr.changes {
		switch change := change.(type) {
		case *schema.AddColumn:
			p.column(pr, change)
		case *schema.AddIndex, *schema.DropIndex, *schema.ModifyIndex:
			p.index(pr, change)
		}
	}
}

// rebuilt reports whether SQLite must make the table anew.
func (p *pair) rebuilt() bool {
	if p.moved() {
		return true
	}
	for _, change := range p.changes {
		switch change := change.(type) {
		case *schema.AddIndex, *schema.DropIndex, *schema.ModifyIndex:
		case *schema.AddColumn:
			if c, _ := p.want.column(change.C.Name); !c.null && c.value == "" {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func (p *diffPlan) rebuild(pr *pair) {
	p.add(dropMovedIndexes, nil, append(p.creates(pr.was.indexes), pr.was.more...))
	p.renameTable(pr)
	p.add(modifyColumns, p.replace(pr.want.name, pr.want.create, pr.forward()), p.replace(pr.want.name, pr.was.create, pr.backward()))
	after := p.creates(pr.want.indexes)
	for _, name := range sorted(pr.was.indexes) {
		if _, there := pr.want.indexes[name]; !there && !ours.MatchString(name) && pr.was.name == pr.want.name {
			after = append(after, pr.was.indexes[name])
		}
	}
	if pr.was.name == pr.want.name {
		after = append(after, pr.was.more...)
	}
	p.add(addIndexes, after, nil)
}

func (p *diffPlan) creates(indexes map[string]string) (all []string) {
	for _, name := range sorted(indexes) {
		all = append(all, p.say.createIndex(indexes[name]))
	}
	return all
}

// columnMove is how one column gets its values when a table is made anew.
type columnMove struct {
	to, from string
	fill     string // for null; empty: as it is
}

// forward is where the columns that shall be have their values from.
func (p *pair) forward() (moves []columnMove) {
	for _, c := range p.want.columns {
		from, ok := p.was.column(p.former(c.name))
		if ok && !c.made {
			moves = append(moves, columnMove{c.name, from.name, filling(from, c)})
		}
	}
	return moves
}

// backward is forward for the way back.
func (p *pair) backward() (moves []columnMove) {
	for _, c := range p.want.columns {
		to, ok := p.was.column(p.former(c.name))
		if ok && !to.made {
			moves = append(moves, columnMove{to.name, c.name, filling(c, to)})
		}
	}
	return moves
}

// filling is what a null becomes.
func filling(from, to columnWording) string {
	if from.null && !to.null {
		return to.value
	}
	return ""
}

// replace makes a table anew by a CREATE TABLE, with the rows that it has.
func (p *diffPlan) replace(name, create string, moves []columnMove) []string {
	q := p.say.d.Quote
	beside := "joinery_new_" + name
	var to, from []string
	for _, m := range moves {
		to = append(to, q(m.to))
		if m.fill != "" {
			from = append(from, fmt.Sprintf("coalesce(%s, %s)", q(m.from), m.fill))
		} else {
			from = append(from, q(m.from))
		}
	}
	return []string{
		under(create, q(beside)),
		fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", q(beside), strings.Join(to, ", "), strings.Join(from, ", "), q(name)),
		"DROP TABLE " + q(name),
		p.say.alter(beside, "RENAME TO %s", q(name)),
	}
}
