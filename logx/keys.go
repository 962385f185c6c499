package logx

import (
	"slices"
	"strings"
	"unicode"
)

// sensitive names hide a value when they are a part of its name, written
// without separators.
var sensitive = [...]string{
	"password", "passwd", "passphrase", "secret", "token", "authorization",
	"cookie", "apikey", "privatekey", "accesskey", "signingkey", "credential",
	"connectionstring", "cardnumber", "signature",
}

// sensitiveWords hide a value when they are one whole word of its name: they
// are too short to be looked for inside words.
var sensitiveWords = [...]string{"pwd", "pass", "dsn", "otp", "totp", "pin", "jwt", "cvc", "cvv", "bearer"}

// keys decides by name what is hidden.
type keys struct {
	parts []string
	show  []string
}

func newKeys(opts *HandlerOptions) keys {
	k := keys{parts: slices.Clone(sensitive[:])}
	for _, name := range opts.Redact {
		if s := squeeze(name); s != "" {
			k.parts = append(k.parts, s)
		}
	}
	for _, name := range opts.Show {
		k.show = append(k.show, squeeze(name))
	}
	return k
}

// hide reports whether what has this name is not to be shown.
func (k *keys) hide(name string) bool {
	flat := squeeze(name)
	if slices.Contains(k.show, flat) {
		return false
	}
	for _, part := range k.parts {
		if strings.Contains(flat, part) {
			return true
		}
	}
	for _, word := range sensitiveWords {
		if strings.Contains(flat, word) && slices.Contains(words(name), word) {
			return true
		}
	}
	return false
}

// squeeze gives the letters and digits of a name in lower case.
func squeeze(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// words splits a name at separators and before capitals that follow a small
// letter or digit, in lower case: "db-readDSN" is db, read, dsn.
func words(name string) []string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		if unicode.IsUpper(r) && (unicode.IsLower(last) || unicode.IsDigit(last)) {
			b.WriteByte(' ')
		}
		last = r
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}
