package crud_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// flagged lets everyone see what they created and what is flagged, and Root
// everything. It is asked as perm is: by text with values.
type flagged struct{ ownersOnly }

func (flagged) Filter(ctx context.Context, m *registry.Model, a joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	if actor, _ := joinery.ActorFrom(ctx); actor.Kind == joinery.Root || a != joinery.View {
		return squirrel.Expr("1=1"), nil
	}
	return squirrel.Expr("("+alias+".created_by_id = ? OR "+alias+".flag = ?)", actorID(ctx), true), nil
}

type sampleManager = crud.Manager[Sample, NewSample, ChangedSample]

// process is a manager of samples as a process of its own has it: it shares the
// database with others and nothing else.
func process(t *testing.T, db *sqldb.DB, cache *crud.RowCache) (*registry.Registry, *sampleManager) {
	t.Helper()
	reg := registry.New(nil)
	m, err := crud.New[Sample, NewSample, ChangedSample](reg, db, flagged{}, &crud.Options{RowCache: cache})
	if err != nil {
		t.Fatal(err)
	}
	return reg, m
}

// Whatever happens to rows, by whomever, a manager with a cache answers what
// one without answers, to the byte; and whatever is done to the rows it
// answered with.
func TestRowCacheChangesNoAnswer(t *testing.T) {
	t.Parallel()
	steps := scale(t, "CRUD_ROWCACHE_STEPS", 1500)
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		cache := &crud.RowCache{Rows: 6} // of ten: some always have to go
		reg, cached := process(t, db, cache)
		if err := crud.CreateTables(t.Context(), reg, db); err != nil {
			t.Fatal(err)
		}
		_, plain := process(t, db, nil)
		w := &cacheWorld{T: t, I: is.New(t), r: rand.New(rand.NewPCG(7, 7)), db: db, cached: cached, plain: plain,
			actors: []context.Context{user(t), user(t), joinery.WithActor(t.Context(), joinery.RootActor())}, ids: []uuid.UUID{uuid.New()}}
		for range 10 {
			w.create()
		}
		for range steps {
			w.step()
		}
		stats := cache.Stats()
		t.Logf("%+v", stats)
		w.True(stats.Hits > int64(steps)/20 && stats.Misses > int64(steps)/20 && stats.Rows <= 6)
	})
}

type cacheWorld struct {
	*testing.T
	*is.I
	r             *rand.Rand
	db            *sqldb.DB
	cached, plain *sampleManager
	actors        []context.Context
	ids           []uuid.UUID
	n             int
}

func (w *cacheWorld) step() {
	ctx, id := pick(w.r, w.actors...), pick(w.r, w.ids...)
	writer := pick(w.r, w.cached, w.plain)
	w.n++
	switch w.r.IntN(20) {
	case 0:
		_, _ = writer.Update(ctx, id, crud.AnyVersion, w.change())
	case 1:
		err := writer.Delete(ctx, id, crud.AnyVersion)
		w.True(err == nil || joinery.IsKind(err, joinery.NotFound) || joinery.IsKind(err, joinery.Conflict))
		if err == nil && w.r.IntN(2) == 0 {
			w.again(writer, id)
		}
	case 2: // past all managers, which counts the version
		_, err := w.db.Exec(w.Context(), sqldb.Raw("UPDATE samples SET text = ?, flag = ?, version = version + 1 WHERE id = ?", fmt.Sprint("by hand ", w.n), w.n%2 == 0, id))
		w.NoErr(err)
	case 3, 4:
		w.again(writer, id)
	case 5:
		w.inTransaction(ctx, writer, id)
	default:
		w.get(ctx, id)
	}
}

func (w *cacheWorld) create() {
	row, err := w.plain.Create(pick(w.r, w.actors[:2]...), NewSample{
		Text: strings.Repeat("long ", 50), Text0: ptr("t"), Flag: crud.Set(w.r.IntN(2) == 0), Money: "1.50", At: time.Now(), Map: map[string]any{"a": []any{1.5, map[string]any{"b": nil}}},
		Map0: &map[string]any{"x": true}, List: []string{"l"}, Raw: json.RawMessage(`{"k": [1, 2]}`), Raw0: ptr(json.RawMessage(`[1]`)), Bytes: []byte{1}, Bytes0: ptr([]byte{2}),
		Point0: &point{1, 2}, ID0: ptr(uuid.New()), UpID: pick(w.r, nil, w.someRow()),
	})
	w.NoErr(err)
	w.ids = append(w.ids, row.ID)
}

