package sqldbtest

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
)

var texts = []test{
	{"LIKE escape", likeEscape},
	{"case", foldsASCIIOnly},
	{"empty string", emptyString},
	{"trailing space", trailingSpace},
	{"Unicode", unicode},
	{"code point order", codePoints},
	{"named strings", namedStrings},
	{"NUL in texts", nulInTexts},
}

// match is the values of the table v that match.
func match(t *T, db *sqldb.DB, op sqldb.TextOp, text string, fold bool) []string {
	t.Helper()
	d := db.Dialect()
	return read[string](t, db, squirrel.Select("x").From("v").
		Where(d.Match(op, "x", fold), d.Pattern(op, text, fold)).OrderBy("n"))
}

func likeEscape(t *T) {
	db := t.kept("text")
	special := []string{`%`, `_`, `\`, `*`, `?`, `[`, `]`, `[a]`, `^`, `'`, `-`, `\%`, `a`}
	var all []string
	for _, s := range special {
		all = append(all, "x"+s+"y")
	}
	put(t, db, append(all, "xy", "xxyy", "x.y")...)
	for _, fold := range []bool{false, true} {
		for i, s := range special {
			t.Equal(match(t, db, sqldb.Starts, "x"+s+"y", fold), []string{all[i]})
			t.Equal(match(t, db, sqldb.Ends, s+"y", fold), ending(all, s+"y"))
			t.Equal(match(t, db, sqldb.Contains, "x"+s, fold)[0], starting(all, "x"+s))
		}
		t.Equal(len(match(t, db, sqldb.Contains, "", fold)), len(all)+3)
	}
}

func ending(all []string, end string) (some []string) {
	for _, s := range all {
		if len(s) >= len(end) && s[len(s)-len(end):] == end {
			some = append(some, s)
		}
	}
	return some
}

func starting(all []string, start string) string {
	for _, s := range all {
		if len(s) >= len(start) && s[:len(start)] == start {
			return s
		}
	}
	return ""
}

func foldsASCIIOnly(t *T) {
	db := t.kept("text")
	put(t, db, "Straße ÄB", "straße äb", "STRASSE", "İi")
	t.Equal(match(t, db, sqldb.Starts, "stra", true), []string{"Straße ÄB", "straße äb", "STRASSE"})
	t.Equal(match(t, db, sqldb.Starts, "stra", false), []string{"straße äb"})
	t.Equal(match(t, db, sqldb.Contains, "äb", true), []string{"straße äb"}) // Ä stays Ä
	t.Equal(match(t, db, sqldb.Ends, "ÄB", true), []string{"Straße ÄB"})
	t.Equal(match(t, db, sqldb.Ends, "ÄB", false), []string{"Straße ÄB"})
	t.Equal(match(t, db, sqldb.Contains, "İ", true), []string{"İi"})
	fold := db.Dialect().Fold("x")
	t.Equal(read[string](t, db, squirrel.Select("x").From("v").Where(fold+" = ?", sqldb.FoldASCII("STRAßE ÄB"))), []string{"Straße ÄB"})
	t.Equal(read[string](t, db, squirrel.Select("x").From("v").Where("x = ?", "strasse")), nil)
}

func emptyString(t *T) {
	db := t.kept("text")
	put(t, db, "")
	t.Equal(read[string](t, db, sqldb.Raw("SELECT x FROM v WHERE x = ?", "")), []string{""})
	t.Equal(read[string](t, db, sqldb.Raw("SELECT x FROM v WHERE x IS NULL")), nil)
	t.Equal(*one[*string](t, db, sqldb.Raw("SELECT x FROM v")), "")
}

func trailingSpace(t *T) {
	db := t.kept("text")
	t.exec(db, sqldb.Raw("CREATE UNIQUE INDEX vx ON v (x)"))
	put(t, db, "a", "a ", " a", "a\t", "A")
	t.Equal(read[string](t, db, sqldb.Raw("SELECT x FROM v WHERE x = ?", "a ")), []string{"a "})
	t.Equal(match(t, db, sqldb.Starts, "a ", false), []string{"a "})
}

var scripts = []string{
	"Grüße", "日本語", "עברית", "العربية", "👩‍👩‍👧‍👦 😀", "e\u0301", "\u00e9", "\u200b", "\ufeffx", "a\r\n\tb", "\U0010FFFD", "'\"`\\;--",
}

func unicode(t *T) {
	t.Equal(roundTrip(t, "text", scripts...), scripts) // byte for byte: composed and decomposed stay apart
}

func codePoints(t *T) {
	db := t.kept("text")
	want := []string{"", " ", "-", "A", "Z", "a", "a b", "a-b", "ab", "z", "é", "ｚ", "\U0001D11E"}
	for i := range want {
		t.exec(db, sqldb.Raw("INSERT INTO v (n, x) VALUES (?, ?)", (i*7)%13, want[i]))
	}
	t.Equal(read[string](t, db, squirrel.Select("x").From("v").OrderBy("x")), want)
	t.Equal(read[string](t, db, squirrel.Select("x").From("v").OrderBy(db.Dialect().Collate("x"))), want)
	t.Equal(read[string](t, db, squirrel.Select("x").From("v").Where("x > ?", "a").OrderBy("x")), want[6:])
}

type status string

func namedStrings(t *T) {
	t.Equal(roundTrip(t, "text", status("open"), status("")), []status{"open", ""})
	open := status("open")
	got := roundTrip(t, "text", &open, nil)
	t.Equal(*got[0], open)
	t.True(got[1] == nil)
}

// nulInTexts: kept as it is, or refused; never cut off.
func nulInTexts(t *T) {
	db := t.kept("text")
	const text = "a\x00b"
	_, err := db.Exec(t.Context(), sqldb.Raw("INSERT INTO v (n, x) VALUES (?, ?)", 1, text))
	t.Equal(err != nil, db.Dialect().Name() == "postgres")
	if err == nil {
		t.Equal(one[string](t, db, sqldb.Raw("SELECT x FROM v")), text)
	}
}
