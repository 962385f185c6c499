package perm

import (
	"fmt"

	"github.com/joinery-go/joinery/registry"
)

// write makes the explanations of all rows.
func (x *explaining) write() {
	for _, r := range x.rows {
		r.write()
	}
	for _, again := range x.again {
		*again.out = *again.of.out
		again.out.Rules, again.out.Cut = nil, !again.out.Redacted
	}
}

func (r *explained) write() {
	*r.out = registry.Explanation{Model: r.m.Table, Action: r.x.String()}
	if r.hidden { // a rule goes on to it only where it allows the action
		r.out.Allowed, r.out.Redacted, r.out.Reason = true, true, "the row is not the asker's to see"
		return
	}
	r.out.ID, r.out.Allowed, r.out.Rule, r.out.Reason = r.id, r.allowed, r.by, r.reason()
	for _, l := range r.rules {
		r.out.Rules = append(r.out.Rules, l.explained())
	}
}

// explained is the line as it is told.
func (l *ruleHeld) explained() registry.ExplainedRule {
	told := registry.ExplainedRule{Rule: l.line, Held: l.held, Answer: l.answer, Text: l.text, Cut: l.cut}
	for _, path := range l.paths {
		told.Paths = append(told.Paths, *path)
	}
	for _, part := range l.parts {
		told.Parts = append(told.Parts, part.explained())
	}
	return told
}

// reason is the answer as a sentence.
func (r *explained) reason() string {
	text := lineTexts[r.by]
	for _, l := range r.rules {
		if l.line == 8 && r.by == 8 {
			text = l.decisive()
		}
	}
	if r.allowed {
		return fmt.Sprintf("may %s: %s", r.x, text)
	}
	return fmt.Sprintf("may not %s: %s", r.x, text)
}

// decisive is the part of line 8 that is held.
func (l *ruleHeld) decisive() string {
	for _, part := range l.parts {
		if part.held {
			return part.text
		}
	}
	return "none of the rules that the model has of its own gives the action"
}

// needView takes back what is allowed where the row may not be viewed.
func (r *explained) needView(view *explained) {
	if view.allowed {
		return
	}
	view.write()
	r.out.View = view.out
	if r.allowed {
		r.out.Allowed, r.out.Rule = false, view.by
		r.out.Reason = fmt.Sprintf("may not %s: without view nothing is allowed, and the actor %s", r.x, view.out.Reason)
	}
}
