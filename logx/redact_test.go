package logx_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/joinery-go/joinery/logx"
	"github.com/matryer/is"
)

func TestNamesThatHideTheirValue(t *testing.T) {
	t.Parallel()
	each(t, &logx.HandlerOptions{Redact: []string{"badge no"}}, func(t *testing.T, log *slog.Logger, written func() string) {
		for _, name := range []string{
			"password", "Password", "new_password", "passwordHash", "PGPASSWORD", "passphrase", "pwd", "db.pass",
			"secret", "clientSecret", "token", "access-token", "RefreshToken", "Authorization", "proxy_authorization",
			"cookie", "Set-Cookie", "api_key", "X-Api-Key", "apiKey", "private_key", "credentials", "dsn", "DB_DSN", "readDSN",
			"otp", "totp_seed", "jwt", "pin", "cvc", "card_number", "signature", "badge-no", "oldBadgeNo2",
		} {
			for what, value := range map[string]any{
				"text": canary, "bytes": []byte(canary), "error": errors.New(canary), "list": []string{canary},
				"map": map[string]string{"x": canary}, "valuer": valuer{}, "group": slog.GroupValue(slog.String("x", canary)),
			} {
				log.Info("m", name, value)
				log.With(name, value).Info("m")
				log.WithGroup("g").Info("m", slog.Group("h", slog.Any(name, value)))
				log.WithGroup("g").With(name, value).Info("m")
				log.InfoContext(logx.With(t.Context(), slog.Any(name, value)), "m")
				log.Info("m", "body", map[string]any{"list": []any{map[string]any{name: value}}})
				out := written()
				assertHidden(t, name+" "+what, out)
				is.New(t).True(strings.Count(out, logx.Redacted) >= 5)
			}
		}
	})
}

type valuer struct{}

func (valuer) LogValue() slog.Value { return slog.GroupValue(slog.String("inside", canary)) }

func TestNamesThatHideNothing(t *testing.T) {
	t.Parallel()
	each(t, &logx.HandlerOptions{Show: []string{"Token Count", "cookie_name"}}, func(t *testing.T, log *slog.Logger, written func() string) {
		for _, name := range []string{"user", "passenger", "compass", "spin", "laptop", "option", "key", "id", "author", "token_count", "cookieName", ""} {
			log.Info("m", name, "visible")
			is.New(t).True(strings.Contains(written(), "visible"))
		}
		log.Info("m", "has_password", true, "token_ttl", time.Minute, "cookie_expires", time.Unix(0, 0), slog.Any("s", struct{ HasToken bool }{true}))
		is.New(t).True(!strings.Contains(written(), logx.Redacted)) // tells about a secret, is none
	})
}

func TestCredentialsInsideText(t *testing.T) {
	t.Parallel()
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl"
	cases := map[string]string{
		"postgres://app:" + canary + "@db:5432/shop":               "postgres://app:[REDACTED]@db:5432/shop",
		"dial 'mysql://u:" + canary + "@h/x' failed":               "dial 'mysql://u:[REDACTED]@h/x' failed",
		"pg://u:a/b@" + canary + "#?@h, s3://k:" + canary + "@b":   "pg://u:[REDACTED]@h, s3://k:[REDACTED]@b",
		"redis://:" + canary + "@h":                                "redis://:[REDACTED]@h",
		"a://u:" + canary + "@h,b://v:" + canary + "@i":            "a://u:[REDACTED]@h,b://v:[REDACTED]@i",
		"http://u:" + canary + "@[::1]:80/a@b":                     "http://u:[REDACTED]@b",
		"http://[::1]:8080/a@b":                                    "http://[::1]:8080/a@b",
		"http://host:8080/users/a@b.org":                           "http://host:8080/users/a@b.org",
		"see https://host/x:y@z":                                   "see https://host/x:y@z",
		"ssh://git@host:22/r":                                      "ssh://git@host:22/r",
		"GET /join?token=" + canary + "&x=1#a":                     "GET /join?token=[REDACTED]&x=1#a",
		"/cb?x=1&access_token=" + canary:                           "/cb?x=1&access_token=[REDACTED]",
		"host=db password=" + canary + " user=u":                   "host=db password=[REDACTED] user=u",
		"host=db password='it\\'s " + canary + "' user=u":          "host=db password=[REDACTED] user=u",
		"password='" + canary:                                      "password=[REDACTED]",
		"password= user=u token=":                                  "password= user=u token=",
		"a = b == c, x=1=2":                                        "a = b == c, x=1=2",
		"Authorization: Bearer " + canary + "0123456789":           "Authorization: Bearer [REDACTED]",
		"authorization: basic Y2FuYXJ5OmNhbmFyeQ==":                "authorization: basic [REDACTED]",
		"the bearer token is missing, a basic mistake":             "the bearer token is missing, a basic mistake",
		"got " + jwt + " instead":                                  "got [REDACTED] instead",
		"key sk_live_" + strings.ReplaceAll(canary, "-", "") + ".": "key [REDACTED].",
		"SG." + canary + "." + canary:                              "[REDACTED]",
		"whsec_" + strings.ReplaceAll(canary, "-", ""):             "[REDACTED]",
		"app:" + canary + "@tcp(db:3306)/shop":                     "app:[REDACTED]@tcp(db:3306)/shop",
		"plain words, 10:30 at a@b.org":                            "plain words, 10:30 at a@b.org",
	}
	each(t, nil, func(t *testing.T, log *slog.Logger, written func() string) {
		for in, want := range cases {
			is := is.New(t)
			u, _ := url.Parse("x://")
			u.Opaque = in
			log.Info(in)
			log.Info("m", "x", in)
			log.Info("m", "x", errors.New(in))
			log.Info("m", "x", fmt.Errorf("wrapped: %w", errors.New(in)))
			log.Info("m", "x", []byte(in))
			log.Info("m", "x", []string{in})
			log.Info("m", "x", textual{in})
			log.Info("m", slog.Group("g", "x", in))
			log.With("x", in).Info("m")
			out := written()
			assertHidden(t, in, out)
			is.Equal(strings.Count(unquote(out), unquote(want)), 9)
		}
	})
}

