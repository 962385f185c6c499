package migrate

import "slices"

// block tells whether a semicolon ends the statement so far. It is told words
// in capitals and other signs.
type block struct {
	database string
	words    []string // the first of the statement
	kind     string   // what it creates; empty: not known yet, or nothing
	depth    int      // of BEGIN and CASE, where bodies have semicolons
	last     [2]string
}

const wordsKept = 3

// kinds are what a CREATE may make; the first of them behind it says what.
var kinds = []string{
	"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE",
	"TABLE", "VIEW", "INDEX", "DATABASE", "SCHEMA", "USER", "ROLE", "SERVER", "SEQUENCE", "TYPE", "DOMAIN", "EXTENSION", "RULE", "POLICY",
}

// sign is told anything that is no word.
func (b *block) sign(c byte) { b.shift(string(c)) }

func (b *block) shift(token string) { b.last[0], b.last[1] = b.last[1], token }

func (b *block) word(w string) {
	if len(b.words) < wordsKept {
		b.words = append(b.words, w)
	}
	if b.kind == "" && b.words[0] == "CREATE" && slices.Contains(kinds, w) {
		b.kind = w
	}
	switch b.database {
	case "postgres":
		b.postgres(w)
	case "mariadb":
		b.mariadb(w)
	}
	b.shift(w)
}

// postgres counts in the bodies of standard SQL, which begin with BEGIN ATOMIC;
// other bodies are quoted.
func (b *block) postgres(w string) {
	switch {
	case b.depth == 0 && w == "ATOMIC" && b.last[1] == "BEGIN" && (b.kind == "FUNCTION" || b.kind == "PROCEDURE"):
		b.depth = 1
	case b.depth > 0 && w == "CASE":
		b.depth++
	case b.depth > 0 && w == "END":
		b.depth--
	}
}

// mariadb counts in the bodies of what is stored, and of BEGIN NOT ATOMIC.
func (b *block) mariadb(w string) {
	if !b.stored() {
		return
	}
	afterEnd := b.last[1] == "END"
	switch w {
	case "BEGIN":
		if len(b.words) > 1 { // the first one may begin a transaction
			b.depth++
		}
	case "ATOMIC":
		if b.words[0] == "BEGIN" && b.last[1] == "NOT" {
			b.depth++
		}
	case "CASE":
		if !afterEnd {
			b.depth++
		}
	case "END":
		b.depth = max(b.depth-1, 0)
	case "IF", "LOOP", "WHILE", "REPEAT", "FOR":
		if afterEnd { // END IF ends no BEGIN
			b.depth++
		}
	}
}

// stored reports whether the statement may have a body, on MariaDB.
func (b *block) stored() bool {
	return slices.Contains([]string{"TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"}, b.kind) || b.words[0] == "BEGIN"
}

// semicolon is told a semicolon and reports whether the statement goes on. A
// trigger of SQLite ends with END between two semicolons.
func (b *block) semicolon() (inside bool) {
	inside = b.depth > 0
	if b.database == "sqlite" && b.kind == "TRIGGER" {
		inside = b.last != [2]string{";", "END"}
	}
	b.sign(';')
	return inside
}

// open reports whether a body has not ended.
func (b *block) open() bool {
	if b.database == "sqlite" && b.kind == "TRIGGER" {
		return b.last != [2]string{";", "END"}
	}
	return b.depth > 0
}

// transaction reports whether the statement begins or ends a transaction.
func (b *block) transaction() bool {
	if len(b.words) == 0 {
		return false
	}
	second := ""
	if len(b.words) > 1 {
		second = b.words[1]
	}
	switch b.words[0] {
	case "BEGIN":
		return second != "NOT" // BEGIN NOT ATOMIC is a block
	case "START":
		return second == "TRANSACTION"
	case "COMMIT", "ROLLBACK", "END", "ABORT":
		return true
	}
	return false
}
