package serve

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pg is the statements of hand, open and or on PostgreSQL.
type pg struct {
	pool, lists *pgxpool.Pool // lists has a pool with generic plans
	getText     string
	noteText    func(shape) string
	taskText    func(shape) string // nil: there is no list of tasks

	mu    sync.RWMutex
	texts map[textKey]string
}

type textKey struct {
	tasks bool
	shape shape
}

func handArms(ctx context.Context, c Config) (*Running, error) {
	return handPostgres(ctx, c, true, &pg{getText: getSQL, noteText: armsSQL, taskText: taskArmsSQL})
}

func handOr(ctx context.Context, c Config) (*Running, error) {
	return handPostgres(ctx, c, false, &pg{getText: getSQL, noteText: orSQL, taskText: taskOrSQL})
}

func handOpen(ctx context.Context, c Config) (*Running, error) {
	return handPostgres(ctx, c, false, &pg{getText: getOpenSQL, noteText: openSQL})
}

// handPostgres serves the statements, those of lists by generic plans if that
// is said.
func handPostgres(ctx context.Context, c Config, generic bool, p *pg) (*Running, error) {
	p.texts = map[textKey]string{}
	var err error
	if p.pool, err = handPool(ctx, c.Postgres, false); err != nil {
		return nil, err
	}
	p.lists = p.pool
	if generic {
		if p.lists, err = handPool(ctx, c.Postgres, true); err != nil {
			p.pool.Close()
			return nil, err
		}
	}
	h := newHand(p)
	router := h.routes()
	router.GET("/v1/notes", listed(h, readListing, p.listNotes))
	if p.taskText != nil {
		router.GET("/v1/tasks", listed(h, readTaskListing, p.listTasks))
	}
	return &Running{Handler: router, Close: func() { p.lists.Close(); p.pool.Close() }}, nil
}

func handPool(ctx context.Context, url string, generic bool) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 20
	if generic {
		config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// text is the statement of a list, made once.
func (p *pg) text(k textKey, make func(shape) string) string {
	p.mu.RLock()
	text, ok := p.texts[k]
	p.mu.RUnlock()
	if !ok {
		text = make(k.shape)
		p.mu.Lock()
		p.texts[k] = text
		p.mu.Unlock()
	}
	return text
}

func (p *pg) listNotes(ctx context.Context, user uuid.UUID, l listing) (page[pgNote], error) {
	return pgPage[pgNote](ctx, p.lists, p.text(textKey{false, l.shape}, p.noteText), user, l)
}

func (p *pg) listTasks(ctx context.Context, user uuid.UUID, l listing) (page[pgTask], error) {
	return pgPage[pgTask](ctx, p.lists, p.text(textKey{true, l.shape}, p.taskText), user, l)
}

func pgPage[T any, P scanned[T]](ctx context.Context, pool *pgxpool.Pool, text string, user uuid.UUID, l listing) (page[T], error) {
	rows, err := pool.Query(ctx, text, l.args(key(user))...)
	if err != nil {
		return page[T]{}, err
	}
	defer rows.Close()
	return scanPage[T, P](l, rows)
}

// one runs a statement that gives one note.
func (p *pg) one(ctx context.Context, text string, args ...any) (*note, error) {
	n, err := scanOne[pgNote](p.pool.QueryRow(ctx, text, args...))
	return &n.note, err
}

func (p *pg) get(ctx context.Context, user, id uuid.UUID) (*note, error) {
	return p.one(ctx, p.getText, key(user), key(id))
}

func (p *pg) create(ctx context.Context, user, id uuid.UUID, in *createNote) (*note, error) {
	var team any
	if in.TeamID != nil {
		team = key(*in.TeamID)
	}
	return p.one(ctx, insertSQL, key(user), key(id), now(), team, in.Title, in.Body, in.Status, in.Priority)
}

func (p *pg) update(ctx context.Context, user, id uuid.UUID, version int64, in *updateNote) (*note, error) {
	return p.one(ctx, updateSQL, key(user), key(id), version, in.Title, in.Body, in.Status, in.Priority, now())
}

func (p *pg) mayEdit(ctx context.Context, user, id uuid.UUID) (may bool, err error) {
	err = p.pool.QueryRow(ctx, mayEditSQL, key(user), key(id)).Scan(&may)
	return may, err
}

// now is the time as PostgreSQL keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
