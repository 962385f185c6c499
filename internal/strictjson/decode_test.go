package strictjson_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/internal/strictjson"
	"github.com/joinery-go/joinery/registry"
)

func Example() {
	type note struct {
		Title    string `json:"title"`
		Priority int8   `json:"priority"`
	}
	var n note
	for _, p := range strictjson.Decode([]byte(`{"titel": "Ship", "priority": 1000, "title": null}`), &n) {
		fmt.Println(p.Pointer, p.Code, "-", p.Message)
	}
	// Output:
	// /titel unknown_field - is no field here: known are title, priority
	// /priority out_of_range - must be a whole number from -128 to 127
	// /title null - must be a string, not null
}

type base struct {
	ID      uuid.UUID `json:"id"`
	Shadow  string    `json:"shadow"`
	private int       //lint:ignore U1000 an unexported field must be passed over
}

type hue string

func (h *hue) UnmarshalText(data []byte) error {
	if string(data) != "red" {
		return joinery.Errorf(joinery.Malformed, "", "must be red")
	}
	*h = hue(data)
	return nil
}

type odd int

func (o *odd) UnmarshalJSON(data []byte) error {
	var n int
	if err := json.Unmarshal(data, &n); err != nil {
		return err
	}
	if n%2 == 0 {
		return fmt.Errorf("internal: %d", n)
	}
	*o = odd(n)
	return nil
}

type all struct {
	base
	Shadow  string                     `json:"shadow"`
	Text    string                     `json:"text"`
	Flag    bool                       `json:"flag"`
	Small   int8                       `json:"small"`
	Big     int64                      `json:"big"`
	U       uint16                     `json:"u"`
	F       float64                    `json:"f"`
	F32     float32                    `json:"f32"`
	At      time.Time                  `json:"at"`
	Ref     registry.Ref[base]         `json:"ref"`
	Ptr     *string                    `json:"ptr"`
	PtrID   *uuid.UUID                 `json:"ptr_id"`
	List    []int                      `json:"list"`
	Pair    [2]int                     `json:"pair"`
	Map     map[string]int             `json:"map"`
	ByNum   map[int8]string            `json:"by_num"`
	ByID    map[uuid.UUID]bool         `json:"by_id"`
	Any     any                        `json:"any"`
	Raw     json.RawMessage            `json:"raw"`
	Bytes   []byte                     `json:"bytes"`
	Num     json.Number                `json:"num"`
	Can     joinery.Actions            `json:"can"`
	Opt     query.Opt[string]          `json:"opt,omitzero"`
	OptInt  query.Opt[int8]            `json:"opt_int,omitzero"`
	OptID   query.Opt[uuid.UUID]       `json:"opt_id,omitzero"`
	OptPtr  query.Opt[*int]            `json:"opt_ptr,omitzero"`
	OptList query.Opt[[]string]        `json:"opt_list,omitzero"`
	Hue     hue                        `json:"hue"`
	Odd     odd                        `json:"odd"`
	Quoted  int                        `json:"quoted,string"`
	Nested  *all                       `json:"nested"`
	Kids    []all                      `json:"kids"`
	Skip    string                     `json:"-"`
	Dash    string                     `json:"-,"` //lint:ignore SA5008 the documented way to name a field "-"
	Slash   string                     `json:"a/b~c"`
	Func    func()                     `json:"func"`
	Deep    map[string]map[string]int8 `json:"deep"`
}