// unquote takes away what the formats do to quotes.
func unquote(s string) string {
	return strings.NewReplacer(`\`, "", `"`, "").Replace(s)
}

type textual struct{ s string }

func (t textual) MarshalText() ([]byte, error) { return []byte(t.s), nil }
func (t textual) String() string               { return t.s }

// verbose is an error whose %+v says more than its text.
type verbose struct{ error }

func (v verbose) Format(f fmt.State, _ rune) { fmt.Fprint(f, "trace: ", canary) }

// marshaled is an error whose JSON says more than its text.
type marshaled struct{ error }

func (marshaled) MarshalJSON() ([]byte, error) { return []byte(`"` + canary + `"`), nil }

// inside is a value that shows its parts itself.
type inside struct{}

func (inside) LogValue() slog.Value {
	return slog.GroupValue(slog.String("password", canary), slog.String("link", "a://b:"+canary+"@c"))
}

func TestNoOtherFormIsShown(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"text", "json"} {
		var out bytes.Buffer
		log := newLogger(kind, &out, nil)
		log.Info("m", "x", verbose{errors.New("short")}, "y", marshaled{errors.New("short")}, "z", inside{})
		assertHidden(t, kind, out.String())
		is.New(t).Equal(strings.Count(out.String(), "short"), 2)
	}
}

func TestJSONShowsValuesByTheirJSON(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var out bytes.Buffer
	newLogger("json", &out, nil).Info("m", "month", time.May, "form", map[string]any{"password": nil})
	is.True(strings.Contains(out.String(), `"month":5`))
	is.True(strings.Contains(out.String(), `"password":null`)) // there is nothing to hide
}

// account is a struct as apps log them.
type account struct {
	Name     string
	Password string
	Hidden   string `json:"-"`
	private  string
	Next     *account
}

func TestSecretsInsideValues(t *testing.T) {
	t.Parallel()
	link, _ := url.Parse("https://u:" + canary + "@host/join?token=" + canary)
	a := account{"ann", canary, canary, canary, &account{Name: "bob", Password: canary}}
	safe := account{"ann", "", canary, canary, nil}
	each(t, nil, func(t *testing.T, log *slog.Logger, written func() string) {
		for name, v := range map[string]any{
			"struct": a, "pointer": &a, "slice": []account{a}, "map": map[string]account{"x": a},
			"unexported only": struct{ Ok, hidden string }{"ann", canary},
			"header":          http.Header{"Authorization": {canary}, "Cookie": {canary}, "User": {"ann"}},
			"url":             struct{ Link, Name string }{link.String(), "ann"},
			"raw JSON":        json.RawMessage(`{"user":{"password":"` + canary + `","name":"ann"}}`),
		} {
			log.Info("m", "x", v)
			out := written()
			assertHidden(t, name, out)
			is.New(t).True(strings.Contains(out, "ann")) // the rest is still there
		}
		log.Info("m", "x", link, "y", *link, "z", &safe)
		assertHidden(t, "url and field not in JSON", written())
	})
}

type broken struct{}

func (broken) String() string               { panic(canary) }
func (broken) MarshalJSON() ([]byte, error) { panic(canary) }

type failing struct{ C chan int }

func (failing) Error() string { panic(canary) }

func TestValuesThatCannotBeShown(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, log *slog.Logger, written func() string) {
		loop := map[string]any{}
		loop["loop"] = loop
		for _, v := range []any{broken{}, failing{}, make(chan int), func() {}, loop, (*textual)(nil), (*account)(nil)} {
			log.Info("m", "before", 1, "x", v, "after", 2)
			out := written()
			assertHidden(t, fmt.Sprintf("%T", v), out)
			is.New(t).True(strings.Contains(out, "before") && strings.Contains(out, "after"))
		}
	})
}

func TestJSONKeepsTheOrderOfHarmlessStructs(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, log *slog.Logger, written func() string) {
		log.Info("m", "x", struct{ Z, A, Big int }{1, 2, 9007199254740993})
		out := written()
		is := is.New(t)
		is.True(strings.Contains(out, "9007199254740993"))
		if strings.Contains(out, `"msg"`) {
			is.True(strings.Contains(out, `{"Z":1,"A":2,"Big":9007199254740993}`))
		}
	})
}
