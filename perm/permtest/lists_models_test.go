package permtest

import (
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// The entities whose lists are compared: those of the worlds, with columns to
// sort and filter by. The ones without such columns are the worlds' own.
type (
	// Room has the zero policy, an owner that may be null, and stands above
	// tasks, remarks and shelves.
	Room struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		registry.InTeam
		Name  string `json:"name" sortable:"true"`
		Size  *int64 `json:"size" sortable:"true;-size,name"`
		Tasks []Task `json:"tasks,omitzero" rel:"tasks.room_id"`
	}

	// Task has rules of its own, and owners who need reach.
	Task struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		registry.InTeam
		RoomID    *registry.Ref[Room] `json:"room_id" ref:"rooms,inherit"`
		Status    string              `json:"status" validate:"oneof=open done" sortable:"status,-rank,due_at"`
		Rank      *int64              `json:"rank" sortable:"true;-rank,status"`
		DueAt     *time.Time          `json:"due_at" sortable:"true"`
		Shared    bool                `json:"shared"`
		WatcherID *uuid.UUID          `json:"watcher_id" ref:"users"`
		Room      *Room               `json:"room,omitzero" rel:"room_id"`
		Remarks   []Remark            `json:"remarks,omitzero" rel:"remarks.task_id"`
	}

	// Remark inherits by two references, and is owned by who made it.
	Remark struct {
		registry.Entity
		registry.SoftDelete
		TaskID *registry.Ref[Task] `json:"task_id" ref:"tasks,inherit"`
		RoomID *registry.Ref[Room] `json:"room_id" ref:"rooms,inherit"`
		Text   string              `json:"text" sortable:"text,-score"`
		Score  *float64            `json:"score" sortable:"true"`
		Task   *Task               `json:"task,omitzero" rel:"task_id"`
		Room   *Room               `json:"room,omitzero" rel:"room_id"`
	}

	// Shelf is a tree that inherits from another model besides.
	Shelf struct {
		registry.Entity
		registry.SoftDelete
		registry.Owned
		registry.InTeam
		ParentID *uuid.UUID          `json:"parent_id" ref:"self,inherit"`
		RoomID   *registry.Ref[Room] `json:"room_id" ref:"rooms,inherit"`
		Sign     *string             `json:"sign" sortable:"true"`
	}

	// Volume inherits from two trees, and is never soft-deleted.
	Volume struct {
		registry.Entity
		registry.Owned
		ShelfID *registry.Ref[Shelf] `json:"shelf_id" ref:"shelves,inherit"`
		CrateID *registry.Ref[Crate] `json:"crate_id" ref:"crates,inherit"`
		Pages   *int64               `json:"pages" sortable:"true;pages,-lent"`
		Lent    bool                 `json:"lent"`
		Shelf   *Shelf               `json:"shelf,omitzero" rel:"shelf_id"`
	}

	// Crate is a tree by two references.
	Crate struct {
		registry.Entity
		ParentID *uuid.UUID `json:"parent_id" ref:"self,inherit"`
		LinkID   *uuid.UUID `json:"link_id" ref:"self,inherit"`
		Weight   int64      `json:"weight" sortable:"true"`
	}

	// Pass has columns of other names, and an owner that is never null.
	Pass struct {
		Number uuid.UUID  `json:"number" role:"id"`
		Holder uuid.UUID  `json:"holder_id" role:"owner"`
		Group  *uuid.UUID `json:"group_id" role:"team" ref:"teams"`
		Level  *int64     `json:"level" sortable:"true"`
	}
)

// Table gives tasks a policy with rules of its own.
func (Task) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{OwnerNeedsReach: true, Extra: []registry.Extra{
		sharedNotes(),
		{
			Name: "urgent", Actions: joinery.Edit,
			SQL: func(alias string, _ joinery.Actor) registry.Sqlizer { return squirrel.Expr(alias+".rank > ?", 2) },
			Go: func(_ joinery.Actor, r registry.Row) bool {
				rank, ok := r.Value("rank").(int64)
				return ok && rank > 2
			},
		},
		{
			Name: "watcher", Actions: joinery.View | joinery.Copy,
			SQL: func(alias string, a joinery.Actor) registry.Sqlizer {
				return squirrel.Expr(alias+".watcher_id = ?", a.ID)
			},
			Go: func(a joinery.Actor, r registry.Row) bool {
				id, ok := r.UUID("watcher_id")
				return ok && id == a.ID
			},
		},
	}}}
}
