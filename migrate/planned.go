package migrate

import (
	"context"
	"fmt"
	"strings"
)

// Planned is one migration that would be made or taken back.
type Planned struct {
	Source     string   `json:"source"`
	Version    int      `json:"version"`
	Name       string   `json:"name"`
	Down       bool     `json:"down"`
	File       string   `json:"file,omitempty"`       // empty: a step in Go
	Statements []string `json:"statements,omitempty"` // that would be run, without semicolons
}

// SQL is the plan as a text that a person reads, with the statements as they
// would be run.
func (p Planned) SQL() string {
	var b strings.Builder
	verb := "apply"
	if p.Down {
		verb = "revert"
	}
	fmt.Fprintf(&b, "-- %s %s of %s\n", verb, title(p.Version, p.Name), p.Source)
	if p.File == "" {
		b.WriteString("-- a step written in Go\n")
	}
	for _, text := range p.Statements {
		b.WriteString(text)
		b.WriteString(";\n")
	}
	return b.String()
}

// Plan is what Up would do now. It changes nothing, and waits for no run; a
// history that does not fit the sources is the error that Up would give.
func (m *Migrator) Plan(ctx context.Context) ([]Planned, error) {
	h, err := peekHistory(ctx, m.db)
	if err != nil {
		return nil, err
	}
	return planned(m.planUp(m.everything())(h))
}

// PlanDown is what Down would do now, with the errors that it would give.
func (m *Migrator) PlanDown(ctx context.Context, source string, n int) ([]Planned, error) {
	if err := m.known(source, 1); err != nil {
		return nil, err
	}
	h, err := peekHistory(ctx, m.db)
	if err != nil {
		return nil, err
	}
	return planned(m.planDown(source, n)(h))
}

func planned(moves []move, err error) ([]Planned, error) {
	var all []Planned
	for _, mv := range moves {
		s := mv.script()
		p := Planned{Source: mv.source, Version: mv.version, Name: mv.name, Down: mv.down, File: s.file}
		first := 0
		if mv.rec != nil && mv.rec.half() {
			first = mv.rec.Statement - 1
		}
		for _, one := range s.statements[min(first, len(s.statements)):] {
			p.Statements = append(p.Statements, one.text)
		}
		all = append(all, p)
	}
	return all, err
}
