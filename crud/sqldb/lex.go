package sqldb

import "strings"

// lexer finds what in an SQL text is no code: quoted text and comments. The
// zero lexer follows standard SQL; postgres adds nested comments, dollar
// quotes and E” strings; mariadb adds backslashes in strings and comments that
// begin with #, and wants a space after --.
type lexer struct {
	postgres, mariadb bool
}

func lexerOf(d Dialect) lexer {
	return lexer{postgres: d.Name() == "postgres", mariadb: d.Name() == "mariadb"}
}

// skip is the index behind the quoted text or comment that begins at i, or i
// when none begins there. What is not closed extends to the end.
func (l lexer) skip(s string, i int) int {
	switch c := s[i]; {
	case c == '\'':
		if l.mariadb || l.postgres && escapes(s, i) {
			return closeEscaped(s, i+1)
		}
		return closing(s, i+1, "'")
	case c == '"' || c == '`':
		return closing(s, i+1, s[i:i+1])
	case strings.HasPrefix(s[i:], "--") && (!l.mariadb || spaceAt(s, i+2)), c == '#' && l.mariadb:
		return closing(s, i, "\n")
	case strings.HasPrefix(s[i:], "/*"):
		return l.comment(s, i+2)
	case c == '$' && l.postgres:
		return dollar(s, i)
	}
	return i
}

// closing is the index behind the next end at or after i. A doubled quote
// reads as two texts side by side, which comes to the same.
func closing(s string, i int, end string) int {
	if n := strings.Index(s[i:], end); n >= 0 {
		return i + n + len(end)
	}
	return len(s)
}

// spaceAt reports whether there is a space or control character, or the end.
func spaceAt(s string, i int) bool { return i == len(s) || s[i] <= ' ' }

// escapes reports whether the quote at i begins an E'…' string.
func escapes(s string, i int) bool {
	return i > 0 && (s[i-1] == 'E' || s[i-1] == 'e') && (i == 1 || !wordByte(s[i-2]))
}

func closeEscaped(s string, i int) int {
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '\'':
			return i + 1
		}
	}
	return len(s)
}

func (l lexer) comment(s string, i int) int {
	if !l.postgres {
		return closing(s, i, "*/")
	}
	for depth := 1; i < len(s); {
		switch {
		case strings.HasPrefix(s[i:], "*/"):
			i += 2
			if depth--; depth == 0 {
				return i
			}
		case strings.HasPrefix(s[i:], "/*"):
			i += 2
			depth++
		default:
			i++
		}
	}
	return len(s)
}

// dollar is the index behind the $tag$…$tag$ string that begins at i, or i for
// any other dollar sign, such as the one of $1.
func dollar(s string, i int) int {
	if i > 0 && wordByte(s[i-1]) {
		return i
	}
	j := i + 1
	for j < len(s) && wordByte(s[j]) && s[j] != '$' {
		j++
	}
	if j == len(s) || s[j] != '$' || (j > i+1 && '0' <= s[i+1] && s[i+1] <= '9') {
		return i
	}
	return closing(s, j+1, s[i:j+1])
}

// wordByte reports whether c may stand in an unquoted identifier; every byte
// of a letter beyond ASCII may.
func wordByte(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
