package validate_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/internal/validate"
	"github.com/joinery-go/joinery/registry"
)

func Example() {
	type note struct {
		Title  string `json:"title" validate:"required,max=5"`
		Status string `json:"status" validate:"oneof=open done"`
	}
	v := validate.New()
	for _, p := range v.Struct(note{Title: "Ship it", Status: "closed"}) {
		fmt.Println(p.Pointer, p.Code, "-", p.Message)
	}
	// Output:
	// /title too_long - must have at most 5 characters
	// /status not_one_of - must be one of open, done
}

type address struct {
	City string `json:"city" validate:"required"`
}

type base struct {
	Owner string `json:"owner" validate:"required"`
}

type note struct {
	base
	registry.Named
	Title    string              `json:"title" validate:"min=2,max=5"`
	Plain    string              `validate:"required"`
	Hidden   string              `json:"-" validate:"required"`
	Odd      string              `json:"a/b~c" validate:"required"`
	Tags     []string            `json:"tags" validate:"max=2,dive,min=2"`
	List     []address           `json:"list" validate:"dive"`
	Map      map[string]string   `json:"map" validate:"dive,keys,max=9,endkeys,min=2"`
	Places   map[string]address  `json:"places" validate:"dive"`
	Address  *address            `json:"address"`
	Num      int                 `json:"num" validate:"gte=1,lte=9"`
	Half     float64             `json:"half" validate:"gt=0,lt=1"`
	From     time.Time           `json:"from"`
	Until    time.Time           `json:"until" validate:"gtefield=From"`
	Reason   string              `json:"reason" validate:"required_if=Num 9"`
	OptEmail query.Opt[string]   `json:"opt_email" validate:"omitempty,email"`
	OptMin   query.Opt[string]   `json:"opt_min" validate:"omitempty,min=2"`
	OptNum   query.Opt[int]      `json:"opt_num" validate:"omitempty,min=1"`
	OptPart  query.Opt[address]  `json:"opt_part"`
	OptList  query.Opt[[]string] `json:"opt_list" validate:"omitempty,dive,min=2"`
}

// good breaks no rule.
func good() note {
	n := note{Title: "Ship", Plain: "x", Hidden: "x", Odd: "x", Num: 1, Half: 0.5}
	n.Owner, n.Name = "ann", "n"
	return n
}

func TestStruct(t *testing.T) {
	t.Parallel()
	v := validate.New()
	cases := []struct {
		name  string
		spoil func(*note)
		want  string
	}{
		{"good", func(*note) {}, ""},
		{"empty", func(n *note) { n.Plain = "" }, "/Plain required is required"},
		{"hidden", func(n *note) { n.Hidden = "" }, "/Hidden required is required"},
		{"embedded", func(n *note) { n.Owner = "" }, "/owner required is required"},
		{"embedded of another package", func(n *note) { n.Name = strings.Repeat("x", 201) }, "/name too_long must have at most 200 characters"},
		{"escaped", func(n *note) { n.Odd = "" }, "/a~1b~0c required is required"},
		{"short", func(n *note) { n.Title = "x" }, "/title too_short must have at least 2 characters"},
		{"long in characters", func(n *note) { n.Title = "ééééé" }, ""},
		{"too long in characters", func(n *note) { n.Title = "éééééé" }, "/title too_long must have at most 5 characters"},
		{"items", func(n *note) { n.Tags = []string{"aa", "bb", "cc"} }, "/tags too_long must have at most 2 items"},
		{"item", func(n *note) { n.Tags = []string{"aa", "b"} }, "/tags/1 too_short must have at least 2 characters"},
		{"struct in list", func(n *note) { n.List = []address{{"x"}, {}} }, "/list/1/city required is required"},
		{"map", func(n *note) { n.Map = map[string]string{"k": "x"} }, "/map/k too_short must have at least 2 characters"},
		{"map key", func(n *note) { n.Map = map[string]string{"0123456789": "xx"} }, "/map/0123456789 too_long must have at most 9 characters"},
		{"strange key", func(n *note) { n.Map = map[string]string{"a]./[b": "x", "a": "xx"} }, "/map/a].~1[b too_short must have at least 2 characters"},
		{"struct in map", func(n *note) { n.Places = map[string]address{"a].City": {}, "a": {"x"}} }, "/places/a].City/city required is required"},
		{"pointer", func(n *note) { n.Address = &address{} }, "/address/city required is required"},
		{"number", func(n *note) { n.Num = 0 }, "/num too_small must be at least 1"},
		{"large number", func(n *note) { n.Num = 10 }, "/num too_large must be at most 9"},
		{"exclusive", func(n *note) { n.Half = 1 }, "/half too_large must be less than 1"},
		{"cross", func(n *note) { n.From = time.Now() }, "/until mismatch must be at least from"},
		{"required if", func(n *note) { n.Num = 9 }, "/reason required is required where num is 9"},
		{"absent", func(n *note) { n.OptMin = query.Opt[string]{} }, ""},
		{"null", func(n *note) {
			n.OptMin, n.OptNum, n.OptPart = query.Null[string](), query.Null[int](), query.Null[address]()
		}, ""},
		{"present and empty", func(n *note) { n.OptMin = query.Set("") }, "/opt_min too_short must have at least 2 characters"},
		{"present and zero", func(n *note) { n.OptNum = query.Set(0) }, "/opt_num too_small must be at least 1"},
		{"present and wrong", func(n *note) { n.OptEmail = query.Set("x") }, "/opt_email not_an_email must be an e-mail address, as ann@example.com"},
		{"in an optional struct", func(n *note) { n.OptPart = query.Set(address{}) }, "/opt_part/city required is required"},
		{"in an optional list", func(n *note) { n.OptList = query.Set([]string{"aa", "b"}) }, "/opt_list/1 too_short must have at least 2 characters"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			n := good()
			c.spoil(&n)
			for _, s := range []any{n, &n} {
				var got []string
				for _, p := range v.Struct(s) {
					got = append(got, p.Pointer+" "+p.Code+" "+p.Message)
				}
				is.Equal(strings.Join(got, "\n"), c.want)
			}
		})
	}
}

