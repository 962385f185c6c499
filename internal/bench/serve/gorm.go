package serve

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/joinery-go/joinery"
)

// TableName tells GORM the table.
func (note) TableName() string { return "notes" }

// gormApp is a service as tutorials of gin and GORM write it, with prepared
// statements: who reaches which teams is asked first, then the rows.
type gormApp struct{ db *gorm.DB }

func gormServer(_ context.Context, c Config) (*Running, error) {
	db, err := gorm.Open(postgres.Open(c.Postgres), &gorm.Config{PrepareStmt: true, Logger: logger.Discard})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(20)
	pool.SetMaxIdleConns(20)
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Use(gin.Recovery())
	a := &gormApp{db}
	router.GET("/v1/notes/:id", a.get)
	router.GET("/v1/notes", a.list)
	router.POST("/v1/notes", a.create)
	router.PATCH("/v1/notes/:id", a.update)
	return &Running{Handler: router, Close: func() { _ = pool.Close() }}, nil
}

// membership is what a user has by memberships.
type membership struct {
	user        uuid.UUID
	teams, may  []uuid.UUID // reached, and with the action
	roles       []uuid.UUID
	teamsByRole [][]any // pairs of a team and a role that the user has there
}

// reached asks for the teams and roles of the user.
func (a *gormApp) reached(ctx context.Context, user uuid.UUID, action joinery.Actions) (membership, error) {
	m := membership{user: user}
	var rows []struct {
		TeamID, RoleID uuid.UUID
		Actions        int64
	}
	err := a.db.WithContext(ctx).Raw(strings.Replace(reachSQL, "$1", "?", 1)+` SELECT x.team_id, h.role_id, bit_or(x.actions) AS actions FROM reach x JOIN held h ON h.direct = x.direct GROUP BY 1, 2`, user).Scan(&rows).Error
	teams, roles := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, r := range rows {
		if !teams[r.TeamID] {
			teams[r.TeamID] = true
			m.teams = append(m.teams, r.TeamID)
			if r.Actions&int64(action) != 0 {
				m.may = append(m.may, r.TeamID)
			}
		}
		if !roles[r.RoleID] {
			roles[r.RoleID] = true
			m.roles = append(m.roles, r.RoleID)
		}
		m.teamsByRole = append(m.teamsByRole, []any{r.TeamID, r.RoleID})
	}
	return m, err
}

// visible narrows a query to the rows that the user may act on.
func (m membership) visible(db *gorm.DB, action joinery.Actions) *gorm.DB {
	byTeam, byRole, byBoth := m.teams, m.roles, m.teamsByRole
	if len(byTeam) == 0 { // IN () needs a value
		byTeam, byRole, byBoth = []uuid.UUID{uuid.Nil}, []uuid.UUID{uuid.Nil}, [][]any{{uuid.Nil, uuid.Nil}}
	}
	may := m.may
	if len(may) == 0 {
		may = []uuid.UUID{uuid.Nil}
	}
	return db.Where("deleted_at IS NULL").Where(`user_id = ? OR team_id IN ? OR EXISTS (SELECT 1 FROM grants g WHERE g.model = 'notes' AND g.row_id = notes.id AND g.deleted_at IS NULL`+
		` AND (g.expires_at IS NULL OR g.expires_at > ?) AND g.actions & ? <> 0 AND (g.member_id = ? OR (g.team_id IN ? AND g.role_id IS NULL) OR (g.team_id IS NULL AND g.role_id IN ?) OR (g.team_id, g.role_id) IN ?))`,
		m.user, may, time.Now(), int64(action), m.user, byTeam, byRole, byBoth)
}

// caller is the user, its teams, and the id of the path.
func (a *gormApp) caller(c *gin.Context, action joinery.Actions) (m membership, id uuid.UUID, ok bool) {
	user, ok := bearer(c.Request)
	if !ok {
		c.AbortWithStatus(http.StatusUnauthorized)
		return m, id, false
	}
	if s := c.Param("id"); s != "" {
		var err error
		if id, err = uuid.Parse(s); err != nil {
			c.AbortWithStatus(http.StatusNotFound)
			return m, id, false
		}
	}
	m, err := a.reached(c, user, action)
	if err != nil {
		_ = c.AbortWithError(http.StatusInternalServerError, err)
	}
	return m, id, err == nil
}

func (a *gormApp) get(c *gin.Context) {
	m, id, ok := a.caller(c, joinery.View)
	if !ok {
		return
	}
	var n note
	err := m.visible(a.db.WithContext(c), joinery.View).Where("id = ?", id).Take(&n).Error
	a.row(c, http.StatusOK, &n, err)
}

