package tickets_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/adopter/tickets"
	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// service is the desk on one database, with what differs by database.
type service struct {
	*tickets.Desk
	*is.I
	db          *sqldb.DB
	openAudited func(context.Context, tickets.OpenTicket, bool) (tickets.Ticket, error)
	tally       func(context.Context) (map[string]int, error)
	ann, bob    tickets.Agent
}

// onEach runs the test with the service over a pool that it opened itself.
func onEach(t *testing.T, test func(t *testing.T, s *service)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		pool, err := sql.Open("sqlite", "file:"+testdb.SQLitePath(t)+"?_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=busy_timeout(3000)")
		must(t, err)
		t.Cleanup(func() { must(t, pool.Close()) })
		s := newService(t, sqlitedb.Wrap(pool, nil), false)
		desk, err := tickets.OverSQLite(pool, s.sessions())
		must(t, err)
		s.Desk, s.openAudited, s.tally = desk.Desk, desk.OpenAudited, desk.Tally
		test(t, s)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		pool, err := pgxpool.New(t.Context(), testdb.PostgresURL(t))
		must(t, err)
		t.Cleanup(pool.Close)
		s := newService(t, pgdb.Wrap(pool, nil), true)
		desk, err := tickets.OverPostgres(pool, s.sessions())
		must(t, err)
		s.Desk, s.openAudited, s.tally = desk.Desk, desk.OpenAudited, desk.Tally
		test(t, s)
	})
}

// newService makes the tables, the service's own first, and two agents.
func newService(t *testing.T, db *sqldb.DB, postgres bool) *service {
	t.Helper()
	s := &service{I: is.New(t), db: db}
	must(t, sqldb.ExecAll(t.Context(), db, tickets.Schema(postgres)))
	ddl, err := tickets.PermissionTables(db)
	must(t, err)
	must(t, sqldb.ExecAll(t.Context(), db, ddl))
	for name, agent := range map[string]*tickets.Agent{"ann": &s.ann, "bob": &s.bob} {
		*agent = tickets.Agent{ID: uuid.New(), Email: name + "@example.org"}
		_, err := db.Exec(t.Context(), squirrel.Insert("agents").Columns("agent_id", "email").Values(agent.ID, agent.Email))
		must(t, err)
	}
	return s
}

func (s *service) sessions() map[string]tickets.Agent {
	return map[string]tickets.Agent{"ann": s.ann, "bob": s.bob}
}

func as(t *testing.T, a tickets.Agent) context.Context {
	return joinery.WithActor(t.Context(), joinery.Actor{ID: a.ID, Kind: joinery.User})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a ticket of the agent's.
func (s *service) open(t *testing.T, a tickets.Agent, subject string) tickets.Ticket {
	t.Helper()
	ticket, err := s.Tickets.Create(as(t, a), tickets.OpenTicket{Subject: subject})
	must(t, err)
	return ticket
}

func TestTwoAgentsReadDifferentTickets(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *service) {
		mine, theirs := s.open(t, s.ann, "printer"), s.open(t, s.bob, "screen")
		s.Equal(mine.OpenedBy, s.ann.ID)
		s.Equal(mine.State, "open")
		s.True(time.Since(mine.OpenedAt) < time.Minute)
		got, err := s.Tickets.Get(as(t, s.ann), mine.No)
		s.NoErr(err)
		s.Equal(got, mine)
		_, err = s.Tickets.Get(as(t, s.ann), theirs.No)
		s.True(joinery.IsKind(err, joinery.NotFound))
		page, err := s.Tickets.List(as(t, s.bob), query.Query{Sort: []string{"-opened_at"}})
		s.NoErr(err)
		s.Equal(len(page.Items), 1)
		s.Equal(page.Items[0].No, theirs.No)
	})
}

func TestChangesWithoutVersionAndDeletion(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *service) {
		mine, ctx := s.open(t, s.ann, "printer"), as(t, s.ann)
		closed, err := s.Tickets.Update(ctx, mine.No, crud.AnyVersion, tickets.ChangeTicket{State: crud.Set("closed")})
		s.NoErr(err)
		s.Equal(closed.State, "closed")
		_, err = s.Tickets.Update(as(t, s.bob), mine.No, crud.AnyVersion, tickets.ChangeTicket{State: crud.Set("open")})
		s.True(joinery.IsKind(err, joinery.NotFound))
		s.True(joinery.IsKind(s.Tickets.Delete(as(t, s.bob), mine.No, crud.AnyVersion), joinery.NotFound))
		s.NoErr(s.Tickets.Delete(ctx, mine.No, crud.AnyVersion))
		n, err := sqldb.Scalar[int](t.Context(), s.db, sqldb.Raw("SELECT count(*) FROM tickets"))
		s.NoErr(err)
		s.Equal(n, 0) // for good
	})
}

