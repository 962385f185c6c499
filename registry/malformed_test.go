package registry_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// bad adds one malformed T, the models it needs beside it first.
func bad[T any](table registry.Table, more ...func(*registry.Registry)) func(*registry.Registry) error {
	return func(r *registry.Registry) error {
		for _, add := range more {
			add(r)
		}
		if table.Name == "" {
			table.Name = "bads"
		}
		_, err := registry.Add[T](r, registry.WithTable(table), registry.WithName("Bad"))
		if err != nil {
			if r.Validate() == nil {
				panic("Validate forgot the error of Add")
			}
			return err
		}
		return r.Validate()
	}
}

// badForm records a malformed form of Note.
func badForm[C any]() func(*registry.Registry) error {
	return func(r *registry.Registry) error {
		m := registry.MustAdd[Note](r)
		registry.MustAdd[Comment](r)
		registry.MustAdd[Project](r)
		err := r.SetForms(m, reflect.TypeFor[C](), nil)
		if err != nil && r.Validate() == nil {
			panic("Validate forgot the error of SetForms")
		}
		return err
	}
}

type (
	inner struct{ Title string }
	Name  string

	noID   struct{ Title string }
	textID struct{ ID string }
	nullID struct{ ID *uuid.UUID }
	twoIDs struct {
		A, B uuid.UUID `role:"id"`
	}
	badRole struct {
		registry.Entity
		X uuid.UUID `role:"boss"`
	}
	wrongRole struct {
		registry.Entity
		X string `role:"owner"`
	}
	unsaidOwner struct {
		registry.Entity
		X *uuid.UUID `json:"user_id" db:"owner_id"`
	}
	unsaidTeam struct {
		registry.Entity
		X *uuid.UUID `json:"team_id" db:"group_id"`
	}
	unsaidDeleted struct {
		registry.Entity
		X *time.Time `json:"deleted_at" db:"gone"`
	}
	saidNone struct {
		ID    uuid.UUID  `json:"id"`
		X     *uuid.UUID `json:"user_id" db:"customer" role:"none"`
		Team  string     `json:"team_id" db:"team"`
		Who   uuid.UUID  `json:"who" db:"author" role:"created_by"`
		Maker uuid.UUID  `json:"created_by_id" db:"maker"`
	}
	liveDeleted struct {
		registry.Entity
		X time.Time `role:"deleted_at"`
	}
	pointerMix struct{ *registry.Entity }
	embedsName struct {
		registry.Entity
		Name
	}
	secret struct {
		registry.Entity
		_ string `db:"x"`
	}
	channel struct {
		registry.Entity
		X chan int
	}
	function struct {
		registry.Entity
		X func()
	}
	complexNum struct {
		registry.Entity
		X complex128
	}
	anyField struct {
		registry.Entity
		X any
	}
	bigUint struct {
		registry.Entity
		X uint64
	}
	plainBytes struct {
		registry.Entity
		X [16]byte
	}
	wideDefault struct {
		registry.Entity
		X int `validate:"max=5" default:"9"`
	}
	optColumn struct {
		registry.Entity
		X Opt[string]
	}
	twoStars struct {
		registry.Entity
		X **string
	}
	chanInJSON struct {
		registry.Entity
		X struct{ C []chan int }
	}
	structKeys struct {
		registry.Entity
		X map[inner]string
	}
	valuer struct {
		registry.Entity
		X uuid.NullUUID
	}
	sameColumn struct {
		registry.Entity
		A string `db:"x"`
		B string `db:"X"`
	}
	sameJSON struct {
		registry.Entity
		A string `json:"B" db:"a"`
		B string
	}
	shadows struct {
		registry.Entity
		Version int64 `json:"version"`
	}
	question struct {
		registry.Entity
		X string `db:"what?"`
	}
	nul struct {
		registry.Entity
		X string "db:\"a\\x00b\""
	}
	longName struct {
		registry.Entity
		X string `db:"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"`
	}
	dotted struct {
		registry.Entity
		X string `json:"a.b"`
	}
	slashed struct {
		registry.Entity
		X string `json:"a/b"`
	}
	jsonString struct {
		registry.Entity
		X int `json:"x,string"`
	}
	shown struct {
		registry.Entity
		X string `json:"x" api:"hidden"`
	}
	dashed struct {
		registry.Entity
		X string `json:"-"`
	}
	badAPI struct {
		registry.Entity
		X string `api:"secret"`
	}
	badDefault struct {
		registry.Entity
		X int `default:"many"`
	}
	badEnumDef struct {
		registry.Entity
		X string `validate:"oneof=a b" default:"c"`
	}
	badDecimal struct {
		registry.Entity
		X string `type:"decimal(2,5)"`
	}
	floatMoney struct {
		registry.Entity
		X float64 `type:"decimal(12,2)"`
	}
	decDefault struct {
		registry.Entity
		X string `type:"decimal(4,2)" default:"123.45"`
	}
	sqlType struct {
		registry.Entity
		X string `type:"text; drop table x"`
	}
	badRule struct {
		registry.Entity
		X string `validate:"required,,max=3"`
	}
	badMax struct {
		registry.Entity
		X string `validate:"max=lots"`
	}
	badIndex struct {
		registry.Entity
		X string `index:"yes"`
	}
	badUnique struct {
		registry.Entity
		X string `unique:"global"`
	}
	leakUnique struct {
		registry.Entity
		X string `unique:"true"`
	}
	badSort struct {
		registry.Entity
		X string `sortable:"true;nothing"`
	}
	sortJSON struct {
		registry.Entity
		X []string `sortable:"true"`
	}
	sortTwice struct {
		registry.Entity
		X string `json:"x" sortable:"x,-x"`
	}
	sortSecret struct {
		registry.Entity
		X string `api:"writeonly" sortable:"true"`
	}
	badExample struct {
		registry.Entity
		X string `validate:"max=3" example:"too long"`
	}
	refText struct {
		registry.Entity
		X string `ref:"notes"`
	}
	refOption struct {
		registry.Entity
		X uuid.UUID `ref:"self,drop"`
	}
	refBoth struct {
		registry.Entity
		X *uuid.UUID `ref:"self,cascade,setnull"`
	}
	refNotNull struct {
		registry.Entity
		X uuid.UUID `ref:"self,setnull"`
	}
	refUnknown struct {
		registry.Entity
		X uuid.UUID `ref:"nowhere"`
	}
	refTyped struct {
		registry.Entity
		X registry.Ref[Author]
	}
	refOther struct {
		registry.Entity
		X *registry.Ref[Book] `ref:"authors"`
	}
	refExternal struct {
		registry.Entity
		X uuid.UUID `ref:"users,inherit"`
	}
	refSelf struct {
		registry.Entity
		X uuid.UUID `ref:"self"`
	}
	relEmpty struct {
		registry.Entity
		X *Author `json:"x,omitzero" rel:""`
	}
	relValue struct {
		registry.Entity
		AuthorID uuid.UUID `json:"author_id" ref:"authors"`
		X        Author    `json:"x,omitzero" rel:"author_id"`
	}
	relNoOmit struct {
		registry.Entity
		AuthorID uuid.UUID `json:"author_id" ref:"authors"`
		X        *Author   `json:"x" rel:"author_id"`
	}
	relNoColumn struct {
		registry.Entity
		X *Author `json:"x,omitzero" rel:"author_id"`
	}
	relNoRef struct {
		registry.Entity
		AuthorID uuid.UUID `json:"author_id"`
		X        *Author   `json:"x,omitzero" rel:"author_id"`
	}
	relOther struct {
		registry.Entity
		BookID uuid.UUID `json:"book_id" ref:"books"`
		X      *Author   `json:"x,omitzero" rel:"book_id"`
	}
	relTable struct {
		registry.Entity
		X []Book `json:"x,omitzero" rel:"authors.author_id"`
	}
	relUnadded struct {
		registry.Entity
		X *noID `json:"x,omitzero" rel:"y"`
	}
	noRel struct {
		registry.Entity
		X []Author
	}

	Left struct {
		registry.Entity
		R *registry.Ref[Right] `json:"r" ref:"rights,inherit"`
	}
	Right struct {
		registry.Entity
		L *registry.Ref[Left] `json:"l" ref:"lefts,inherit"`
	}
	Hen struct {
		registry.Entity
		E registry.Ref[Egg] `json:"e" ref:"eggs"`
	}
	Egg struct {
		registry.Entity
		H registry.Ref[Hen] `json:"h" ref:"hens"`
	}

	formLacks struct {
		Subtitle string `json:"subtitle"`
	}
	formHidden struct {
		Data []byte `json:"data"`
	}
	formReadonly struct {
		Version int64 `json:"version"`
	}
	formType struct {
		Title int `json:"title"`
	}
	formRef struct {
		ProjectID registry.Ref[Comment] `json:"project_id"`
	}
	formOptType struct {
		Status Opt[string] `json:"status"`
	}
	formNull struct {
		Title *string `json:"title"`
	}
	formMax struct {
		Title string `json:"title" validate:"max=300"`
	}
	formOneof struct {
		Status Status `json:"status" validate:"oneof=open halted"`
	}
	formTwice struct {
		A string `json:"B"`
		B string
	}
	formRule struct {
		Title string `json:"title" validate:"min="`
	}
)

