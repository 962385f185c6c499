package sqldb

// SkipText is the index behind the quoted text or comment that begins in the
// SQL text at index i, or i itself when none begins there. What is not closed
// extends to the end. It is for who takes SQL apart, such as a runner of files
// with many statements.
func SkipText(d Dialect, text string, i int) int {
	return lexerOf(d).skip(text, i)
}
