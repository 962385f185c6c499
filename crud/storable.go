package crud

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// storable is a field error for each of the columns whose value in the row at p
// some database would refuse, or give back as another: one of them answers
// with an error of its own there, the next keeps what no one can read.
func storable(columns []*registry.Column, p unsafe.Pointer) (fields []joinery.FieldError) {
	for _, col := range columns {
		if v := col.Value(p); v != nil {
			if wrong := unstorable(col, v); wrong != "" {
				fields = append(fields, joinery.FieldError{Pointer: "/" + col.JSON, Code: "bad_value", Message: wrong})
			}
		}
	}
	return fields
}

// unstorable says what a value of the column must be, empty where it is that.
func unstorable(col *registry.Column, v any) string {
	switch v := v.(type) {
	case string:
		if col.Kind == registry.Decimal {
			return badDecimal(col, v)
		}
		if !plainText(v) {
			return "must be UTF-8 text without the character U+0000"
		}
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "must be a number, not infinite or undefined"
		}
	case time.Time:
		if year := v.UTC().Year(); year < 1 || year > 9999 {
			return "must be a time of the years 1 to 9999"
		}
	}
	if col.Kind == registry.JSON {
		return badJSON(v)
	}
	return ""
}

func plainText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

func badDecimal(col *registry.Column, s string) string {
	if err := col.CheckDecimal(s); err != nil {
		precision, scale := col.Decimals()
		return "must be a decimal number, as 12.50, with at most " + strconv.Itoa(precision) + " digits, " + strconv.Itoa(scale) + " of them after the point"
	}
	return ""
}

// badJSON looks at the text that is stored: parsing takes more than databases
// do.
func badJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil || !utf8.Valid(data) || json.Unmarshal(data, new(any)) != nil {
		return "must be JSON, with numbers within the range of 64-bit floating point"
	}
	if !plainEscapes(data) {
		return "must not contain the character U+0000 or half a surrogate pair"
	}
	return ""
}

// plainEscapes reports whether the \u escapes of valid JSON are all characters
// that a text can hold.
func plainEscapes(data []byte) bool {
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		i++
		if data[i] != 'u' {
			continue
		}
		r := escaped(data[i+1:])
		i += 4
		if utf16.IsSurrogate(r) {
			if !strings.HasPrefix(string(data[i+1:min(i+3, len(data))]), `\u`) || utf16.DecodeRune(r, escaped(data[i+3:])) == utf8.RuneError {
				return false
			}
			i += 6
		}
		if r == 0 {
			return false
		}
	}
	return true
}

// escaped is the character of four hexadecimal digits.
func escaped(digits []byte) rune {
	n, _ := strconv.ParseUint(string(digits[:4]), 16, 16)
	return rune(n)
}