func books(r *registry.Registry) {
	registry.MustAdd[Author](r)
	registry.MustAdd[Book](r)
}

func TestMalformedModelsAreNamed(t *testing.T) {
	t.Parallel()
	zero := registry.Table{}
	extra := func(e ...registry.Extra) registry.Table {
		return registry.Table{Policy: registry.Policy{Extra: e}}
	}
	cases := map[string]struct {
		add  func(*registry.Registry) error
		want string // part of the message
	}{
		"no struct":                 {bad[Name](zero), "registry_test.Name is no named struct type"},
		"no named struct":           {bad[struct{ registry.Entity }](zero), "is no named struct type"},
		"pointer":                   {bad[*Note](zero), "is no named struct type"},
		"no id":                     {bad[noID](zero), "has no id"},
		"id of another kind":        {bad[textID](zero), "textID.ID has the role id, which takes a column of kind uuid"},
		"id that is null":           {bad[nullID](zero), "nullID.ID has the role id and cannot be a pointer"},
		"two ids":                   {bad[twoIDs](zero), "twoIDs.B has the role id, which A has already"},
		"unknown role":              {bad[badRole](zero), "badRole.X has an unknown tag role"},
		"role of another kind":      {bad[wrongRole](zero), "wrongRole.X has the role owner"},
		"renamed owner":             {bad[unsaidOwner](zero), `unsaidOwner.X is column "owner_id" with the JSON name "user_id" and no tag role: tag it role:"owner"`},
		"renamed team":              {bad[unsaidTeam](zero), `tag it role:"team"`},
		"renamed deleted_at":        {bad[unsaidDeleted](zero), `tag it role:"deleted_at"`},
		"deleted_at that is set":    {bad[liveDeleted](zero), "liveDeleted.X has the role deleted_at and must be a pointer"},
		"mixin by pointer":          {bad[pointerMix](zero), "pointerMix.Entity is embedded but no struct value"},
		"embedded string":           {bad[embedsName](zero), "embedsName.Name is embedded but no struct value"},
		"unexported column":         {bad[secret](zero), "secret._ has tag db but is not exported"},
		"channel":                   {bad[channel](zero), "channel.X has type chan int, which no column can hold"},
		"function":                  {bad[function](zero), "function.X has type func()"},
		"complex number":            {bad[complexNum](zero), "complexNum.X has type complex128"},
		"interface":                 {bad[anyField](zero), "anyField.X has type interface {}"},
		"uint64":                    {bad[bigUint](zero), "bigUint.X holds values that no database column holds: use int64"},
		"array of bytes":            {bad[plainBytes](zero), "plainBytes.X is an array of bytes: use uuid.UUID"},
		"optional column":           {bad[optColumn](zero), "optColumn.X is an optional input"},
		"default over the maximum":  {bad[wideDefault](zero), `wideDefault.X has tag default:"9", which does not fit: must keep to the maximum 5`},
		"pointer to pointer":        {bad[twoStars](zero), "twoStars.X is a pointer to a pointer"},
		"channel within JSON":       {bad[chanInJSON](zero), "chanInJSON.X holds a chan int, which JSON cannot"},
		"map with struct keys":      {bad[structKeys](zero), "structKeys.X has map keys of type"},
		"SQL form of its own":       {bad[valuer](zero), "valuer.X brings an SQL form of its own"},
		"same column":               {bad[sameColumn](zero), `sameColumn.B is column "X", which A is already`},
		"same JSON name":            {bad[sameJSON](zero), `sameJSON.B has the JSON name "B", which A has already`},
		"shadowed mixin":            {bad[shadows](zero), `shadows.Version is column "version", which Version is already`},
		"question mark":             {bad[question](zero), `question.X has a column name that is not allowed: it "what?" contains a question mark`},
		"NUL":                       {bad[nul](zero), "contains a NUL byte"},
		"long name":                 {bad[longName](zero), "has 64 bytes, over 63"},
		"long table":                {bad[Note](registry.Table{Name: strings.Repeat("t", 64)}), "Note.Table names a table that"},
		"dot in a JSON name":        {bad[dotted](zero), `"a.b" may hold letters, digits and _ only`},
		"slash in a JSON name":      {bad[slashed](zero), `"a/b" may hold letters`},
		"json string":               {bad[jsonString](zero), "jsonString.X has the json option string"},
		"hidden but shown":          {bad[shown](zero), `shown.X is api:"hidden" and needs json:"-"`},
		"neither hidden nor absent": {bad[dashed](zero), `dashed.X is json:"-": add api:"hidden"`},
		"unknown visibility":        {bad[badAPI](zero), `badAPI.X has tag api:"secret"`},
		"default of another type":   {bad[badDefault](zero), `badDefault.X has tag default:"many", which is no value of it`},
		"default outside the enum":  {bad[badEnumDef](zero), `badEnumDef.X has tag default:"c"`},
		"impossible decimal":        {bad[badDecimal](zero), `badDecimal.X has tag type:"decimal(2,5)"`},
		"decimal in a float":        {bad[floatMoney](zero), "floatMoney.X has tag type:\"decimal(12,2)\" and must be a string"},
		"default with more digits":  {bad[decDefault](zero), `"123.45" has more than 4 digits`},
		"SQL in a type":             {bad[sqlType](zero), "sqlType.X has tag type"},
		"empty rule":                {bad[badRule](zero), "badRule.X has an empty or padded rule"},
		"table of a statement's":    {bad[Note](registry.Table{Name: "p_top"}), `Note.Table names a table that is not allowed: "p_top" begins with p_`},
		"the same in capitals":      {bad[Note](registry.Table{Name: "P_walk"}), `rename the table`},
		"the same by its type":      {func(r *registry.Registry) error { _, err := registry.Add[P_Seen](r); return err }, `P_Seen.Table names a table that is not allowed: "p_seens"`},
		"rule without number":       {bad[badMax](zero), `badMax.X has a validate rule max with "lots", which is no number`},
		"index neither true":        {bad[badIndex](zero), `badIndex.X has tag index:"yes"`},
		"unknown unique":            {bad[badUnique](zero), `badUnique.X has tag unique:"global"`},
		"unique across owners":      {bad[leakUnique](zero), `leakUnique.X has a unique key (x) without user_id or team_id: its Conflict tells that a hidden row exists; for a key per owner leave the tag out and let Table() say Unique: []registry.Unique{{Columns: []string{"user_id", "x"}}}`},
		"unique of no column":       {bad[Left](registry.Table{Unique: []registry.Unique{{Columns: []string{"q"}}}}), `Left.Table has a key over ["q"]`},
		"index of no column":        {bad[Left](registry.Table{Indexes: []registry.Index{{Columns: []string{"-q"}}}}), `"q" is no column`},
		"index without columns":     {bad[Left](registry.Table{Indexes: []registry.Index{{}}}), "Left.Table has a key without columns"},
		"sort by no column":         {bad[badSort](zero), `badSort.X declares the sort order "nothing"`},
		"sort by JSON":              {bad[sortJSON](zero), "sortJSON.X declares the sort order"},
		"sort twice":                {bad[sortTwice](zero), `names "x" twice`},
		"sort by a secret":          {bad[sortSecret](zero), "sortSecret.X declares the sort order"},
		"example against the rules": {bad[badExample](zero), `badExample.X has tag example:"too long", which does not fit: must have at most 3 characters`},
		"ref of a text":             {bad[refText](zero), "refText.X has tag ref and must be a uuid.UUID"},
		"unknown ref option":        {bad[refOption](zero), `refOption.X has tag ref:"self,drop" with unknown option "drop"`},
		"two ref options":           {bad[refBoth](zero), "choose one of restrict, cascade and setnull"},
		"setnull of not null":       {bad[refNotNull](zero), "refNotNull.X has tag ref:\"self,setnull\": setnull needs a pointer"},
		"unknown ref target":        {bad[refUnknown](zero), `refUnknown.X refers to table "nowhere", which no model`},
		"unknown Ref type":          {bad[refTyped](zero), "refTyped.X is a Ref[registry_test.Author], which is no model"},
		"Ref of another table":      {bad[refOther](zero, books), `refOther.X is a Ref[registry_test.Book], but table "authors" is that of registry_test.Author`},
		"inherit from no model":     {bad[refExternal](zero), `refExternal.X inherits from table "users"`},
		"first row needs itself":    {bad[refSelf](zero), "refSelf.X closes a cycle of references that need each other's row first"},
		"rel without column":        {bad[relEmpty](zero, books), `relEmpty.X has tag rel:""`},
		"rel by value":              {bad[relValue](zero, books), "relValue.X is a relation to one row and must be a pointer"},
		"rel always written":        {bad[relNoOmit](zero, books), "relNoOmit.X is a relation and needs omitzero"},
		"rel of no column":          {bad[relNoColumn](zero, books), `has no column "author_id"`},
		"rel of no ref":             {bad[relNoRef](zero, books), "relNoRef.AuthorID is no reference: give it a ref tag"},
		"rel of another ref":        {bad[relOther](zero, books), `refers to table "books", not "authors"`},
		"rel of another table":      {bad[relTable](zero, books), `has tag rel:"authors.author_id", but registry_test.Book has table "books"`},
		"rel to no model":           {bad[relUnadded](zero), "relUnadded.X is a relation to registry_test.noID, which is no model"},
		"model without rel":         {bad[noRel](zero, books), "noRel.X holds the model registry_test.Author without a tag rel"},
		"extra without name":        {bad[Left](extra(registry.Extra{Actions: joinery.View})), "Left.Table has an Extra policy rule"},
		"same table":                {bad[Left](registry.Table{Name: "BOOKS"}, books), `Left has table "BOOKS", which is registry_test.Book's`},
		"inherit cycle": {bad[Left](registry.Table{Name: "lefts"}, func(r *registry.Registry) { registry.MustAdd[Right](r) }),
			"inherit permissions from each other: rights.l → lefts.r → rights"},
		"hen and egg": {bad[Hen](registry.Table{Name: "hens"}, func(r *registry.Registry) { registry.MustAdd[Egg](r) }), "eggs.h → hens.e → eggs"},

		"form without column":     {badForm[formLacks](), `formLacks.Subtitle has the JSON name "subtitle", which is no visible column of registry_test.Note`},
		"form with hidden column": {badForm[formHidden](), `formHidden.Data has the JSON name "data"`},
		"form with readonly":      {badForm[formReadonly](), "formReadonly.Version is registry_test.Note.Version, which is readonly: leave readonly columns out of FormReadonly"},
		"form of another type":    {badForm[formType](), "formType.Title has type int, but registry_test.Note.Title is a string"},
		"form of another Ref":     {badForm[formRef](), "formRef.ProjectID has type registry.Ref"},
		"Opt of another type":     {badForm[formOptType](), "formOptType.Status has type string"},
		"null for not null":       {badForm[formNull](), "formNull.Title is a pointer, but registry_test.Note.Title cannot be null"},
		"loosened max":            {badForm[formMax](), "formMax.Title allows up to 300 where the column allows 200"},
		"loosened oneof":          {badForm[formOneof](), `formOneof.Status allows "halted", which the column does not`},
		"form with a name twice":  {badForm[formTwice](), `formTwice.B has the JSON name "B", which another field has already`},
		"form with a bad rule":    {badForm[formRule](), `formRule.Title has rule "min" without its value`},
		"T as a form":             {badForm[Note](), "which is readonly: leave readonly columns out of Note"},
		"form of no struct":       {badForm[int](), "int is no struct"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := c.add(registry.New(nil))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got:\n%v\nwant a message with:\n%s", err, c.want)
			}
		})
	}
}

