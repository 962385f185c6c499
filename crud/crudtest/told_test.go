package crudtest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/crudtest"
)

// Sample is kept otherwise than it is sent.
type Sample struct {
	crud.Entity
	Name  string         `json:"name" validate:"required" sortable:"true"`
	Price string         `json:"price" type:"decimal(12,2)"`
	Meta  map[string]any `json:"meta"`
	Marks []Mark         `json:"marks"`
	At    time.Time      `json:"at"`
}

// Mark is a part of a sample, which leaves out what is empty.
type Mark struct {
	N    int    `json:"n"`
	Note string `json:"note,omitempty"`
}

type (
	CreateSample struct {
		Name  string         `json:"name"`
		Price string         `json:"price"`
		Meta  map[string]any `json:"meta"`
		Marks []Mark         `json:"marks"`
		At    time.Time      `json:"at"`
	}
	UpdateSample struct {
		Price crud.Opt[string]         `json:"price,omitzero"`
		Meta  crud.Opt[map[string]any] `json:"meta,omitzero"`
	}
)

func meta(n int) map[string]any {
	return map[string]any{"n": n, "half": float32(n) / 2, "at": time.Unix(int64(n), 0), "in": []int{n}, "mark": Mark{N: n}}
}

func newSample(n int) CreateSample {
	return CreateSample{Name: fmt.Sprint("sample ", n), Price: fmt.Sprint(n), Meta: meta(n), Marks: []Mark{{N: n}}, At: time.Now()}
}

// samples are sound, until something is done to them.
func samples(spoil func(*crudtest.Entity[Sample, CreateSample, UpdateSample])) crudtest.Case[Sample, CreateSample, UpdateSample] {
	return crudtest.Case[Sample, CreateSample, UpdateSample]{New: func(app *crudtest.App) crudtest.Entity[Sample, CreateSample, UpdateSample] {
		m, err := crud.New[Sample, CreateSample, UpdateSample](app.Registry, app.DB, app.Access, nil)
		app.Must(err)
		e := crudtest.Entity[Sample, CreateSample, UpdateSample]{
			Manager: m,
			Create:  func(_ context.Context, n int) CreateSample { return newSample(n) },
			Update: func(_ context.Context, n int) UpdateSample {
				return UpdateSample{Price: crud.Set(fmt.Sprintf("%d.5", n)), Meta: crud.Set(meta(-n))}
			},
		}
		if spoil != nil {
			spoil(&e)
		}
		return e
	}}
}

// What was sent is what the column makes of it.
func TestSentAsTheColumnKeepsIt(t *testing.T) {
	t.Parallel()
	c := samples(nil)
	c.Databases = databases()
	crudtest.Run(t, c)
}

// Event never changes.
type Event struct {
	crud.Entity
	crud.SoftDelete
	crud.Owned
	crud.InTeam
	Text string `json:"text" validate:"required" sortable:"true"`
}

type (
	CreateEvent struct {
		Text string `json:"text"`
	}
	UpdateEvent struct{}
)

func events(update func(context.Context, int) UpdateEvent) crudtest.Case[Event, CreateEvent, UpdateEvent] {
	return crudtest.Case[Event, CreateEvent, UpdateEvent]{New: func(app *crudtest.App) crudtest.Entity[Event, CreateEvent, UpdateEvent] {
		m, err := crud.New[Event, CreateEvent, UpdateEvent](app.Registry, app.DB, app.Access, nil)
		app.Must(err)
		return crudtest.Entity[Event, CreateEvent, UpdateEvent]{
			Manager: m, Update: update,
			Create: func(_ context.Context, n int) CreateEvent { return CreateEvent{Text: fmt.Sprint("event ", n)} },
		}
	}}
}

// Rows that never change are tested without an Update, or with an idle one.
func TestEntityThatNeverChanges(t *testing.T) {
	t.Parallel()
	c := events(nil)
	c.Databases = databases()
	crudtest.Run(t, c)
}

func TestEntityWithAnIdleUpdate(t *testing.T) {
	t.Parallel()
	crudtest.Run(t, events(func(context.Context, int) UpdateEvent { return UpdateEvent{} }))
}