func (w *cacheWorld) someRow() *registry.Ref[Sample] {
	if len(w.ids) < 2 {
		return nil
	}
	return ptr(registry.Ref[Sample](w.ids[len(w.ids)-1]))
}

func (w *cacheWorld) change() ChangedSample {
	return ChangedSample{
		Text: crud.Set(fmt.Sprint("changed ", w.n)), Map: crud.Set(map[string]any{"n": w.n}), List: pick(w.r, crud.Opt[[]string]{}, crud.Set([]string{})),
		Map0: pick(w.r, crud.Null[map[string]any](), crud.Set(map[string]any{"y": "z"})), Bytes: crud.Set([]byte{byte(w.n)}), Flag0: crud.Set(true),
	}
}

// again gives the id of a deleted row to a new one, whose version is that of
// the first.
func (w *cacheWorld) again(writer *sampleManager, id uuid.UUID) {
	ctx := crud.CreatedFor(w.actors[2], actorID(w.actors[0]))
	_, err := writer.CreateRow(ctx, Sample{Entity: crud.Entity{ID: id}, Text: fmt.Sprint("again ", w.n), At: time.Now(), Money: "2"})
	w.True(err == nil || joinery.IsKind(err, joinery.Conflict))
}

var errBack = errors.New("rolled back")

// inTransaction reads what it has written, and may take it back.
func (w *cacheWorld) inTransaction(ctx context.Context, writer *sampleManager, id uuid.UUID) {
	back := w.r.IntN(2) == 0
	err := sqldb.InTx(ctx, w.db, func(ctx context.Context) error {
		_, err := writer.Update(ctx, id, crud.AnyVersion, w.change())
		if err != nil && !joinery.IsKind(err, joinery.NotFound) && !joinery.IsKind(err, joinery.Forbidden) {
			return err
		}
		w.get(ctx, id)
		if back {
			return errBack
		}
		return nil
	})
	w.True(err == nil || errors.Is(err, errBack))
	w.get(ctx, id)
}

// get asks both managers, and spoils the answers.
func (w *cacheWorld) get(ctx context.Context, id uuid.UUID) {
	w.Helper()
	var opts []query.GetOption
	switch w.r.IntN(6) {
	case 0:
		opts = append(opts, query.Include("down"))
	case 1:
		opts = append(opts, query.Fields("text", "map"))
	}
	got, err := w.cached.Get(ctx, id, opts...)
	want, wanted := w.plain.Get(ctx, id, opts...)
	if fmt.Sprint(err) != fmt.Sprint(wanted) {
		w.Fatalf("step %d: %v, not %v", w.n, err, wanted)
	}
	if a, b := asJSON(w.T, got), asJSON(w.T, want); a != b || !reflect.DeepEqual(got, want) {
		w.Fatalf("step %d:\n%s\nnot\n%s", w.n, a, b)
	}
	spoil(&got)
}

// spoil changes all of a row that is memory of its own.
func spoil(s *Sample) {
	for k, v := range s.Map {
		if list, ok := v.([]any); ok {
			list[0] = "spoiled"
		}
		s.Map[k+"!"] = "spoiled"
	}
	for _, p := range []*map[string]any{s.Map0} {
		if p != nil {
			(*p)["spoiled"] = true
		}
	}
	for i := range s.List {
		s.List[i] = "spoiled"
	}
	for _, b := range [][]byte{s.Bytes, s.Raw} {
		for i := range b {
			b[i] = '!'
		}
	}
	if s.Raw0 != nil {
		(*s.Raw0)[0] = '!'
	}
	if s.Bytes0 != nil && len(*s.Bytes0) > 0 {
		(*s.Bytes0)[0] = '!'
	}
	if s.Text0 != nil {
		*s.Text0 = "spoiled"
	}
	if s.Point0 != nil {
		s.Point0.X = -1
	}
	if s.ID0 != nil {
		s.ID0[0]++
	}
	if s.CreatedByID != nil {
		s.CreatedByID[0]++
	}
}

