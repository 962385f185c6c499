package sqldb

import "strings"

// writes reports whether the statement may change something. Reads begin with
// SELECT, VALUES or EXPLAIN, or with WITH and have no word INSERT, UPDATE,
// DELETE or REPLACE outside quotes; a mistaken yes costs only the reader pool's
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
		if isWriteWord(word) {
			return true
		}
		i += max(len(word), 1)
	}
	return false
}

func isWriteWord(w string) bool {
	return len(w) >= 6 && (strings.EqualFold(w, "INSERT") || strings.EqualFold(w, "UPDATE") ||
		strings.EqualFold(w, "DELETE") || strings.EqualFold(w, "REPLACE"))
}