func TestAcceptsWhatFits(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	const body = ` {"id":"0198f3a4-5b6c-7d8e-9f00-112233445566","shadow":"s","text":"\u0041\ud83d\ude00\n","flag":true,
	"small":-128,"big":9223372036854775807,"u":65535,"f":-1.5e3,"f32":0.1,"at":"2026-11-23T10:00:00.5+02:00",
	"ref":"0198f3a4-5b6c-7d8e-9f00-112233445566","ptr":null,"ptr_id":null,"list":[1,2],"pair":[1,2],"map":{"a":1,"A":2},
	"by_num":{"-1":"x"},"by_id":{"0198f3a4-5b6c-7d8e-9f00-112233445566":true},"any":{"x":[1,null,"y"]},"raw":{"y":[]},
	"bytes":"aGk=","num":1.50,"can":["view"],"opt":null,"opt_int":7,"opt_ptr":null,"opt_list":["a"],"hue":"red","odd":3,
	"quoted":"5","nested":{"text":"in"},"kids":[{},{"small":1}],"-":"dash","a/b~c":"x","deep":{"a":{"b":1}}} `
	var got, want all
	is.Equal(strictjson.Decode([]byte(body), &got), nil)
	is.NoErr(json.Unmarshal([]byte(body), &want))
	is.True(reflect.DeepEqual(got, want))
	is.True(got.Opt.IsNull() && !got.OptID.IsSet())
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, body, want string }{
		{"unknown", `{"x":1}`, "/x unknown_field"},
		{"other case", `{"Text":"a"}`, "/Text unknown_field"},
		{"go name", `{"Skip":"a"}`, "/Skip unknown_field"},
		{"unexported", `{"private":1}`, "/private unknown_field"},
		{"duplicate", `{"text":"a","text":"b"}`, "/text duplicate_key"},
		{"duplicate by escape", `{"text":"a","te\u0078t":"b"}`, "/text duplicate_key"},
		{"duplicate in any", `{"any":{"k":1,"k":2}}`, "/any/k duplicate_key"},
		{"duplicate among many", `{"any":{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"q":1,"a":1}}`, "/any/a duplicate_key"},
		{"two cases of one name", `{"text":"a","TEXT":"b"}`, "/TEXT unknown_field"},
		{"trailing", `{} {}`, " trailing_data"},
		{"trailing comma", `{"text":"a",}`, " bad_json"},
		{"cut", `{"text":"a`, "/text bad_json"},
		{"empty", ``, " bad_json"},
		{"only space", " \n", " bad_json"},
		{"array for object", `[]`, " wrong_type"},
		{"number for text", `{"text":1}`, "/text wrong_type"},
		{"text for number", `{"small":"1"}`, "/small wrong_type"},
		{"text for boolean", `{"flag":"true"}`, "/flag wrong_type"},
		{"object for list", `{"list":{}}`, "/list wrong_type"},
		{"null for text", `{"text":null}`, "/text null"},
		{"null for time", `{"at":null}`, "/at null"},
		{"null for id", `{"id":null}`, "/id null"},
		{"null for actions", `{"can":null}`, "/can null"},
		{"null in list", `{"list":[null]}`, "/list/0 null"},
		{"int8", `{"small":128}`, "/small out_of_range"},
		{"int64", `{"big":9223372036854775808}`, "/big out_of_range"},
		{"uint", `{"u":-1}`, "/u out_of_range"},
		{"fraction", `{"big":1.0}`, "/big out_of_range"},
		{"exponent", `{"big":1e3}`, "/big out_of_range"},
		{"float", `{"f":1e309}`, "/f out_of_range"},
		{"float32", `{"f32":1e39}`, "/f32 out_of_range"},
		{"float in any", `{"any":[1e309]}`, "/any/0 out_of_range"},
		{"float in raw", `{"raw":{"a":1e309}}`, "/raw/a out_of_range"},
		{"NaN", `{"f":NaN}`, "/f bad_json"},
		{"leading zero", `{"f":01}`, " bad_json"},
		{"plus", `{"f":+1}`, "/f bad_json"},
		{"uuid", `{"id":"x"}`, "/id bad_value"},
		{"uuid without hyphens", `{"id":"0198f3a45b6c7d8e9f00112233445566"}`, "/id bad_value"},
		{"ref", `{"ref":"x"}`, "/ref bad_value"},
		{"time", `{"at":"2026-11-23"}`, "/at bad_value"},
		{"hour of one digit", `{"at":"2026-11-23T1:00:00Z"}`, "/at bad_value"},
		{"comma in a time", `{"at":"2026-11-23T10:00:00,5Z"}`, "/at bad_value"},
		{"offset of a day", `{"at":"2026-11-23T10:00:00+24:00"}`, "/at bad_value"},
		{"offset of 60 minutes", `{"at":"2026-11-23T10:00:00-01:60"}`, "/at bad_value"},
		{"year 0", `{"at":"0000-11-23T00:00:00Z"}`, "/at bad_value"},
		{"base64", `{"bytes":"%"}`, "/bytes bad_value"},
		{"actions", `{"can":["fly"]}`, "/can bad_value"},
		{"own text", `{"hue":"blue"}`, "/hue bad_value"},
		{"own JSON", `{"odd":2}`, "/odd bad_value"},
		{"opt", `{"opt":1}`, "/opt wrong_type"},
		{"opt range", `{"opt_int":1000}`, "/opt_int out_of_range"},
		{"opt id", `{"opt_id":"x"}`, "/opt_id bad_value"},
		{"opt list", `{"opt_list":["a",1]}`, "/opt_list/1 wrong_type"},
		{"array length", `{"pair":[1]}`, "/pair wrong_length"},
		{"map key", `{"by_num":{"200":""}}`, "/by_num/200 bad_key"},
		{"map id key", `{"by_id":{"x":true}}`, "/by_id/x bad_key"},
		{"map value", `{"deep":{"a":{"b":300}}}`, "/deep/a/b out_of_range"},
		{"quoted", `{"quoted":5}`, "/quoted wrong_type"},
		{"quoted nonsense", `{"quoted":"x"}`, "/quoted bad_value"},
		{"cannot be set", `{"func":1}`, "/func wrong_type"},
		{"pointer is escaped", `{"a/b~c":1}`, "/a~1b~0c wrong_type"},
		{"deep pointer", `{"kids":[{},{"nested":{"small":"x"}}]}`, "/kids/1/nested/small wrong_type"},
		{"invalid UTF-8", "{\"text\":\"a\xff\xfe\"}", "/text invalid_utf8"},
		{"invalid UTF-8 in name", "{\"any\":{\"\xff\":1}}", "/any invalid_utf8"},
		{"lone surrogate", `{"text":"\ud800"}`, "/text invalid_utf8"},
		{"reversed surrogates", `{"text":"\ude00\ud83d"}`, "/text invalid_utf8"},
		{"NUL", `{"text":"a\u0000"}`, "/text nul"},
		{"raw NUL", "{\"text\":\"a\x00\"}", "/text bad_json"},
		{"newline in string", "{\"text\":\"a\n\"}", "/text bad_json"},
		{"bad escape", `{"text":"\x"}`, "/text bad_json"},
		{"BOM", "\xef\xbb\xbf{}", " bad_json"},
		{"single quotes", `{'text':1}`, " bad_json"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			var got all
			problems := strictjson.Decode([]byte(c.body), &got)
			is.Equal(len(problems), 1)
			is.Equal(problems[0].Pointer+" "+problems[0].Code, c.want)
			is.True(problems[0].Message != "")
			is.True(reflect.DeepEqual(got, all{})) // nothing is written
		})
	}
}

