package sqlitedb

import (
	sqldriver "database/sql/driver"
	"io"
)

// What one connection keeps at most. A compiled statement takes some ten times
// the memory of its text, and clients who choose filters and sorts choose texts.
const (
	keptStatements = 512
	keptText       = 512 << 10 // bytes of all together
	longestKept    = 32 << 10  // bytes of one; longer are those that write many rows
)

// statement is one that SQLite has compiled, for one connection.
type statement struct {
	driverStatement
	text string
	used uint64 // when it was last given back
}

type driverStatement interface {
	sqldriver.Stmt
	sqldriver.StmtExecContext
	sqldriver.StmtQueryContext
}

// statements are those of one connection that nobody runs. A statement is
// taken out to be run and given back afterwards, so that one whose rows are
// still being read is never run a second time: then there are two of it. It is
// used under the lock of the connection, which database/sql holds.
type statements struct {
	byText map[string]*statement
	bytes  int // of text
	uses   uint64
}

// take is the statement with that text, nil if there is none; it is the
// caller's to give back or to close.
func (k *statements) take(text string) *statement {
	s := k.byText[text]
	if s != nil {
		delete(k.byText, text)
		k.bytes -= len(text)
	}
	return s
}

// give keeps a statement in place of those that were used least recently, or
// closes it. One that failed is not worth the doubt in what state it is.
func (k *statements) give(s *statement, failed bool) {
	if failed || k.byText[s.text] != nil || len(s.text) > longestKept {
		_ = s.Close() // says again what went wrong when it ran
		return
	}
	for len(k.byText) >= keptStatements || k.bytes+len(s.text) > keptText {
		_ = k.oldest().Close()
	}
	k.uses++
	s.used = k.uses
	k.byText[s.text] = s
	k.bytes += len(s.text)
}

// oldest takes out the statement that was used least recently.
func (k *statements) oldest() *statement {
	var oldest *statement
	for _, s := range k.byText {
		if oldest == nil || s.used < oldest.used {
			oldest = s
		}
	}
	return k.take(oldest.text)
}

// close closes them all.
func (k *statements) close() {
	for text := range k.byText {
		_ = k.take(text).Close()
	}
}

// rows give their statement back when they are closed.
type rows struct {
	driverRows
	conn   *conn
	of     *statement
	failed bool
}

type driverRows interface {
	sqldriver.Rows
	sqldriver.RowsColumnTypeDatabaseTypeName
	sqldriver.RowsColumnTypeLength
	sqldriver.RowsColumnTypeNullable
	sqldriver.RowsColumnTypePrecisionScale
	sqldriver.RowsColumnTypeScanType
}

// Next implements driver.Rows.
func (r *rows) Next(into []sqldriver.Value) error {
	err := r.driverRows.Next(into)
	if err != nil && err != io.EOF {
		r.failed = true
	}
	return err
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	err := r.driverRows.Close()
	r.conn.kept.give(r.of, r.failed || err != nil)
	return err
}
