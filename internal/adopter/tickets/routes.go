package tickets

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
)

// Routes is the service's own mux.
func (d *Desk) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /whoami", d.SignIn(http.HandlerFunc(whoami)))
	mux.Handle("GET /tickets", d.SignIn(http.HandlerFunc(d.list)))
	mux.Handle("POST /tickets/{no}/close", d.SignIn(http.HandlerFunc(d.close)))
	return mux
}

func whoami(w http.ResponseWriter, r *http.Request) {
	agent, _ := r.Context().Value(agentKey{}).(Agent)
	send(w, agent.Email, nil)
}

// list takes its query from the URL, in crud's language.
func (d *Desk) list(w http.ResponseWriter, r *http.Request) {
	q, err := query.ParseURL(d.Tickets.Model(), r.URL.Query())
	if err != nil {
		send(w, nil, err)
		return
	}
	page, err := d.Tickets.List(r.Context(), q)
	send(w, page, err)
}

func (d *Desk) close(w http.ResponseWriter, r *http.Request) {
	no, err := uuid.Parse(r.PathValue("no"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	t, err := d.Tickets.Update(r.Context(), no, crud.AnyVersion, ChangeTicket{State: crud.Set("closed")})
	send(w, t, err)
}

func send(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, http.StatusText(statusOf(err)), statusOf(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that went away is nobody to tell
}
