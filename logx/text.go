package logx

import (
	"regexp"
	"slices"
	"strings"
)

// form is a credential that is known by how it looks.
type form struct {
	hints []string // one of them is in every text that has it; asked first, being cheap
	find  *regexp.Regexp
	with  string
}

var forms = [...]form{
	// The length keeps sentences about a bearer token as they are.
	{[]string{"earer ", "EARER ", "asic ", "ASIC "}, regexp.MustCompile(`(?i)\b(bearer|basic)( +)[a-z0-9._~+/=-]{16,}`), "${1}${2}" + Redacted},
	// A JSON Web Token.
	{[]string{"eyJ"}, regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`), Redacted},
	// Keys of Stripe and SendGrid.
	{[]string{"_live_", "_test_"}, regexp.MustCompile(`\b(sk|rk)_(live|test)_[A-Za-z0-9]{8,}`), Redacted},
	{[]string{"whsec_"}, regexp.MustCompile(`\bwhsec_[A-Za-z0-9+/=]{8,}`), Redacted},
	{[]string{"SG."}, regexp.MustCompile(`\bSG\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`), Redacted},
	// The connection string of Go's MySQL driver, user:password@tcp(host)/db.
	{[]string{"@tcp(", "@unix("}, regexp.MustCompile(`([^\s"':/]*):[^\s"']*@(tcp|unix)\(`), "${1}:" + Redacted + "@${2}("},
}

// hideIn redacts each match of f in s.
func (f form) hideIn(s string) string {
	has := func(hint string) bool { return strings.Contains(s, hint) }
	if !slices.ContainsFunc(f.hints, has) {
		return s
	}
	return f.find.ReplaceAllString(s, f.with)
}

// hideInText redacts what in a text looks like a credential.
func (k *keys) hideInText(s string) string {
	for i := range forms {
		s = forms[i].hideIn(s)
	}
	if strings.Contains(s, "://") {
		s = hideUserinfo(s)
	}
	if strings.IndexByte(s, '=') >= 0 {
		s = k.hidePairs(s)
	}
	return s
}

// hideUserinfo redacts the password of each scheme://user:password@host.
func hideUserinfo(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "://")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("://")
		colon, at := password(after)
		if at > 0 {
			b.WriteString(after[:colon+1])
			b.WriteString(Redacted)
			after = after[at:]
		}
		s = after
	}
}

// password finds the colon before and the @ after the password in what follows
// the :// of a URL; at is 0 when there is none. A password that was not escaped
// may have a slash or an @ in it, so it ends at the last @ of the word, unless
// what follows the colon is a port.
func password(s string) (colon, at int) {
	// The nearer end first, or a text full of :// takes the square of its length.
	if next := strings.Index(s, "://"); next >= 0 {
		s = s[:next]
	}
	if end := strings.IndexAny(s, " \t\r\n\"'<>`"); end >= 0 {
		s = s[:end]
	}
	colon = strings.IndexByte(s, ':')
	if colon < 0 || s[0] == '[' || strings.ContainsAny(s[:colon], "/?#@") {
		return 0, 0
	}
	rest := s[colon+1:]
	if end := strings.IndexAny(rest, "/?#"); end >= 0 && isPort(rest[:end]) {
		return 0, 0
	}
	last := strings.LastIndexByte(rest, '@')
	if last < 0 {
		return 0, 0
	}
	return colon, colon + 1 + last
}

func isPort(s string) bool { return len(s) <= 5 && strings.Trim(s, "0123456789") == "" }

// hidePairs redacts the value of each name=value whose name is hidden, as in
// query strings and connection strings.
func (k *keys) hidePairs(s string) string {
	var b strings.Builder
	for {
		eq := strings.IndexByte(s, '=')
		if eq < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:eq+1])
		name := s[nameStart(s[:eq]):eq]
		s = s[eq+1:]
		if name == "" || !k.hide(name) {
			continue
		}
		if n := valueLen(s); n > 0 {
			b.WriteString(Redacted)
			s = s[n:]
		}
	}
}

// nameStart finds where the name that ends s begins.
func nameStart(s string) int {
	notName := func(r rune) bool {
		return r != '_' && r != '-' && r != '.' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}
	return strings.LastIndexFunc(s, notName) + 1
}

// valueLen measures the value that begins s: a quoted text, or up to the next
// white space, ampersand or quote.
func valueLen(s string) int {
	if s == "" {
		return 0
	}
	if q := s[0]; q == '\'' || q == '"' {
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case q:
				return i + 1
			}
		}
		return len(s)
	}
	if end := strings.IndexAny(s, " \t\r\n&\"'"); end >= 0 {
		return end
	}
	return len(s)
}
