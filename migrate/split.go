package migrate

import (
	"fmt"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// statement is one of a file.
type statement struct {
	text       string // without what stands before it, and without the semicolon
	line       int    // of the file where it begins, counted from 1
	repeatable bool
}

// notePrefix begins a comment that speaks to the runner.
const notePrefix = "joinery:"

// splitter takes a file apart.
type splitter struct {
	dialect sqldb.Dialect
	text    string
	script  script

	start      int // of the statement, -1 before its first word
	block      block
	repeatable bool // what a note said about the next statement
}

// split is the statements of a file. A semicolon ends one, unless it is in
// quotes, in a comment, or in a body that has statements of its own. The error
// begins with the line.
func split(d sqldb.Dialect, text string) (script, error) {
	s := splitter{dialect: d, text: text, start: -1, block: block{database: d.Name()}}
	for i := 0; i < len(text); {
		next, err := s.step(i)
		if err != nil {
			return s.script, err
		}
		i = next
	}
	if s.block.open() {
		return s.script, s.errorf(s.start, "the body that begins here has no END")
	}
	if err := s.end(len(text)); err != nil {
		return s.script, err
	}
	if s.repeatable {
		return s.script, s.errorf(len(text), "-- %srepeatable stands before no statement", notePrefix)
	}
	return s.script, nil
}

// step goes on from index i by a quoted text, a comment, a word or a sign, and
// is the index behind it.
func (s *splitter) step(i int) (next int, err error) {
	if end := s.comment(i); end > i {
		return end, s.note(i, end)
	}
	if end := s.quoted(i); end > i {
		s.begin(i)
		s.block.sign('\'')
		return end, nil
	}
	c := s.text[i]
	switch {
	case c == ';' && s.start < 0:
		return i + 1, nil
	case c == ';' && !s.block.semicolon():
		return i + 1, s.end(i)
	case c == ';':
	case isSpace(c):
	case isWord(c):
		return s.word(i), nil
	default:
		s.begin(i)
		s.block.sign(c)
	}
	return i + 1, nil
}

// comment is the index behind the comment that begins at i, or i. MariaDB runs
// what stands in comments with an exclamation mark.
func (s *splitter) comment(i int) int {
	rest := s.text[i:]
	switch {
	case s.dialect.Name() == "mariadb" && rest[0] == '#':
		return sqldb.SkipText(s.dialect, s.text, i)
	case s.dialect.Name() == "mariadb" && (strings.HasPrefix(rest, "/*!") || strings.HasPrefix(rest, "/*M!")):
		return i
	case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "/*"):
		return sqldb.SkipText(s.dialect, s.text, i)
	}
	return i
}

func (s *splitter) quoted(i int) int {
	if s.text[i] == '[' && s.dialect.Name() == "sqlite" { // a name, as SQL Server quotes it
		if n := strings.IndexByte(s.text[i:], ']'); n >= 0 {
			return i + n + 1
		}
	}
	return sqldb.SkipText(s.dialect, s.text, i)
}

// word is the index behind the word at i, which block is told unless it names
// a column (t.end) or a variable (@end).
func (s *splitter) word(i int) int {
	s.begin(i)
	end := i
	for end < len(s.text) && isWord(s.text[end]) {
		end++
	}
	if i > 0 && (s.text[i-1] == '.' || s.text[i-1] == '@') {
		s.block.sign('.')
	} else {
		s.block.word(strings.ToUpper(s.text[i:end]))
	}
	// The quote of E'…' and the dollar of $tag$ depend on what stands before
	// them, which is read from the text, so nothing is lost here.
	return end
}

func (s *splitter) begin(i int) {
	if s.start < 0 {
		s.start = i
	}
}

// end closes the statement before index i.
func (s *splitter) end(i int) error {
	if s.start < 0 {
		return nil
	}
	if s.block.transaction() {
		return s.errorf(s.start, "%s: the runner begins and ends transactions; leave it out", s.block.words[0])
	}
	s.script.statements = append(s.script.statements, statement{
		text:       strings.TrimRight(s.text[s.start:i], " \t\r\n\f"),
		line:       s.line(s.start),
		repeatable: s.repeatable,
	})
	s.start, s.repeatable, s.block = -1, false, block{database: s.dialect.Name()}
	return nil
}

// note reads a comment that speaks to the runner.
func (s *splitter) note(i, end int) error {
	text, ok := strings.CutPrefix(s.text[i:end], "--")
	if !ok {
		return nil
	}
	text, ok = strings.CutPrefix(strings.TrimSpace(text), notePrefix)
	if !ok {
		return nil
	}
	switch {
	case text != "repeatable" && text != "no-transaction":
		return s.errorf(i, "unknown note -- %s%s: want -- %srepeatable or -- %sno-transaction", notePrefix, text, notePrefix, notePrefix)
	case s.start >= 0:
		return s.errorf(i, "-- %s%s stands inside a statement: put it before", notePrefix, text)
	case text == "repeatable":
		s.repeatable = true
	case len(s.script.statements) > 0:
		return s.errorf(i, "-- %sno-transaction is about the whole file: put it before the first statement", notePrefix)
	default:
		s.script.alone = true
	}
	return nil
}

func (s *splitter) line(i int) int { return 1 + strings.Count(s.text[:i], "\n") }

func (s *splitter) errorf(i int, format string, args ...any) error {
	return fmt.Errorf("%d: %s", s.line(max(i, 0)), fmt.Sprintf(format, args...))
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// isWord leaves out the dollar sign, with which a quote of PostgreSQL begins.
func isWord(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