// Readers and writers at once: what is read is one version, whole.
func TestRowCacheUnderWriters(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		cache := &crud.RowCache{}
		reg, cached := process(t, db, cache)
		_, other := process(t, db, nil)
		if err := crud.CreateTables(t.Context(), reg, db); err != nil {
			t.Fatal(err)
		}
		ctx := user(t)
		row, err := other.Create(ctx, NewSample{Text: "1", At: time.Now(), Money: "0", Map: map[string]any{"v": "1"}})
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for _, writer := range []*sampleManager{cached, other} {
			all.Go(func() {
				for range 40 {
					old, err := writer.Get(ctx, row.ID)
					if err != nil {
						t.Error(err)
						return
					}
					next := strconv.FormatInt(old.Version+1, 10)
					_, err = writer.Update(ctx, row.ID, old.Version, ChangedSample{Text: crud.Set(next), Map: crud.Set(map[string]any{"v": next})})
					if err != nil && !joinery.IsKind(err, joinery.Stale) {
						t.Error(err)
					}
				}
			})
		}
		for range 3 {
			all.Go(func() {
				last := int64(0)
				for range 120 {
					got, err := cached.Get(ctx, row.ID)
					if err != nil {
						t.Error(err)
						return
					}
					if v := strconv.FormatInt(got.Version, 10); got.Text != v || got.Map["v"] != v || got.Version < last {
						t.Errorf("version %s after %d has %s and %v", v, last, got.Text, got.Map)
					}
					last = got.Version
					got.Map["v"] = "spoiled"
				}
			})
		}
		all.Wait()
	})
}

// A Get is one statement with a cache too, for rows seen, hidden and missing.
func TestRowCacheAsksOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		cache := &crud.RowCache{}
		reg, m := process(t, db, cache)
		is.NoErr(crud.CreateTables(t.Context(), reg, db))
		ann, bob := user(t), user(t)
		row, err := m.Create(ann, NewSample{Text: "x", Flag: crud.Set(false), At: time.Now(), Money: "0"})
		is.NoErr(err)
		count := func(ctx context.Context, id uuid.UUID) (int64, error) {
			before := db.Stats().Statements
			_, err := m.Get(ctx, id)
			return db.Stats().Statements - before, err
		}
		for range 3 {
			n, err := count(ann, row.ID)
			is.NoErr(err)
			is.Equal(n, int64(1))
		}
		is.Equal(cache.Stats(), crud.RowCacheStats{Rows: 1, Hits: 2, Misses: 1})
		hidden, said := count(bob, row.ID)
		missing, says := count(bob, uuid.New())
		is.True(joinery.IsKind(said, joinery.NotFound))
		is.Equal(hidden, missing)
		is.Equal(said.Error(), says.Error())

		_, err = m.Update(ann, row.ID, 1, ChangedSample{Text: crud.Set("y")})
		is.NoErr(err)
		is.Equal(cache.Stats().Rows, 0) // gone with the change
		n, err := count(ann, row.ID)
		is.NoErr(err)
		is.Equal(n, int64(1))
		is.Equal(cache.Stats().Rows, 1)
		cache.Clear()
		is.Equal(cache.Stats(), crud.RowCacheStats{Hits: 2, Misses: 2})
		_, err = m.Get(ann, row.ID)
		is.NoErr(err)
		is.NoErr(m.Delete(ann, row.ID, 2))
		is.Equal(cache.Stats().Rows, 0)
	})
}

// What is read within a transaction is not kept: it may be taken back, and its
// version given to something else.
func TestRowCacheForgetsWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		reg, cached := process(t, db, &crud.RowCache{})
		_, other := process(t, db, nil)
		is.NoErr(crud.CreateTables(t.Context(), reg, db))
		ctx := user(t)
		row, err := cached.Create(ctx, NewSample{Text: "first", At: time.Now(), Money: "0"})
		is.NoErr(err)
		err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
			_, err := cached.Update(ctx, row.ID, 1, ChangedSample{Text: crud.Set("taken back")})
			is.NoErr(err)
			got, err := cached.Get(ctx, row.ID)
			is.NoErr(err)
			is.Equal(got.Text, "taken back")
			return errBack
		})
		is.True(errors.Is(err, errBack))
		_, err = other.Update(ctx, row.ID, 1, ChangedSample{Text: crud.Set("second")})
		is.NoErr(err)
		got, err := cached.Get(ctx, row.ID)
		is.NoErr(err)
		is.Equal(got.Text, "second")
		is.Equal(got.Version, int64(2))
	})
}

