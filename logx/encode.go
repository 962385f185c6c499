package logx

import (
	"log/slog"
	"strconv"
	"strings"
	"unicode"
)

// target is what stands behind a Handler, as far as it matters to cleaning.
type target int

const (
	foreign target = iota // may write a text as it is
	stdText               // quotes every text with a character that does not print
	stdJSON               // escapes ASCII control characters
)

func targetOf(next slog.Handler) target {
	switch next.(type) {
	case *slog.TextHandler:
		return stdText
	case *slog.JSONHandler:
		return stdJSON
	}
	return foreign
}

// encode replaces the characters that could disturb a reader's terminal, or
// forge a line, and that the target does not escape itself.
func (c *cleaner) encode(s string) string {
	if c.target == foreign {
		s = strings.ToValidUTF8(s, "\uFFFD") // a lone byte 0x9b begins an escape too
	}
	if c.target == stdText || strings.IndexFunc(s, c.disturbs) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if c.disturbs(r) {
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (c *cleaner) disturbs(r rune) bool {
	if c.target == stdJSON && r < ' ' {
		return false
	}
	// Cf holds the marks that turn the direction of text or have no width;
	// Zl and Zp are separators of lines and paragraphs.
	return r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