func TestRowsThatWereThereBefore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *service) {
		no, at := uuid.New(), time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)
		_, err := s.db.Exec(t.Context(), squirrel.Insert("tickets").Columns("ticket_no", "subject", "opened_by", "opened_at").
			Values(no, "old", s.ann.ID, at))
		s.NoErr(err)
		fresh := s.open(t, s.ann, "new")
		got, err := s.Tickets.Get(as(t, s.ann), no)
		s.NoErr(err)
		s.Equal(got.OpenedAt, at)
		page, err := s.Tickets.List(as(t, s.ann), query.Query{Sort: []string{"opened_at"}})
		s.NoErr(err)
		s.Equal(len(page.Items), 2)
		s.Equal(page.Items[0].No, no)
		s.Equal(page.Items[1].No, fresh.No)
	})
}

func TestTransactionOfTheService(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *service) {
		var committed []string
		s.Tickets.Hooks().Create.Committed(func(_ context.Context, e crud.CreateEvent[tickets.Ticket, tickets.OpenTicket]) error {
			committed = append(committed, e.Row.Subject)
			return nil
		})
		_, err := s.openAudited(as(t, s.ann), tickets.OpenTicket{Subject: "paid"}, true)
		s.NoErr(err)
		_, err = s.openAudited(as(t, s.ann), tickets.OpenTicket{Subject: "unpaid"}, false)
		s.True(err != nil)
		s.Equal(committed, []string{"paid"})
		for _, table := range []string{"tickets", "audit"} {
			n, err := sqldb.Scalar[int](t.Context(), s.db, sqldb.Raw("SELECT count(*) FROM "+table))
			s.NoErr(err)
			s.Equal(n, 1)
		}
	})
}

// The service's own statistics count what the agent may see: its own, and what
// a grant, which ends some day, shows it.
func TestConditionInTheServicesOwnStatement(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *service) {
		s.open(t, s.ann, "one")
		shared := s.open(t, s.ann, "two")
		s.open(t, s.bob, "three")
		tally := func(a tickets.Agent) int {
			t.Helper()
			got, err := s.tally(as(t, a))
			s.NoErr(err)
			return got["open"]
		}
		s.Equal(tally(s.ann), 2)
		s.Equal(tally(s.bob), 1)
		for id, end := range map[uuid.UUID]time.Duration{uuid.New(): time.Hour, uuid.New(): -time.Hour} {
			row := shared.No
			if end < 0 {
				row = s.open(t, s.ann, "ended").No
			}
			_, err := s.db.Exec(t.Context(), squirrel.Insert("grants").
				Columns("id", "created_at", "updated_at", "version", "model", "row_id", "actions", "member_id", "expires_at").
				Values(id, time.Now(), time.Now(), 1, "tickets", row, joinery.View, s.bob.ID, time.Now().Add(end)))
			s.NoErr(err)
		}
		s.Equal(tally(s.bob), 2)
	})
}

func TestRouterOfTheService(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *service) {
		ticket, h := s.open(t, s.ann, "printer"), s.Routes()
		get := func(method, path, session string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, path, nil)
			r.Header.Set("X-Session", session)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		s.Equal(get("GET", "/tickets", "").Code, http.StatusUnauthorized)
		s.Equal(strings.TrimSpace(get("GET", "/whoami", "ann").Body.String()), `"ann@example.org"`)
		s.True(strings.Contains(get("GET", "/tickets?subject.contains=print", "ann").Body.String(), ticket.No.String()))
		s.True(!strings.Contains(get("GET", "/tickets", "bob").Body.String(), ticket.No.String()))
		s.Equal(get("GET", "/tickets?nonsense=1", "ann").Code, http.StatusBadRequest)
		s.Equal(get("POST", "/tickets/"+ticket.No.String()+"/close", "bob").Code, http.StatusNotFound)
		s.Equal(get("POST", "/tickets/"+ticket.No.String()+"/close", "ann").Code, http.StatusOK)
	})
}