// A row made anew under the id of one that is gone begins with its version.
func TestRowCacheKnowsANewRowOfAnOldID(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		cache := &crud.RowCache{}
		reg, cached := process(t, db, cache)
		_, other := process(t, db, nil)
		is.NoErr(crud.CreateTables(t.Context(), reg, db))
		ctx := user(t)
		row, err := cached.Create(ctx, NewSample{Text: "old", At: time.Now(), Money: "0"})
		is.NoErr(err)
		_, err = cached.Get(ctx, row.ID)
		is.NoErr(err)
		is.NoErr(other.Delete(ctx, row.ID, 1))
		root := joinery.WithActor(t.Context(), joinery.RootActor())
		_, err = other.CreateRow(crud.CreatedFor(root, actorID(ctx)), Sample{Entity: crud.Entity{ID: row.ID}, Text: "new", At: time.Now(), Money: "0"})
		is.NoErr(err)
		got, err := cached.Get(root, row.ID)
		is.NoErr(err)
		is.Equal(got.Text, "new")
		is.Equal(got.Version, int64(1))
		is.Equal(cache.Stats().Misses, int64(2))
	})
}

// Two managers, of two models, may share a cache.
func TestRowCacheIsShared(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		cache := &crud.RowCache{Rows: 2}
		opts := &crud.Options{RowCache: cache}
		a := newManagers(t, db, nil, opts)
		var err error
		a.projects, err = crud.New[Project, CreateProject, UpdateProject](a.reg, db, crud.Unrestricted, opts)
		a.NoErr(err)
		a.createTables(t)
		id := uuid.New()
		root := joinery.WithActor(t.Context(), joinery.RootActor())
		_, err = a.projects.CreateRow(root, Project{Entity: crud.Entity{ID: id}, Name: "p"})
		a.NoErr(err)
		_, err = a.notes.CreateRow(root, Note{Entity: crud.Entity{ID: id}, Title: "n", Status: "open"})
		a.NoErr(err)
		for range 2 {
			p, err := a.projects.Get(a.ann, id)
			a.NoErr(err)
			n, err := a.notes.Get(a.ann, id)
			a.NoErr(err)
			a.Equal(p.Name+n.Title, "pn")
		}
		a.Equal(cache.Stats(), crud.RowCacheStats{Rows: 2, Hits: 2, Misses: 2})
		other, err := a.notes.Create(a.ann, CreateNote{Title: "o"})
		a.NoErr(err)
		_, err = a.notes.Get(a.ann, other.ID) // the project was read longest ago
		a.NoErr(err)
		_, err = a.notes.Get(a.ann, id)
		a.NoErr(err)
		a.Equal(cache.Stats(), crud.RowCacheStats{Rows: 2, Hits: 3, Misses: 3})
	})
}

// What is deleted softly is Root's to see, with a cache too.
func TestRowCacheOfDeletedRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		cache := &crud.RowCache{}
		a := newApp(t, db, nil, &crud.Options{RowCache: cache})
		root := joinery.WithActor(t.Context(), joinery.RootActor())
		n, err := a.notes.Create(a.ann, CreateNote{Title: "x"})
		a.NoErr(err)
		_, err = a.notes.Get(a.ann, n.ID)
		a.NoErr(err)
		a.NoErr(a.notes.Delete(a.ann, n.ID, 1))
		for range 2 {
			got, err := a.notes.Get(root, n.ID)
			a.NoErr(err)
			a.True(got.DeletedAt != nil)
			_, err = a.notes.Get(a.ann, n.ID)
			a.True(joinery.IsKind(err, joinery.NotFound))
		}
		a.Equal(cache.Stats().Hits, int64(1))
	})
}

// linked is a JSON type that contains itself, by way of all that it may be.
type linked struct {
	Next  *linked           `json:"next"`
	More  map[string]linked `json:"more"`
	List  [2][]*int         `json:"list"`
	Any   any               `json:"any"`
	IP    netip.Addr        `json:"ip"`
	At    time.Time         `json:"at"`
	Plain struct{ A, B int }
}

type Linked struct {
	crud.Entity
	Value linked         `json:"value"`
	All   []linked       `json:"all"`
	Sizes map[int]*int64 `json:"sizes"`
}