// Blob has nothing to filter or sort by.
type Blob struct {
	crud.Entity
	Data []byte         `json:"data"`
	Meta map[string]any `json:"meta"`
}

type CreateBlob struct {
	Data []byte `json:"data"`
}

func TestEntityWithoutSearchColumns(t *testing.T) {
	t.Parallel()
	crudtest.Run(t, crudtest.Case[Blob, CreateBlob, UpdateEvent]{New: func(app *crudtest.App) crudtest.Entity[Blob, CreateBlob, UpdateEvent] {
		m, err := crud.New[Blob, CreateBlob, UpdateEvent](app.Registry, app.DB, app.Access, nil)
		app.Must(err)
		return crudtest.Entity[Blob, CreateBlob, UpdateEvent]{
			Manager: m,
			Create:  func(context.Context, int) CreateBlob { return CreateBlob{Data: []byte("same")} },
		}
	}})
}

type sampleEntity = crudtest.Entity[Sample, CreateSample, UpdateSample]

// told are cases with a mistake, with what must be told of it.
var told = map[string]struct {
	run   func(*testing.T)
	wants []string
}{
	"a constant Create": {
		func(t *testing.T) {
			at := time.Now()
			crudtest.Run(t, samples(func(e *sampleEntity) {
				e.Create = func(_ context.Context, n int) CreateSample {
					return CreateSample{Name: "same", Price: "1", Meta: meta(n), At: at}
				}
			}))
		},
		[]string{
			"the rows that Create makes of n = 1 to 6 are all alike in name, price, at: let Create use n, for search and sort prove nothing with such rows",
			"/search", "/sort_and_page",
		},
	},
	"a veto in Create": {
		func(t *testing.T) {
			crudtest.Run(t, samples(func(e *sampleEntity) {
				made := 0
				e.Manager.Hooks().Create.Before(func(context.Context, *crud.CreateEvent[Sample, CreateSample]) error {
					if made++; made > 1 {
						return errors.New("no")
					}
					return nil
				})
			}))
		},
		[]string{"Create of n = 2: no"},
	},
	"a veto in Update": {
		func(t *testing.T) {
			crudtest.Run(t, samples(func(e *sampleEntity) {
				e.Manager.Hooks().Update.Before(func(context.Context, *crud.UpdateEvent[Sample, UpdateSample]) error { return errors.New("no") })
			}))
		},
		[]string{"Update of n = 1: no"},
	},
	"another total": {
		func(t *testing.T) {
			crudtest.Run(t, samples(func(e *sampleEntity) {
				e.Manager.Hooks().List.After(func(_ context.Context, l *crud.ListEvent[Sample]) error {
					wrong := int64(4321)
					l.Page.Total = &wrong
					return nil
				})
			}))
		},
		[]string{"List finds a hidden row: 0 rows, total 4321", "counts 4321 rows"},
	},
	"no Update": {
		func(t *testing.T) { crudtest.Run(t, samples(func(e *sampleEntity) { e.Update = nil })) },
		[]string{"Entity.Update is required, since crudtest_test.UpdateSample has fields"},
	},
	"another value": {
		func(t *testing.T) {
			crudtest.Run(t, samples(func(e *sampleEntity) {
				e.Manager.Hooks().Create.Before(func(_ context.Context, c *crud.CreateEvent[Sample, CreateSample]) error {
					c.Input.Price, c.Input.Meta = "7.1", map[string]any{"a": "1"}
					return nil
				})
				e.Create = func(_ context.Context, n int) CreateSample {
					in := newSample(n)
					in.Meta = map[string]any{"a": 1}
					return in
				}
			}))
		},
		[]string{"price was sent as 1.00 and is 7.10", `meta was sent as {"a":1} and is {"a":"1"}`},
	},
}

// toldCase names a mistake to a process of this test binary.
const toldCase = "JOINERY_CRUDTEST_TOLD"

func TestMistakesAreTold(t *testing.T) {
	t.Parallel()
	if name := os.Getenv(toldCase); name != "" {
		told[name].run(t)
		return
	}
	for name, c := range told {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failsWith(t, "TestMistakesAreTold", toldCase+"="+name, c.wants...)
		})
	}
}