// A renamed column is no mistake where it says that it has no role, another
// column has it, or it could not have it.
func TestRenamedColumnsWithoutRole(t *testing.T) {
	t.Parallel()
	r := registry.New(nil)
	m, err := registry.Add[saidNone](r)
	if err != nil || r.Validate() != nil {
		t.Fatal(err)
	}
	if m.Owner != nil || m.Team != nil || m.CreatedBy.Name != "author" {
		t.Error("a column has a role that nothing gave it")
	}
}

func TestValidateJoinsEveryProblem(t *testing.T) {
	t.Parallel()
	r := registry.New(&registry.Options{ExternalTables: []string{}})
	_, _ = registry.Add[leakUnique](r)
	registry.MustAdd[refUnknown](r)
	registry.MustAdd[Legacy](r)
	registry.MustAdd[struct2](r)
	err := r.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"leakUnique.X", "refUnknown.X", `struct2.TeamID refers to table "teams"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
	if again := r.Validate(); again != err {
		t.Errorf("another error the second time: %v", again)
	}
	if _, err := r.DDL(dialect("postgres")); err == nil {
		t.Error("DDL of an invalid registry")
	}
}

// P_Seen has its table by its name alone.
type P_Seen struct{ registry.Entity }

type struct2 struct {
	registry.Entity
	registry.InTeam
}