func TestRowCacheCopiesNestedValues(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		reg := registry.New(nil)
		m, err := crud.New[Linked, Linked1, struct{}](reg, db, crud.Unrestricted, &crud.Options{RowCache: &crud.RowCache{}})
		is.NoErr(err)
		is.NoErr(crud.CreateTables(t.Context(), reg, db))
		ctx := user(t)
		deep := linked{Any: []any{map[string]any{"a": []any{1.0}}}, IP: netip.MustParseAddr("2001:db8::1"), List: [2][]*int{{ptr(1), nil}, nil}}
		in := Linked1{Value: linked{Next: &deep, More: map[string]linked{"m": deep}, At: time.Now().UTC().Truncate(time.Second)}, All: []linked{deep, {}}, Sizes: map[int]*int64{1: ptr[int64](2), 3: nil}}
		row, err := m.Create(ctx, in)
		is.NoErr(err)
		first, err := m.Get(ctx, row.ID)
		is.NoErr(err)
		want := asJSON(t, first)
		spoil := func(l *linked) {
			l.Next.Any.([]any)[0].(map[string]any)["a"].([]any)[0] = "spoiled"
			*l.Next.List[0][0] = 99
			l.More["m"].Any.([]any)[0] = "spoiled"
			delete(l.More, "m")
		}
		for range 3 {
			got, err := m.Get(ctx, row.ID)
			is.NoErr(err)
			is.Equal(asJSON(t, got), want)
			spoil(&got.Value)
			got.All[0].Any.([]any)[0] = "spoiled"
			*got.Sizes[1] = 99
		}
	})
}

type Linked1 struct {
	Value linked         `json:"value"`
	All   []linked       `json:"all"`
	Sizes map[int]*int64 `json:"sizes"`
}

// Models whose rows cannot be told apart by version, or not be copied, have no
// cache, and say so.
func TestRowCacheRefusals(t *testing.T) {
	t.Parallel()
	type Unversioned struct {
		ID        uuid.UUID `json:"id"`
		CreatedAt time.Time `json:"created_at"`
	}
	type Undated struct {
		ID      uuid.UUID `json:"id"`
		Version int64     `json:"version"`
	}
	type Opaque struct {
		crud.Entity
		Total big.Int `json:"total"`
	}
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		opts := &crud.Options{RowCache: &crud.RowCache{}}
		_, err := crud.New[Unversioned, struct{}, struct{}](registry.New(nil), db, crud.Unrestricted, opts)
		is.True(err != nil && strings.Contains(err.Error(), "Unversioned has not both"))
		_, err = crud.New[Undated, struct{}, struct{}](registry.New(nil), db, crud.Unrestricted, opts)
		is.True(err != nil && strings.Contains(err.Error(), "Undated has not both"))
		_, err = crud.New[Opaque, struct{}, struct{}](registry.New(nil), db, crud.Unrestricted, opts)
		is.True(err != nil && strings.Contains(err.Error(), "field Total of Opaque holds a big.Int"))
		_, err = crud.New[Opaque, struct{}, struct{}](registry.New(nil), db, crud.Unrestricted, nil)
		is.NoErr(err)
	})
}

// turning is a JSON type that decodes to something which contains itself.
type turning struct{ Self any }

func (t *turning) UnmarshalJSON([]byte) error { t.Self = t; return nil }
func (turning) MarshalJSON() ([]byte, error)  { return []byte("1"), nil }

type Turning struct {
	crud.Entity
	Value turning `json:"value"`
}

// A row that cannot be copied is answered, and not kept.
func TestRowCacheLeavesOutWhatCannotBeCopied(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		is := is.New(t)
		reg, cache := registry.New(nil), &crud.RowCache{}
		m, err := crud.New[Turning, struct{}, struct{}](reg, db, crud.Unrestricted, &crud.Options{RowCache: cache})
		is.NoErr(err)
		is.NoErr(crud.CreateTables(t.Context(), reg, db))
		ctx := user(t)
		row, err := m.Create(ctx, struct{}{})
		is.NoErr(err)
		for range 2 {
			_, err = m.Get(ctx, row.ID)
			is.NoErr(err)
		}
		is.Equal(cache.Stats(), crud.RowCacheStats{Misses: 2})
	})
}
