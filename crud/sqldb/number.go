package sqldb

import (
	"fmt"
	"strings"
)

// number rewrites the ? placeholders of text, n of them, into the dialect's
// form; param gives the number, from 1, of the i-th. Quoted text and comments
// are copied, ?? becomes ?.
func number(d Dialect, text string, n int, param func(i int) int) (string, error) {
	var b strings.Builder
	b.Grow(len(text) + 2*n)
	lex := lexer{postgres: d.Name() == "postgres"}
	found, from := 0, 0
	for i := 0; i < len(text); {
		if end := lex.skip(text, i); end > i {
			i = end
			continue
		}
		if text[i] != '?' {
			i++
			continue
		}
		b.WriteString(text[from:i])
		if i+1 < len(text) && text[i+1] == '?' {
			b.WriteByte('?')
			i += 2
		} else {
			if found < n {
				b.WriteString(d.Placeholder(param(found)))
			}
			found++
			i++
		}
		from = i
	}
	if found != n && !(found == 0 && numbered(d)) { // none found: the text may be numbered already
		return "", fmt.Errorf("sqldb: the statement has %d placeholders (?) and %d values: %s", found, n, text)
	}
	b.WriteString(text[from:])
	return b.String(), nil
}

func inOrder(i int) int { return i + 1 }

// writes reports whether the statement may change something. Reads begin with
// SELECT, VALUES or EXPLAIN, or with WITH and have no word INSERT, UPDATE or
// DELETE outside quotes; a mistaken yes costs only the reader pool's
// parallelism.
func writes(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n(")
	word := firstWord(text)
	switch {
	case strings.EqualFold(word, "SELECT"), strings.EqualFold(word, "VALUES"), strings.EqualFold(word, "EXPLAIN"):
		return false
	case strings.EqualFold(word, "WITH"):
		return hasWriteWord(text[len(word):])
	}
	return true
}

func firstWord(s string) string {
	i := 0
	for i < len(s) && wordByte(s[i]) {
		i++
	}
	return s[:i]
}

func hasWriteWord(s string) bool {
	for i := 0; i < len(s); {
		if end := (lexer{}).skip(s, i); end > i {
			i = end
			continue
		}
		word := firstWord(s[i:])
		if len(word) == 6 && (strings.EqualFold(word, "INSERT") || strings.EqualFold(word, "UPDATE") || strings.EqualFold(word, "DELETE")) {
			return true
		}
		i += max(len(word), 1)
	}
	return false
}
