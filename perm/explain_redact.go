package perm

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// linked is a model to whose rows an explanation has links; of grants, with the
// table of the rows that they are on.
type linked struct {
	m  *registry.Model
	on string
}

// note keeps a link, which names a row until the asker is known to see it.
func (x *explaining) note(to linked, link *registry.ExplainedLink) {
	x.links[to] = append(x.links[to], link)
}

// redact takes ids and names from the links to rows that the asker may not
// View.
func (x *explaining) redact(ctx context.Context) error {
	ids := map[linked][]uuid.UUID{}
	for to, links := range x.links {
		for _, link := range links {
			if !slices.Contains(ids[to], link.ID) {
				ids[to] = append(ids[to], link.ID)
			}
		}
	}
	seen, err := x.visible(ctx, ids)
	for to, links := range x.links {
		for _, link := range links {
			if !seen[to][link.ID].Has(View) {
				*link = registry.ExplainedLink{ExpiresAt: link.ExpiresAt, Redacted: true}
			}
		}
	}
	return err
}

// visible is what of the rows the asker may View, in one statement for each
// model.
func (x *explaining) visible(ctx context.Context, ids map[linked][]uuid.UUID) (map[linked]map[uuid.UUID]joinery.Actions, error) {
	seen := map[linked]map[uuid.UUID]joinery.Actions{}
	for to, list := range ids {
		all, err := x.e.answer(ctx, question{actor: x.asker, m: to.m, on: to.on, asked: View, ids: list, at: x.at})
		if err != nil {
			return seen, err
		}
		seen[to] = all
	}
	return seen, nil
}
