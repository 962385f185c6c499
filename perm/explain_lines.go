package perm

import (
	"fmt"
	"slices"

	"github.com/joinery-go/joinery/registry"
)

// ruleHeld is a line of the rules, or a part of line 8, asked of a row.
type ruleHeld struct {
	line   int
	held   bool
	answer string
	text   string
	paths  []*registry.ExplainedPath
	parts  []*ruleHeld
	cut    bool
}

// What a line answers.
const (
	yes = "yes"
	no  = "no"
)

// decide goes through the lines until one answers. Where that is one of 11 to
// 15, the rest of those are told as well: they are other ways to the same.
func (x *explaining) decide(r *explained) error {
	answered := false
	for _, l := range x.lines(r) {
		if answered && (r.by < 11 || l.line > 15) {
			break
		}
		l.text = lineTexts[l.line]
		r.rules = append(r.rules, l)
		if !l.held {
			l.answer = ""
		} else if !answered {
			answered, r.by, r.allowed = true, l.line, l.answer == yes
		}
	}
	if all, asked := r.held[bitAll]; asked && r.by != 0 && all != r.allowed {
		return fmt.Errorf("perm: the explanation differs from the answer: line %d of the rules on %s", r.by, r.m.Table)
	}
	return nil
}

// lines are all lines, as far as they are known of the row.
func (x *explaining) lines(r *explained) []*ruleHeld {
	p, special := r.m.Policy, x.e.special(r.m)
	parts := x.parts(r)
	eight := slices.ContainsFunc(parts, func(part *ruleHeld) bool { return part.held })
	lines := []*ruleHeld{
		{line: 0, held: r.top && !x.who.Allows(r.m.Table, r.x), answer: no},
		{line: 1, held: x.class == root, answer: yes},
		{line: 2, held: !r.held[bitLive], answer: no},
		{line: 3, held: !r.held[bitOpen], answer: no},
		{line: 4, held: x.class == system, answer: yes},
		{line: 5, held: p.Private, answer: no},
		{line: 6, held: p.Public.Has(r.x), answer: yes},
		{line: 7, held: x.class == anonymous, answer: no},
		{line: 8, held: special, answer: yesIf(eight), parts: parts},
		{line: 9, held: p.System, answer: yesIf(r.x == View)},
		{line: 10, held: r.held[bitTenYes] || !r.held[bitTenGoes], answer: yesIf(r.held[bitTenYes])},
		{line: 11, held: r.held[bitOwns], answer: yes},
		{line: 12, held: r.held[bitTeam], answer: yes},
		{line: 13, held: r.held[bitGrant], answer: yes},
		{line: 14, held: len(r.parents()) > 0, answer: yes},
		{line: 15, held: len(r.extras()) > 0, answer: yes},
		{line: 16, held: true, answer: no},
	}
	return lines
}

func yesIf(holds bool) string {
	if holds {
		return yes
	}
	return no
}

// parts are the rules that line 8 refers to.
func (x *explaining) parts(r *explained) []*ruleHeld {
	var parts []*ruleHeld
	if x.class != user || !x.e.special(r.m) {
		return nil
	}
	for i, text := range x.partTexts(r.rowAsked) {
		part := &ruleHeld{line: 8, held: r.held[numbered(bitEight, i)], text: text}
		if part.held {
			part.answer = yes
		}
		parts = append(parts, part)
	}
	return parts
}

// parents are the references by which line 14 is held.
func (r *explained) parents() []*registry.Column {
	var refs []*registry.Column
	for _, ref := range r.m.Inherits() {
		if r.held[bitParent+ref.Name] {
			refs = append(refs, ref)
		}
	}
	return refs
}

// extras are the rules of the app by which line 15 is held.
func (r *explained) extras() []registry.Extra {
	var rules []registry.Extra
	for i, rule := range r.m.Policy.Extra {
		if r.held[numbered(bitExtra, i)] {
			rules = append(rules, rule)
		}
	}
	return rules
}