func (a *gormApp) row(c *gin.Context, status int, n *note, err error) {
	switch {
	case err == nil:
		c.Header("ETag", `"`+strconv.FormatInt(n.Version, 10)+`"`)
		c.JSON(status, n)
	case errors.Is(err, gorm.ErrRecordNotFound):
		c.AbortWithStatus(http.StatusNotFound)
	default:
		_ = c.AbortWithError(http.StatusInternalServerError, err)
	}
}

func (a *gormApp) list(c *gin.Context) {
	m, _, ok := a.caller(c, joinery.View)
	if !ok {
		return
	}
	l, ok := readListing(c.Request)
	if !ok {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	q := l.narrow(m.visible(a.db.WithContext(c), joinery.View))
	rows := make([]note, 0, l.shape.limit+1)
	if err := q.Find(&rows).Error; err != nil {
		_ = c.AbortWithError(http.StatusInternalServerError, err)
		return
	}
	p := pageOf(l, rows)
	c.JSON(http.StatusOK, &p)
}

// narrow is the query with the listing's filter, order, cursor and limit.
func (l listing) narrow(q *gorm.DB) *gorm.DB {
	q = q.Limit(l.shape.limit + 1)
	if l.shape.status {
		q = q.Where("status = ?", l.status)
	}
	where, args, order := "id < ?", []any{l.id}, "id DESC"
	if l.shape.updated {
		where, args, order = "(updated_at, id) < (?, ?)", []any{l.at, l.id}, "updated_at DESC, id DESC"
	}
	if l.shape.after {
		q = q.Where(where, args...)
	}
	return q.Order(order)
}

func (a *gormApp) create(c *gin.Context) {
	m, _, ok := a.caller(c, joinery.Edit)
	if !ok {
		return
	}
	var in createNote
	if err := c.ShouldBindJSON(&in); err != nil || !in.check() {
		c.AbortWithStatus(http.StatusUnprocessableEntity)
		return
	}
	if in.TeamID != nil && !slices.Contains(m.may, *in.TeamID) {
		c.AbortWithStatus(http.StatusForbidden)
		return
	}
	id, err := uuid.NewV7()
	if err != nil {
		_ = c.AbortWithError(http.StatusInternalServerError, err)
		return
	}
	at := now()
	n := note{Entity: Entity{ID: id, CreatedAt: at, CreatedByID: &m.user, Version: 1, UpdatedAt: at, UpdatedByID: &m.user, UserID: &m.user},
		TeamID: in.TeamID, Title: in.Title, Body: in.Body, Status: in.Status, Priority: in.Priority}
	err = a.db.WithContext(c).Create(&n).Error
	c.Header("Location", "/v1/notes/"+id.String())
	a.row(c, http.StatusCreated, &n, err)
}

func (a *gormApp) update(c *gin.Context) {
	m, id, ok := a.caller(c, joinery.Edit)
	if !ok {
		return
	}
	version, err := strconv.ParseInt(strings.Trim(c.GetHeader("If-Match"), `"`), 10, 64)
	if err != nil {
		c.AbortWithStatus(http.StatusPreconditionRequired)
		return
	}
	var in updateNote
	if err := c.ShouldBindJSON(&in); err != nil || !in.check() {
		c.AbortWithStatus(http.StatusUnprocessableEntity)
		return
	}
	var n note
	err = a.db.WithContext(c).Transaction(func(tx *gorm.DB) error {
		if err := m.visible(tx, joinery.Edit).Where("id = ?", id).Take(&n).Error; err != nil {
			return err
		}
		changes := in.changes()
		changes["version"], changes["updated_at"], changes["updated_by_id"] = version+1, now(), m.user
		result := tx.Model(&n).Where("version = ?", version).Updates(changes)
		if result.Error == nil && result.RowsAffected == 0 {
			return errStale
		}
		return result.Error
	})
	if errors.Is(err, errStale) {
		c.AbortWithStatus(http.StatusPreconditionFailed)
		return
	}
	a.row(c, http.StatusOK, &n, err)
}

var errStale = errors.New("the version is another by now")

// changes are the columns that were sent.
func (u *updateNote) changes() map[string]any {
	m := map[string]any{}
	if u.Title != nil {
		m["title"] = *u.Title
	}
	if u.Body != nil {
		m["body"] = *u.Body
	}
	if u.Status != nil {
		m["status"] = *u.Status
	}
	if u.Priority != nil {
		m["priority"] = *u.Priority
	}
	return m
}