func TestTellsWhatIsRight(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	message := func(body string) string {
		var v all
		return strictjson.Decode([]byte(body), &v)[0].Message
	}
	is.True(strings.Contains(message(`{"id":"x"}`), "a UUID"))
	is.True(strings.Contains(message(`{"at":"x"}`), "an RFC 3339 time"))
	is.True(strings.Contains(message(`{"can":["fly"]}`), "view, execute"))
	is.Equal(message(`{"hue":"blue"}`), "must be red")
	is.True(!strings.Contains(message(`{"odd":2}`), "internal")) // no text that was not meant for callers
	is.Equal(message("{\n  \"text\": tru}"), `must be JSON: at line 2, column 11 there is 't' where a value is expected`)
}

func TestEveryProblemAtOnce(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var got []string
	for _, p := range strictjson.Decode([]byte(`{"text":1,"x":2,"kids":[{"flag":0},{"y":{}}],"map":{"a":1,"a":2},"opt":"\ud800"}`), &all{}) {
		got = append(got, p.Pointer+" "+p.Code)
	}
	is.Equal(strings.Join(got, "\n"), strings.TrimSpace(`
/map/a duplicate_key
/opt invalid_utf8
/text wrong_type
/x unknown_field
/kids/0/flag wrong_type
/kids/1/y unknown_field`))
}

func TestLimits(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	long := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]" }
	members := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"k%d":%d`, i, i)
		}
		return "{" + b.String()[1:] + "}"
	}
	cases := []struct {
		name, fits, over, code string
		limits                 strictjson.Limits
	}{
		{"depth", nested(32), nested(33), "too_deep", strictjson.Limits{}},
		{"array", long(1000), long(1001), "too_many", strictjson.Limits{}},
		{"object", members(1000), members(1001), "too_many", strictjson.Limits{}},
		{"own depth", nested(3), nested(4), "too_deep", strictjson.Limits{Depth: 3}},
		{"own length", long(3), long(4), "too_many", strictjson.Limits{Length: 3}},
		{"values", long(2), long(3), "too_many", strictjson.Limits{Values: 3}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			var v any
			is.Equal(len(strictjson.DecodeWithin([]byte(c.fits), &v, c.limits)), 0)
			problems := strictjson.DecodeWithin([]byte(c.over), &v, c.limits)
			is.Equal(len(problems), 1)
			is.Equal(problems[0].Code, c.code)
		})
	}
}

// Hostile bodies are refused, whatever they repeat. Where that took the square
// of their length, the test would not end.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	fill := func(part string) string { return strings.Repeat(part, size/len(part)) }
	lists := "[" + strings.TrimSuffix(fill("["+strings.TrimSuffix(strings.Repeat("1,", 900), ",")+"],"), ",") + "]"
	for name, body := range map[string]string{
		"brackets": fill("["), "bad text": `"` + fill("\xff") + `"`, "quotes": fill(`"`), "lists": lists,
		"names": "{" + fill("\"\xff\":1,"), "text": `"` + fill(`\u0000`) + `"`, "digits": fill("9"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			var v any
			is.True(len(strictjson.Decode([]byte(body), &v)) > 0)
		})
	}
}