func TestEveryFieldAtOnce(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var pointers []string
	for _, p := range validate.New().Struct(note{Tags: []string{"a", "b"}}) {
		pointers = append(pointers, p.Pointer)
	}
	is.Equal(strings.Join(pointers, " "), "/owner /name /title /Plain /Hidden /a~1b~0c /tags/0 /tags/1 /num /half")
}

func TestTypesWithoutAPlainName(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	v := validate.New()
	is.Equal(v.Struct(struct {
		A string `json:"a" validate:"required"`
	}{})[0].Pointer, "/a")
	is.Equal(v.Struct(generic[registry.Ref[note]]{})[0].Pointer, "/items/b")
}

type generic[T any] struct {
	Items struct {
		B string `json:"b" validate:"required"`
	} `json:"items"`
}

func TestMessages(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	v := validate.New()
	got := v.Struct(struct {
		A string    `json:"a" validate:"oneof='in review' open"`
		B string    `json:"b" validate:"len=1"`
		C string    `json:"c" validate:"hexcolor|email"`
		D string    `json:"d" validate:"startswith=x"`
		E []int     `json:"e" validate:"unique"`
		F string    `json:"f" validate:"eqfield=A"`
		G string    `json:"g" validate:"required_without=H"`
		H string    `json:"h" validate:"required_unless=A z D y"`
		I string    `json:"i" validate:"excluded_with=B"`
		J time.Time `json:"j" validate:"gt"`
		K string    `json:"k" validate:"luhn_checksum"`
		L int       `json:"l" validate:"ne=0"`
	}{A: "x", B: "xx", C: "x", E: []int{1, 1}, I: "x", K: "1"})
	var messages []string
	for _, p := range got {
		messages = append(messages, p.Pointer+" "+p.Code+": "+p.Message)
	}
	is.Equal(strings.Join(messages, "\n"), strings.TrimSpace(`
/a not_one_of: must be one of in review, open
/b wrong_length: must have exactly 1 character
/c not_valid: must be a color, as #ff8800, or an e-mail address, as ann@example.com
/d wrong_form: must start with x
/e not_unique: must not have the same item twice
/f mismatch: must be the same as a
/g required: is required without h
/h required: is required unless a is z or d is y
/i not_allowed: must be left out together with b
/j too_small: must be more than now
/k not_valid: does not satisfy the rule luhn_checksum
/l wrong_value: must not be 0`))
}

func TestStructPanicsOnAnythingElse(t *testing.T) {
	t.Parallel()
	for _, s := range []any{nil, 1, (*note)(nil), []note{}} {
		func() {
			defer func() { is.New(t).True(recover() != nil) }()
			validate.New().Struct(s)
		}()
	}
}

func TestCrossFields(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	type inner struct {
		Low  int `json:"low"`
		High int `json:"high" validate:"gtefield=Low"`
	}
	ties := validate.CrossFields(reflect.TypeFor[struct {
		inner
		A    string `json:"a" validate:"required_if=B x C y,max=3"`
		B    string `json:"b"`
		C    string `json:"c" validate:"omitempty,eqfield=D|eqfield=E"`
		D    string `json:"d"`
		E    string
		F    []string              `json:"f" validate:"dive,eqfield=D"`
		G    string                `json:"g" validate:"excluded_with=A B,nefield=G"`
		H    string                `json:"h" validate:"eqcsfield=Part.Name"`
		I    string                `json:"i" validate:"fieldcontains=B"`
		Part struct{ Name string } `json:"part"`
	}]())
	is.Equal(ties["low"], []string{"high"})
	is.Equal(ties["high"], []string{"low"})
	is.Equal(ties["a"], []string{"b", "c", "g"})
	is.Equal(ties["b"], []string{"a", "g", "i"})
	is.Equal(ties["c"], []string{"a", "d", "E"})
	is.Equal(ties["E"], []string{"c"})
	is.Equal(ties["f"], nil)
	is.Equal(ties["g"], []string{"a", "b"})
	is.Equal(ties["h"], []string{"part"})
	is.Equal(len(validate.CrossFields(reflect.TypeFor[address]())), 0)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	v := validate.New()
	is.NoErr(v.Check(reflect.TypeFor[note]()))
	type deep struct {
		X int `validate:"nonsense"`
	}
	type loop struct {
		Self *loop
		List []query.Opt[deep] `validate:"dive"`
		Y    int               `validate:"gtefield=Nowhere"`
	}
	err := v.Check(reflect.TypeFor[loop]())
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "nonsense"))
	is.True(strings.Contains(err.Error(), "Nowhere"))
	type misfit struct {
		X bool `validate:"max=3"`
	}
	is.True(v.Check(reflect.TypeFor[misfit]()) != nil)
	type outer struct{ In deep }
	type other struct {
		In []deep `validate:"dive"`
	}
	err = v.Check(reflect.TypeFor[outer](), reflect.TypeFor[other](), reflect.TypeFor[outer]())
	is.True(err != nil)
	is.Equal(strings.Count(err.Error(), "nonsense"), 1) // said of the struct that has it
	is.True(strings.HasPrefix(err.Error(), "validate_test.deep "))
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	v := validate.New()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { v.Struct(note{}) })
	}
	wg.Wait()
}

func BenchmarkStruct(b *testing.B) {
	v, n := validate.New(), good()
	b.ReportAllocs()
	for b.Loop() {
		v.Struct(&n)
	}
}