func TestManyProblemsAreCut(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	body := "[" + strings.TrimSuffix(strings.Repeat(`"x",`, 1000), ",") + "]"
	var v []int
	is.Equal(len(strictjson.Decode([]byte(body), &v)), 100)
}

type left struct {
	Same string
}
type right struct {
	Same string
}
type loop struct {
	*loop        //lint:ignore U1000 a type that embeds itself must not loop
	Name  string `json:"name"`
}
type tagged struct {
	Other string `json:"Same"`
}

func TestEmbeddedFields(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var both struct {
		left
		right
	}
	is.Equal(strictjson.Decode([]byte(`{"Same":"a"}`), &both)[0].Code, "unknown_field") // ambiguous: no field
	var wins struct {
		left
		tagged
	}
	is.Equal(strictjson.Decode([]byte(`{"Same":"a"}`), &wins), nil) // the one with a tag
	is.Equal(wins.Other, "a")
	var l loop
	is.Equal(strictjson.Decode([]byte(`{"name":"a"}`), &l), nil)
	is.Equal(l.Name, "a")
}

func TestIntoTopLevelKinds(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var n int
	is.Equal(strictjson.Decode([]byte(`7`), &n), nil)
	is.Equal(n, 7)
	var list []base
	is.Equal(strictjson.Decode([]byte(`[{"shadow":"x"}]`), &list), nil)
	is.Equal(list[0].Shadow, "x")
	var p *base
	is.Equal(strictjson.Decode([]byte(`null`), &p), nil)
}

func TestPanicsOnBadDestination(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	defer func() { is.True(recover() != nil) }()
	strictjson.Decode([]byte(`1`), 1)
}

func TestParse(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	v, problems := strictjson.Parse([]byte(`{"a":[1,"\u0062",true,null],"c":{}}`), strictjson.Limits{})
	is.Equal(len(problems), 0)
	is.Equal(v.Kind(), strictjson.Object)
	is.Equal(v.Len(), 2)
	var got []string
	for name, member := range v.Members() {
		got = append(got, name+" "+member.Kind().String())
		for i, e := range member.Elements() {
			got = append(got, fmt.Sprint(i, " ", e.Kind(), " ", e.Text(), " ", e.Bool()))
		}
	}
	is.Equal(strings.Join(got, "; "), "a an array; 0 a number 1 false; 1 a string b false; 2 a boolean true true; 3 null null false; c an object")
}

// Whatever is accepted, encoding/json accepts with the same result.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"text":"a","small":1,"kids":[{"opt":null}],"nested":{"at":"2026-11-23T10:00:00Z"}}`, `{"any":[1,{"a":"\ud83d\ude00"}]}`,
		`{"map":{"a":1},"by_num":{"1":"x"},"pair":[1,2],"quoted":"5","bytes":"aGk="}`, `{"text":"a","text":"b"}`, `[1e309]`, `{"Text":"a"}`, "\"\xff\"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got, want all
		if len(strictjson.Decode(data, &got)) > 0 {
			if !reflect.DeepEqual(got, all{}) {
				t.Fatal("a refused body was written")
			}
		} else if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("encoding/json refuses %q: %v", data, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %+v is not %+v", data, got, want)
		}
		var free any
		if len(strictjson.Decode(data, &free)) == 0 && !json.Valid(data) {
			t.Fatalf("%q is no JSON", data)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	type note struct {
		Title    query.Opt[string] `json:"title,omitzero"`
		Priority query.Opt[int]    `json:"priority,omitzero"`
		Status   query.Opt[string] `json:"status,omitzero"`
	}
	body := []byte(`{"title":"Ship it","priority":3,"status":"open"}`)
	b.ReportAllocs()
	for b.Loop() {
		var n note
		if strictjson.Decode(body, &n) != nil {
			b.Fatal("refused")
		}
	}
}

func BenchmarkStandard(b *testing.B) {
	body := []byte(`{"title":"Ship it","priority":3,"status":"open"}`)
	b.ReportAllocs()
	for b.Loop() {
		var n struct {
			Title    query.Opt[string] `json:"title,omitzero"`
			Priority query.Opt[int]    `json:"priority,omitzero"`
			Status   query.Opt[string] `json:"status,omitzero"`
		}
		_ = json.Unmarshal(body, &n)
	}
}
